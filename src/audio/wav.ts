/** Wav files: reads 16-bit PCM and μ-law, mono or stereo; writes 16-bit PCM. Bytes in, bytes out. */
import { decodeMulaw } from './g711.ts';

export interface Wav {
  sampleRateHz: number;
  /** One array of 16-bit samples for each channel, all of the same length. */
  channels: Int16Array[];
}

/** The file is no wav that can be read here; the message says why. */
export class WavError extends Error {
  override name = 'WavError';
}

const PCM = 1;
const MULAW = 7;
const EXTENSIBLE = 0xfffe;

/** @param bytes a whole file. @throws WavError when it is not PCM16 or μ-law with one or two channels. */
export function readWav(bytes: Uint8Array): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') throw new WavError('not a wav file');
  let format: { code: number; channels: number; sampleRateHz: number; bits: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    const [from, to] = [at + 8, Math.min(bytes.length, at + 8 + size)];
    if (tag(view, at) === 'fmt ') {
      if (to - from < 16) throw new WavError('the fmt chunk is too short');
      format = readFormat(view, from, to);
    }
    if (tag(view, at) === 'data') {
      if (!format) throw new WavError('the data chunk comes before the fmt chunk');
      return {
        sampleRateHz: format.sampleRateHz,
        channels: split(decode(bytes.subarray(from, to), format), format.channels),
      };
    }
    at = to + (size % 2);
  }
  throw new WavError('there is no data chunk');
}

/** @param channels one or two arrays; the shorter is filled up with silence. @returns a whole file, PCM16. */
export function writeWav({ sampleRateHz, channels }: Wav): Uint8Array {
  const length = Math.max(0, ...channels.map((channel) => channel.length));
  const dataBytes = length * channels.length * 2;
  const bytes = new Uint8Array(44 + dataBytes);
  const view = new DataView(bytes.buffer);
  writeTag(view, 0, 'RIFF');
  view.setUint32(4, 36 + dataBytes, true);
  writeTag(view, 8, 'WAVE');
  writeTag(view, 12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, channels.length, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * channels.length * 2, true);
  view.setUint16(32, channels.length * 2, true);
  view.setUint16(34, 16, true);
  writeTag(view, 36, 'data');
  view.setUint32(40, dataBytes, true);
  for (let i = 0, at = 44; i < length; i++)
    for (const channel of channels) {
      view.setInt16(at, channel[i] ?? 0, true);
      at += 2;
    }
  return bytes;
}

function readFormat(view: DataView, from: number, to: number) {
  const code = view.getUint16(from, true);
  const format = {
    // The extensible form names the real code at the head of its sub-format.
    code: code === EXTENSIBLE && to - from >= 26 ? view.getUint16(from + 24, true) : code,
    channels: view.getUint16(from + 2, true),
    sampleRateHz: view.getUint32(from + 4, true),
    bits: view.getUint16(from + 14, true),
  };
  const isKnown = (format.code === PCM && format.bits === 16) || (format.code === MULAW && format.bits === 8);
  if (!isKnown)
    throw new WavError(`expected 16-bit PCM or μ-law, found format ${format.code} with ${format.bits} bits`);
  if (format.channels !== 1 && format.channels !== 2)
    throw new WavError(`expected one or two channels, found ${format.channels}`);
  if (format.sampleRateHz < 4_000 || format.sampleRateHz > 192_000)
    throw new WavError(`expected 4 to 192 kHz, found ${format.sampleRateHz} Hz`);
  return format;
}

function decode(data: Uint8Array, format: { code: number }): Int16Array {
  if (format.code === MULAW) return decodeMulaw(data);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Int16Array.from({ length: data.length >> 1 }, (_, i) => view.getInt16(2 * i, true));
}

function split(samples: Int16Array, channels: number): Int16Array[] {
  if (channels === 1) return [samples];
  const length = Math.floor(samples.length / channels);
  return Array.from({ length: channels }, (_, channel) =>
    Int16Array.from({ length }, (_sample, i) => samples[i * channels + channel] as number),
  );
}

const tag = (view: DataView, at: number): string =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));

function writeTag(view: DataView, at: number, text: string): void {
  for (let i = 0; i < 4; i++) view.setUint8(at + i, text.charCodeAt(i));
}

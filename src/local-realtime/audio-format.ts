/** The wire's audio formats: bytes to 16-bit samples and back. Rates are left as they are. */
import alawmulaw from 'alawmulaw';
import { decodeMulaw, encodeMulaw } from '../audio/g711.ts';
import type { AudioFormat } from './session.ts';

export const sampleRateOf = (format: AudioFormat): 24000 | 8000 => (format.type === 'audio/pcm' ? 24000 : 8000);

export const bytesPerSample = (format: AudioFormat): 2 | 1 => (format.type === 'audio/pcm' ? 2 : 1);

/** @param bytes whole samples: a trailing half sample is left out. */
export function decodeAudio(bytes: Uint8Array, format: AudioFormat): Int16Array {
  if (format.type === 'audio/pcmu') return decodeMulaw(bytes);
  if (format.type === 'audio/pcma') return alawmulaw.alaw.decode(bytes);
  // A copy starts at an even offset, which a view on little-endian samples needs.
  const copy = bytes.slice(0, bytes.length & ~1);
  return new Int16Array(copy.buffer, copy.byteOffset, copy.length / 2);
}

export function encodeAudio(pcm: Int16Array, format: AudioFormat): Buffer {
  if (format.type === 'audio/pcmu') return Buffer.from(encodeMulaw(pcm));
  if (format.type === 'audio/pcma') return Buffer.from(alawmulaw.alaw.encode(pcm));
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}

/** G.711 μ-law to and from 16-bit PCM, exact to alawmulaw, by tables made from it once. */
import alawmulaw from 'alawmulaw';

/** μ-law silence. 0x00 would be full-scale noise. */
export const MULAW_SILENCE = 0xff;

const DECODED = Int16Array.from({ length: 256 }, (_, code) => alawmulaw.mulaw.decodeSample(code));
/** Indexed by the sample as an unsigned 16-bit number. */
const ENCODED = Uint8Array.from({ length: 65_536 }, (_, index) => alawmulaw.mulaw.encodeSample((index << 16) >> 16));

/** @param frame μ-law, any length. @param pcm where its samples go, of the same length. @returns as many 16-bit samples. */
export function decodeMulaw(frame: Uint8Array, pcm = new Int16Array(frame.length)): Int16Array {
  for (let i = 0; i < frame.length; i++) pcm[i] = DECODED[frame[i] as number] as number;
  return pcm;
}

/** @param pcm 16-bit samples, any number. @returns as many bytes of μ-law. */
export function encodeMulaw(pcm: Int16Array): Uint8Array {
  const frame = new Uint8Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) frame[i] = ENCODED[(pcm[i] as number) & 0xffff] as number;
  return frame;
}

/** @param code one μ-law byte. @returns its 16-bit sample. */
export function decodeMulawSample(code: number): number {
  return DECODED[code & 0xff] as number;
}

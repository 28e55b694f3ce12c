/** The soft sound that tells a guest that the line is alive: two quiet tones that swell and fade. Pure. */
import { encodeMulaw } from './g711.ts';

const RATE_HZ = 8_000;
const LENGTH_S = 2;
/** Peak against full scale: some 30 dB below speech. */
const PEAK = 0.012;
const TONES_HZ = [330, 440];

/** @returns μ-law, 8 kHz, 2 s, silent at both ends so that it can follow itself. */
export function softSound(): Uint8Array {
  const samples = Int16Array.from({ length: RATE_HZ * LENGTH_S }, (_, i) => {
    const swell = Math.sin((Math.PI * i) / (RATE_HZ * LENGTH_S)) ** 2;
    const tones = TONES_HZ.reduce((sum, hz) => sum + Math.sin((2 * Math.PI * hz * i) / RATE_HZ), 0);
    return Math.round((32_767 * PEAK * swell * tones) / TONES_HZ.length);
  });
  return encodeMulaw(samples);
}

/** @returns the loudest sample against full scale, in dB; -100 for silence. */
export function peakDbfs(samples: Int16Array): number {
  const peak = samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
  return peak === 0 ? -100 : 20 * Math.log10(peak / 32_768);
}

/** Resamples one finished sentence between any two rates: windowed sinc, polyphase, whole arrays only. */

/** Zero crossings of the kernel on each side, at the lower of the two rates. */
const HALF_WIDTH = 16;
/** Kaiser window: about 70 dB of stop band. */
const KAISER_BETA = 7;

interface Kernel {
  up: number;
  down: number;
  /** Input samples on each side of an output sample. */
  reach: number;
  /** One row of weights per phase, `2 * reach` long. */
  phases: Float32Array[];
}

const kernels = new Map<string, Kernel>();

/** @param pcm 16-bit mono at `fromHz`. @returns the same at `toHz`, of the same duration. */
export function resample(pcm: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return pcm;
  const { up, down, reach, phases } = kernelOf(fromHz, toHz);
  const out = new Int16Array(Math.floor((pcm.length * up) / down));
  const padded = new Float32Array(pcm.length + 2 * reach);
  padded.set(pcm, reach);
  for (let n = 0; n < out.length; n++) {
    const at = n * down;
    const phase = at % up;
    // The first input sample under the kernel is `floor(at / up) - reach + 1`; the padding shifts it by `reach`.
    const from = (at - phase) / up + 1;
    const weights = phases[phase]!;
    let sum = 0;
    for (let k = 0; k < weights.length; k++) sum += padded[from + k]! * weights[k]!;
    out[n] = Math.max(-32768, Math.min(32767, Math.round(sum)));
  }
  return out;
}

function kernelOf(fromHz: number, toHz: number): Kernel {
  const key = `${fromHz}>${toHz}`;
  const known = kernels.get(key);
  if (known) return known;
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const up = toHz / divisor;
  const down = fromHz / divisor;
  const cutoff = Math.min(1, toHz / fromHz) * 0.95;
  const reach = Math.ceil(HALF_WIDTH / Math.min(1, toHz / fromHz));
  const phases = Array.from({ length: up }, (_, phase) => {
    const row = Float32Array.from({ length: 2 * reach }, (_, k) => {
      const distance = k - (reach - 1) - phase / up;
      return cutoff * sinc(cutoff * distance) * kaiser(distance / reach);
    });
    const gain = row.reduce((total, weight) => total + weight, 0);
    return row.map((weight) => weight / gain);
  });
  const kernel = { up, down, reach, phases };
  kernels.set(key, kernel);
  return kernel;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** @param x -1 to 1 across the window. */
const kaiser = (x: number): number =>
  Math.abs(x) > 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);

/** Modified Bessel function of the first kind, order zero. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-9; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

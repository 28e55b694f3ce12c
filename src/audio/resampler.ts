/**
 * 8 kHz to 24 kHz and back: a linear-phase polyphase FIR with state across frames, so that the split of the input never
 * shows in the output. Flat to 3.4 kHz, 60 dB down from 4.2 kHz, 3 ms of delay. The products are summed by a small SIMD
 * kernel (resampler-kernel.wat); samples saturate, they never wrap.
 */
import { RESAMPLER_KERNEL_BASE64 } from './resampler-kernel.ts';

const RATIO = 3;
/** Taps of the prototype at 24 kHz: three branches of 48. */
const TAPS = 144;
const BRANCH_TAPS = TAPS / RATIO;
const CUT_OFF_HZ = 3_700;
const KAISER_BETA = 6;
/** Samples handled in one turn of the kernel; longer input is split, which changes nothing. */
const MAX_SAMPLES = 4_800;

interface Kernel {
  memory: WebAssembly.Memory;
  filter(
    input: number,
    coefficients: number,
    tapBytes: number,
    output: number,
    count: number,
    inputStep: number,
    outputStep: number,
  ): void;
}

const binary = Uint8Array.from(atob(RESAMPLER_KERNEL_BASE64), (character) => character.charCodeAt(0));
const kernel = new WebAssembly.Instance(new WebAssembly.Module(binary)).exports as unknown as Kernel;

// Memory of the kernel, in samples: coefficients of both ways, then one input and one output area shared by all calls.
const samples = new Int16Array(kernel.memory.buffer);
const DOWN_AT = 0;
const UP_AT = TAPS;
const INPUT_AT = 2 * TAPS;
const OUTPUT_AT = INPUT_AT + TAPS + RATIO * MAX_SAMPLES;

writeCoefficients();

/** 8 kHz to 24 kHz. */
export class Upsampler {
  readonly #history = new Int16Array(BRANCH_TAPS - 1);

  /** @param pcm 8 kHz, any number of samples. @param out where they go. @returns three times as many at 24 kHz. */
  process(pcm: Int16Array, out = new Int16Array(pcm.length * RATIO)): Int16Array {
    if (pcm.length <= MAX_SAMPLES) {
      out.set(this.#turn(pcm));
      return out;
    }
    for (let at = 0; at < pcm.length; at += MAX_SAMPLES)
      out.set(this.#turn(pcm.subarray(at, at + MAX_SAMPLES)), at * RATIO);
    return out;
  }

  /** Forgets what came before: the next frame begins after silence. */
  reset(): void {
    this.#history.fill(0);
  }

  #turn(pcm: Int16Array): Int16Array {
    feed(this.#history, pcm);
    for (let branch = 0; branch < RATIO; branch++) {
      const coefficients = UP_AT + branch * BRANCH_TAPS;
      kernel.filter(
        2 * INPUT_AT,
        2 * coefficients,
        2 * BRANCH_TAPS,
        2 * (OUTPUT_AT + branch),
        pcm.length,
        2,
        2 * RATIO,
      );
    }
    return samples.subarray(OUTPUT_AT, OUTPUT_AT + pcm.length * RATIO);
  }
}

/** 24 kHz to 8 kHz. */
export class Downsampler {
  readonly #history = new Int16Array(TAPS - 1);
  /** Input samples to pass over before the next output sample: 0, 1 or 2. */
  #skip = 0;

  /** @param pcm 24 kHz, any number of samples. @returns a third of them at 8 kHz, remainders carried over. */
  process(pcm: Int16Array): Int16Array {
    const out = new Int16Array(Math.max(0, Math.ceil((pcm.length - this.#skip) / RATIO)));
    let written = 0;
    for (let at = 0; at < pcm.length; at += MAX_SAMPLES) {
      const part = this.#turn(pcm.subarray(at, at + MAX_SAMPLES));
      out.set(part, written);
      written += part.length;
    }
    return out;
  }

  /** @returns the tail that the filter still holds, as if silence followed; then it is as after `reset`. */
  flush(): Int16Array {
    const tail = this.process(new Int16Array(TAPS / 2)).slice();
    this.reset();
    return tail;
  }

  /** Forgets what came before: the next frame begins after silence. */
  reset(): void {
    this.#history.fill(0);
    this.#skip = 0;
  }

  #turn(pcm: Int16Array): Int16Array {
    const first = this.#skip;
    feed(this.#history, pcm);
    const count = Math.max(0, Math.ceil((pcm.length - first) / RATIO));
    kernel.filter(2 * (INPUT_AT + first), 2 * DOWN_AT, 2 * TAPS, 2 * OUTPUT_AT, count, 2 * RATIO, 2);
    this.#skip = first + count * RATIO - pcm.length;
    return samples.subarray(OUTPUT_AT, OUTPUT_AT + count);
  }
}

/** Lays history and input one after the other into the kernel's memory and keeps the newest samples as history. */
function feed(history: Int16Array, pcm: Int16Array): void {
  samples.set(history, INPUT_AT);
  samples.set(pcm, INPUT_AT + history.length);
  history.set(samples.subarray(INPUT_AT + pcm.length, INPUT_AT + pcm.length + history.length));
}

/** The prototype low-pass, once as it is for the way down and once split into branches (gain 3) for the way up. */
function writeCoefficients(): void {
  const prototype = Array.from({ length: TAPS }, (_, tap) => {
    const x = tap - (TAPS - 1) / 2;
    const cutOff = (2 * CUT_OFF_HZ) / 24_000;
    const sinc = Math.sin(Math.PI * cutOff * x) / (Math.PI * x);
    return sinc * (bessel(KAISER_BETA * Math.sqrt(1 - ((2 * x) / (TAPS - 1)) ** 2)) / bessel(KAISER_BETA));
  });
  const sum = prototype.reduce((total, value) => total + value, 0);
  for (let tap = 0; tap < TAPS; tap++) {
    const value = (prototype[tap] as number) / sum;
    samples[DOWN_AT + tap] = Math.round(value * 32_768);
    // Output sample 3n + branch takes the taps branch, branch + 3, …, the newest input sample first: reversed here.
    const branch = tap % RATIO;
    const place = BRANCH_TAPS - 1 - Math.floor(tap / RATIO);
    samples[UP_AT + branch * BRANCH_TAPS + place] = Math.round(value * RATIO * 32_768);
  }
}

/** The modified Bessel function of the first kind and order 0, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

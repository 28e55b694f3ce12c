/**
 * Speech of peers as pure tones, so that whoever hears it can tell what it means without a recogniser: the frequency is the
 * meaning. Pure.
 */

/** What is left of a second beside the tone itself in speech that is not a tone. */
const PURE_SHARE = 0.75;
/** Root mean square below which there is nothing to hear. */
const AUDIBLE = 60;

/** @returns signed 16-bit samples. */
export function tone(hz: number, ms: number, rateHz: number, peak = 6_000): Int16Array {
  return Int16Array.from({ length: Math.round((ms * rateHz) / 1000) }, (_, i) =>
    Math.round(peak * Math.sin((2 * Math.PI * hz * i) / rateHz)),
  );
}

/** @returns root mean square. */
export function loudness(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** @returns which of these tones it is: undefined when it is none of them, or nothing to hear. */
export function toneIn(samples: Int16Array, ofHz: readonly number[], rateHz: number): number | undefined {
  const level = loudness(samples);
  if (level < AUDIBLE) return undefined;
  const energy = level * level * samples.length;
  for (const hz of ofHz) if (energyAt(samples, hz, rateHz) / energy > PURE_SHARE) return hz;
  return undefined;
}

/** A single bin of a Fourier transform. */
function energyAt(samples: Int16Array, hz: number, rateHz: number): number {
  const step = (2 * Math.PI * hz) / rateHz;
  let real = 0;
  let imaginary = 0;
  for (let i = 0; i < samples.length; i++) {
    real += (samples[i] ?? 0) * Math.cos(step * i);
    imaginary += (samples[i] ?? 0) * Math.sin(step * i);
  }
  return (2 * (real * real + imaginary * imaginary)) / samples.length;
}

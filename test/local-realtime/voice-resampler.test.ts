import { expect, test } from 'vitest';
import { resample } from '../../src/local-realtime/voice-resampler.ts';

const tone = (hz: number, rateHz: number, ms: number) =>
  Int16Array.from({ length: (rateHz * ms) / 1000 }, (_, n) =>
    Math.round(10_000 * Math.sin((2 * Math.PI * hz * n) / rateHz)),
  );

/** Amplitude of one frequency, without the edges. */
function amplitudeAt(pcm: Int16Array, hz: number, rateHz: number): number {
  const middle = pcm.subarray(pcm.length / 4, (pcm.length * 3) / 4);
  const [re, im] = [Math.cos, Math.sin].map((part) =>
    middle.reduce((sum, sample, n) => sum + sample * part((2 * Math.PI * hz * n) / rateHz), 0),
  ) as [number, number];
  return (2 * Math.hypot(re, im)) / middle.length;
}

test.each([
  [8000, 24_000],
  [16_000, 24_000],
  [16_000, 8000],
  [22_050, 8000],
  [8000, 8000],
])('from %d to %d Hz: same duration, same level at 1 kHz', (from, to) => {
  const out = resample(tone(1000, from, 200), from, to);
  expect(out.length).toBe(to / 5);
  expect(20 * Math.log10(amplitudeAt(out, 1000, to) / 10_000)).toBeCloseTo(0, 0);
});

test('what lies above the lower rate is taken away, and no image appears', () => {
  const aliased = resample(tone(5000, 16_000, 400), 16_000, 8000);
  expect(amplitudeAt(aliased, 3000, 8000)).toBeLessThan(10_000 / 300);
  const raised = resample(tone(3000, 8000, 400), 8000, 24_000);
  expect(amplitudeAt(raised, 5000, 24_000)).toBeLessThan(10_000 / 300);
});

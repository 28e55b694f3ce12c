import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assembleKernel } from '../../scripts/build-resampler.ts';
import { RESAMPLER_KERNEL_BASE64 } from '../../src/audio/resampler-kernel.ts';
import { Downsampler, Upsampler } from '../../src/audio/resampler.ts';

const tone = (hz: number, rateHz: number, amplitude = 10_000): Int16Array =>
  Int16Array.from({ length: rateHz }, (_, i) => Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / rateHz)));

/** Level of one frequency against an amplitude of 10,000, in dB; the first tenth is left out. */
function levelDb(pcm: Int16Array, hz: number, rateHz: number): number {
  let [sine, cosine] = [0, 0];
  const from = Math.floor(pcm.length / 10);
  for (let i = from; i < pcm.length; i++) {
    sine += (pcm[i] as number) * Math.sin((2 * Math.PI * hz * i) / rateHz);
    cosine += (pcm[i] as number) * Math.cos((2 * Math.PI * hz * i) / rateHz);
  }
  return 20 * Math.log10(Math.max(0.1, (2 * Math.hypot(sine, cosine)) / (pcm.length - from)) / 10_000);
}

const PASS_HZ = [300, 500, 1000, 1500, 2000, 2500, 3000, 3200, 3400];

describe('resampler', () => {
  it('[AUDIO-13] the way up is flat within 0.5 dB from 300 to 3400 Hz', () => {
    for (const hz of PASS_HZ)
      expect(Math.abs(levelDb(new Upsampler().process(tone(hz, 8000)), hz, 24_000))).toBeLessThan(0.5);
  });

  it('[AUDIO-13] the way down is flat within 0.5 dB from 300 to 3400 Hz', () => {
    for (const hz of PASS_HZ)
      expect(Math.abs(levelDb(new Downsampler().process(tone(hz, 24_000)), hz, 8000))).toBeLessThan(0.5);
  });

  it('[AUDIO-13] images of the way up are at least 50 dB down', () => {
    for (const hz of PASS_HZ) {
      const up = new Upsampler().process(tone(hz, 8000));
      for (const image of [8000 - hz, 8000 + hz]) expect(levelDb(up, image, 24_000)).toBeLessThan(-50);
    }
  });

  it('[AUDIO-13] tones above 4.2 kHz leave no alias above -50 dB on the way down', () => {
    for (const hz of [4200, 4600, 5000, 6000, 7000, 9000, 11_000]) {
      const alias = Math.abs(hz - Math.round(hz / 8000) * 8000);
      expect(levelDb(new Downsampler().process(tone(hz, 24_000)), alias, 8000)).toBeLessThan(-50);
    }
  });

  it('[AUDIO-10] the split of the input never shows in the output', () => {
    const speech = tone(700, 24_000).map((sample, i) => sample + ((i * 7919) % 3001));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 5, maxLength: 40 }), (lengths) => {
        for (const make of [() => new Upsampler(), () => new Downsampler()]) {
          const total = Math.min(
            speech.length,
            lengths.reduce((sum, n) => sum + n, 0),
          );
          const [whole, parts, inParts] = [make().process(speech.slice(0, total)), make(), [] as number[]];
          for (let at = 0, i = 0; at < total; at += lengths[i++] as number)
            inParts.push(...parts.process(speech.slice(at, Math.min(total, at + (lengths[i] as number)))));
          expect(inParts).toEqual([...whole]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('[AUDIO-13] each way delays by at most 4 ms', () => {
    const impulse8 = new Int16Array(400);
    impulse8[100] = 20_000;
    const up = new Upsampler().process(impulse8);
    expect(up.indexOf(Math.max(...up)) / 24 - 100 / 8).toBeLessThanOrEqual(4);
    const impulse24 = new Int16Array(1200);
    impulse24[300] = 32_000;
    const down = new Downsampler().process(impulse24);
    expect(down.indexOf(Math.max(...down)) / 8 - 300 / 24).toBeLessThanOrEqual(4);
  });

  it('a square wave at full scale saturates and does not wrap', () => {
    const square = Int16Array.from({ length: 800 }, (_, i) => (i % 40 < 20 ? 32_767 : -32_768));
    const up = new Upsampler().process(square);
    // In the middle of each half the sign must be the input's: wrapped samples would jump across.
    for (let i = 40; i < 780; i += 20) expect(Math.sign(up[(i + 10) * 3 + 72] as number)).toBe(i % 40 < 20 ? 1 : -1);
    expect(Math.max(...up)).toBe(32_767);
    expect(Math.min(...up)).toBe(-32_768);
  });

  it('after a reset nothing of the old audio is left', () => {
    const down = new Downsampler();
    down.process(tone(1000, 24_000));
    down.reset();
    expect(down.process(new Int16Array(480)).every((sample) => sample === 0)).toBe(true);
  });

  it('a flush brings out the tail that the filter holds', () => {
    const down = new Downsampler();
    const pcm = new Int16Array(480);
    pcm[479] = 30_000;
    expect(Math.max(...down.process(pcm))).toBeLessThan(500);
    expect(Math.max(...down.flush())).toBeGreaterThan(2_000);
  });

  it('input longer than one turn of the kernel gives the same samples as frames of it', () => {
    const long = tone(440, 24_000);
    const frames = new Upsampler();
    const inFrames: number[] = [];
    for (let at = 0; at < long.length; at += 160) inFrames.push(...frames.process(long.slice(at, at + 160)));
    expect([...new Upsampler().process(long)]).toEqual(inFrames);
  });

  it('the committed kernel is the one that its source gives', async () => {
    expect(Buffer.from(await assembleKernel()).toString('base64')).toBe(RESAMPLER_KERNEL_BASE64);
    expect(readFileSync(new URL('../../src/audio/resampler-kernel.wat', import.meta.url), 'utf8')).toContain(
      'dot_i16x8_s',
    );
  });
});

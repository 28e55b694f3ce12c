import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Voice } from '../../src/local-realtime/ports.ts';
import { loadVoice } from '../../src/local-realtime/voice.ts';

let voice: Voice;
beforeAll(async () => {
  voice = await loadVoice();
});
afterEach(() => vi.unstubAllEnvs());

const seconds = ({ pcm, sampleRateHz }: { pcm: Int16Array; sampleRateHz: number }): number => pcm.length / sampleRateHz;

describe('the voice', () => {
  it('speaks a sentence about as fast as people do, loud enough and without clipping', async () => {
    const spoken = await voice.speak('Two towels to room four one two, is that right?', 'marin');
    expect(seconds(spoken)).toBeGreaterThan(2);
    expect(seconds(spoken)).toBeLessThan(5);
    const loudest = spoken.pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(loudest).toBeGreaterThan(5_000);
    expect(spoken.pcm.filter((sample) => Math.abs(sample) >= 32_767).length).toBeLessThan(10);
  });

  it('is another one under another name, and a known one under an unknown name', async () => {
    const [marin, cedar, unknown] = await Promise.all(
      ['marin', 'cedar', 'nobody'].map((name) => voice.speak('Good morning.', name)),
    );
    expect(cedar!.pcm).not.toEqual(marin!.pcm);
    expect(seconds(unknown!)).toBeGreaterThan(0.4);
  });

  it('says digits of a room one by one', async () => {
    const [digits, words] = await Promise.all([
      voice.speak('Room 412.', 'marin'),
      voice.speak('Room four one two.', 'marin'),
    ]);
    expect(digits.pcm).toEqual(words.pcm);
  });

  it('bounds what it reads, and leaves no files behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'voice-test-'));
    vi.stubEnv('TMPDIR', folder);
    const spoken = await voice.speak('word '.repeat(400), 'marin');
    expect(seconds(spoken)).toBeLessThan(150);
    expect(tmpdir()).toBe(folder);
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('says nothing for no words', async () => {
    expect(seconds(await voice.speak('', 'marin'))).toBeLessThan(1);
  });
});

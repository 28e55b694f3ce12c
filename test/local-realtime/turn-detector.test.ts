import { describe, expect, test } from 'vitest';
import { TurnDetector, type TurnChange } from '../../src/local-realtime/turn-detector.ts';
import { loadVoiceActivity } from '../../src/local-realtime/voice-activity.ts';

/** Runs frames of 20 ms; `#` is speech, anything else is not. @returns what changed, with the time of each change. */
function detect(frames: string, silenceMs = 200): (TurnChange & { atMs: number })[] {
  const detector = new TurnDetector();
  return frames.split('').flatMap((frame, index) => {
    const atMs = (index + 1) * 20;
    const change = detector.frame(frame === '#', atMs, silenceMs);
    return change ? [{ ...change, atMs }] : [];
  });
}

describe('turn detector', () => {
  test('speech begins once 180 ms of it lie close together, and is dated to its first frame', () => {
    expect(detect(`${'.'.repeat(10)}${'#'.repeat(8)}`)).toEqual([]);
    expect(detect(`${'.'.repeat(10)}${'#'.repeat(9)}`)).toEqual([{ kind: 'started', firstSpeechMs: 200, atMs: 380 }]);
    expect(detect(`${'.'.repeat(10)}####..#####`)).toEqual([{ kind: 'started', firstSpeechMs: 200, atMs: 420 }]);
    expect(detect('###.......###.......###.......###')).toEqual([]);
  });

  test('speech ends after the silence asked for; a crackle in it changes nothing', () => {
    expect(detect(`${'#'.repeat(20)}${'.'.repeat(10)}`)[1]).toEqual({ kind: 'stopped', atMs: 600 });
    expect(detect(`${'#'.repeat(20)}......#.....`)[1]).toMatchObject({ kind: 'stopped' });
    expect(detect(`${'#'.repeat(20)}.....####${'.'.repeat(9)}`)).toHaveLength(1);
  });

  test('speech without end is cut after a minute', () => {
    expect(detect('#'.repeat(3100)).map(({ kind }) => kind)).toEqual(['started', 'stopped', 'started']);
  });
});

describe('voice activity', () => {
  const countSpeech = async (sample: (n: number) => number) => {
    const activity = (await loadVoiceActivity()).create();
    let speech = 0;
    for (let frame = 0; frame < 500; frame++)
      if (
        activity.isSpeech(
          Int16Array.from({ length: 160 }, (_, n) => sample(frame * 160 + n)),
          0.5,
        )
      )
        speech++;
    activity.close();
    return speech;
  };
  let seed = 7;
  const noise = (): number => ((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647) * 2 - 1;

  test('silence, line noise and hum are not speech', async () => {
    expect(await countSpeech(() => 0)).toBe(0);
    expect(await countSpeech(() => 500 * noise())).toBe(0);
    expect(await countSpeech((n) => 1500 * Math.sin((2 * Math.PI * 60 * n) / 8000))).toBe(0);
  });

  test('a voice over line noise is', async () => {
    // Glottal pulses through one formant, half a second on and half a second off.
    let resonance = [0, 0];
    const voiced = (n: number) => {
      const pulse = n % 64 === 0 && n % 8000 < 4000 ? 6000 : 0;
      const next = pulse + 1.7 * resonance[0]! - 0.9 * resonance[1]!;
      resonance = [next, resonance[0]!];
      return next + 100 * noise();
    };
    const speech = await countSpeech(voiced);
    expect(speech).toBeGreaterThan(200);
    expect(speech).toBeLessThan(330);
  });
});

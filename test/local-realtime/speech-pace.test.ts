import { describe, expect, it } from 'vitest';
import { SpeechPace } from '../../src/local-realtime/speech-pace.ts';

const WORDS = new Map([
  ['yes', ['Y EH S']],
  ['towels', ['T AW AH L Z', 'T AW L Z']],
]);

/** A tone at the level of speech, or another. */
const tone = (seconds: number, level = 0.14): Float32Array =>
  Float32Array.from({ length: seconds * 8000 }, (_, n) => level * Math.sin(n));

function fits(text: string, ...sounds: Float32Array[]): boolean {
  const pace = new SpeechPace();
  for (const sound of sounds) pace.hear(sound);
  return pace.fits(text, WORDS);
}

describe('the pace of speech', () => {
  it('a word may take a second and a half', () => {
    expect(fits('yes', tone(0.3))).toBe(true);
    expect(fits('yes', tone(0.7), tone(0.8))).toBe(true);
  });

  it('three seconds of sound are no single word', () => {
    expect(fits('yes', tone(1.5), tone(1.5))).toBe(false);
    expect(fits('yes towels towels', tone(3))).toBe(true);
  });

  it('pauses and the noise of a line are no sound', () => {
    expect(fits('yes', tone(0.5), tone(5, 0.01), new Float32Array(8000))).toBe(true);
  });
});

import { expect, test } from 'vitest';
import { decodeMulaw } from '../src/audio/g711.ts';
import { peakDbfs } from './sound.ts';
import { loadAllClips, loadClips } from '../src/stored-clips.ts';

test('every voice has its phrases, loud enough to be heard and short enough to be borne', () => {
  for (const [language, voice] of [
    ...['marin', 'cedar', 'ballad', 'a voice of tomorrow'].map((name) => ['en-GB', name] as const),
    ['fr', 'marin'] as const,
  ]) {
    const { phrases } = loadClips(language, voice);
    expect(Object.keys(phrases).toSorted()).toEqual(['away', 'desk', 'not-there-yet', 'tool']);
    for (const clip of Object.values(phrases)) {
      expect(clip.audio.length / 8_000).toBeGreaterThan(1);
      expect(clip.audio.length / 8_000).toBeLessThan(6);
      expect(peakDbfs(decodeMulaw(clip.audio))).toBeGreaterThan(-20);
    }
  }
});

test('the soft sound is soft, begins and ends in silence, and stands alone for a language that is not stored', () => {
  const { phrases, softSound } = loadClips('eo', 'marin');
  expect(phrases).toEqual({});
  const samples = decodeMulaw(softSound);
  expect(peakDbfs(samples)).toBeGreaterThan(-50);
  expect(peakDbfs(samples)).toBeLessThan(-35);
  for (const end of [samples.subarray(0, 80), samples.subarray(-80)]) expect(peakDbfs(end)).toBeLessThan(-65);
});

test('a call is told in its own language, one that the hotel does not speak is not', () => {
  const clips = loadAllClips(['en', 'fr'], 'cedar');
  expect(clips('en').phrases.away?.text).toBe('One moment, please.');
  expect(clips('fr').phrases.away?.text).toBe('Un instant, s’il vous plaît.');
  expect(clips('fr').phrases.away?.audio).not.toEqual(clips('en').phrases.away?.audio);
  expect(clips('de').phrases).toEqual({});
});

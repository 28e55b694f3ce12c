/** Stored phrases for when no agent can speak: rendered beforehand by `npm run render-clips`, one folder per language and voice. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeMulaw } from './audio/g711.ts';
import { softSound } from './audio/soft-sound.ts';
import { readWav } from './audio/wav.ts';
import type { Clip, Clips } from './call/ports.ts';
import allPhrases from './clips/phrases.json' with { type: 'json' };
import { voiceFor } from './local-realtime/voice-names.ts';

type Phrases = (typeof allPhrases)['en'];

const FOLDER = join(import.meta.dirname, 'clips');

/**
 * @param language in which the call begins, as in the profile. @param voice as Realtime clients name it: the nearest stored
 * one is taken. @returns the soft sound alone when nothing is stored in that language: a wrong one would be worse.
 * @throws an error of the file system when a phrase of a stored language is missing.
 */
export function loadClips(language: string, voice: string): Clips {
  const folder = folderOf(language, voice);
  const phrases = (allPhrases as Partial<Record<string, Phrases>>)[language.split('-')[0] ?? ''];
  if (!phrases || !existsSync(folder)) return { phrases: {}, softSound: softSound() };
  const clip = (name: keyof Phrases): Clip => ({
    audio: encodeMulaw(readWav(readFileSync(join(folder, `${name}.wav`))).channels[0] ?? new Int16Array(0)),
    text: phrases[name],
  });
  return {
    phrases: { 'not-there-yet': clip('not-there-yet'), away: clip('away'), tool: clip('tool'), desk: clip('desk') },
    softSound: softSound(),
  };
}

/** @returns stored phrases by language, each loaded once. @param languages of the profile. */
export function loadAllClips(languages: readonly string[], voice: string): (language: string) => Clips {
  const clips = new Map(languages.map((language) => [language, loadClips(language, voice)]));
  const none = loadClips('', voice);
  return (language) => clips.get(language) ?? none;
}

/**
 * What callers hear whose call is not taken, before the desk is rung. @returns a wav file; undefined when none is stored in
 * that language.
 */
export function loadGreeting(language: string, voice: string): Uint8Array | undefined {
  const folder = folderOf(language, voice);
  return existsSync(folder) ? readFileSync(join(folder, 'greeting.wav')) : undefined;
}

function folderOf(language: string, voice: string): string {
  const code = language.split('-')[0] ?? '';
  return join(FOLDER, `${code}-${voiceFor(code, voice)}`);
}

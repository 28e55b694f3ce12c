/** Flite's voices, by the names that Realtime clients use. */
const FLITE_VOICES: Record<string, string> = {
  marin: 'slt',
  cedar: 'rms',
  alloy: 'slt',
  ash: 'rms',
  ballad: 'awb',
  coral: 'slt',
  echo: 'rms',
  sage: 'slt',
  shimmer: 'slt',
  verse: 'awb',
};
const DEFAULT_VOICE = 'slt';

/** @param name a voice as Realtime clients name it. @returns the flite voice that stands for it. */
export function fliteVoice(name: string): string {
  return FLITE_VOICES[name] ?? DEFAULT_VOICE;
}

/** French sentences have a voice of their own: the only one whose English sounds are understood as French. */
export const FRENCH_VOICE = 'rms';

/** @param language of the text, such as `fr`. @returns the flite voice that says it. */
export const voiceFor = (language: string, name: string): string =>
  language === 'fr' ? FRENCH_VOICE : fliteVoice(name);

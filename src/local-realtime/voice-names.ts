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

/**
 * Makes the stored phrases again: `npm run render-clips`. They are played when no agent can speak, so they are rendered
 * beforehand, in each language and each of the local engine's voices.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeWav } from '../src/audio/wav.ts';
import phrases from '../src/clips/phrases.json' with { type: 'json' };
import { resample } from '../src/local-realtime/voice-resampler.ts';
import { voiceFor } from '../src/local-realtime/voice-names.ts';
import { loadVoice } from '../src/local-realtime/voice.ts';

const FOLDER = resolve(import.meta.dirname, '../src/clips');
const RATE_HZ = 8_000;
const SILENT_BELOW = 150;
/** 20 ms, so that no sound begins with a click. */
const MARGIN_SAMPLES = RATE_HZ / 50;

const voice = await loadVoice(Object.keys(phrases));
for (const [language, texts] of Object.entries(phrases))
  for (const name of language === 'fr' ? ['cedar'] : ['marin', 'cedar', 'ballad'])
    await render(join(FOLDER, `${language}-${voiceFor(language, name)}`), texts, name);

async function render(folder: string, texts: Record<string, string>, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [clip, text] of Object.entries(texts)) {
    const { pcm, sampleRateHz } = await voice.speak(text, name);
    const samples = withoutSilence(resample(pcm, sampleRateHz, RATE_HZ));
    writeFileSync(join(folder, `${clip}.wav`), writeWav({ sampleRateHz: RATE_HZ, channels: [samples] }));
    console.log(`${folder}: ${clip}, ${(samples.length / RATE_HZ).toFixed(1)} s`);
  }
}

/** Silence around the words is time that a waiting guest hears nothing. */
function withoutSilence(samples: Int16Array): Int16Array {
  const isLoud = (sample: number): boolean => Math.abs(sample) > SILENT_BELOW;
  const from = Math.max(0, samples.findIndex(isLoud) - MARGIN_SAMPLES);
  return samples.slice(from, samples.findLastIndex(isLoud) + MARGIN_SAMPLES);
}

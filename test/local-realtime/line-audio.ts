/** Sentences as they come from a telephone line, spoken by the engine's own voice. */
import type { Ears, Heard, Voice } from '../../src/local-realtime/ports.ts';
import { resample } from '../../src/local-realtime/voice-resampler.ts';

/** The loudest noise of the line, of 32,767. */
const NOISE = 60;

/** @returns 16-bit mono at 8 kHz with a pause around it, over noise that is the same each time. */
export async function onTheLine(voice: Voice, text: string, voiceName: string): Promise<Int16Array> {
  const { pcm, sampleRateHz } = await voice.speak(text, voiceName);
  let seed = 7;
  const noise = () => ((seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648 - 0.5) * 2 * NOISE;
  const pause = new Int16Array(2400);
  const speech = resample(pcm, sampleRateHz, 8000);
  return Int16Array.from([...pause, ...speech, ...pause], (sample) =>
    Math.max(-32_768, Math.min(32_767, sample + noise())),
  );
}

/** Feeds an utterance as it comes in, 60 ms at a time. */
export function hear(ears: Ears, pcm: Int16Array): Heard {
  const hearing = ears.listen();
  for (let at = 0; at < pcm.length; at += 480) hearing.feed(pcm.slice(at, at + 480));
  return hearing.finish();
}

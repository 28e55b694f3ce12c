/** Tells words from long sounds that a few words were found in: nobody speaks that slowly. Pure. */
import type { Pronunciations } from './decoder.ts';

const FRAME_SAMPLES = 160;
const FRAME_S = 0.02;
/** Power of a frame with sound, where speech has 0.01 (`speech-level.ts`). */
const LEAST_POWER = 4e-4;
/** Sounds of the language in each second but the first; people make ten and more. */
const SLOWEST_PACE = 5;

export class SpeechPace {
  #loudSeconds = 0;

  /** @param sound at 8 kHz, brought to the level of speech. */
  hear(sound: Float32Array): void {
    for (let at = 0; at + FRAME_SAMPLES <= sound.length; at += FRAME_SAMPLES) {
      let power = 0;
      for (let index = at; index < at + FRAME_SAMPLES; index++) power += sound[index]! ** 2;
      if (power / FRAME_SAMPLES > LEAST_POWER) this.#loudSeconds += FRAME_S;
    }
  }

  /** @returns whether so much sound can have been these words, said slowly. */
  fits(text: string, pronunciations: Pronunciations): boolean {
    const phones = text
      .split(' ')
      .reduce((sum, word) => sum + (pronunciations.get(word)?.[0]?.split(' ').length ?? 0), 0);
    return phones >= SLOWEST_PACE * (this.#loudSeconds - 1);
  }
}

/** Hearing and speaking as the protocol uses them: never blocking. In this process here, in workers elsewhere. */
import type { Ears, Heard, Hearing, Voice } from './ports.ts';
import { resample } from './voice-resampler.ts';

export interface Speech {
  /** @param language of the guest, such as `fr`; the first that was loaded when it is left out or unknown. */
  listen(language?: string): Listening;
  /** @param usual as for a `Voice`. @returns one sentence as 16-bit mono PCM at `sampleRateHz`. */
  speak(text: string, voice: string, sampleRateHz: number, usual?: string): Promise<Int16Array>;
  close(): Promise<void>;
}

/** One utterance. `finish` or `discard` ends it, once. */
export interface Listening {
  /** @param pcm 16-bit mono, 8 kHz. The buffer belongs to the listener from then on. */
  feed(pcm: Int16Array): void;
  /** Never rejects: what could not be heard is not understood. */
  finish(): Promise<Heard>;
  discard(): void;
}

export const NOTHING_HEARD: Heard = { text: '', isUnderstood: false, confidence: 0 };

/** Ears and voice in this process: for workers, and for tests. Closes the ears it was given. */
export function speechInProcess(ears: Ears, voice: Voice): Speech {
  return {
    listen: (language) => new ListeningInProcess(ears.listen(language)),
    async speak(text, voiceName, sampleRateHz, usual) {
      const spoken = await voice.speak(text, voiceName, usual);
      return resample(spoken.pcm, spoken.sampleRateHz, sampleRateHz);
    },
    async close() {
      ears.close();
    },
  };
}

class ListeningInProcess implements Listening {
  readonly #hearing: Hearing;
  constructor(hearing: Hearing) {
    this.#hearing = hearing;
  }
  feed(pcm: Int16Array): void {
    this.#hearing.feed(pcm);
  }
  async finish(): Promise<Heard> {
    return this.#hearing.finish();
  }
  discard(): void {
    this.#hearing.discard();
  }
}

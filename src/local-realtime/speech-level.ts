/** Brings speech of any loudness to the level that the recogniser was made for. Pure. */

/** The level is taken from the first part of an utterance, which waits for it. */
const LISTEN_SAMPLES = 0.7 * 8000;
const FRAME_SAMPLES = 160;
/** Root mean square of speech as it should be, of full scale. */
const SPEECH_LEVEL = 0.1;
const MAX_GAIN = 30;

export class SpeechLevel {
  #waiting: Float32Array[] = [];
  #waitingSamples = 0;
  #gain: number | undefined;

  /** @param pcm 16-bit mono, 8 kHz. @returns what can be heard now, between -1 and 1; at first nothing. */
  even(pcm: Int16Array): Float32Array {
    const sound = Float32Array.from(pcm, (sample) => sample / 32_768);
    if (this.#gain !== undefined) return this.#scaled(sound);
    this.#waiting.push(sound);
    this.#waitingSamples += sound.length;
    return this.#waitingSamples < LISTEN_SAMPLES ? new Float32Array(0) : this.rest();
  }

  /** @returns what was still waiting. */
  rest(): Float32Array {
    const sound = new Float32Array(this.#waitingSamples);
    let at = 0;
    for (const part of this.#waiting) {
      sound.set(part, at);
      at += part.length;
    }
    this.#waiting = [];
    this.#waitingSamples = 0;
    this.#gain ??= Math.min(MAX_GAIN, SPEECH_LEVEL / Math.max(1e-4, loudness(sound)));
    return this.#scaled(sound);
  }

  #scaled(sound: Float32Array): Float32Array {
    return sound.map((sample) => Math.max(-1, Math.min(1, sample * this.#gain!)));
  }
}

/** The level of the frames that are loud: speech, not the pauses around it. */
function loudness(sound: Float32Array): number {
  const powers: number[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= sound.length; at += FRAME_SAMPLES) {
    const frame = sound.subarray(at, at + FRAME_SAMPLES);
    powers.push(frame.reduce((sum, sample) => sum + sample * sample, 0) / FRAME_SAMPLES);
  }
  const loudest = Math.max(0, ...powers);
  const loud = powers.filter((power) => power > loudest / 20);
  return Math.sqrt(loud.reduce((sum, power) => sum + power, 0) / Math.max(1, loud.length));
}

/** Brings speech of any loudness to the level that the recogniser was made for. Pure. */

/**
 * The level is taken from the first part of an utterance, which waits for it. Less than this tells too little about the line
 * to hear it well, more is heard no better.
 */
const LISTEN_SAMPLES = 1.5 * 8000;
/** Added to everything, of full scale: in pauses without any sound the recogniser finds sounds of its own. */
const HISS = 0.001;
const FRAME_SAMPLES = 160;
/** Root mean square of speech as it should be, of full scale. */
const SPEECH_LEVEL = 0.1;
const MAX_GAIN = 30;
/** Below this nobody speaks. */
const SILENCE_LEVEL = 3e-4;

export class SpeechLevel {
  #waiting: Float32Array[] = [];
  #waitingSamples = 0;
  #gain: number | undefined;
  #isSilent = true;
  #seed = 1;

  /** Whether nothing but silence was heard in the first part. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

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
    if (this.#gain === undefined) {
      const level = loudness(sound);
      this.#isSilent = level < SILENCE_LEVEL;
      this.#gain = Math.min(MAX_GAIN, SPEECH_LEVEL / Math.max(SILENCE_LEVEL, level));
    }
    return this.#scaled(sound);
  }

  #scaled(sound: Float32Array): Float32Array {
    return sound.map((sample) => Math.max(-1, Math.min(1, sample * this.#gain! + this.#hiss())));
  }

  /** The same for each utterance, so that the same sound is heard the same. */
  #hiss(): number {
    this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (this.#seed / 1_073_741_824 - 1) * HISS;
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

/**
 * The last seconds of what the caller said, by position, so that an agent who comes late or comes back hears it once
 * (rules MODEL-16 and MODEL-25). Kept as μ-law: 40 KB a call. Pure.
 */
const BYTES_PER_MS = 8;
export const KEPT_MS = 5_000;
const KEPT_BYTES = KEPT_MS * BYTES_PER_MS;

export class RecentAudio {
  readonly #memory = new Uint8Array(KEPT_BYTES);
  #position = 0;

  /** Bytes of caller audio so far: the place where the next frame begins. */
  get position(): number {
    return this.#position;
  }

  /** The place `ms` before now, at least 0. */
  placeBefore(ms: number): number {
    return Math.max(0, this.#position - Math.round(ms * BYTES_PER_MS));
  }

  /** Copies a frame of μ-law; the oldest audio makes room. */
  keep(frame: Uint8Array): void {
    const kept = frame.length > KEPT_BYTES ? frame.subarray(frame.length - KEPT_BYTES) : frame;
    const from = (this.#position + frame.length - kept.length) % KEPT_BYTES;
    const untilWrap = Math.min(kept.length, KEPT_BYTES - from);
    this.#memory.set(untilWrap === kept.length ? kept : kept.subarray(0, untilWrap), from);
    if (untilWrap < kept.length) this.#memory.set(kept.subarray(untilWrap));
    this.#position += frame.length;
  }

  /** @param place a position of before. @returns μ-law from there to now, at most the last 5 s of it. */
  since(place: number): Uint8Array {
    const length = Math.min(this.#position - place, KEPT_BYTES);
    const from = (this.#position - length) % KEPT_BYTES;
    const untilWrap = Math.min(length, KEPT_BYTES - from);
    const audio = new Uint8Array(length);
    audio.set(this.#memory.subarray(from, from + untilWrap));
    audio.set(this.#memory.subarray(0, length - untilWrap), untilWrap);
    return audio;
  }
}

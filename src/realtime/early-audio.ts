/** Guest audio of before the agent is ready: a ring of 5 s that is handed on once, in order (rule MODEL-16). Pure. */

const KEPT_MS = 5_000;

export class EarlyAudio {
  readonly #maxBytes: number;
  #frames: Uint8Array[] = [];
  #bytes = 0;

  /** @param bytesPerMs of the format that is kept. */
  constructor(bytesPerMs: number) {
    this.#maxBytes = KEPT_MS * bytesPerMs;
  }

  /** Keeps a copy; the oldest frames go when the ring is full. */
  keep(frame: Uint8Array): void {
    this.#frames.push(frame.slice());
    this.#bytes += frame.length;
    while (this.#bytes > this.#maxBytes) this.#bytes -= this.#frames.shift()?.length ?? 0;
  }

  /** @returns what was kept, in order; nothing is kept any more. */
  take(): Uint8Array[] {
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    return frames;
  }
}

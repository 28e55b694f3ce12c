/** How much nonsense and how many frames a media stream may send before it is closed (rule CARRIER-31). Pure. */

const WINDOW_MS = 10_000;
const MAX_BAD = 50;
const MAX_FRAMES = 1_000;

export class WireGuard {
  #windowStartMs = 0;
  #bad = 0;
  #frames = 0;
  badInAll = 0;

  /** A frame that could be used. @returns whether the stream is still within bounds. */
  frame(nowMs: number): boolean {
    this.#turn(nowMs);
    return ++this.#frames <= MAX_FRAMES;
  }

  /** A frame that was dropped. @returns whether the stream is still within bounds. */
  bad(nowMs: number): boolean {
    this.#turn(nowMs);
    this.badInAll++;
    return ++this.#bad <= MAX_BAD;
  }

  #turn(nowMs: number): void {
    if (nowMs - this.#windowStartMs < WINDOW_MS) return;
    this.#windowStartMs = nowMs;
    this.#bad = 0;
    this.#frames = 0;
  }
}

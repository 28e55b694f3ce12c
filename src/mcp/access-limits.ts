/** How much one access token may ask of us: so many requests a minute, and so many at once. */
import type { Clock } from '../call/ports.ts';

const PER_MINUTE = 120;
const AT_ONCE = 8;
const MINUTE_MS = 60_000;
/** More tokens than a hotel may have; the longest unused is forgotten beyond. */
const MAX_KNOWN = 200;

interface Use {
  /** Requests that may still come, growing back over a minute. */
  left: number;
  atMs: number;
  running: number;
}

export class AccessLimits {
  readonly #clock: Clock;
  readonly #uses = new Map<string, Use>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param id of the token. @returns what ends the request, safe to call twice; or in how many seconds to try again.
   */
  begin(id: string): { end: () => void } | { retryAfterS: number } {
    const use = this.#useOf(id);
    if (use.running >= AT_ONCE) return { retryAfterS: 1 };
    if (use.left < 1) return { retryAfterS: Math.ceil(((1 - use.left) * MINUTE_MS) / PER_MINUTE / 1_000) };
    use.left--;
    use.running++;
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      use.running--;
    };
    return { end };
  }

  #useOf(id: string): Use {
    const nowMs = this.#clock.nowMs();
    const use = this.#uses.get(id) ?? { left: PER_MINUTE, atMs: nowMs, running: 0 };
    use.left = Math.min(PER_MINUTE, use.left + ((nowMs - use.atMs) * PER_MINUTE) / MINUTE_MS);
    use.atMs = nowMs;
    // Back to the end of the line.
    this.#uses.delete(id);
    this.#uses.set(id, use);
    const [longestUnused] = this.#uses.keys();
    if (this.#uses.size > MAX_KNOWN && longestUnused !== undefined) this.#uses.delete(longestUnused);
    return use;
  }
}

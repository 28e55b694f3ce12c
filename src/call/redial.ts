/**
 * When to dial which agent again after one was lost (rules MODEL-24 and MODEL-25): at once, then at growing distances with
 * jitter, for as long as the guest can be asked to wait; then the next engine, and at last a person. Pure.
 */
export const DELAYS_MS = [0, 250, 500, 1_000, 2_000];
/** How long the last engine is tried: after that a person takes over. */
export const LAST_ENGINE_MS = 8_000;
/** How long an engine is tried when another one stands ready. */
export const OTHER_ENGINE_MS = 2_500;
const JITTER = 0.2;

export type Next = { engine: string; afterMs: number; isFallback: boolean } | 'give-up';

export class Redial {
  readonly #engines: readonly string[];
  readonly #random: () => number;
  #index = 0;
  #sinceMs: number;
  #tries = 0;
  #triesInAll = 0;

  /**
   * @param engines by preference, at least one. @param nowMs when the outage began.
   * @param random 0 to 1, for the jitter: many calls lose the same server at once.
   */
  constructor(engines: readonly string[], nowMs: number, random: () => number) {
    this.#engines = engines;
    this.#sinceMs = nowMs;
    this.#random = random;
  }

  get engine(): string {
    return this.#engines[this.#index] as string;
  }

  /** Dialling failures so far. */
  get attempts(): number {
    return this.#triesInAll;
  }

  /** @returns how long the present engine may still be tried. */
  leftMs(nowMs: number): number {
    return Math.max(0, this.#sinceMs + this.#budgetMs - nowMs);
  }

  /** The agent is away. @param isHopeless whether trying this engine again is no use. @returns what to do. */
  failed(nowMs: number, isHopeless: boolean): Next {
    const delayMs = DELAYS_MS[Math.min(this.#tries, DELAYS_MS.length - 1)] as number;
    const afterMs = Math.round(delayMs * (1 + JITTER * (2 * this.#random() - 1)));
    this.#tries++;
    this.#triesInAll++;
    if (!isHopeless && this.leftMs(nowMs) > afterMs) return { engine: this.engine, afterMs, isFallback: false };
    if (this.#index + 1 >= this.#engines.length) return 'give-up';
    this.#index++;
    this.#sinceMs = nowMs;
    this.#tries = 1;
    return { engine: this.engine, afterMs: 0, isFallback: true };
  }

  get #budgetMs(): number {
    return this.#index + 1 < this.#engines.length ? OTHER_ENGINE_MS : LAST_ENGINE_MS;
  }
}

/** Spares guests the wait for a server that keeps failing (rule TOOL-41). Pure. */
import type { Clock } from '../../call/ports.ts';

const MAX_FAILURES = 3;
const WINDOW_MS = 60_000;
const OPEN_MS = 30_000;

/** What a try came to: `none` says nothing of the server, such as a call that the guest ended. */
export type BreakerOutcome = 'worked' | 'failed' | 'none';

/** A try's end; only its first call counts. */
export type EndTry = (outcome: BreakerOutcome) => void;

/** Three failures in 60 s open it for 30 s; after that one try at a time decides. */
export class Breaker {
  readonly #clock: Clock;
  /** At most `MAX_FAILURES`. */
  #failedAtMs: number[] = [];
  #openUntilMs: number | undefined;
  #isTrying = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#openUntilMs !== undefined && (this.#isTrying || this.#clock.nowMs() < this.#openUntilMs);
  }

  /** @returns how to tell the end of the try; undefined when the server is to be left alone. */
  begin(): EndTry | undefined {
    if (this.isOpen) return undefined;
    const decides = this.#openUntilMs !== undefined;
    if (decides) this.#isTrying = true;
    let isEnded = false;
    return (outcome) => {
      if (isEnded) return;
      isEnded = true;
      if (decides) this.#isTrying = false;
      this.#count(outcome, decides);
    };
  }

  #count(outcome: BreakerOutcome, decides: boolean): void {
    if (outcome === 'worked' && decides) {
      this.#openUntilMs = undefined;
      this.#failedAtMs = [];
    }
    if (outcome !== 'failed') return;
    const nowMs = this.#clock.nowMs();
    this.#failedAtMs = [...this.#failedAtMs.filter((atMs) => atMs > nowMs - WINDOW_MS), nowMs].slice(-MAX_FAILURES);
    // Tries that began before it opened do not keep it open for longer.
    const opens = decides || (this.#openUntilMs === undefined && this.#failedAtMs.length === MAX_FAILURES);
    if (opens) this.#openUntilMs = nowMs + OPEN_MS;
  }
}

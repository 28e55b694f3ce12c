/** The timers of one call, by name: setting one again replaces it, closing stops all of them for good. */
import type { Clock } from './ports.ts';

export class Timers<Name extends string> {
  readonly #clock: Clock;
  readonly #cancels = new Map<Name, () => void>();
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `task` once after `delayMs` unless the timer is set again or stopped before. */
  set(name: Name, delayMs: number, task: () => void): void {
    if (this.#isClosed) return;
    this.stop(name);
    const cancel = this.#clock.after(delayMs, () => {
      this.#cancels.delete(name);
      task();
    });
    this.#cancels.set(name, cancel);
  }

  stop(name: Name): void {
    this.#cancels.get(name)?.();
    this.#cancels.delete(name);
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}

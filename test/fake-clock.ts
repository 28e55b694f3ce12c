/** A clock that the test owns: time moves only by `advance`. */
import type { Clock } from '../src/call/ports.ts';

export class FakeClock implements Clock {
  #nowMs = 0;
  #tasks: { dueMs: number; task: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  wallTime(): Date {
    return new Date(Date.UTC(2026, 5, 15, 12, 0, 0) + this.#nowMs);
  }

  after(delayMs: number, task: () => void): () => void {
    const entry = { dueMs: this.#nowMs + Math.max(0, delayMs), task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }

  /** Time passes and nobody gets to do anything; what fell due runs with the next `advance`. */
  stall(byMs: number): void {
    this.#nowMs += byMs;
  }

  /** Moves time on and runs what falls due, in order, also what is scheduled on the way. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      const next = this.#tasks.filter((entry) => entry.dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs)[0];
      if (!next) break;
      this.#tasks = this.#tasks.filter((entry) => entry !== next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.task();
    }
    this.#nowMs = untilMs;
  }
}

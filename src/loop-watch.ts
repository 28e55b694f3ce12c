/**
 * Watches how late the event loop runs: everything of every call waits for it. Each stall is told in the log with its
 * length; figures are of the last half minute or so, whoever asks how often.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Logger } from 'pino';

const RESOLUTION_MS = 10;
const LOOK_EVERY_MS = 1_000;
/** Guests hear it: it is as much as lies ahead of them at the carrier. */
const STALL_MS = 200;
const LOOKS_PER_WINDOW = 15;

/** Milliseconds beyond the due time. */
export interface LoopDelay {
  p99Ms: number;
  maxMs: number;
}

export class LoopWatch {
  readonly #log: Logger;
  readonly #sinceLook = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #window = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #lastWindow: LoopDelay = { p99Ms: 0, maxMs: 0 };
  #looks = 0;

  constructor(log: Logger) {
    this.#log = log;
    this.#sinceLook.enable();
    this.#window.enable();
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** The worse of the window under way and the one before. */
  get delay(): LoopDelay {
    const now = this.#ofWindow();
    return {
      p99Ms: Math.max(now.p99Ms, this.#lastWindow.p99Ms),
      maxMs: Math.max(now.maxMs, this.#lastWindow.maxMs),
    };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#sinceLook.disable();
    this.#window.disable();
  }

  #look(): void {
    const stalledMs = Math.round(delayMs(this.#sinceLook.max));
    this.#sinceLook.reset();
    if (stalledMs > STALL_MS) this.#log.warn({ stalledMs }, 'the event loop stood still');
    if (++this.#looks % LOOKS_PER_WINDOW !== 0) return;
    this.#lastWindow = this.#ofWindow();
    this.#window.reset();
  }

  #ofWindow(): LoopDelay {
    if (this.#window.count === 0) return { p99Ms: 0, maxMs: 0 };
    return { p99Ms: delayMs(this.#window.percentile(99)), maxMs: delayMs(this.#window.max) };
  }
}

/** What is measured are nanoseconds from tick to tick, and ticks are due every `RESOLUTION_MS`. */
const delayMs = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);

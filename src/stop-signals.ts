/** What a signal to stop means. One stop may send it twice: to the whole process group, and once more through a launcher. */

export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Signals within this time of one that counted are that one, heard again. */
const SAME_WITHIN_MS = 1_000;

export class StopSignals {
  #countedAtMs: number | undefined;

  /**
   * @param nowMs of a monotonic clock.
   * @returns `drain` for the first signal, `hurry` for one that comes later, `same` for one that was counted already.
   */
  heard(nowMs: number): 'drain' | 'same' | 'hurry' {
    const before = this.#countedAtMs;
    if (before !== undefined && nowMs - before < SAME_WITHIN_MS) return 'same';
    this.#countedAtMs = nowMs;
    return before === undefined ? 'drain' : 'hurry';
  }
}

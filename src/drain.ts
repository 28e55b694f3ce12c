/** Waiting for running calls when Bellhop is stopped (rule END-38). */
import type { Clock } from './call/ports.ts';

/** How long running calls may go on after the first signal. */
export const DRAIN_MS = 30 * 60_000;
const LOOK_EVERY_MS = 200;

/**
 * Resolves when nobody is on the line any more, when the time is over, or when `hurry` is given.
 * @param connectedCalls calls with somebody on the line.
 */
export function callsFinished(connectedCalls: () => number, clock: Clock, hurry: AbortSignal): Promise<void> {
  const untilMs = clock.nowMs() + DRAIN_MS;
  return new Promise((resolve) => {
    const look = (): void => {
      if (connectedCalls() === 0 || clock.nowMs() >= untilMs || hurry.aborted) return resolve();
      cancel = clock.after(LOOK_EVERY_MS, look);
    };
    let cancel = (): void => {};
    hurry.addEventListener('abort', () => {
      cancel();
      resolve();
    });
    look();
  });
}

/**
 * What to do when the guest says nothing: ask once, then say goodbye (rule SILENCE-28). Pure: it only says how long to
 * wait and what comes next; counting starts when playout ends.
 */

export const ASK_AFTER_MS = 8_000;
export const LEAVE_AFTER_MS = 15_000;

export class SilenceWatch {
  #hasAsked = false;

  /** @returns how long the line may stay silent from now on, and what follows then. */
  due(): { afterMs: number; next: 'ask' | 'leave' } {
    return this.#hasAsked ? { afterMs: LEAVE_AFTER_MS, next: 'leave' } : { afterMs: ASK_AFTER_MS, next: 'ask' };
  }

  asked(): void {
    this.#hasAsked = true;
  }

  guestSpoke(): void {
    this.#hasAsked = false;
  }
}

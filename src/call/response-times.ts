/** How long the guest waits for sound: at the start of the call, and after each of their turns. Pure. */
import type { Happening } from './call-event.ts';

export class ResponseTimes {
  #startedAtMs: number | undefined;
  #hasSounded = false;
  #guestStoppedAtMs: number | undefined;
  #guestSpeaksSinceMs: number | undefined;

  /** The guest can hear us from now on. */
  started(nowMs: number): void {
    this.#startedAtMs ??= nowMs;
  }

  guestStarted(nowMs: number): void {
    this.#guestSpeaksSinceMs = nowMs;
  }

  guestStopped(nowMs: number): void {
    this.#guestStoppedAtMs = nowMs;
    this.#guestSpeaksSinceMs = undefined;
  }

  /** When the guest, who is still speaking, began; undefined: they are silent. */
  get guestSpeaksSinceMs(): number | undefined {
    return this.#guestSpeaksSinceMs;
  }

  /** Audio of the agent left for the guest. @returns what that says about the waiting, if anything. */
  sounded(nowMs: number): Happening | undefined {
    if (!this.#hasSounded && this.#startedAtMs !== undefined) {
      this.#hasSounded = true;
      return { kind: 'first-audio', afterMs: Math.round(nowMs - this.#startedAtMs) };
    }
    if (this.#guestStoppedAtMs === undefined) return undefined;
    const latencyMs = Math.round(nowMs - this.#guestStoppedAtMs);
    this.#guestStoppedAtMs = undefined;
    return { kind: 'turn-answered', latencyMs };
  }
}

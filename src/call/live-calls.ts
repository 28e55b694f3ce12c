/** The calls that are going on in this instance, with the cap on how many there may be. */
import type { Call } from './call.ts';
import type { EndReason } from './call-state.ts';

export class LiveCalls {
  readonly #calls = new Map<string, Call>();
  readonly #maxCalls: number;
  #isDraining = false;

  constructor(maxCalls: number) {
    this.#maxCalls = maxCalls;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Calls with somebody on the line: what a drain waits for. */
  get connected(): number {
    let count = 0;
    for (const call of this.#calls.values()) if (call.phase !== 'ringing') count++;
    return count;
  }

  /** Whether a new call can be taken; otherwise it goes to the desk. */
  hasRoom(): boolean {
    return !this.#isDraining && this.#calls.size < this.#maxCalls;
  }

  add(call: Call): void {
    this.#calls.set(call.callId, call);
  }

  get(callId: string): Call | undefined {
    return this.#calls.get(callId);
  }

  remove(callId: string): void {
    this.#calls.delete(callId);
  }

  /** No new calls from now on. */
  drain(): void {
    this.#isDraining = true;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  endAll(reason: EndReason): void {
    for (const call of this.#calls.values()) call.end(reason);
  }
}

/**
 * Providers end a connection after an hour: before that, in a pause, another one takes over without the guest noticing (rule
 * MODEL-26). The next leg is opened beside the one in use and changed over when it is ready and nobody speaks.
 */
import { LegRelay } from './leg-relay.ts';
import { LIMITS } from './limits.ts';
import type { AgentDial, AgentLeg, AgentLegEvents } from './ports.ts';
import type { Timers } from './timers.ts';

export interface PlannedSwapParts {
  timers: Timers<string>;
  call: AgentLegEvents;
  open(dial: AgentDial, events: AgentLegEvents): AgentLeg;
  isQuiet(): boolean;
  /** The leg is ready and nobody speaks: it takes over now. */
  takeOver(leg: AgentLeg): void;
}

export class PlannedSwap {
  readonly #parts: PlannedSwapParts;
  #engine = '';
  #isDue = false;
  #standby: { leg: AgentLeg; relay: LegRelay; isReady: boolean } | undefined;

  constructor(parts: PlannedSwapParts) {
    this.#parts = parts;
  }

  /** A connection to `engine` was taken into use: the count begins anew. */
  began(engine: string): void {
    this.stop();
    this.#engine = engine;
    this.#plan(LIMITS.swapAfterMs);
  }

  /** Nobody speaks and nothing is owed. */
  quiet(): void {
    if (!this.#isDue) return;
    if (!this.#standby) return this.#open();
    const { leg, relay, isReady } = this.#standby;
    if (!isReady) return;
    this.#standby = undefined;
    relay.connect(this.#parts.call);
    this.#parts.takeOver(leg);
    this.began(this.#engine);
  }

  /** What a waiting leg was opened with holds no more: the next pause opens another one. */
  dialAnew(): void {
    this.#letGo();
  }

  stop(): void {
    this.#isDue = false;
    this.#parts.timers.stop('swap');
    this.#letGo();
  }

  #letGo(): void {
    const standby = this.#standby;
    this.#standby = undefined;
    standby?.leg.close();
  }

  #plan(afterMs: number): void {
    this.#parts.timers.set('swap', afterMs, () => (this.#isDue = true));
  }

  #open(): void {
    const relay = new LegRelay({
      ready: () => {
        if (this.#standby) this.#standby.isReady = true;
        if (this.#parts.isQuiet()) this.quiet();
      },
      lost: () => {
        this.stop();
        this.#plan(LIMITS.swapAgainAfterMs);
      },
    });
    const leg = this.#parts.open({ engine: this.#engine, isRedial: true }, relay);
    this.#standby = { leg, relay, isReady: false };
  }
}

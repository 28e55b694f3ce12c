/**
 * How the connection is configured, and what of it the server goes by: server events come in order, so the turn taking in
 * force is that of the last update the server acknowledged. Knows the events, sends them through `send`.
 */
import {
  sessionUpdate,
  toolsUpdate,
  turnTakingUpdate,
  type SessionSettings,
  type TurnTaking,
} from './session-update.ts';

export class Configuration {
  readonly #send: (event: object) => void;
  /** Updates that are not acknowledged yet, oldest first. */
  readonly #updates: { eventId: string; turnTaking: TurnTaking }[] = [];
  #settings: SessionSettings;
  #turnTaking: TurnTaking = 'held';
  #inForce: TurnTaking = 'held';
  #isAcknowledged = false;
  #number = 0;

  constructor(settings: SessionSettings, send: (event: object) => void) {
    this.#settings = settings;
    this.#send = send;
  }

  get settings(): SessionSettings {
    return this.#settings;
  }

  /** What the server goes by. */
  get turnTakingInForce(): TurnTaking {
    return this.#inForce;
  }

  /** The first update, with everything. */
  begin(): void {
    this.#update((eventId) => sessionUpdate(eventId, this.#settings, this.#turnTaking));
  }

  setTurnTaking(mode: TurnTaking): void {
    if (mode === this.#turnTaking) return;
    this.#turnTaking = mode;
    if (this.#isAcknowledged) this.#sendTurnTaking();
  }

  /** The same tools as functions. @returns false when they are functions already. */
  offerFunctions(): boolean {
    if (!this.#settings.nativeMcp) return false;
    this.#settings = { ...this.#settings, nativeMcp: undefined };
    this.#update((eventId) => toolsUpdate(eventId, this.#settings, this.#turnTaking));
    return true;
  }

  /** @returns whether it was the first update that the server took. */
  acknowledged(): boolean {
    const update = this.#updates.shift();
    if (update) this.#inForce = update.turnTaking;
    if (this.#isAcknowledged) return false;
    this.#isAcknowledged = true;
    // What was decided while the first update was under way.
    if (this.#turnTaking !== this.#inForce) this.#sendTurnTaking();
    return true;
  }

  /** @returns whether the error is about an update of ours. */
  refused(eventId: string): boolean {
    const index = this.#updates.findIndex((update) => update.eventId === eventId);
    if (index >= 0) this.#updates.splice(index, 1);
    return index >= 0;
  }

  #sendTurnTaking(): void {
    this.#update((eventId) => turnTakingUpdate(eventId, this.#settings, this.#turnTaking));
  }

  #update(make: (eventId: string) => object): void {
    const eventId = `update-${++this.#number}`;
    this.#updates.push({ eventId, turnTaking: this.#turnTaking });
    this.#send(make(eventId));
  }
}

/** Whose turn it is, as far as the agent's side is concerned: what it still owes the guest when it goes away. Pure. */
import type { ResponseStatus } from './ports.ts';

/** Guest turns whose words are not known yet; more are not waited for. */
const MAX_OPEN_TURNS = 5;

export class AgentTurn {
  /** Place in the caller's audio where each turn began whose words are still to come. */
  readonly #openTurns = new Map<string, number>();
  #speakingFrom: number | undefined;
  #owesAnswer = false;
  #hasToolToFollow = false;

  /** @param place where the guest's speech began in the caller's audio. */
  guestStarted(place: number): void {
    this.#speakingFrom ??= place;
  }

  guestCommitted(itemId: string, place: number): void {
    this.#openTurns.set(itemId, this.#speakingFrom ?? place);
    if (this.#openTurns.size > MAX_OPEN_TURNS) this.#openTurns.delete(this.#openTurns.keys().next().value ?? '');
    this.#speakingFrom = undefined;
    this.#owesAnswer = true;
  }

  guestWordsKnown(itemId: string): void {
    this.#openTurns.delete(itemId);
  }

  responseStarted(): void {
    this.#owesAnswer = true;
    this.#hasToolToFollow = false;
  }

  agentSounds(): void {
    this.#hasToolToFollow = false;
  }

  toolStarted(): void {
    this.#owesAnswer = true;
    this.#hasToolToFollow = true;
  }

  responseEnded(status: ResponseStatus): void {
    this.#owesAnswer = status === 'failed' || status === 'incomplete' || this.#hasToolToFollow;
  }

  /** @returns whether the guest waits for the agent, and from which place their audio was not understood yet. */
  get open(): { owesAnswer: boolean; unheardFrom: number | undefined } {
    const places = this.#owesAnswer ? [...this.#openTurns.values()] : [];
    if (this.#speakingFrom !== undefined) places.push(this.#speakingFrom);
    const unheardFrom = places.length > 0 ? Math.min(...places) : undefined;
    return { owesAnswer: this.#owesAnswer, unheardFrom };
  }

  /** What was open is with another agent now, who is told of it. */
  handedOn(): void {
    this.#openTurns.clear();
    this.#speakingFrom = undefined;
  }
}

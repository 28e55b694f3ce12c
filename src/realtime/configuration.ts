/**
 * How the connection is configured, and what of it the server goes by: server events come in order, so the turn taking in
 * force is that of the last update the server acknowledged. Knows the events, sends them through `send`.
 */
import type { SessionTools } from '../hotel/tool-servers/session-tools.ts';
import {
  languageUpdate,
  sessionUpdate,
  toolsOf,
  toolsUpdate,
  turnTakingUpdate,
  type SessionSettings,
  type TurnTaking,
} from './session-update.ts';

interface Update {
  eventId: string;
  turnTaking: TurnTaking;
  /** The tools it names; undefined: it leaves them as they are. */
  tools: SessionTools | undefined;
}

export class Configuration {
  readonly #send: (event: object) => void;
  /** Updates that are not acknowledged yet, oldest first. */
  readonly #updates: Update[] = [];
  #settings: SessionSettings;
  #turnTaking: TurnTaking = 'held';
  #inForce: TurnTaking = 'held';
  #isAcknowledged = false;
  #number = 0;
  /** Bound: the tokens and headers of native servers while the connection lives. */
  readonly #secrets = new Set<string>();

  constructor(settings: SessionSettings, send: (event: object) => void) {
    this.#settings = settings;
    this.#send = send;
    this.#rememberSecrets(settings.tools);
  }

  /** Tokens and headers that the server was given, now or before: nothing that it says may tell them (rule TOOL-46). */
  get secrets(): readonly string[] {
    return [...this.#secrets];
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
    this.#update((eventId) => sessionUpdate(eventId, this.#settings, this.#turnTaking), this.#settings.tools);
  }

  setTurnTaking(mode: TurnTaking): void {
    if (mode === this.#turnTaking) return;
    this.#turnTaking = mode;
    if (this.#isAcknowledged) this.#sendTurnTaking();
  }

  /** From now on the guest's words are written down in this language, and the instructions name it. */
  listenIn(language: string): void {
    const { transcription, instructionsIn, instructions } = this.#settings;
    if (transcription.language === language) return;
    this.#settings = {
      ...this.#settings,
      instructions: instructionsIn?.(language) ?? instructions,
      transcription: { ...transcription, language },
    };
    this.#update((eventId) => languageUpdate(eventId, this.#settings, this.#turnTaking));
  }

  /** Other tools than before, from now on. @returns false when they look the same to the server. */
  offer(tools: SessionTools): boolean {
    this.#rememberSecrets(tools);
    const looksSame = isSame(tools, this.#settings.tools);
    this.#settings = { ...this.#settings, tools };
    if (looksSame) return false;
    if (this.#isAcknowledged) this.#sendTools();
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
    if (update?.tools && !isSame(update.tools, this.#settings.tools)) this.#sendTools();
    return true;
  }

  /** @returns the update of ours that the error is about, if it is. */
  refused(eventId: string): { tools: SessionTools | undefined } | undefined {
    const index = this.#updates.findIndex((update) => update.eventId === eventId);
    return index < 0 ? undefined : this.#updates.splice(index, 1)[0];
  }

  #sendTurnTaking(): void {
    this.#update((eventId) => turnTakingUpdate(eventId, this.#settings, this.#turnTaking));
  }

  #rememberSecrets({ native }: SessionTools): void {
    for (const { authorization = '', headers = {} } of native)
      for (const secret of [authorization, ...Object.values(headers)]) this.#secrets.add(secret);
  }

  #sendTools(): void {
    this.#update((eventId) => toolsUpdate(eventId, this.#settings, this.#turnTaking), this.#settings.tools);
  }

  #update(make: (eventId: string) => object, tools?: SessionTools): void {
    const eventId = `update-${++this.#number}`;
    this.#updates.push({ eventId, turnTaking: this.#turnTaking, tools });
    this.#send(make(eventId));
  }
}

const isSame = (one: SessionTools, other: SessionTools): boolean =>
  one === other || JSON.stringify(toolsOf(one)) === JSON.stringify(toolsOf(other));

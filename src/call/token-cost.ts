/** What tokens cost, and which model they are of. Prices come from whoever knows the model's side. Pure. */
import type { Happening, Usage } from './call-event.ts';

/** US dollars per million tokens of each kind. */
export type TokenPrices = Usage;

/** @returns undefined when nobody knows what the model costs. */
export type PricesOf = (model: string) => TokenPrices | undefined;

export const NO_TOKENS: Usage = {
  inputTextTokens: 0,
  inputAudioTokens: 0,
  cachedTextTokens: 0,
  cachedAudioTokens: 0,
  outputTextTokens: 0,
  outputAudioTokens: 0,
};
export const TOKEN_KINDS = Object.keys(NO_TOKENS) as (keyof Usage)[];

/** @returns US dollars. */
export function costOf(usage: Usage, prices: TokenPrices): number {
  return TOKEN_KINDS.reduce((sum, kind) => sum + (usage[kind] * prices[kind]) / 1_000_000, 0);
}

/** Follows which model answers in one call: the first one, until its engine was given up for another. */
export class ModelInUse {
  #first = '';
  #model = '';
  #isThere = false;

  get model(): string {
    return this.#model;
  }

  /** Whether an agent is there that can speak. */
  get isThere(): boolean {
    return this.#isThere;
  }

  happened(happening: Happening): void {
    switch (happening.kind) {
      case 'answered':
        this.#first = happening.agent;
        this.#model = happening.agent;
        return;
      case 'agent-ready':
      case 'agent-back':
        this.#isThere = true;
        return;
      case 'agent-lost':
        // Each outage begins anew with the engine that is preferred.
        if (this.#isThere) this.#model = this.#first;
        this.#isThere = false;
        return;
      case 'fallback':
        if (happening.to !== 'desk') this.#model = happening.to;
        return;
      default:
    }
  }
}

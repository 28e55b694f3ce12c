/** How much one call may ask of the tools (rule TOOL-41). Taken before the work begins, so that parallel calls count too. */

/** Of all tools, the hotel's and others', on whatever path. */
const MAX_TOOL_CALLS = 20;
const MAX_CREATES = 5;
const MAX_TRIES = 3;

export class CallAllowance {
  #toolCalls = MAX_TOOL_CALLS;
  #creates = MAX_CREATES;
  #tries = MAX_TRIES;

  /** @returns false when this call has used its tools as often as it may. */
  takeToolCall(): boolean {
    if (this.#toolCalls === 0) return false;
    this.#toolCalls--;
    return true;
  }

  hasToolCall(): boolean {
    return this.#toolCalls > 0;
  }

  /** @returns false when this call has created all it may. */
  takeCreate(): boolean {
    if (this.#creates === 0) return false;
    this.#creates--;
    return true;
  }

  /** Nothing new was created after all. */
  returnCreate(): void {
    this.#creates++;
  }

  /** @returns false when this call has no try of verification left. */
  takeTry(): boolean {
    if (this.#tries === 0) return false;
    this.#tries--;
    return true;
  }

  /** The try did not fail. */
  returnTry(): void {
    this.#tries++;
  }

  triesLeft(): number {
    return this.#tries;
  }
}

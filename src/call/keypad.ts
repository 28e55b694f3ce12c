/**
 * The telephone's keys: zero alone is for a person, other digits are a number for the agent (a room), `#` ends it, `*` takes it
 * back (rule KEYS-41). Digits are told when they are complete, never one by one: nobody may read a card from the record.
 */
import { redactCards } from './card-numbers.ts';

/** After this long without another key a number is complete. */
export const COMPLETE_AFTER_MS = 2_000;
/** More digits than any room or request number has; the rest is dropped. */
const MAX_DIGITS = 20;

export interface KeypadParts {
  timers: { set(name: string, delayMs: number, task: () => void): void; stop(name: string): void };
  /** A person is wanted. */
  person(): void;
  /** A whole number was typed; card numbers are redacted. */
  typed(digits: string): void;
}

export class Keypad {
  readonly #parts: KeypadParts;
  #digits = '';

  constructor(parts: KeypadParts) {
    this.#parts = parts;
  }

  /** @param key 0-9, `*`, `#` or A-D; letters mean nothing. */
  pressed(key: string): void {
    const { timers } = this.#parts;
    if (key === '#') return this.#complete();
    if (key === '*') {
      this.#digits = '';
      return timers.stop('keypad');
    }
    if (!/^\d$/.test(key)) return;
    if (this.#digits.length < MAX_DIGITS) this.#digits += key;
    timers.set('keypad', COMPLETE_AFTER_MS, () => this.#complete());
  }

  #complete(): void {
    const digits = this.#digits;
    this.#digits = '';
    this.#parts.timers.stop('keypad');
    if (digits === '') return;
    if (digits === '0') this.#parts.person();
    else this.#parts.typed(redactCards(digits));
  }
}

/** Tokens that open a media stream: single use, 60 s, bound to one call of the carrier, kept as hashes (rule CARRIER-30). */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../call/ports.ts';

const LIFE_MS = 60_000;
/** Far above the calls that can ring at once; the oldest go first. */
const MAX_TOKENS = 10_000;

export class StreamTokens {
  readonly #clock: Clock;
  readonly #tokens = new Map<string, { callSid: string; expiresAtMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns 256 random bits, base64url. */
  issue(callSid: string): string {
    const token = randomBytes(32).toString('base64url');
    this.#tokens.set(hash(token), { callSid, expiresAtMs: this.#clock.nowMs() + LIFE_MS });
    for (const [key, { expiresAtMs }] of this.#tokens) {
      if (expiresAtMs > this.#clock.nowMs() && this.#tokens.size <= MAX_TOKENS) break;
      this.#tokens.delete(key);
    }
    return token;
  }

  /** Uses the token up, whatever the answer. @returns whether it opens a stream of this call. */
  redeem(token: string | undefined, callSid: string): boolean {
    if (token === undefined) return false;
    const key = hash(token);
    const entry = this.#tokens.get(key);
    this.#tokens.delete(key);
    return entry !== undefined && entry.callSid === callSid && entry.expiresAtMs > this.#clock.nowMs();
  }
}

const hash = (token: string): string => createHash('sha256').update(token).digest('base64url');

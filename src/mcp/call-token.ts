/** Tokens by which the model's side uses a call's tools: 256 random bits, kept as hashes, good while the call lives. */
import { createHash, randomBytes } from 'node:crypto';

/** Bound: one token per live call; who ends a call revokes its token. */
export class CallTokens {
  readonly #calls = new Map<string, string>();
  readonly #hashes = new Map<string, string>();

  /** @returns a new token of this call, 43 characters of base64url; one that it had before is void. */
  mint(callId: string): string {
    this.revoke(callId);
    const token = randomBytes(32).toString('base64url');
    this.#calls.set(hash(token), callId);
    this.#hashes.set(callId, hash(token));
    return token;
  }

  /** @returns the live call of this token. */
  callOf(token: string): string | undefined {
    return this.#calls.get(hash(token));
  }

  /** Voids the call's token. Safe to call twice. */
  revoke(callId: string): void {
    const known = this.#hashes.get(callId);
    if (known !== undefined) this.#calls.delete(known);
    this.#hashes.delete(callId);
  }
}

// Looking up a hash tells nothing about the token by its timing.
const hash = (token: string): string => createHash('sha256').update(token).digest('base64url');

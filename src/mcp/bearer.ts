/** The bearer of one tool server: pasted by staff, or fetched by client credentials and renewed before it ends. Never logged. */
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Clock } from '../call/ports.ts';
import type { ServerDefinition } from '../hotel/tool-servers/definition.ts';
import {
  BearerError,
  bearerErrorOf,
  tokenFrom,
  tokenSourceOf,
  type OAuthDefinition,
  type TokenSource,
} from './client-credentials.ts';

export interface BearerOptions {
  definition: Pick<ServerDefinition, 'authorization' | 'oauth'>;
  /** Of the MCP server itself: whom the token is for. */
  serverUrl: string;
  /** Goes only where it may (`outsideFetch`). */
  fetch: FetchLike;
  clock: Clock;
  /** Hears of each try that failed. */
  failed?: (error: BearerError) => void;
}

const FETCH_WITHIN_MS = 10_000;
const RENEW_AT = 0.8;
const RENEW_BEFORE_MS = 60_000;
const MIN_LIFE_MS = 10_000;
/** Timers count no further than 24 days; a day is long enough. */
const MAX_WAIT_MS = 86_400_000;
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [1_000, 60_000];
/** A token that is refused so soon was never good: another one is not asked for at once. */
const REFUSED_SOON_MS = 10_000;

interface Issued {
  token: string;
  atMs: number;
  /** Of the monotonic clock; undefined: the server did not say. */
  endsAtMs: number | undefined;
}

export class Bearer {
  readonly #options: BearerOptions;
  readonly #oauth: OAuthDefinition | undefined;
  /** Kept once known: a server cannot have the secret sent elsewhere later on. */
  #source: TokenSource | undefined;
  #issued: Issued | undefined;
  #fetching: Promise<string> | undefined;
  #failures = 0;
  #notBeforeMs = 0;
  #lastError: BearerError | undefined;
  /** Bound: one per link and per session that uses the server. */
  readonly #listeners = new Set<(token: string) => void>();
  readonly #closed = new AbortController();
  #cancelTimer = (): void => {};

  constructor(options: BearerOptions) {
    this.#options = options;
    this.#oauth = options.definition.oauth;
  }

  /** The token to send now; undefined: there is none, or none yet. */
  get current(): string | undefined {
    const { definition, clock } = this.#options;
    if (!this.#oauth) return definition.authorization;
    const { token, endsAtMs } = this.#issued ?? {};
    return endsAtMs === undefined || clock.nowMs() < endsAtMs ? token : undefined;
  }

  /**
   * @returns the token, fetched when there is none; all who ask meanwhile wait for the same one. Undefined: the server needs none.
   * @throws BearerError when none was to be had; for a while after a failure at once, without another try.
   */
  async get(): Promise<string | undefined> {
    const { current } = this;
    if (!this.#oauth || current !== undefined) return current;
    if (!this.#fetching && this.#lastError && this.#options.clock.nowMs() < this.#notBeforeMs) throw this.#lastError;
    return this.#fetch();
  }

  /** @param listener hears of each new token. @returns a function that ends it. */
  refreshed(listener: (token: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The server answered 401. @param token that was refused; one that has been replaced meanwhile changes nothing. */
  rejected(token = this.current): void {
    if (!this.#oauth || this.#issued === undefined || token !== this.#issued.token) return;
    const isSoon = this.#options.clock.nowMs() - this.#issued.atMs < REFUSED_SOON_MS;
    this.#issued = undefined;
    this.#cancelTimer();
    if (isSoon) this.#failed(new BearerError('the server refuses the token that it was given'));
  }

  /** No token is fetched any more. Safe to call twice. */
  close(): void {
    this.#closed.abort();
    this.#cancelTimer();
    this.#listeners.clear();
  }

  #fetch(): Promise<string> {
    this.#fetching ??= this.#fetchOnce().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  async #fetchOnce(): Promise<string> {
    const { clock, serverUrl } = this.#options;
    const oauth = this.#oauth as OAuthDefinition;
    const late = new AbortController();
    const cancel = clock.after(FETCH_WITHIN_MS, () => late.abort());
    const signal = AbortSignal.any([late.signal, this.#closed.signal]);
    const fetchInTime: FetchLike = (url, init) => this.#options.fetch(url, { ...init, signal });
    try {
      signal.throwIfAborted();
      this.#source ??= await tokenSourceOf(oauth, serverUrl, fetchInTime);
      const { access_token: token, expires_in: lifeS } = await tokenFrom(this.#source, oauth, fetchInTime);
      signal.throwIfAborted();
      this.#take(token, lifeS === undefined ? undefined : Math.max(lifeS * 1_000, MIN_LIFE_MS));
      return token;
    } catch (error) {
      const failure = bearerErrorOf(error);
      if (!this.#closed.signal.aborted) this.#failed(failure);
      throw failure;
    } finally {
      cancel();
    }
  }

  #take(token: string, lifeMs: number | undefined): void {
    const atMs = this.#options.clock.nowMs();
    this.#issued = { token, atMs, endsAtMs: lifeMs === undefined ? undefined : atMs + lifeMs };
    this.#failures = 0;
    this.#lastError = undefined;
    // A token that lives shorter than a minute or two is renewed half-way.
    if (lifeMs !== undefined)
      this.#renewIn(Math.max(lifeMs / 2, Math.min(lifeMs * RENEW_AT, lifeMs - RENEW_BEFORE_MS)));
    for (const listener of this.#listeners) listener(token);
  }

  #failed(error: BearerError): void {
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures++, LONGEST_PAUSE_MS);
    this.#lastError = error;
    this.#notBeforeMs = this.#options.clock.nowMs() + pauseMs;
    this.#options.failed?.(error);
    // Only what is in use is renewed by itself; without a token the next who asks tries again.
    if (this.current !== undefined) this.#renewIn(pauseMs);
  }

  #renewIn(delayMs: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(Math.min(delayMs, MAX_WAIT_MS), () => {
      this.#fetch().catch(() => {});
    });
  }
}

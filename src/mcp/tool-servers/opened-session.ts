/** A session from dialling to its end: kept alive by pings, listed again when the server says that it changed. */
import { EmptyResultSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import { SseError } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { failureOf, ForgottenError } from './link-errors.ts';
import { listAll, type Listing } from './listing.ts';
import { Session } from './session.ts';
import { wayTo, type TransportOptions, type Way } from './transports.ts';

const PING_EVERY_MS = 30_000;
const PING_WITHIN_MS = 5_000;
/** Changes that are told at once are listed at once. */
const RELIST_AFTER_MS = 250;
/** A server may tell of changes without end. */
const RELIST_EVERY_MS = 5_000;

export interface OpenedSessionEvents {
  listed(listing: Listing): void;
  /** It is of no use any more; at most once, and not while `open` is under way. */
  broke(error: Error): void;
  forgotten(error: ForgottenError): void;
}

export class OpenedSession {
  readonly session: Session;
  readonly #way: Way;
  readonly #options: TransportOptions;
  readonly #events: OpenedSessionEvents;
  #isOpen = false;
  #isChecking = false;
  #listedAtMs = -Infinity;
  #callOffPing: () => void = () => {};
  #callOffRelist: (() => void) | undefined;

  /** @throws TypeError when the definition has no address to go to. */
  constructor(options: TransportOptions, events: OpenedSessionEvents) {
    this.#options = options;
    this.#events = events;
    this.#way = wayTo(options);
    this.session = new Session(this.#way.transport, options.clock);
  }

  /** Initialises and lists. @throws what kept it from that. */
  async open(): Promise<void> {
    try {
      await this.session.open({
        closed: () => this.#end(new Error(this.#way.ending() ?? 'the server closed the connection')),
        listChanged: () => this.#listSoon(),
        trouble: (error) => this.#trouble(error),
      });
      this.#isOpen = true;
      await this.#list();
    } catch (error) {
      this.#isOpen = false;
      const ending = this.#way.ending();
      throw ending === undefined ? error : new Error(ending, { cause: error });
    }
    this.#pingLater();
  }

  /** Pings now, since something went wrong; one at a time. Never rejects. */
  async check(): Promise<void> {
    if (!this.#isOpen || this.#isChecking) return;
    this.#isChecking = true;
    this.#callOffPing();
    try {
      await this.session.request({ method: 'ping' }, EmptyResultSchema, { withinMs: PING_WITHIN_MS });
    } catch (error) {
      this.#pingFailed(error);
    } finally {
      this.#isChecking = false;
    }
    if (this.#isOpen) this.#pingLater();
  }

  /**
   * Safe to call twice. Never rejects.
   * @param how `forgotten`: what runs over it gets its own answer, since the server tells each that it does not know us.
   */
  async close(how: 'goodbye' | 'gone' | 'forgotten'): Promise<void> {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.#callOffPing();
    this.#callOffRelist?.();
    if (how === 'goodbye' && wasOpen) await this.#way.goodbye();
    if (how === 'forgotten') this.session.retire();
    else await this.session.close();
  }

  #pingLater(): void {
    this.#callOffPing();
    this.#callOffPing = this.#options.clock.after(PING_EVERY_MS, () => void this.check());
  }

  #pingFailed(error: unknown): void {
    if (error instanceof ForgottenError) return this.#trouble(error);
    // An error is an answer: not every server knows pings.
    if (error instanceof McpError && failureOf(error).why === 'protocol') return;
    this.#end(new Error(`no answer to a ping: ${failureOf(error).message}`, { cause: error }));
  }

  #trouble(error: Error): void {
    if (!this.#isOpen) return;
    if (error instanceof ForgottenError) this.#events.forgotten(error);
    // Either it forgot us, or it has no such stream and says so in its own way: a ping tells.
    if (error instanceof StreamableHTTPError && error.code === 404) void this.check();
    // Its stream carries all answers, and a new one would be a new session.
    if (error instanceof SseError) this.#end(new Error(`the stream of events broke: ${error.message}`));
  }

  #end(error: Error): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#events.broke(error);
  }

  #listSoon(): void {
    if (this.#callOffRelist || !this.#isOpen) return;
    const { clock } = this.#options;
    const waitMs = Math.max(RELIST_AFTER_MS, this.#listedAtMs + RELIST_EVERY_MS - clock.nowMs());
    this.#callOffRelist = clock.after(waitMs, () => {
      this.#callOffRelist = undefined;
      if (this.#isOpen) this.#list().catch(() => this.check());
    });
  }

  async #list(): Promise<void> {
    const { clock } = this.#options;
    const listing = await listAll(this.session, clock);
    this.#listedAtMs = clock.nowMs();
    if (this.#isOpen) this.#events.listed(listing);
  }
}

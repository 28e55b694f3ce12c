/** One connection to a tool server, from `initialize` to its end: requests with time limits over any transport. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { AnySchema, SchemaOutput } from '@modelcontextprotocol/sdk/server/zod-compat.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  PromptListChangedNotificationSchema,
  ResourceListChangedNotificationSchema,
  ToolListChangedNotificationSchema,
  type ClientRequest,
} from '@modelcontextprotocol/sdk/types.js';
import type { Clock } from '../../call/ports.ts';
import { EndedError, isHalfDone } from './link-errors.ts';

const CONNECT_WITHIN_MS = 10_000;
/** The client's own limit must never be the one that counts: it knows nothing of our clock. */
const NEVER_MS = 2 ** 31 - 1;

export interface RequestLimits {
  withinMs: number;
  signal?: AbortSignal | undefined;
}

export interface SessionEvents {
  /** Once, after it was open; not when we closed it. */
  closed(): void;
  listChanged(): void;
  /** Something went wrong outside of any request. */
  trouble(error: Error): void;
}

export class Session {
  readonly #client: Client;
  readonly #transport: Transport;
  readonly #clock: Clock;
  protocolVersion = '';
  #running = 0;
  #isRetired = false;
  #isClosed = false;

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
    this.#client = new Client({ name: 'bellhop', version: '1.0.0' }, { capabilities: {} });
  }

  get server(): { name: string; version: string } {
    const { name = '', version = '' } = this.#client.getServerVersion() ?? {};
    return { name: name.slice(0, 200), version: version.slice(0, 100) };
  }

  get offers(): { tools: boolean; resources: boolean; prompts: boolean } {
    const { tools, resources, prompts } = this.#client.getServerCapabilities() ?? {};
    return { tools: tools !== undefined, resources: resources !== undefined, prompts: prompts !== undefined };
  }

  /** @throws whatever kept it from standing within 10 s; it is closed then. */
  async open(events: SessionEvents): Promise<void> {
    this.#noteVersion();
    Object.assign(this.#client, { onerror: (error: Error) => events.trouble(error) });
    for (const schema of [
      ToolListChangedNotificationSchema,
      ResourceListChangedNotificationSchema,
      PromptListChangedNotificationSchema,
    ])
      this.#client.setNotificationHandler(schema, () => events.listChanged());
    const late = Promise.withResolvers<never>();
    const callOff = this.#clock.after(CONNECT_WITHIN_MS, () =>
      late.reject(new EndedError('timeout', CONNECT_WITHIN_MS)),
    );
    const connecting = this.#client.connect(this.#transport, { timeout: NEVER_MS });
    this.#takeMessagesCarefully(events);
    // Some transports tell nobody that they were closed while they connected.
    const closing = new Promise<never>((_resolve, reject) =>
      Object.assign(this.#client, {
        // The client closes before it tells why.
        onclose: () => setImmediate(() => reject(new Error('the server closed the connection'))),
      }),
    );
    try {
      await Promise.race([connecting, late.promise, closing]);
    } catch (error) {
      connecting.catch(() => {});
      closing.catch(() => {});
      await this.close();
      throw error;
    } finally {
      callOff();
    }
    Object.assign(this.#client, {
      onclose: () => {
        if (!this.#isClosed) events.closed();
      },
    });
  }

  /**
   * @throws EndedError when time is over or the signal aborts: the server is told. Otherwise what the client throws.
   * Progress does not extend the time.
   */
  async request<T extends AnySchema>(
    asked: ClientRequest,
    schema: T,
    { withinMs, signal }: RequestLimits,
  ): Promise<SchemaOutput<T>> {
    this.#running++;
    const ending = new AbortController();
    let ended: EndedError | undefined;
    const end = (why: 'timeout' | 'cancelled'): void => {
      ended ??= new EndedError(why, withinMs);
      ending.abort(ended.message);
    };
    const cancel = (): void => end('cancelled');
    const callOff = this.#clock.after(withinMs, () => end('timeout'));
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await this.#client.request(asked, schema, { signal: ending.signal, timeout: NEVER_MS });
    } catch (error) {
      // What may be running all the same is called off, and the client forgets that it asked.
      if (isHalfDone(error)) ending.abort('failed');
      throw ended ?? error;
    } finally {
      callOff();
      signal?.removeEventListener('abort', cancel);
      this.#running--;
      if (this.#isRetired && this.#running === 0) void this.close();
    }
  }

  /** Safe to call twice. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client.close().catch(() => {});
    await this.#transport.close().catch(() => {});
  }

  /** Closes it once the requests that run over it have ended; no more are made. */
  retire(): void {
    this.#isRetired = true;
    if (this.#running === 0) void this.close();
  }

  /** What a server sends must not become an error of ours: some is nested so deeply that the client cannot report it. */
  #takeMessagesCarefully(events: SessionEvents): void {
    const take = this.#transport.onmessage;
    const carefully: typeof take = (message, extra) => {
      try {
        take?.(message, extra);
      } catch (error) {
        events.trouble(error instanceof Error ? error : new Error('a message could not be taken'));
      }
    };
    Object.assign(this.#transport, { onmessage: carefully });
  }

  /** The client tells its transport alone which version was agreed on. */
  #noteVersion(): void {
    const set = this.#transport.setProtocolVersion?.bind(this.#transport);
    this.#transport.setProtocolVersion = (version) => {
      this.protocolVersion = version;
      set?.(version);
    };
  }
}

/** The connection to one tool server, shared by all calls: it opens itself again, and its trouble stays its own (TOOL-41, 47). */
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolResultSchema,
  GetPromptResultSchema,
  ReadResourceResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { Logger } from 'pino';
import type { Clock } from '../../call/ports.ts';
import { Breaker, type BreakerOutcome } from '../../hotel/tool-servers/breaker.ts';
import type { ServerDefinition } from '../../hotel/tool-servers/definition.ts';
import type {
  Capabilities,
  LinkResult,
  ServerStatus,
  ToolServerLink,
  ToolServerLinkEvents,
} from '../../hotel/tool-servers/ports.ts';
import { failureOf, ForgottenError, isOurFault, NotSentError, type LinkFailure } from './link-errors.ts';
import { LinkState } from './link-state.ts';
import { OpenedSession } from './opened-session.ts';
import { ResultCache } from './result-cache.ts';
import { promptAnswer, resourceAnswer, toolAnswer, type LinkAnswer } from './result-text.ts';
import { Secrets } from './secrets.ts';
import type { RequestLimits, Session } from './session.ts';

/** More are refused at once. */
const MAX_CALLS = 32;

export interface ToolServerOptions {
  label: string;
  definition: ServerDefinition;
  /** @returns the bearer token; asked for each request, and once more when it was rejected. */
  authorization?: () => Promise<string | undefined>;
  /** The server refused this token; by now another one may be in use. */
  rejected?: (token: string | undefined) => void;
  /** Guarded: it decides which addresses may be reached (T10). */
  fetch: FetchLike;
  clock: Clock;
  log: Logger;
  /** 0 to 1, for the spread of waits. */
  random?: () => number;
}

/** Dials at once, unless the definition is switched off. Nothing it meets rejects or throws. */
export function openToolServer(options: ToolServerOptions, events: ToolServerLinkEvents): ToolServerLink {
  const link = new Connection(options, events);
  link.start();
  return link;
}

type Ask = (session: Session, limits: RequestLimits) => Promise<LinkAnswer>;

class Connection implements ToolServerLink {
  readonly #options: ToolServerOptions;
  readonly #events: ToolServerLinkEvents;
  readonly #secrets: Secrets;
  readonly #breaker: Breaker;
  readonly #cache: ResultCache;
  readonly #state: LinkState;
  /** Calls that wait for a connection that is being opened again; at most `MAX_CALLS`. */
  readonly #waiting = new Set<() => void>();
  #opened: OpenedSession | undefined;
  #capabilities: Capabilities | undefined;
  #fingerprint: string | undefined;
  #retired = Promise.resolve();
  #running = 0;
  #isClosed = false;

  constructor(options: ToolServerOptions, events: ToolServerLinkEvents) {
    const { clock, definition, random = Math.random } = options;
    this.#options = options;
    this.#events = events;
    this.#secrets = new Secrets(definition);
    this.#breaker = new Breaker(clock);
    this.#cache = new ResultCache(clock);
    this.#state = new LinkState(clock, random, {
      open: () => void this.#open(),
      changed: (status) => this.#changed(status),
    });
  }

  start(): void {
    if (this.#options.definition.enabled) this.#state.start();
  }

  get status(): ServerStatus {
    return this.#state.status;
  }

  get capabilities(): Capabilities | undefined {
    return this.#capabilities;
  }

  get isResting(): boolean {
    return this.#breaker.isOpen;
  }

  async call(tool: string, input: Record<string, unknown>, limits: Required<RequestLimits>): Promise<LinkResult> {
    const keptMs = this.#keptMs(tool);
    const kept = keptMs > 0 ? this.#cache.find(tool, input) : undefined;
    if (kept) return kept;
    const asked = { method: 'tools/call', params: { name: tool, arguments: input } } as const;
    const result = await this.#run(limits, async (session, within) =>
      toolAnswer(await session.request(asked, CallToolResultSchema, within)),
    );
    // What the server lists may be another tool by now.
    if (result.kind === 'answered' && !result.isError && keptMs > 0 && keptMs === this.#keptMs(tool))
      this.#cache.keep(tool, input, result, keptMs);
    return result;
  }

  read(uri: string, limits: Required<RequestLimits>): Promise<LinkResult> {
    const asked = { method: 'resources/read', params: { uri } } as const;
    return this.#run(limits, async (session, within) =>
      resourceAnswer(await session.request(asked, ReadResourceResultSchema, within)),
    );
  }

  prompt(name: string, input: Record<string, string>, withinMs: number): Promise<LinkResult> {
    const asked = { method: 'prompts/get', params: { name, arguments: input } } as const;
    return this.#run({ withinMs, signal: new AbortController().signal }, async (session, within) =>
      promptAnswer(await session.request(asked, GetPromptResultSchema, within)),
    );
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#state.end();
    this.#retire('goodbye');
    await this.#retired;
  }

  /** Milliseconds that results of a tool are kept; 0 unless it only reads. */
  #keptMs(tool: string): number {
    const seconds = this.#options.definition.cache?.[tool] ?? 0;
    if (seconds === 0) return 0;
    const listed = this.#capabilities?.tools.find(({ name }) => name === tool);
    return listed?.annotations?.readOnlyHint === true ? seconds * 1_000 : 0;
  }

  async #run(limits: Required<RequestLimits>, ask: Ask): Promise<LinkResult> {
    if (limits.signal.aborted) return notRun('cancelled', 'ended before it began');
    if (this.status.kind !== 'connected') return notRun('not-connected', 'the server is not connected');
    if (this.#running >= MAX_CALLS) return notRun('not-connected', `${MAX_CALLS} calls run already`);
    const endTry = this.#breaker.begin();
    if (!endTry) return notRun('breaker-open', 'the server failed several times and is left alone for a while');
    this.#running++;
    let outcome: BreakerOutcome = 'worked';
    try {
      return await this.#ask(limits, ask);
    } catch (error) {
      const failure = failureOf(error);
      outcome = failure.why === 'cancelled' ? 'none' : isOurFault(error) ? 'worked' : 'failed';
      if (failure.why === 'transport') void this.#opened?.check();
      return { ...failure, message: this.#secrets.line(failure.message) };
    } finally {
      this.#running--;
      endTry(outcome);
    }
  }

  /** Asks once more when the server forgot us, which means that it did nothing (rule TOOL-47). */
  async #ask(limits: Required<RequestLimits>, ask: Ask): Promise<LinkAnswer> {
    const { clock } = this.#options;
    const untilMs = clock.nowMs() + limits.withinMs;
    const opened = this.#opened;
    if (!opened) throw new NotSentError('the server is not connected');
    try {
      return await ask(opened.session, limits);
    } catch (error) {
      if (!(error instanceof ForgottenError)) throw error;
      this.#forgotten(opened, error);
      await this.#connectedAgain(limits.signal, untilMs);
      const again = this.#opened;
      if (!again || this.status.kind !== 'connected' || again === opened) throw error;
      return await ask(again.session, { ...limits, withinMs: Math.max(0, untilMs - clock.nowMs()) });
    }
  }

  /** @returns when it is known whether the server can be reached, at the latest when time is over. */
  async #connectedAgain(signal: AbortSignal, untilMs: number): Promise<void> {
    if (this.status.kind !== 'connecting') return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const callOff = this.#options.clock.after(untilMs - this.#options.clock.nowMs(), resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    this.#waiting.add(resolve);
    await promise;
    this.#waiting.delete(resolve);
    callOff();
  }

  async #open(): Promise<void> {
    const { definition, clock, log, label, fetch, authorization, rejected } = this.#options;
    this.#retire('forgotten');
    // A child of before may still hold what the next one needs.
    await this.#retired;
    if (this.#isClosed) return;
    let opened: OpenedSession | undefined;
    try {
      const way = { definition, clock, fetch, authorization, rejected, secrets: this.#secrets };
      opened = new OpenedSession(way, {
        listed: ({ capabilities, fingerprint, leftOut }) => {
          if (leftOut.length > 0)
            log.warn(
              { server: label, leftOut: leftOut.map((text) => this.#secrets.line(text)) },
              'not all that a tool server lists is used',
            );
          this.#listed(capabilities, fingerprint);
        },
        broke: (error) => this.#broke(opened, error),
        forgotten: (error) => this.#forgotten(opened, error),
      });
      this.#opened = opened;
      await opened.open();
      if (this.#opened === opened) this.#state.opened();
    } catch (error) {
      this.#broke(opened, error);
    }
  }

  /** Nothing of the session of before is heard any more. */
  #retire(how: 'goodbye' | 'gone' | 'forgotten'): void {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened) this.#retired = opened.close(how);
  }

  #listed(capabilities: Capabilities, fingerprint: string): void {
    if (this.#fingerprint === fingerprint) return;
    this.#fingerprint = fingerprint;
    this.#capabilities = capabilities;
    this.#cache.clear();
    this.#events.listed(capabilities);
  }

  #broke(opened: OpenedSession | undefined, error: unknown): void {
    if (opened !== this.#opened) return;
    this.#retire('gone');
    const message = this.#secrets.line(error instanceof Error ? error.message : String(error));
    this.#options.log.warn({ server: this.#options.label, why: message }, 'a tool server is away');
    this.#state.broke(message);
  }

  #forgotten(opened: OpenedSession | undefined, error: ForgottenError): void {
    if (opened === this.#opened) this.#state.forgotten(this.#secrets.line(error.message));
  }

  #changed(status: ServerStatus): void {
    if (status.kind !== 'connecting') for (const resolve of this.#waiting) resolve();
    this.#events.statusChanged(status);
  }
}

function notRun(why: LinkFailure['why'], message: string): LinkFailure {
  return { kind: 'failed', why, message, mayHaveRun: false };
}

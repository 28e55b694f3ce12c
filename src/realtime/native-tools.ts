/** Native tools of a connection: its servers and the calls of their tools, which meet when a call breaks its server. */
import type { AgentLegEvents, Clock } from '../call/ports.ts';
import type { NativeWitness, SessionTools } from '../hotel/tool-servers/session-tools.ts';
import type { Configuration } from './configuration.ts';
import { NativeCalls } from './native-calls.ts';
import { LIST_WITHIN_MS, NativeServers } from './native-servers.ts';
import type { ServerEvent } from './realtime-events.ts';
import type { ResponseQueue } from './response-queue.ts';

export interface NativeToolsParts {
  configuration: Configuration;
  queue: ResponseQueue;
  events: Pick<AgentLegEvents, 'toolsOffered'>;
  witness: NativeWitness | undefined;
  clock: Clock;
  listTimeoutMs: number | undefined;
  currentTools: (() => SessionTools | undefined) | undefined;
  send(event: object): void;
  changed(): void;
  clean(text: string): string;
}

export class NativeTools {
  readonly #parts: NativeToolsParts;
  readonly #servers: NativeServers;
  readonly #calls: NativeCalls;
  #isRefreshDue = false;

  constructor(parts: NativeToolsParts) {
    this.#parts = parts;
    this.#servers = new NativeServers({ ...parts, listWithinMs: parts.listTimeoutMs ?? LIST_WITHIN_MS });
    this.#calls = new NativeCalls({
      ...parts,
      isInUse: (label) => this.#servers.isInUse(label),
      pathBroke: (label, why) => this.#servers.broke(label, why),
    });
  }

  /** The first configuration is in force. */
  ready(): void {
    this.#servers.ready();
  }

  /** @returns whether the event was about native tools alone. */
  happened(event: ServerEvent): boolean {
    this.#calls.happened(event);
    return this.#servers.happened(event) || event.type.startsWith('response.mcp_call');
  }

  /** Staff changed what there is: taken up by `refresh` as soon as nothing is under way. */
  refreshLater(): void {
    this.#isRefreshDue = true;
  }

  /** Between two responses: takes up what changed. */
  refresh(): void {
    const { queue, currentTools } = this.#parts;
    if (!this.#isRefreshDue || !queue.isAtRest) return;
    const tools = currentTools?.();
    // A tool of this call runs elsewhere, perhaps for a connection that was lost: looked at again with what follows it.
    if (currentTools && !tools) return;
    this.#isRefreshDue = false;
    if (tools) this.#servers.change(tools);
  }

  /** The model's side refused an event of ours. @returns whether something was left out, so that another update can do. */
  refused(eventId: string, update: { tools: SessionTools | undefined } | undefined, error: RefusedFor): boolean {
    if (this.#calls.refused(eventId) || !update?.tools) return false;
    return this.#servers.refused(update.tools, error.param ?? '', error.code);
  }

  close(): void {
    this.#calls.close();
    this.#servers.close();
  }
}

interface RefusedFor {
  param: string | null | undefined;
  code: string;
}

/**
 * The servers that the model's side calls itself: their lists are checked, and one that cannot be used is replaced by its
 * fallback, the others staying as they are. Knows the protocol's items and events; sends through the configuration.
 */
import type { AgentLegEvents, Clock } from '../call/ports.ts';
import { OWN_LABEL } from '../hotel/tool-servers/definition.ts';
import type { NativeWitness, SessionTools } from '../hotel/tool-servers/session-tools.ts';
import type { Configuration } from './configuration.ts';
import { listedToolsOf } from './listed-tools.ts';
import { OfferedTools } from './offered-tools.ts';
import type { ConversationItem, ServerEvent } from './realtime-events.ts';

export const LIST_WITHIN_MS = 2_000;
/** Items that lists came as: the last ones are remembered. */
const MAX_LISTS = 64;

export interface NativeServersParts {
  configuration: Configuration;
  events: Pick<AgentLegEvents, 'toolsOffered'>;
  witness: NativeWitness | undefined;
  clock: Clock;
  listWithinMs: number;
  /** What the server says, fit to be told. */
  clean(text: string): string;
}

export class NativeServers {
  readonly #parts: NativeServersParts;
  readonly #offered: OfferedTools;
  /** Labels by the id of the item their list comes as. */
  readonly #lists = new Map<string, string>();
  #isReady = false;
  #isClosed = false;
  #hasToldOwn = false;

  constructor(parts: NativeServersParts) {
    this.#parts = parts;
    this.#offered = new OfferedTools(parts.configuration.settings.tools);
    parts.configuration.offer(this.#offered.current);
  }

  /** The first configuration is in force: from now on lists are waited for. */
  ready(): void {
    this.#isReady = true;
    if (!this.#offered.isInUse(OWN_LABEL)) this.#ownAreFunctions('native tools are not reachable');
    this.#waitFor(this.#offered.listing);
  }

  /** Staff want another set of tools; what broke in this connection stays broken. */
  change(tools: SessionTools): void {
    this.#waitFor(this.#offered.change(tools));
    this.#parts.configuration.offer(this.#offered.current);
  }

  isInUse(label: string): boolean {
    return this.#offered.isInUse(label);
  }

  /** @returns whether the event was about lists of tools. */
  happened(event: ServerEvent): boolean {
    switch (event.type) {
      case 'conversation.item.added':
      case 'conversation.item.done':
        if (event.item.type !== 'mcp_list_tools') return false;
        this.#remember(event.item);
        if (event.type === 'conversation.item.done') this.#listCame(event.item);
        return true;
      case 'mcp_list_tools.completed':
        // The list itself follows; ours needs no checking.
        if (this.#labelOf(event.item_id) === OWN_LABEL) this.#ownListed();
        return true;
      case 'mcp_list_tools.failed': {
        const label = this.#labelOf(event.item_id);
        if (label !== undefined) this.broke(label, 'the list of tools failed');
        return true;
      }
      default:
        return false;
    }
  }

  /** The model's side cannot use the server: its tools are offered as functions from now on. Told once. */
  broke(label: string, why: string): void {
    if (this.#isClosed || !this.#offered.broke(label)) return;
    this.#parts.configuration.offer(this.#offered.current);
    if (label === OWN_LABEL) this.#ownAreFunctions(why);
    else this.#parts.witness?.pathBroke(label, this.#parts.clean(why));
  }

  /**
   * The model's side refused an update that named these tools: whatever it complains about is left out, so that one odd
   * server does not take the agent with it. @returns false when nothing can be left out.
   */
  refused({ native, functions }: SessionTools, param: string, code: string): boolean {
    const index = /\btools\[(\d{1,4})\]/.exec(param)?.[1];
    if (index === undefined) return this.#refuseNative(native.map(({ label }) => label).filter(isForeign), code);
    const server = native[Number(index)];
    if (server) return this.#refuseNative([server.label], code);
    const name = functions[Number(index) - native.length]?.name;
    if (name === undefined) return false;
    this.#offered.functionRefused(name);
    return this.#parts.configuration.offer(this.#offered.current);
  }

  close(): void {
    this.#isClosed = true;
  }

  #refuseNative(labels: string[], code: string): boolean {
    const before = labels.filter((label) => this.#offered.isInUse(label));
    for (const label of before) this.broke(label, `the session refused it: ${code}`);
    return before.length > 0;
  }

  #waitFor(labels: string[]): void {
    if (labels.length === 0 || !this.#isReady) return;
    this.#parts.clock.after(this.#parts.listWithinMs, () => {
      const late = labels.filter((label) => this.#offered.listing.includes(label));
      for (const label of late) this.broke(label, 'no list of tools in time');
    });
  }

  #remember({ id, server_label: label }: ConversationItem): void {
    this.#lists.set(id, label ?? '');
    if (this.#lists.size > MAX_LISTS) this.#lists.delete(this.#lists.keys().next().value ?? '');
  }

  /** Servers that tell no label with the item: it can only be the one that is waited for. */
  #labelOf(itemId: string): string | undefined {
    const [first, ...others] = this.#offered.listing;
    return this.#lists.get(itemId) ?? (others.length === 0 ? first : undefined);
  }

  #listCame({ server_label: label, tools }: ConversationItem): void {
    if (this.#isClosed || !label || !this.#offered.isInUse(label)) return;
    if (label === OWN_LABEL) return this.#ownListed();
    const listed = listedToolsOf(tools);
    const isTrusted = listed !== undefined && (this.#parts.witness?.listed(label, listed) ?? true);
    if (isTrusted) return void this.#offered.listed(label);
    this.#offered.distrusted(label);
    this.#parts.configuration.offer(this.#offered.current);
  }

  #ownAreFunctions(why: string): void {
    if (!this.#hasToldOwn) this.#parts.events.toolsOffered('function', why);
    this.#hasToldOwn = true;
  }

  #ownListed(): void {
    if (this.#offered.listed(OWN_LABEL)) this.#parts.events.toolsOffered('native');
  }
}

const isForeign = (label: string): boolean => label !== OWN_LABEL;

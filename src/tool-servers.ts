/**
 * The tool servers of this installation, from the file and from staff: keeps a link to each, judges what it lists, and makes
 * what calls are offered of it. Changes by staff reach this instance through `reload`.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { ApprovalDesk } from './hotel/tool-servers/approval-desk.ts';
import { isOn, offerOf, pathOf } from './hotel/tool-servers/catalogue.ts';
import { nativeAddressOf, type ToolServer } from './hotel/tool-servers/definition.ts';
import { NOTHING_OFFERED, type Offer, type ServerState } from './hotel/tool-servers/offer.ts';
import type { OutsideTools } from './hotel/tool-servers/outside-tools.ts';
import type { LinkResult, ServerStatus } from './hotel/tool-servers/ports.ts';
import type { RateLimits } from './hotel/tool-servers/rate-limits.ts';
import { reviewTools, type ApprovedTool } from './hotel/tool-servers/trust.ts';
import { ToolServerEntry, type OpenServer } from './tool-server-entry.ts';

export interface ToolServersOptions {
  fromFile: readonly ToolServer[];
  /** What staff defined, switched and approved. */
  book: {
    list(): Promise<(ToolServer & { problem: string | undefined })[]>;
    switches(): Promise<Map<string, boolean>>;
    approved(label: string): Promise<ApprovedTool[]>;
  };
  open: OpenServer;
  /** Why the model's side does not call a server at this address itself, in words; undefined: it does. */
  nativeProblemOf(mode: ToolServer['definition']['mode'], url: string): string | undefined;
  /** Names of the hotel's tools and functions. */
  ownNames: readonly string[];
  approvals: ApprovalDesk;
  limits: RateLimits;
  log: Logger;
  /** A status, a list or what is offered has changed. @param reachesCalls whether calls that go on are told. */
  changed(reachesCalls: boolean): void;
}

const NOT_THERE: LinkResult = {
  kind: 'failed',
  why: 'not-connected',
  message: 'there is no such server',
  mayHaveRun: false,
};
const TAKEN = 'bellhop.yaml has a server of this name, which counts';

export class ToolServers implements OutsideTools {
  readonly approvals: ApprovalDesk;
  readonly limits: RateLimits;
  readonly #options: ToolServersOptions;
  readonly #entries = new Map<string, ToolServerEntry>();
  #offer: Offer = NOTHING_OFFERED;
  /** What calls that go on were told last. */
  #told: Offer = NOTHING_OFFERED;
  /** Reloads follow each other: one that was asked for meanwhile is made once. */
  #reloading: Promise<void> | undefined;
  #isStale = false;
  #isClosed = false;

  constructor(options: ToolServersOptions) {
    this.#options = options;
    this.approvals = options.approvals;
    this.limits = options.limits;
  }

  get labels(): string[] {
    return [...this.#entries.keys()].toSorted();
  }

  /** How each server stands, by label. */
  statuses(): Map<string, ServerStatus['kind']> {
    return new Map([...this.#entries].map(([label, { status }]) => [label, status?.kind ?? 'error']));
  }

  entry(label: string): ToolServerEntry | undefined {
    return this.#entries.get(label);
  }

  offer(): Offer {
    return this.#offer;
  }

  call(...[server, tool, input, limits]: Parameters<OutsideTools['call']>): Promise<LinkResult> {
    return this.#entries.get(server)?.use((link) => link.call(tool, input, limits)) ?? Promise.resolve(NOT_THERE);
  }

  read(...[server, uri, limits]: Parameters<OutsideTools['read']>): Promise<LinkResult> {
    return this.#entries.get(server)?.use((link) => link.read(uri, limits)) ?? Promise.resolve(NOT_THERE);
  }

  isStillOn(server: string, tool: string): boolean {
    const state = this.stateOf(server);
    return state !== undefined && isOn(state, tool);
  }

  /** How the server stands; undefined: there is none. */
  stateOf(label: string): ServerState | undefined {
    const entry = this.#entries.get(label);
    return entry && this.#stateOf(entry);
  }

  /** Takes over what staff defined, switched and approved since. @throws an error of the database; nothing is changed then. */
  reload(): Promise<void> {
    this.#isStale = true;
    this.#reloading ??= this.#reloadAll().finally(() => (this.#reloading = undefined));
    return this.#reloading;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map((entry) => entry.close()));
  }

  async #reloadAll(): Promise<void> {
    while (this.#isStale && !this.#isClosed) {
      this.#isStale = false;
      const { book, fromFile } = this.#options;
      const [own, switches] = await Promise.all([book.list(), book.switches()]);
      const labels = new Set(fromFile.map(({ label }) => label));
      const servers = [
        ...fromFile.map((server) => ({ ...switched(server, switches.get(server.label)), problem: undefined })),
        ...own.filter(({ label }) => !labels.has(label)),
      ];
      for (const { label } of own) if (labels.has(label)) this.#options.log.warn({ server: label }, TAKEN);
      const approved = await Promise.all(servers.map(({ label }) => book.approved(label)));
      if (!this.#isClosed) this.#take(servers.map((server, index) => ({ ...server, approved: approved[index] ?? [] })));
    }
  }

  #take(servers: (ToolServer & { problem: string | undefined; approved: ApprovedTool[] })[]): void {
    const labels = new Set(servers.map(({ label }) => label));
    for (const [label, entry] of this.#entries) {
      if (labels.has(label)) continue;
      this.#entries.delete(label);
      entry.retire();
    }
    for (const { problem, approved, ...server } of servers) {
      const known = this.#entries.get(server.label);
      known?.redefine(server, problem);
      const entry = known ?? this.#opened(server, problem);
      entry.approved = approved;
    }
    this.#judge(true);
  }

  #opened(server: ToolServer, problem: string | undefined): ToolServerEntry {
    const { open, log } = this.#options;
    const entry = new ToolServerEntry(server, problem, open, {
      changed: (what) => {
        if (what === 'trust') this.#noteTrust(entry, log);
        // A connection that goes, and texts, are for calls that begin; those that go on keep what they hold.
        this.#judge(what !== 'away' && what !== 'texts');
      },
    });
    this.#entries.set(server.label, entry);
    return entry;
  }

  /** What is not as it was approved is off from now on, and staff have to look at it (rule TOOL-45). */
  #noteTrust({ server, approved, capabilities }: ToolServerEntry, log: Logger): void {
    const changed = reviewTools(capabilities?.tools ?? [], approved).filter(({ trust }) => trust === 'changed');
    if (changed.length > 0)
      log.warn(
        { server: server.label, tools: changed.map(({ tool }) => tool.name) },
        'a tool server lists something else than was approved: these tools are switched off',
      );
  }

  #judge(reachesCalls: boolean): void {
    if (this.#isClosed) return;
    const before = this.#offer;
    const servers = [...this.#entries.values()].map((entry) => this.#stateOf(entry));
    const offer = offerOf({ version: before.version + 1, servers, ownNames: this.#options.ownNames });
    const isSame = isDeepStrictEqual(contentOf(offer), contentOf(before));
    // Why tools are not offered is told anew each time.
    this.#offer = isSame ? { ...offer, version: before.version } : offer;
    this.#options.changed(reachesCalls && this.#tellsNews());
  }

  /** A connection that went and came back is no news: calls were not told when it went. */
  #tellsNews(): boolean {
    const [offer, told] = [this.#offer, this.#told];
    if (isDeepStrictEqual(toolsOf(offer), toolsOf(told))) return false;
    for (const entry of this.#entries.values()) {
      const { label } = entry.server;
      if (!isDeepStrictEqual(partOf(offer, label), partOf(told, label))) entry.changedIn = offer.version;
    }
    this.#told = offer;
    return true;
  }

  #stateOf(entry: ToolServerEntry): ServerState {
    const { definition } = entry.server;
    const url = nativeAddressOf(definition);
    return entry.state(url === undefined ? undefined : this.#options.nativeProblemOf(definition.mode, url));
  }
}

/** @returns which way calls of the server's tools take now. */
export function shownPathOf(state: ServerState): 'native' | 'client' | 'none' {
  return pathOf(state).kind;
}

function switched(server: ToolServer, isEnabled: boolean | undefined): ToolServer {
  return isEnabled === undefined ? server : { ...server, definition: { ...server.definition, enabled: isEnabled } };
}

const contentOf = (offer: Offer): unknown => [toolsOf(offer), offer.context];

const toolsOf = ({ functions, native, nativeTools, routes }: Offer): unknown => [
  functions,
  native,
  [...nativeTools],
  [...routes],
];

const partOf = (offer: Offer, server: string): unknown => [
  offer.native.filter(({ label }) => label === server),
  [...offer.routes].filter(([, tool]) => tool.server === server),
  [...offer.nativeTools].filter(([, tool]) => tool.server === server),
];

/** One tool server of this installation: its link, what of it staff approved, its chosen texts, the token it is shown. */
import { isDeepStrictEqual } from 'node:util';
import type { ToolServer } from './hotel/tool-servers/definition.ts';
import type { ContextText, ServerState } from './hotel/tool-servers/offer.ts';
import type {
  Capabilities,
  LinkResult,
  ServerStatus,
  ToolServerLink,
  ToolServerLinkEvents,
} from './hotel/tool-servers/ports.ts';
import type { ApprovedTool } from './hotel/tool-servers/trust.ts';

/** A link and where its token comes from. */
export interface OpenedServer {
  link: ToolServerLink;
  /** The token of the moment, for the model's side; undefined: none, or not there yet. */
  token(): string | undefined;
  /** Closes the link and what keeps its token fresh. Safe to call twice. */
  close(): Promise<void>;
}

export interface EntryEvents {
  /** `trust`: the server lists something else. `back`, `away`: its connection. `token`: what it is shown is another one. */
  changed(what: 'trust' | 'back' | 'away' | 'token' | 'texts'): void;
}

export type OpenServer = (server: ToolServer, events: ToolServerLinkEvents & { tokenChanged(): void }) => OpenedServer;

const READ_WITHIN_MS = 5_000;
/** A connection that is replaced is kept for the calls that run over it, at most so long. */
const RETIRES_WITHIN_MS = 35_000;

/** A link, with how many calls of tools run over it. */
interface Held extends OpenedServer {
  running: number;
  isRetired: boolean;
}

export class ToolServerEntry {
  server: ToolServer;
  /** Why it cannot be used until somebody defines it again. */
  problem: string | undefined;
  approved: readonly ApprovedTool[] = [];
  /** The offer in which its tools last changed. */
  changedIn = 0;
  readonly #events: EntryEvents;
  readonly #open: OpenServer;
  #held: Held | undefined;
  #texts: ContextText[] = [];

  constructor(server: ToolServer, problem: string | undefined, open: OpenServer, events: EntryEvents) {
    this.server = server;
    this.problem = problem;
    this.#open = open;
    this.#events = events;
    this.#connect();
  }

  get status(): ServerStatus | undefined {
    return this.#held?.link.status;
  }

  get capabilities(): Capabilities | undefined {
    return this.#held?.link.capabilities;
  }

  /** Takes another definition. One that is reached otherwise gets a new link; what runs over the old one ends there. */
  redefine(server: ToolServer, problem: string | undefined): void {
    const isSameLink = isDeepStrictEqual(connectionOf(this.server), connectionOf(server)) && this.problem === problem;
    this.server = server;
    this.problem = problem;
    if (isSameLink) return void this.#readTexts();
    this.retire();
    this.#connect();
  }

  state(nativeProblem: string | undefined): ServerState {
    const { label, definition } = this.server;
    const { capabilities, status } = this;
    return {
      label,
      definition,
      approved: this.approved,
      listed: capabilities?.tools,
      resources: capabilities?.resources ?? [],
      isConnected: status?.kind === 'connected',
      isResting: this.#held?.link.isResting ?? false,
      nativeProblem,
      authorization: this.#held?.token(),
      texts: this.#texts,
    };
  }

  /** Never rejects, as the link does not. */
  async use(work: (link: ToolServerLink) => Promise<LinkResult>): Promise<LinkResult> {
    const held = this.#held;
    if (!held) return { kind: 'failed', why: 'not-connected', message: 'there is no connection', mayHaveRun: false };
    held.running++;
    try {
      return await work(held.link);
    } finally {
      held.running--;
      if (held.isRetired && held.running === 0) void held.close();
    }
  }

  /** Lets go of the link: it is closed once no call of a tool runs over it. */
  retire(): void {
    const held = this.#held;
    this.#held = undefined;
    this.#texts = [];
    if (!held) return;
    held.isRetired = true;
    if (held.running === 0) void held.close();
    else setTimeout(() => void held.close(), RETIRES_WITHIN_MS).unref();
  }

  /** Closes the link at once. */
  async close(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    await held?.close();
  }

  #connect(): void {
    if (this.problem !== undefined) return;
    let held: Held | undefined;
    // What a link tells while it is being opened is seen when it is there.
    const tell = (what: Parameters<EntryEvents['changed']>[0]): void => {
      if (held && this.#held === held) this.#events.changed(what);
    };
    const opened = this.#open(this.server, {
      statusChanged: ({ kind }) => tell(kind === 'connected' ? 'back' : 'away'),
      tokenChanged: () => tell('token'),
      listed: () => {
        tell('trust');
        void this.#readTexts();
      },
    });
    held = { ...opened, running: 0, isRetired: false };
    this.#held = held;
  }

  /** The texts that the definition chooses; one that cannot be read is left out until the server lists anew. */
  async #readTexts(): Promise<void> {
    const { resources, prompts = [] } = this.server.definition;
    const held = this.#held;
    const isWanted = (resources?.context.length ?? 0) > 0 || prompts.length > 0 || this.#texts.length > 0;
    if (!held || !isWanted) return;
    const texts: ContextText[] = [];
    const keep = (title: string, result: LinkResult): void => {
      if (result.kind === 'answered' && !result.isError) texts.push({ title, text: result.text });
    };
    const limits = { signal: new AbortController().signal, withinMs: READ_WITHIN_MS };
    for (const uri of resources?.context ?? []) keep(uri, await held.link.read(uri, limits));
    for (const { name, arguments: input } of prompts) keep(name, await held.link.prompt(name, input, READ_WITHIN_MS));
    if (this.#held !== held || isDeepStrictEqual(texts, this.#texts)) return;
    this.#texts = texts;
    this.#events.changed('texts');
  }
}

/** What of a definition says how the server is connected; the rest is judged when calls are offered its tools. */
function connectionOf({ definition, source }: ToolServer): unknown {
  const { enabled, mode, server_url: serverUrl, authorization, headers, oauth, transport } = definition;
  const { command, args, env, cwd, url, cache } = definition;
  return [
    source,
    enabled,
    mode,
    serverUrl,
    authorization,
    headers,
    oauth,
    transport,
    command,
    args,
    env,
    cwd,
    url,
    cache,
  ];
}

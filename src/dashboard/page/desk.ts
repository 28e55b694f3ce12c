/** What the page knows: requests, calls, and whether it still hears of changes. Views look at it and are told of changes. */
import type { AsJson, CallJson, FeedEvents, LiveCall, LiveLine, Me, RequestJson, ServerHead } from '../wire.ts';
import { changeStatus } from './api.ts';
import { ApprovalBoard } from './approval-board.ts';
import { changeWords } from './trust-notice.ts';

export type Connection = 'connecting' | 'live' | 'lost';

/** Calls that ended, as many as the server tells. */
const MAX_RECENT = 30;
/** Lines of a live call that are kept on the page, as on the server. */
const MAX_LINES = 200;

/** Tells those who do not see the page; what is urgent is said at once. */
export type Announce = (text: string, how?: 'urgent') => void;

export interface SpokenWords {
  turnId: string;
  speaker: 'guest' | 'agent';
  text: string;
}

export class Desk {
  readonly me: Me;
  readonly requests = new Map<string, RequestJson>();
  readonly liveCalls = new Map<string, LiveCall>();
  /** Words on their way, by call: they go when their finished line comes. */
  readonly words = new Map<string, SpokenWords[]>();
  recentCalls: CallJson[] = [];
  toolServers: AsJson<ServerHead>[] = [];
  readonly approvals: ApprovalBoard;
  connection: Connection = 'connecting';
  /** What to tell about a request, such as who was faster, by its id. */
  readonly notices = new Map<string, string>();
  /** Ids of requests that came while the page was open. */
  readonly arrived = new Set<string>();
  #clockOffsetMs = 0;
  #isTelling = false;
  readonly #listeners = new Set<() => void>();
  readonly #announce: Announce;
  readonly #signedOut: () => void;

  /** @param signedOut is called when the sign-in has ended. */
  constructor(me: Me, announce: Announce, signedOut: () => void) {
    this.me = me;
    this.#announce = announce;
    this.#signedOut = signedOut;
    this.approvals = new ApprovalBoard({
      mayAnswer: me.mayChange,
      nowMs: () => this.nowMs(),
      announce: (text) => announce(text, 'urgent'),
      changed: () => this.#tell(),
      signedOut,
    });
  }

  /** Tells those who do not see the page. */
  announce(text: string): void {
    this.#announce(text);
  }

  /** The sign-in has ended, as an answer said. */
  signedOut(): void {
    this.#signedOut();
  }

  /** The server's time, in milliseconds since 1970. */
  nowMs(): number {
    return Date.now() + this.#clockOffsetMs;
  }

  /** @param listener is told, once per burst of changes. @returns a function that ends it. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  connectionIs(connection: Connection): void {
    if (this.connection === connection) return;
    if (connection === 'lost') this.#announce('The connection to Bellhop was lost.');
    if (this.connection === 'lost' && connection === 'live') this.#announce('The connection is back.');
    this.connection = connection;
    this.#tell();
  }

  heard<Kind extends keyof FeedEvents>(kind: Kind, data: AsJson<FeedEvents[Kind]>): void {
    HEARD[kind](this, data);
    this.#tell();
  }

  snapshot({ requests, liveCalls, recentCalls, toolServers, approvals }: AsJson<FeedEvents['snapshot']>): void {
    this.requests.clear();
    for (const request of requests) this.requests.set(request.id, request);
    this.liveCalls.clear();
    this.words.clear();
    for (const call of liveCalls) this.liveCalls.set(call.callId, call);
    this.recentCalls = recentCalls;
    this.toolServers = toolServers;
    this.approvals.snapshot(approvals);
  }

  request(request: RequestJson): void {
    const known = this.requests.get(request.id);
    if (known && known.version > request.version) return;
    if (!known && request.version === 1) {
      this.arrived.add(request.id);
      const room = request.room === null ? '' : `, room ${request.room}`;
      this.#announce(`New request ${request.number}: ${request.summary}${room}`);
    }
    this.requests.set(request.id, request);
  }

  line(callId: string, line: LiveLine): void {
    const call = this.liveCalls.get(callId);
    if (!call) return;
    const others = call.lines.filter(({ turnId }) => turnId !== line.turnId);
    call.lines = [...others, line].toSorted((a, b) => a.order - b.order).slice(-MAX_LINES);
    this.words.set(
      callId,
      (this.words.get(callId) ?? []).filter(({ turnId }) => turnId !== line.turnId),
    );
  }

  spoken(callId: string, { turnId, speaker, text }: SpokenWords): void {
    const isFinished = this.liveCalls.get(callId)?.lines.some((line) => line.turnId === turnId) ?? true;
    if (isFinished) return;
    const others = (this.words.get(callId) ?? []).filter((words) => words.turnId !== turnId);
    this.words.set(callId, [...others, { turnId, speaker, text }]);
  }

  ended(call: CallJson): void {
    this.liveCalls.delete(call.callId);
    this.words.delete(call.callId);
    const others = this.recentCalls.filter(({ callId }) => callId !== call.callId);
    this.recentCalls = [call, ...others].slice(0, MAX_RECENT);
  }

  serversAre(servers: AsJson<ServerHead>[]): void {
    const before = new Map(this.toolServers.map(({ label, changed }) => [label, changed]));
    this.toolServers = servers;
    for (const server of servers)
      if (server.changed > (before.get(server.label) ?? 0)) this.#announce(changeWords(server));
  }

  clockIs(serverMs: number): void {
    this.#clockOffsetMs = serverMs - Date.now();
  }

  /** Moves a request; what came of it shows at the request. */
  async move(request: RequestJson, status: RequestJson['status']): Promise<void> {
    this.notices.delete(request.id);
    const answer = await changeStatus(request, status);
    if (answer.kind === 'signed-out') this.#signedOut();
    else if (answer.kind === 'ok') this.request(answer.value.request);
    else if (answer.kind === 'problem') this.notices.set(request.id, answer.message);
    else {
      this.request(answer.conflict.request);
      this.notices.set(request.id, `${answer.conflict.error} This is how it stands now.`);
    }
    this.#tell();
  }

  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    setTimeout(() => {
      this.#isTelling = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

const HEARD: { [Kind in keyof FeedEvents]: (desk: Desk, data: AsJson<FeedEvents[Kind]>) => void } = {
  snapshot: (desk, snapshot) => desk.snapshot(snapshot),
  request: (desk, request) => desk.request(request),
  call: (desk, head) =>
    void desk.liveCalls.set(head.callId, { ...head, lines: desk.liveCalls.get(head.callId)?.lines ?? [] }),
  line: (desk, { callId, line }) => desk.line(callId, line),
  words: (desk, { callId, ...words }) => desk.spoken(callId, words),
  'call-ended': (desk, call) => desk.ended(call),
  'tool-servers': (desk, { servers }) => desk.serversAre(servers),
  approval: (desk, news) => desk.approvals.heard(news),
  beat: (desk, serverMs) => desk.clockIs(serverMs),
};

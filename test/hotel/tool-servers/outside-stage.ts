/** Tool servers that answer as the test says, what staff approved of them, and calls that use them. */
import { offerOf } from '../../../src/hotel/tool-servers/catalogue.ts';
import { ApprovalDesk } from '../../../src/hotel/tool-servers/approval-desk.ts';
import {
  serverDefinitionSchema,
  type ServerDefinition,
  type ServerDefinitionInput,
} from '../../../src/hotel/tool-servers/definition.ts';
import type { Offer, ServerState } from '../../../src/hotel/tool-servers/offer.ts';
import type { OutsideTools } from '../../../src/hotel/tool-servers/outside-tools.ts';
import type {
  ApprovalBook,
  ApprovalDecision,
  ApprovalQuestion,
  LinkResult,
  ListedTool,
} from '../../../src/hotel/tool-servers/ports.ts';
import { RateLimits } from '../../../src/hotel/tool-servers/rate-limits.ts';
import { toolHash } from '../../../src/hotel/tool-servers/tool-hash.ts';
import type { ApprovedTool } from '../../../src/hotel/tool-servers/trust.ts';
import { hotelTools } from '../../../src/hotel/toolbox.ts';
import { exampleHotel } from '../../example-hotel.ts';
import type { FakeClock } from '../../fake-clock.ts';
import { hotelStage } from '../hotel-stage.ts';

export function listedTool(name: string, more: Partial<ListedTool> = {}): ListedTool {
  const inputSchema = { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] };
  return { name, description: 'Looks something up for a place.', inputSchema, ...more };
}

export const READ_ONLY = { annotations: { readOnlyHint: true } };

export function approvedTools(...tools: ListedTool[]): ApprovedTool[] {
  return tools.map((listed) => ({ tool: listed.name, hash: toolHash(listed), listed }));
}

export function definition(input: ServerDefinitionInput): ServerDefinition {
  return serverDefinitionSchema.parse(input);
}

/** A server that we reach over http and whose tools are all approved and never asked about. */
export function clientServer(
  label: string,
  tools: ListedTool[],
  settings: ServerDefinitionInput = {},
  more: Partial<ServerState> = {},
): ServerState {
  const written = {
    transport: 'http',
    url: 'https://tools.example/mcp',
    mode: 'client',
    require_approval: 'never',
  } as const;
  return {
    label,
    definition: definition({ ...written, ...settings }),
    approved: approvedTools(...tools),
    listed: tools,
    resources: [],
    isConnected: true,
    isResting: false,
    nativeProblem: undefined,
    texts: [],
    ...more,
  };
}

/** A server that the model's side may call. */
export function nativeServer(
  label: string,
  tools: ListedTool[],
  settings: ServerDefinitionInput = {},
  more: Partial<ServerState> = {},
): ServerState {
  return clientServer(label, tools, { mode: 'auto', server_url: 'https://tools.example/mcp', ...settings }, more);
}

/** Keeps questions; `answers` is what stands when the time is over, and `isAway` takes the book away. */
export class MemoryApprovals implements ApprovalBook {
  readonly opened: ApprovalQuestion[] = [];
  readonly closed: [string, string][] = [];
  readonly answers = new Map<string, ApprovalDecision>();
  isAway = false;
  isSilent = false;

  async open(question: ApprovalQuestion): Promise<void> {
    if (this.isAway) throw new Error('connect ECONNREFUSED');
    this.opened.push(question);
  }

  async close(id: string, how: 'expired' | 'cancelled'): Promise<ApprovalDecision> {
    this.closed.push([id, how]);
    if (this.isAway) throw new Error('connect ECONNREFUSED');
    if (this.isSilent) return new Promise(() => undefined);
    return this.answers.get(id) ?? how;
  }
}

export interface Asked {
  server: string;
  tool: string;
  input: Record<string, unknown>;
  signal: AbortSignal;
  withinMs: number;
}

export const answered = (text: string, isError = false): LinkResult => ({
  kind: 'answered',
  text,
  isError,
  resultBytes: Buffer.byteLength(text),
});

export const failed = (why: Extract<LinkResult, { kind: 'failed' }>['why'], mayHaveRun: boolean): LinkResult => ({
  kind: 'failed',
  why,
  message: 'socket hang up',
  mayHaveRun,
});

/** The servers as the tools of calls see them. */
export class ServersOnStage implements OutsideTools {
  readonly asked: Asked[] = [];
  readonly off = new Set<string>();
  readonly book = new MemoryApprovals();
  readonly approvals: ApprovalDesk;
  readonly limits: RateLimits;
  servers: ServerState[];
  version = 1;
  /** What the next calls give. */
  answer: (asked: Asked) => LinkResult | Promise<LinkResult> = () => answered('Sunny.');
  readonly #ownNames: readonly string[];

  constructor(clock: FakeClock, servers: ServerState[], ownNames: readonly string[] = []) {
    this.servers = servers;
    this.#ownNames = ownNames;
    this.limits = new RateLimits(clock);
    let count = 0;
    this.approvals = new ApprovalDesk({ book: this.book, clock, newId: () => `question-${++count}` });
  }

  offer(): Offer {
    return offerOf({ version: this.version, servers: this.servers, ownNames: this.#ownNames });
  }

  async call(
    server: string,
    tool: string,
    input: Record<string, unknown>,
    limits: { signal: AbortSignal; withinMs: number },
  ): Promise<LinkResult> {
    const asked = { server, tool, input, ...limits };
    this.asked.push(asked);
    return this.answer(asked);
  }

  read(server: string, uri: string, limits: { signal: AbortSignal; withinMs: number }): Promise<LinkResult> {
    return this.call(server, 'read', { uri }, limits);
  }

  isStillOn(server: string, tool: string): boolean {
    return !this.off.has(`${server}/${tool}`);
  }
}

/** A hotel whose calls use these servers. */
export function outsideStage(...states: ServerState[]) {
  let servers: ServersOnStage | undefined;
  const own = hotelTools(exampleHotel()).map(({ name }) => name);
  const stage = hotelStage((clock) => (servers = new ServersOnStage(clock, states, own)));
  if (!servers) throw new Error('the hotel took no servers');
  return { ...stage, servers };
}

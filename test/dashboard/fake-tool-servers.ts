/** Tool servers in memory, with secrets in full: what the staff API does with them is what is tested. */
import type { IssuedToken } from '../../src/hotel/access-scopes.ts';
import { createHash, randomUUID } from 'node:crypto';
import { serverDefinitionSchema, type ServerDefinition } from '../../src/hotel/tool-servers/definition.ts';
import type { ApprovalDecision, ListedTool } from '../../src/hotel/tool-servers/ports.ts';
import type {
  ConnectionTest,
  PendingApproval,
  ServerChange,
  ServerView,
  ToolReview,
  ToolServersDesk,
} from '../../src/dashboard/tool-server-ports.ts';

export const SECRET = 'sk-live-0123456789-never-shown-wxyz';
const AT = new Date('2026-11-21T10:00:00Z');

export const listedTool = (name: string, changes: Partial<ListedTool> = {}): ListedTool => ({
  name,
  description: `Does ${name}.`,
  inputSchema: { type: 'object', properties: { day: { type: 'string' } } },
  ...changes,
});

export const reviewOf = (tool: ListedTool, changes: Partial<ToolReview> = {}): ToolReview => ({
  tool,
  trust: 'approved',
  hash: createHash('sha256').update(JSON.stringify(tool)).digest('hex'),
  before: undefined,
  flags: [],
  offeredAs: tool.name,
  notOffered: undefined,
  ...changes,
});

export function serverView(label: string, changes: Partial<ServerView> = {}): ServerView {
  const tools = changes.tools ?? [reviewOf(listedTool('book_table'))];
  const definition = serverDefinitionSchema.parse({
    server_url: 'https://tables.example/mcp',
    description: 'Tables at the restaurant',
    authorization: SECRET,
    headers: { 'x-key': `header-${SECRET}` },
  });
  return {
    label,
    source: 'staff',
    version: 1,
    definition,
    status: { kind: 'connected', since: AT, lastError: undefined },
    path: 'native',
    capabilities: {
      name: 'tables',
      version: '2.0',
      protocolVersion: '2025-11-25',
      tools: tools.map(({ tool }) => tool),
      resources: [{ uri: 'menu://today', name: 'menu', isTemplate: false }],
      prompts: [{ name: 'greet', arguments: [{ name: 'guest', isRequired: true }] }],
    },
    tools,
    callsBehind: [],
    ...changes,
  };
}

export class FakeToolServers implements ToolServersDesk {
  readonly known = new Map<string, ServerView>();
  readonly waiting = new Map<string, PendingApproval>();
  readonly answered = new Map<string, { decision: ApprovalDecision; by: string }>();
  readonly kept: IssuedToken[] = [];
  /** What came last, as the desk got it. */
  last: unknown;
  tested: ConnectionTest | { mistakes: string[] } = {
    isConnected: true,
    tookMs: 84,
    capabilities: undefined,
    tools: [reviewOf(listedTool('book_table'), { trust: 'new', offeredAs: undefined })],
    problems: [],
  };

  put(server: ServerView): void {
    this.known.set(server.label, server);
  }

  ask(changes: Partial<PendingApproval> = {}): PendingApproval {
    const approval: PendingApproval = {
      id: randomUUID(),
      callId: randomUUID(),
      server: 'tables',
      tool: 'book_table',
      argumentsJson: '{"day":"Friday","people":4}',
      path: 'client',
      askedAt: new Date(),
      expiresAt: new Date(Date.now() + 20_000),
      room: '412',
      ...changes,
    };
    this.waiting.set(approval.id, approval);
    return approval;
  }

  servers = async () => [...this.known.values()];
  server = async (label: string) => this.known.get(label);

  async add(label: string, sent: unknown): Promise<ServerChange> {
    const there = this.known.get(label);
    if (there) return { kind: 'conflict', server: there };
    return this.#take(sent, (definition) => serverView(label, { definition, tools: [] }));
  }

  async change(label: string, version: number, sent: unknown): Promise<ServerChange> {
    return this.#changed(label, version, (there) => this.#take(sent, (definition) => ({ ...there, definition })));
  }

  async remove(label: string, version: number): Promise<ServerChange | { kind: 'removed' }> {
    const there = this.known.get(label);
    if (there?.version === version && there.source === 'staff') {
      this.known.delete(label);
      return { kind: 'removed' };
    }
    return this.#changed(label, version, (server) => ({ kind: 'done', server }));
  }

  async setEnabled(label: string, enabled: boolean): Promise<ServerChange> {
    const there = this.known.get(label);
    return there ? this.#done({ ...there, definition: { ...there.definition, enabled } }) : { kind: 'unknown' };
  }

  async test(_label: string | undefined, definition: unknown): Promise<ConnectionTest | { mistakes: string[] }> {
    this.last = definition;
    return this.tested;
  }

  async approveTools(label: string, hashes: Record<string, string>): Promise<ServerChange> {
    const there = this.known.get(label);
    if (!there) return { kind: 'unknown' };
    const isAsSeen = Object.entries(hashes).every(([name, hash]) =>
      there.tools.some((review) => review.tool.name === name && review.hash === hash),
    );
    if (!isAsSeen) return { kind: 'conflict', server: there };
    const approve = (review: ToolReview): ToolReview =>
      review.tool.name in hashes
        ? { ...review, trust: 'approved', before: undefined, offeredAs: review.tool.name, notOffered: undefined }
        : review;
    return this.#done({ ...there, tools: there.tools.map(approve) });
  }

  async withdrawTools(label: string, tools: string[]): Promise<ServerChange> {
    const there = this.known.get(label);
    if (!there) return { kind: 'unknown' };
    const withdraw = (review: ToolReview): ToolReview =>
      tools.includes(review.tool.name) ? { ...review, trust: 'new', offeredAs: undefined } : review;
    return this.#done({ ...there, tools: there.tools.map(withdraw) });
  }

  approvals = async () => [...this.waiting.values()];

  async answerApproval(id: string, decision: 'approved' | 'denied', { name }: { name: string }) {
    const before = this.answered.get(id);
    if (before) {
      const { by } = before;
      return by === '' ? { kind: 'over' as const, decision: before.decision } : { kind: 'taken' as const, ...before };
    }
    if (!this.waiting.delete(id)) return { kind: 'unknown' as const };
    this.answered.set(id, { decision, by: name });
    return { kind: 'answered' as const, decision };
  }

  figures = async () => [
    {
      server: 'tables',
      tool: 'book_table',
      calls: 40,
      failures: 2,
      p50Ms: 310,
      p95Ms: 1_840,
      nativeShare: 0.75,
      lastError: { at: AT, message: 'the server did not answer in 5 s' },
    },
  ];

  tokens = async () => [...this.kept];
  tokenScopes = () => [
    { id: 'requests:read', name: 'See requests' },
    { id: 'requests:write', name: 'Make requests' },
  ];

  async issueToken(name: string, scopes: string[], days: number, { name: createdBy }: { name: string }) {
    const expiresAt = new Date(AT.getTime() + days * 86_400_000);
    const view = { id: randomUUID(), name, scopes, createdBy, createdAt: AT, expiresAt, lastUsedAt: null };
    this.kept.push(view);
    return { token: 'bht_this_is_the_token_itself', view };
  }

  async revokeToken(id: string): Promise<boolean> {
    const index = this.kept.findIndex((token) => token.id === id);
    if (index >= 0) this.kept.splice(index, 1);
    return index >= 0;
  }

  #take(sent: unknown, make: (definition: ServerDefinition) => ServerView): ServerChange {
    this.last = sent;
    const read = serverDefinitionSchema.safeParse(sent);
    if (read.success) return this.#done(make(read.data));
    return {
      kind: 'mistaken',
      mistakes: read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    };
  }

  #changed(label: string, version: number, change: (there: ServerView) => ServerChange): ServerChange {
    const there = this.known.get(label);
    if (!there) return { kind: 'unknown' };
    if (there.source === 'file') return { kind: 'refused', reason: `${label} is set up in the file.` };
    return there.version === version ? change(there) : { kind: 'conflict', server: there };
  }

  #done(server: ServerView): ServerChange {
    const next = { ...server, version: server.version + (this.known.has(server.label) ? 1 : 0) };
    this.known.set(server.label, next);
    return { kind: 'done', server: next };
  }
}

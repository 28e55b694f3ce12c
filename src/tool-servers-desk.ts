/** What staff do with tool servers: joins the running servers to the records. Checks what is sent; the records keep the audit. */
import type { z } from 'zod';
import type {
  ConnectionTest,
  ServerChange,
  ServerView,
  ToolReview,
  ToolServersDesk,
} from './dashboard/tool-server-ports.ts';
import { SCOPES } from './hotel/access-scopes.ts';
import {
  serverDefinitionSchema,
  serverLabelSchema,
  type ServerDefinition,
  type ToolServer,
} from './hotel/tool-servers/definition.ts';
import type { ListedTool, ServerStatus } from './hotel/tool-servers/ports.ts';
import { withKeptSecrets } from './hotel/tool-servers/shown-definition.ts';
import { reviewTools, type ApprovedTool } from './hotel/tool-servers/trust.ts';
import type { AccessTokens } from './storage/access-tokens.ts';
import type { PostgresApprovalBook } from './storage/approval-book.ts';
import type { ToolServerBook, ToolServerWritten } from './storage/tool-server-book.ts';
import type { OpenedServer, OpenServer, ToolServerEntry } from './tool-server-entry.ts';
import { shownPathOf, type ToolServers } from './tool-servers.ts';

export interface ToolServersDeskOptions {
  servers: ToolServers;
  book: ToolServerBook;
  approvals: PostgresApprovalBook;
  tokens: AccessTokens;
  figures: ToolServersDesk['figures'];
  open: OpenServer;
  /** What is wrong with an address of a definition, in words; undefined: nothing. */
  mistakeOf(url: string): string | undefined;
  /** The set of tools that each live call holds. */
  heldOffers(): readonly { callId: string; version: number }[];
}

const TEST_WITHIN_MS = 10_000;
/** What was never opened stands like this since we run. */
const NOT_YET: ServerStatus = { kind: 'connecting', since: new Date(), lastError: undefined };

export function toolServersDesk(options: ToolServersDeskOptions): ToolServersDesk {
  const { servers, book, approvals, tokens, figures } = options;
  const view = (label: string): ServerView | undefined => viewOf(options, label);
  const written = async (label: string, change: ToolServerWritten): Promise<ServerChange> => {
    await servers.reload();
    const server = view(label);
    if (change.kind === 'unknown' || change.kind === 'mistaken') return change;
    return server ? { kind: change.kind, server } : { kind: 'unknown' };
  };
  return {
    servers: async () => servers.labels.map(view).filter((server) => server !== undefined),
    server: async (label) => view(label),
    async add(label, definition, member) {
      const name = serverLabelSchema.safeParse(label);
      if (!name.success) return { kind: 'mistaken', mistakes: mistakesIn(name.error, 'label') };
      if (isOfFile(servers.entry(label))) return OF_FILE;
      const checked = checkedDefinition(definition, options);
      if ('mistakes' in checked) return { kind: 'mistaken', ...checked };
      return written(label, await book.add(label, checked.definition, member.name));
    },
    async change(label, version, definition, member) {
      if (isOfFile(servers.entry(label))) return OF_FILE;
      // As the records have it: another instance may have changed it since.
      const kept = await book.get(label);
      const checked = completedDefinition(definition, kept?.definition, options);
      if ('mistakes' in checked) return { kind: 'mistaken', ...checked };
      return written(label, await book.change(label, version, checked.definition, member.name));
    },
    async remove(label, version, member) {
      if (isOfFile(servers.entry(label))) return OF_FILE;
      const change = await book.remove(label, version, member.name);
      if (change.kind !== 'removed') return written(label, change);
      await servers.reload();
      return change;
    },
    async setEnabled(label, isEnabled, member) {
      const entry = servers.entry(label);
      if (!entry) return { kind: 'unknown' };
      if (!isOfFile(entry)) return written(label, await book.setEnabled(label, isEnabled, member.name));
      await book.setSwitch(label, isEnabled, member.name);
      await servers.reload();
      const server = view(label);
      return server ? { kind: 'done', server } : { kind: 'unknown' };
    },
    test: (label, definition) => tested(options, label, definition),
    async approveTools(label, hashes, member) {
      const seen = reviewsOf(servers.entry(label));
      const wanted = Object.entries(hashes).map(([tool, hash]) =>
        seen.find((one) => one.tool.name === tool && one.hash === hash),
      );
      const server = view(label);
      if (!server) return { kind: 'unknown' };
      if (wanted.some((one) => one === undefined || one.hash === '')) return { kind: 'conflict', server };
      const approved = wanted.flatMap((one): ApprovedTool[] =>
        one ? [{ tool: one.tool.name, hash: one.hash, listed: one.tool }] : [],
      );
      await book.approve(label, approved, member.name);
      return doneAfterReload(label);
    },
    async withdrawTools(label, tools, member) {
      if (!servers.entry(label)) return { kind: 'unknown' };
      await book.withdraw(label, tools, member.name);
      return doneAfterReload(label);
    },
    approvals: () => approvals.pending(),
    answerApproval: (id, decision, member) => approvals.answer(id, decision, member.name),
    figures,
    tokens: () => tokens.list(),
    tokenScopes: () => SCOPES.map((id) => ({ id, name: SCOPE_NAMES[id] })),
    issueToken: (name, scopes, days, member) => tokens.issue({ name, scopes, days }, member.name),
    revokeToken: (id, member) => tokens.revoke(id, member.name),
  };

  async function doneAfterReload(label: string): Promise<ServerChange> {
    await servers.reload();
    const server = view(label);
    return server ? { kind: 'done', server } : { kind: 'unknown' };
  }
}

const SCOPE_NAMES: Record<(typeof SCOPES)[number], string> = {
  'requests:read': 'See open requests',
  'requests:write': 'Make requests and change their priority',
  'information:read': 'Read what is known of the hotel',
};

const OF_FILE: ServerChange = {
  kind: 'refused',
  reason: 'This server stands in bellhop.yaml: it is changed there, and can only be switched on and off here.',
};

const isOfFile = (entry: ToolServerEntry | undefined): boolean => entry?.server.source === 'file';

function viewOf({ servers, heldOffers }: ToolServersDeskOptions, label: string): ServerView | undefined {
  const entry = servers.entry(label);
  const state = servers.stateOf(label);
  if (!entry || !state) return undefined;
  const { server, capabilities, changedIn, problem } = entry;
  const own = servers.offer().placements.filter((one) => one.server === label);
  const placements = new Map(own.map((one) => [one.tool, one]));
  const behind = heldOffers().filter(({ version }) => version < changedIn);
  return {
    ...server,
    status: statusOf(entry, problem),
    path: shownPathOf(state),
    capabilities,
    tools: reviewsOf(entry).map((review) => {
      const placed = placements.get(review.tool.name);
      return { ...review, offeredAs: placed?.offeredAs, notOffered: placed?.notOffered };
    }),
    callsBehind: behind.map(({ callId }) => callId),
  };
}

function statusOf({ status = NOT_YET }: ToolServerEntry, problem: string | undefined): ServerStatus {
  return problem === undefined
    ? status
    : { kind: 'error', since: status.since, lastError: { at: status.since, message: problem } };
}

/** What the server lists; of one that was never reached, what was approved of it. */
function reviewsOf(entry: ToolServerEntry | undefined): ReturnType<typeof reviewTools> {
  if (!entry) return [];
  const listed: readonly ListedTool[] = entry.capabilities?.tools ?? entry.approved.map((approval) => approval.listed);
  return reviewTools(listed, entry.approved);
}

/** Connects apart from all that runs, and lets go again. */
async function tested(
  options: ToolServersDeskOptions,
  label: string | undefined,
  sent: unknown,
): Promise<ConnectionTest | { mistakes: string[] }> {
  const entry = label === undefined ? undefined : options.servers.entry(label);
  const checked = completedDefinition(sent, entry?.server.definition, options);
  if ('mistakes' in checked) return checked;
  const definition = { ...checked.definition, enabled: true };
  const server: ToolServer = { label: label ?? 'test', source: 'staff', definition, version: 0 };
  const startedAtMs = performance.now();
  const { promise: settled, resolve } = Promise.withResolvers<void>();
  // A list may come before or after the status that goes with it.
  const look = (status: ServerStatus | undefined, hasListed: boolean): void => {
    if (status?.kind === 'error' || (status?.kind === 'connected' && hasListed)) resolve();
  };
  let opened: OpenedServer | undefined;
  opened = options.open(server, {
    listed: () => look(opened?.link.status, true),
    statusChanged: (status) => look(status, opened?.link.capabilities !== undefined),
    tokenChanged: () => {},
  });
  const { link, close } = opened;
  look(link.status, link.capabilities !== undefined);
  const late = setTimeout(resolve, TEST_WITHIN_MS);
  await settled;
  clearTimeout(late);
  const { capabilities, status } = link;
  const isConnected = status.kind === 'connected';
  await close();
  const reviews = reviewTools(capabilities?.tools ?? [], entry?.approved ?? []);
  return {
    isConnected,
    tookMs: Math.round(performance.now() - startedAtMs),
    capabilities,
    tools: reviews.map((review): ToolReview => ({ ...review, offeredAs: undefined, notOffered: undefined })),
    problems: isConnected ? [] : [status.lastError?.message ?? 'The server did not answer in time.'],
  };
}

/** Secrets that are empty, or as they were shown, are those that are known. */
function completedDefinition(
  sent: unknown,
  known: ServerDefinition | undefined,
  options: ToolServersDeskOptions,
): { definition: ServerDefinition } | { mistakes: string[] } {
  const kept = withKeptSecrets(sent, known);
  return kept.mistakes.length > 0 ? { mistakes: kept.mistakes } : checkedDefinition(kept.definition, options);
}

function checkedDefinition(
  sent: unknown,
  { mistakeOf }: Pick<ToolServersDeskOptions, 'mistakeOf'>,
): { definition: ServerDefinition } | { mistakes: string[] } {
  const parsed = serverDefinitionSchema.safeParse(sent);
  if (!parsed.success) return { mistakes: mistakesIn(parsed.error, 'definition') };
  const { url, server_url: serverUrl, oauth } = parsed.data;
  const addresses = { url, server_url: serverUrl, 'oauth.token_url': oauth?.token_url };
  const mistakes = Object.entries(addresses).flatMap(([name, address]) => {
    const mistake = address === undefined ? undefined : mistakeOf(address);
    return mistake === undefined ? [] : [`${name}: ${mistake}`];
  });
  return mistakes.length > 0 ? { mistakes } : { definition: parsed.data };
}

const mistakesIn = (error: z.ZodError, root: string): string[] =>
  error.issues.map(({ path, message }) => `${path.join('.') || root}: ${message}`);

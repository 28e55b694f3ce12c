/** Opens what tool servers of others need: the records about them, guarded ways to reach them, questions to staff, live news. */
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { Clock, EventReader } from './call/ports.ts';
import type { Config } from './config.ts';
import type { LiveFeed } from './dashboard/live-feed.ts';
import { ToolServerNews } from './dashboard/tool-server-news.ts';
import type { ToolServersDesk } from './dashboard/tool-server-ports.ts';
import { ownFunctionDefinitions } from './hotel/own-functions.ts';
import { hotelTools } from './hotel/toolbox.ts';
import { ApprovalDesk } from './hotel/tool-servers/approval-desk.ts';
import { RateLimits } from './hotel/tool-servers/rate-limits.ts';
import { localKey } from './local-secrets.ts';
import { Bearer } from './mcp/bearer.ts';
import { checkOutsideUrl, reachOf, type OutsideRules } from './mcp/outside-address.ts';
import { outsideFetch } from './mcp/outside-fetch.ts';
import { openToolServer } from './mcp/tool-servers/connection.ts';
import { nativeProblem } from './reach.ts';
import type { Records } from './records.ts';
import { AccessTokens } from './storage/access-tokens.ts';
import { APPROVALS_CHANNEL, PostgresApprovalBook } from './storage/approval-book.ts';
import { SecretBox } from './storage/secret-box.ts';
import { toolFigures } from './storage/tool-figures-rows.ts';
import { TOOL_SERVERS_CHANNEL, ToolServerBook } from './storage/tool-server-book.ts';
import type { OpenServer } from './tool-server-entry.ts';
import { toolServersDesk } from './tool-servers-desk.ts';
import { ToolServers } from './tool-servers.ts';

export interface ToolPlatformOptions {
  config: Config;
  records: Records;
  clock: Clock;
  feed: LiveFeed;
  log: Logger;
  /** The set of tools that each live call holds. */
  heldOffers(): readonly { callId: string; version: number }[];
  /** Calls that go on are to take up another set. */
  reachCalls(version: number): void;
  /** Of staff, for an answer; the desk's own when left out. */
  approvalWaitMs?: number | undefined;
}

export interface ToolPlatform {
  servers: ToolServers;
  desk: ToolServersDesk;
  news: ToolServerNews;
  /** Tokens of the hotel's own assistants. */
  tokens: AccessTokens;
  /** Hears of calls that take up another set of tools, or end with an old one. */
  reader: EventReader;
  /** Connects to the servers and begins to hear of changes. @throws an error of the database. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Of one answer of a tool server; a text for the phone is cut to 8 kB after that. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const CONNECT_WITHIN_MS = 5_000;

export function toolPlatform(options: ToolPlatformOptions): ToolPlatform {
  const { config, records, clock, feed, log, heldOffers, reachCalls } = options;
  const { database, hotelId } = records;
  const box = new SecretBox(config.secretsKey ?? localKey(config.dataDir), config.secretsOldKeys);
  const book = new ToolServerBook(database, hotelId, box);
  const approvalBook = new PostgresApprovalBook(database, hotelId);
  const tokens = new AccessTokens(database, hotelId);
  const approvals = new ApprovalDesk({ book: approvalBook, clock, newId: uuidv7, waitMs: options.approvalWaitMs });
  const open = opener(config.outside, clock, log);
  const servers = new ToolServers({
    fromFile: config.toolServers,
    book,
    open,
    nativeProblemOf: (mode, url) =>
      nativeProblem(config.realtime.kind, mode, url, reachOf(new URL(url), config.outside) !== 'public'),
    ownNames: [...hotelTools(config.hotel), ...ownFunctionDefinitions(config.hotel)].map(({ name }) => name),
    approvals,
    limits: new RateLimits(clock),
    log,
    changed: (reachesCalls) => {
      if (reachesCalls) reachCalls(servers.offer().version);
      news.changed();
    },
  });
  const desk = toolServersDesk({
    servers,
    book,
    approvals: approvalBook,
    tokens,
    figures: () => toolFigures(database, hotelId),
    open,
    mistakeOf: (url) => checkOutsideUrl(url, config.outside),
    heldOffers,
  });
  const news = new ToolServerNews(feed, desk, (err) => log.warn({ err }, 'changed tool servers could not be shown'));
  return {
    servers,
    desk,
    news,
    tokens,
    reader: {
      happened({ happening: { kind } }) {
        if (servers.labels.length > 0 && (kind === 'tools-changed' || kind === 'ended')) news.changed();
      },
      words: () => {},
    },
    async start() {
      await records.listen(TOOL_SERVERS_CHANNEL, reload, reload);
      await records.listen(APPROVALS_CHANNEL, (id) => void hear(id), hearAll);
      await servers.reload();
    },
    async close() {
      news.close();
      await servers.close();
    },
  };

  function reload(): void {
    servers.reload().catch((err: unknown) => log.warn({ err }, 'changed tool servers could not be read'));
  }

  /** Answers may have gone by unheard. */
  function hearAll(): void {
    for (const { id } of approvals.pending()) void hear(id);
  }

  /** A question was asked, answered or closed, here or in another instance. */
  async function hear(id: string): Promise<void> {
    try {
      const known = await approvalBook.decisionOf(id);
      if (known && known.decision !== null) {
        approvals.heard(id, known.decision);
        return news.ended(id, known.decision, known.by);
      }
      const asked = (await approvalBook.pending()).find((question) => question.id === id);
      if (asked) news.asked(asked);
    } catch (err) {
      log.warn({ err }, 'a question to staff could not be read');
    }
  }
}

/** @returns what opens a connection to a server, with its token, by guarded ways alone (T10). */
export function opener(rules: OutsideRules, clock: Clock, log: Logger): OpenServer {
  const fetch = outsideFetch({ ...rules, maxBytes: MAX_ANSWER_BYTES, connectWithinMs: CONNECT_WITHIN_MS });
  return ({ label, definition }, { tokenChanged, ...events }) => {
    const bearer = new Bearer({
      definition,
      serverUrl: definition.server_url ?? definition.url ?? '',
      fetch,
      clock,
      failed: (err) => log.warn({ server: label, err: err.message }, 'no token could be had for a tool server'),
    });
    bearer.refreshed(tokenChanged);
    const link = openToolServer(
      {
        label,
        definition,
        authorization: () => bearer.get(),
        rejected: (token) => bearer.rejected(token),
        fetch,
        clock,
        log,
      },
      events,
    );
    const close = async (): Promise<void> => {
      bearer.close();
      await link.close();
    };
    return { link, token: () => bearer.current, close };
  };
}

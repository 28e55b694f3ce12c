/** A staff page on a real server and database, with accounts, for tests to look at. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { Happening } from '../../src/call/call-event.ts';
import { readConfig } from '../../src/config.ts';
import { registerDashboard } from '../../src/dashboard/dashboard-routes.ts';
import { LiveCallView } from '../../src/dashboard/live-call-view.ts';
import { LiveFeed } from '../../src/dashboard/live-feed.ts';
import type { Role } from '../../src/dashboard/ports.ts';
import { ToolServerNews } from '../../src/dashboard/tool-server-news.ts';
import type { ToolServersDesk } from '../../src/dashboard/tool-server-ports.ts';
import type { RequestDraft } from '../../src/hotel/ports.ts';
import type { ServiceRequest } from '../../src/hotel/service-request.ts';
import { openRecords, type Records } from '../../src/records.ts';
import { hotelIdOf } from '../../src/storage/hotel-book.ts';
import { StaffBook } from '../../src/storage/staff.ts';
import { createTestDatabase } from '../test-database.ts';

const root = new URL('../..', import.meta.url).pathname;
const log = pino({ level: 'silent' });

export interface StaffDeskStage {
  url: string;
  records: Records;
  feed: LiveFeed;
  live: LiveCallView;
  /** Tells viewers of tool servers; undefined: there are none. */
  news: ToolServerNews | undefined;
  /** Every route below /staff/api, such as `GET /staff/api/me`. */
  routes: string[];
  /** What the operator was told. */
  failures: unknown[];
  /** Makes an account. @returns its password. */
  hire(login: string, name: string, role: Role): Promise<string>;
  /** Makes a request as a call would. */
  request(changes?: Partial<RequestDraft>): Promise<ServiceRequest>;
  /** Makes things happen in a call, as readers of call events hear them. */
  happen(callId: string, ...happenings: Happening[]): void;
  close(): Promise<void>;
}

/**
 * @param publicUrl what the outside world calls us, when that is not where we listen.
 * @param toolServers left out: the page knows of none.
 */
export async function openStaffDesk(publicUrl?: string, toolServers?: ToolServersDesk): Promise<StaffDeskStage> {
  const database = await createTestDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'bellhop-desk-'));
  const config = readConfig(
    { DATABASE_URL: database.url, DATA_DIR: dataDir, BELLHOP_CONFIG: 'bellhop.example.yaml' },
    root,
  );
  const records = await openRecords(config, log);
  const failures: unknown[] = [];
  const feed = new LiveFeed();
  const live = new LiveCallView(feed);
  const news = toolServers && new ToolServerNews(feed, toolServers, (error) => failures.push(error));
  const app = fastify({ forceCloseConnections: true });
  const routes: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    if (url.startsWith('/staff/api/') && method !== 'HEAD') routes.push(`${String(method)} ${url}`);
  });
  const url = (): string => `http://127.0.0.1:${(app.server.address() as AddressInfo | null)?.port ?? 0}`;
  await registerDashboard(app, {
    desk: records.staffDesk,
    feed,
    live,
    ...(toolServers && news ? { tools: { desk: toolServers, news } } : {}),
    hotel: config.hotel,
    publicUrl: () => publicUrl ?? url(),
    allowedHosts: () => [new URL(url()).host],
    failed: (error) => failures.push(error),
  });
  await records.watchRequests(
    (id) => void tellViewers(id),
    () => feed.startAfresh(),
  );
  async function tellViewers(id: string): Promise<void> {
    try {
      const found = await records.staffDesk.request(id);
      if (found) feed.publish('request', found.request);
    } catch {
      // The stage closed in between.
    }
  }
  await app.listen({ host: '127.0.0.1', port: 0 });
  const staff = new StaffBook(records.database, hotelIdOf(config.hotel));
  const sequences = new Map<string, number>();
  return {
    url: url(),
    records,
    feed,
    live,
    news,
    routes,
    failures,
    hire: (login, name, role) => staff.add({ login, name, role }),
    request: async (changes) => (await records.requests.create({ ...DRAFT, callId: uuidv7(), ...changes })).request,
    happen(callId, ...happenings) {
      for (const happening of happenings) {
        const sequence = (sequences.get(callId) ?? 0) + 1;
        sequences.set(callId, sequence);
        const event = { callId, sequence, at: new Date().toISOString(), sinceAnswerMs: sequence * 100, happening };
        live.happened(event);
        records.calls.happened(event);
      }
    },
    async close() {
      news?.close();
      feed.close();
      await app.close();
      await records.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const DRAFT = {
  department: 'housekeeping',
  summary: 'Two extra bath towels',
  priority: 'normal',
  room: '412',
  isRoomVerified: false,
} as const;

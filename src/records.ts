/** The records of an installation: its database, embedded or given, with all that reads and writes it. */
import { basename, join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { CallPage, StaffDesk } from './dashboard/ports.ts';
import { CallLog } from './storage/call-log.ts';
import { CallPages } from './storage/call-pages.ts';
import { openDatabase, type Database } from './storage/database.ts';
import { startEmbeddedPostgres } from './storage/embedded-postgres.ts';
import { EventFeed } from './storage/event-feed.ts';
import { openGuestBooks, type GuestBooks } from './storage/guest-books.ts';
import { seedHotel } from './storage/hotel-book.ts';
import { PostgresRequestBook, REQUESTS_CHANNEL } from './storage/service-requests.ts';
import { StaffBook } from './storage/staff.ts';

export interface Records {
  databaseUrl: string;
  database: Database;
  requests: PostgresRequestBook;
  /** What the tools of calls work with. */
  guests: GuestBooks;
  calls: CallLog;
  staffDesk: StaffDesk;
  /** The first account's password, when it was made just now. */
  firstPassword: string | undefined;
  /**
   * Tells `heard` the id of each request that changes, in whatever instance, and `missed` when changes may have gone by
   * unheard while the database was away.
   */
  watchRequests(heard: (requestId: string) => void, missed: () => void): Promise<void>;
  close(): Promise<void>;
}

/** The login of the account that is there from the start. */
export const FIRST_LOGIN = 'manager';
const FLUSH_WITHIN_MS = 3_000;

/** @throws an error with one line that says what is wrong with the database. */
export async function openRecords(config: Config, log: Logger): Promise<Records> {
  const embedded =
    config.databaseUrl === undefined ? await startEmbeddedPostgres({ dataDir: config.dataDir, log }) : undefined;
  if (embedded) log.info({ folder: embedded.folder }, 'embedded database started');
  const databaseUrl = config.databaseUrl ?? embedded?.url ?? '';
  try {
    const database = await openDatabase(databaseUrl);
    const isExample = basename(config.hotelFile) === 'bellhop.example.yaml';
    const hotelId = await seedHotel(database, config.hotel, isExample, new Date());
    const requests = new PostgresRequestBook(database, hotelId);
    const calls = new CallLog(database, hotelId, log);
    const staff = new StaffBook(database, hotelId);
    const firstPassword = await staff.seedFirst(FIRST_LOGIN);
    const guests = await openGuestBooks(join(config.dataDir, 'spool'), databaseUrl, hotelId, log);
    const feeds: EventFeed[] = [];
    return {
      databaseUrl,
      database,
      requests,
      guests,
      calls,
      staffDesk: staffDesk(staff, requests, new CallPages(database, hotelId)),
      firstPassword,
      async watchRequests(heard, missed) {
        const feed = new EventFeed({ url: databaseUrl, channel: REQUESTS_CHANNEL, heard, missed, log });
        feeds.push(feed);
        await feed.open();
      },
      async close() {
        await guests.close();
        if (!(await calls.flush(FLUSH_WITHIN_MS))) log.error('some of the record of calls could not be written');
        await Promise.all(feeds.map((feed) => feed.close()));
        await database.destroy();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

function staffDesk(staff: StaffBook, requests: PostgresRequestBook, calls: CallPages): StaffDesk {
  return {
    signIn: (login, password, from) => staff.signIn(login, password, from),
    memberOf: (token) => staff.memberOf(token),
    signOut: (token) => staff.signOut(token),
    requests: (limit) => requests.list(limit),
    request: (id) => requests.get(id),
    changeStatus: (id, version, status, member) => requests.changeStatus(id, version, status, member.name),
    calls: (limit) => calls.list(limit),
    async call(callId): Promise<CallPage | undefined> {
      const page = await calls.get(callId);
      return page && { ...page, requests: await requests.ofCall(callId) };
    },
  };
}

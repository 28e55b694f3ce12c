/** The records of an installation: its database, embedded or given, with all that reads and writes it. */
import { basename, join } from 'node:path';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { Config } from './config.ts';
import type { CallEvent } from './call/call-event.ts';
import type { CallPage, CallSummary, StaffDesk } from './dashboard/ports.ts';
import { pricesOf } from './realtime/model-prices.ts';
import { CallLog } from './storage/call-log.ts';
import { CallPages } from './storage/call-pages.ts';
import { openDatabase, type Database } from './storage/database.ts';
import { startEmbeddedPostgres } from './storage/embedded-postgres.ts';
import { EventFeed } from './storage/event-feed.ts';
import { openGuestBooks, type GuestBooks } from './storage/guest-books.ts';
import { seedHotel } from './storage/hotel-book.ts';
import { CALLS_CHANNEL, InstanceLease } from './storage/instance-lease.ts';
import { REQUESTS_CHANNEL } from './storage/request-rows.ts';
import { PostgresRequestBook } from './storage/service-requests.ts';
import { StaffBook } from './storage/staff.ts';

export interface Records {
  databaseUrl: string;
  database: Database;
  hotelId: string;
  requests: PostgresRequestBook;
  /** What the tools of calls work with. */
  guests: GuestBooks;
  calls: CallLog;
  staffDesk: StaffDesk;
  /** The first account's password, when it was made just now. */
  firstPassword: string | undefined;
  /** Hears what is told on a channel, in whatever instance. @param missed as for `watchRequests`. */
  listen(channel: string, heard: (id: string) => void, missed: () => void): Promise<void>;
  /**
   * Tells `heard` the id of each request that changes, in whatever instance, and `missed` when changes may have gone by
   * unheard while the database was away.
   */
  watchRequests(heard: (requestId: string) => void, missed: () => void): Promise<void>;
  /**
   * Begins to end calls whose instance is gone (rule END-42). @param ended hears of those that were ended here. @param heard
   * hears of those that were ended in whatever instance, as staff see them.
   */
  watchInstances(ended: (event: CallEvent) => void, heard: (call: CallSummary) => void): Promise<void>;
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
    const writer = { hotelId, instanceId: uuidv7(), pricesOf };
    const requests = new PostgresRequestBook(database, hotelId);
    const calls = new CallLog(database, writer, log);
    const staff = new StaffBook(database, hotelId);
    const firstPassword = await staff.seedFirst(FIRST_LOGIN);
    const guests = await openGuestBooks(join(config.dataDir, 'spool'), databaseUrl, hotelId, log);
    const pages = new CallPages(database, hotelId);
    const feeds: EventFeed[] = [];
    const listen = async (channel: string, heard: (id: string) => void, missed: () => void): Promise<void> => {
      const feed = new EventFeed({ url: databaseUrl, channel, heard, missed, log });
      feeds.push(feed);
      await feed.open();
    };
    let lease: InstanceLease | undefined;
    return {
      databaseUrl,
      database,
      hotelId,
      listen,
      requests,
      guests,
      calls,
      staffDesk: staffDesk(staff, requests, pages),
      firstPassword,
      watchRequests: (heard, missed) => listen(REQUESTS_CHANNEL, heard, missed),
      async watchInstances(ended, heard) {
        const show = async (callId: string): Promise<void> => {
          try {
            const page = await pages.get(callId);
            if (page) heard(page.call);
          } catch (error) {
            log.warn({ err: error }, 'a call that was ended could not be shown');
          }
        };
        await listen(
          CALLS_CHANNEL,
          (callId) => void show(callId),
          () => {},
        );
        lease = new InstanceLease({ database, writer, log, ended });
        await lease.open();
      },
      async close() {
        await guests.close();
        if (!(await calls.flush(FLUSH_WITHIN_MS))) log.error('some of the record of calls could not be written');
        await lease?.close();
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

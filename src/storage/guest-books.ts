/** The books that the tools of calls work with, which survive a database that goes away: patience bounded, requests kept. */
import { mkdirSync } from 'node:fs';
import type { Logger } from 'pino';
import type { RequestBook, StayBook } from '../hotel/ports.ts';
import { BoundedStays } from './bounded-stays.ts';
import { openGuestDatabase } from './guest-database.ts';
import { PostgresStayBook } from './hotel-book.ts';
import { NotedRequests, readNoted, type Confirmed, type NotedRequest } from './noted-requests.ts';
import { claimFolder } from './postgres-owner.ts';
import { PostgresRequestBook } from './service-requests.ts';
import { Spool } from './spool.ts';

export interface GuestBooks {
  requests: RequestBook;
  stays: StayBook;
  /** For whoever watches over us. */
  figures(): SpoolFigures;
  /** Begins to store what is noted, of earlier runs too. @param confirmed hears of each that has its number now. */
  start(confirmed: Confirmed): void;
  close(): Promise<void>;
}

export interface SpoolFigures {
  /** Requests that are noted on this machine and not in the database yet. */
  noted: number;
  /** Files with damaged or refused records that somebody has to look into. */
  filesSetAside: number;
}

/**
 * @param folder of the spool; this process's own. @param url of a database that is up to date.
 * @throws an error of the file system, or one with one line when another process has the folder.
 */
export async function openGuestBooks(folder: string, url: string, hotelId: string, log: Logger): Promise<GuestBooks> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const giveBack = claimFolder(folder, 'spool');
  const spool = await openSpool(folder, log).catch((error: unknown) => {
    giveBack();
    throw error;
  });
  const { database, reach, close } = openGuestDatabase(url, log);
  const requests = new NotedRequests({ book: new PostgresRequestBook(database, hotelId), spool, reach, log });
  return {
    requests,
    stays: new BoundedStays(new PostgresStayBook(database, hotelId), reach),
    figures: () => ({ noted: spool.pending.length, filesSetAside: spool.filesSetAside }),
    start: (confirmed) => requests.start(confirmed),
    async close() {
      await requests.close();
      await close();
      giveBack();
    },
  };
}

const openSpool = (folder: string, log: Logger): Promise<Spool<NotedRequest>> =>
  Spool.open({ folder, name: 'requests', read: readNoted, log });

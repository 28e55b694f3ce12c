/** What an installation on this machine wrote down about a call that was placed from here. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../src/config.ts';
import type { ServiceRequest } from '../../src/hotel/service-request.ts';
import { CallPages } from '../../src/storage/call-pages.ts';
import { DatabaseError, openDatabase } from '../../src/storage/database.ts';
import { hotelIdOf } from '../../src/storage/hotel-book.ts';
import { PostgresRequestBook } from '../../src/storage/service-requests.ts';
import type { CallOutcome } from './call-happenings.ts';

export interface CallRecord {
  callId: string;
  endReason: string | null;
  /** The department, when the call was put through. */
  transferredTo: string | null;
  /** What this call asked for, oldest first. */
  requests: ServiceRequest[];
}

/** The record may be written a moment after the call. */
const WAIT_MS = 5_000;
const LOOK_EVERY_MS = 100;
/** Our clock and the installation's are the same, but the webhook takes its time. */
const STARTED_WITHIN_MS = 5_000;
const LOOK_BACK = 200;

/** @returns undefined when no such call was written down in time. @throws DatabaseError when the database is away. */
export async function readCallRecord(
  databaseUrl: string,
  hotel: Config['hotel'],
  { from, placedAt }: Pick<CallOutcome, 'from' | 'placedAt'>,
): Promise<CallRecord | undefined> {
  const database = await openDatabase(databaseUrl, WAIT_MS);
  try {
    const pages = new CallPages(database, hotelIdOf(hotel));
    const find = async () =>
      (await pages.list(LOOK_BACK))
        .filter((call) => call.from === from && awayMs(call.startedAt) < STARTED_WITHIN_MS)
        .toSorted((a, b) => awayMs(a.startedAt) - awayMs(b.startedAt))[0];
    const awayMs = (startedAt: Date): number => Math.abs(startedAt.getTime() - placedAt.getTime());
    let call = await find();
    for (let waitedMs = 0; !call?.endedAt && waitedMs < WAIT_MS; waitedMs += LOOK_EVERY_MS) {
      await sleep(LOOK_EVERY_MS);
      call = await find();
    }
    if (!call) return undefined;
    const requests = await new PostgresRequestBook(database, hotelIdOf(hotel)).ofCall(call.callId);
    const { callId, endReason, transferredTo } = call;
    return { callId, endReason, transferredTo, requests };
  } catch (error) {
    throw new DatabaseError(`the database went away: ${error instanceof Error ? error.message : ''}`, { cause: error });
  } finally {
    await database.destroy();
  }
}

/** A request as the last line of `npm run call -- --json` gives it. */
export function briefly({ number, summary, department, priority, room }: ServiceRequest) {
  return { number, summary, department, priority, room };
}

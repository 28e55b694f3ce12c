/** Reads a call from the records of the installation on this machine, whether Bellhop runs or not. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CallEvent } from '../../src/call/call-event.ts';
import type { Config } from '../../src/config.ts';
import { readRuntime } from '../../src/local-secrets.ts';
import { CallPages } from '../../src/storage/call-pages.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { startEmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';
import { hotelIdOf } from '../../src/storage/hotel-book.ts';

/** The call cannot be told of; the message is one line for whoever asked. */
export class NoSuchCallError extends Error {
  override name = 'NoSuchCallError';
}

const WAIT_MS = 5_000;
const SHOWN_IDS = 3;

export interface FoundCall {
  callId: string;
  events: CallEvent[];
}

/**
 * @param wanted a call id, the beginning of one, or `last`.
 * @throws NoSuchCallError @throws DatabaseError, or the embedded database's error, with one line each.
 */
export async function readCall(config: Config, wanted: string): Promise<FoundCall> {
  if (wanted !== 'last' && !/^[0-9a-f-]{4,36}$/i.test(wanted))
    throw new NoSuchCallError(
      `'${wanted}' is no call id: expected one, at least 4 characters of its beginning, or last`,
    );
  const { url, close } = await findDatabase(config);
  try {
    const database = await openDatabase(url, WAIT_MS);
    try {
      const pages = new CallPages(database, hotelIdOf(config.hotel));
      const callId = await findCall(pages, wanted);
      return { callId, events: await pages.events(callId) };
    } finally {
      await database.destroy();
    }
  } finally {
    await close();
  }
}

async function findCall(pages: CallPages, wanted: string): Promise<string> {
  const isLast = wanted === 'last';
  const ids = await pages.idsLike(isLast ? '' : wanted, isLast ? 1 : SHOWN_IDS + 1);
  const [callId] = ids;
  if (callId === undefined)
    throw new NoSuchCallError(isLast ? 'there is no call in the records yet' : `no call's id begins with '${wanted}'`);
  if (ids.length > 1)
    throw new NoSuchCallError(
      `several calls' ids begin with '${wanted}', the newest first: ${ids.slice(0, SHOWN_IDS).join(', ')}${ids.length > SHOWN_IDS ? ', …' : ''}`,
    );
  return callId;
}

/** A running Bellhop's database, the one that is set, or the embedded one, started to be read. */
async function findDatabase(config: Config): Promise<{ url: string; close(): Promise<void> }> {
  const url = readRuntime(config.dataDir)?.databaseUrl ?? config.databaseUrl;
  if (url !== undefined) return { url, close: async () => {} };
  if (!existsSync(join(config.dataDir, 'postgres-password')))
    throw new NoSuchCallError(
      `there are no records in ${config.dataDir}: Bellhop never ran there; set DATA_DIR to where it did`,
    );
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir });
  return { url: embedded.url, close: () => embedded.stop() };
}

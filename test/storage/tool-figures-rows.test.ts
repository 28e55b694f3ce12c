/** Figures of tools from the record: what is counted, for which hotel, of which time. */
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { seedHotel } from '../../src/storage/hotel-book.ts';
import { toolFigures } from '../../src/storage/tool-figures-rows.ts';
import { exampleHotel } from '../example-hotel.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

let testDatabase: TestDatabase;
let database: Database;
let hotelId: string;
let callId: string;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  hotelId = await seedHotel(database, exampleHotel(), false, new Date());
  callId = await call(1);
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);

async function call(hours: number): Promise<string> {
  const id = uuidv7();
  const told = { carrier: 'c', from_number: '+1', to_number: '+2', agent: 'a', phase: 'ended' };
  await database
    .insertInto('calls')
    .values({ id, hotel_id: hotelId, ...told, started_at: hoursAgo(hours) })
    .execute();
  return id;
}

interface Run {
  server?: string;
  path?: 'native' | 'function' | 'client';
  outcome?: 'ok' | 'refused' | 'failed';
  error?: string;
  result?: string;
  ms: number;
  hours?: number;
  ofCall?: string;
}

async function ran(tool: string, ...runs: Run[]): Promise<void> {
  const rows = runs.map(({ server, path, outcome, error, result, ms, hours, ofCall }) => ({
    id: uuidv7(),
    call_id: ofCall ?? callId,
    tool,
    path: path ?? ('client' as const),
    server: server ?? null,
    error: error ?? null,
    result_bytes: null,
    arguments: '{}',
    outcome: outcome ?? ('ok' as const),
    result: result ?? '',
    started_at: hoursAgo(hours ?? 0.5),
    duration_ms: ms,
  }));
  await database.insertInto('tool_calls').values(rows).execute();
}

it('tools are counted by server and name, with medians, failures, paths and the last error, over a day', async () => {
  const spa = 'spa';
  await ran(
    'book',
    { server: spa, ms: 100, path: 'native' },
    { server: spa, ms: 200 },
    { server: spa, ms: 300, outcome: 'failed', error: 'timed out', hours: 0.2 },
    { server: spa, ms: 400, outcome: 'failed', error: 'refused to connect', hours: 0.9 },
    { server: spa, ms: 9_000, hours: 25, ofCall: await call(26) },
  );
  await ran('book', { ms: 10, outcome: 'refused', error: 'not verified' });
  await ran('verify_guest', { ms: 10, path: 'native', outcome: 'failed', result: 'x'.repeat(400) });
  const figures = await toolFigures(database, hotelId);
  expect(figures.map(({ lastError, ...counts }) => ({ ...counts, message: lastError?.message }))).toEqual([
    { server: 'hotel', tool: 'book', calls: 1, failures: 0, p50Ms: 10, p95Ms: 10, nativeShare: 0, message: undefined },
    {
      server: 'hotel',
      tool: 'verify_guest',
      calls: 1,
      failures: 1,
      p50Ms: 10,
      p95Ms: 10,
      nativeShare: 1,
      message: 'x'.repeat(300),
    },
    {
      server: 'spa',
      tool: 'book',
      calls: 4,
      failures: 2,
      p50Ms: 250,
      p95Ms: 385,
      nativeShare: 0.25,
      message: 'timed out',
    },
  ]);
  expect(figures[2]?.lastError?.at).toBeInstanceOf(Date);
  expect(await toolFigures(database, uuidv7())).toEqual([]);
});

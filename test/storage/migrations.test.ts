/** Records of an earlier version are taken over: what later migrations make of rows that were there before. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { openDatabase } from '../../src/storage/database.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

let testDatabase: TestDatabase;

afterEach(() => testDatabase.drop());

const FOUNDATION = '001-foundation.sql';
const hotel = uuidv7();

/** Rows of the first version. @returns the statements' client; the caller ends it. */
async function firstVersion(): Promise<pg.Client> {
  testDatabase = await createTestDatabase();
  const client = new pg.Client({ connectionString: testDatabase.url });
  await client.connect();
  const text = readFileSync(new URL(`../../src/storage/migrations/${FOUNDATION}`, import.meta.url), 'utf8');
  await client.query(text);
  await client.query('create table migrations (name text primary key, checksum text, applied_at timestamptz)');
  const checksum = createHash('sha256').update(text).digest('hex');
  await client.query('insert into migrations values ($1, $2, now())', [FOUNDATION, checksum]);
  await client.query("insert into hotels values ($1, 'The Harbour')", [hotel]);
  return client;
}

it('[T3] earlier requests belong to the one stay that comes into question, and else to none', async () => {
  const client = await firstVersion();
  const [left, came, verifiedCall] = [uuidv7(), uuidv7(), uuidv7()];
  const stay = (id: string, from: string, to: string) =>
    client.query("insert into stays values ($1, $2, '412', 'A guest', $3, $4)", [id, hotel, from, to]);
  await stay(left, '2026-03-01', '2026-03-10');
  await stay(came, '2026-03-10', '2026-03-20');
  await client.query(
    `insert into calls (id, hotel_id, carrier, from_number, to_number, agent, phase, started_at, stay_id)
     values ($1, $2, 'twilio', '', '', '', 'ended', now(), $3)`,
    [verifiedCall, hotel, left],
  );
  const request = (number: number, at: string, room = '412', callId: string | null = null) =>
    client.query(
      `insert into service_requests
         (id, hotel_id, number, call_id, department, summary, normalised_summary, priority, room, is_room_verified, due_at, created_at)
       values ($1, $2, $3, $4, 'housekeeping', 's', 's', 'normal', $5, $6, now(), $7)`,
      [uuidv7(), hotel, number, callId, room, callId !== null, at],
    );
  await request(1, '2026-03-05T12:00:00Z');
  await request(2, '2026-03-15T12:00:00Z');
  await request(3, '2026-03-10T09:00:00Z');
  // The day of change in another time zone.
  await request(4, '2026-03-11T02:00:00Z');
  await request(5, '2026-03-10T09:00:00Z', '412', verifiedCall);
  await request(6, '2026-03-05T12:00:00Z', '413');
  const database = await openDatabase(testDatabase.url);
  await database.destroy();
  const { rows } = await client.query<{ stay_id: string | null }>(
    'select stay_id from service_requests order by number',
  );
  await client.end();
  expect(rows.map((row) => row.stay_id)).toEqual([left, came, null, null, left, null]);
});

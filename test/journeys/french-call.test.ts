/** A recorded call in French, through the whole app: webhook, media stream, local engine, tools, database. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCallerAudio } from '../../scripts/telephone/caller-audio.ts';
import { placeCall } from '../../scripts/telephone/place-call.ts';
import { startApp, type App } from '../../src/app.ts';
import type { CallEvent } from '../../src/call/call-event.ts';
import { readConfig } from '../../src/config.ts';
import { readRuntime } from '../../src/local-secrets.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { hotelIdOf } from '../../src/storage/hotel-book.ts';
import { PostgresRequestBook } from '../../src/storage/service-requests.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const STORY = join(ROOT, 'fixtures/calls/taxi-in-french');
const folder = mkdtempSync(join(tmpdir(), 'bellhop-french-'));
const events: CallEvent[] = [];
let testDatabase: TestDatabase;
let database: Database;
let app: App;
let book: PostgresRequestBook;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const example = readFileSync(join(ROOT, 'bellhop.example.yaml'), 'utf8');
  writeFileSync(join(folder, 'hotel.yaml'), example.replace('languages: [en]', 'languages: [fr, en]'));
  const config = readConfig(
    { DATABASE_URL: testDatabase.url, DATA_DIR: folder, PORT: '0', BELLHOP_CONFIG: join(folder, 'hotel.yaml') },
    ROOT,
  );
  const reader = { happened: (event: CallEvent) => void events.push(event), words: () => {} };
  app = await startApp({ config, log: pino({ level: 'silent' }), readers: [reader] });
  database = await openDatabase(testDatabase.url);
  book = new PostgresRequestBook(database, hotelIdOf(config.hotel));
});

afterAll(async () => {
  await app?.close();
  await database?.destroy();
  await testDatabase?.drop();
  rmSync(folder, { recursive: true, force: true });
});

it('a guest who speaks French is greeted, understood and answered in French, and staff read English', async () => {
  const { from, expected } = JSON.parse(readFileSync(join(STORY, 'transcript.json'), 'utf8')) as {
    from: string;
    expected: { requests: { department: string; room: string }[]; said: string[] };
  };
  const authToken = readRuntime(folder)?.twilioAuthToken ?? '';
  const audio = loadCallerAudio(STORY);
  const outcome = await placeCall({ webhookUrl: `${app.url}/twilio/voice`, authToken, audio, from });
  const happenings = events.map(({ happening }) => happening);
  const said = happenings.flatMap((event) => (event.kind === 'agent-said' ? [event.text] : [])).join('\n');
  const heard = happenings.flatMap((event) => (event.kind === 'guest-said' ? [event.text] : []));
  const told = JSON.stringify({ reason: outcome.reason, heard, said });
  const requests = await book.ofCall(events[0]?.callId ?? '');
  expect(
    requests.map(({ department, room }) => ({ department, room })),
    told,
  ).toEqual(expected.requests.map(({ department, room }) => ({ department, room })));
  expect(requests[0]?.summary, told).toMatch(/^A taxi at 7:00 to the airport/);
  for (const pattern of ['^Bonjour, ici Bell', 'For English, say “English”', ...expected.said])
    expect(said, told).toMatch(new RegExp(pattern));
  expect(outcome.reason, told).toBe('agent-hung-up');
}, 300_000);

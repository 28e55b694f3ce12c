/** Every recorded call, through the whole app: signed webhook, media stream, local engine, tools, database. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCallerAudio } from '../../scripts/telephone/caller-audio.ts';
import { placeCall } from '../../scripts/telephone/place-call.ts';
import { startApp, type App } from '../../src/app.ts';
import type { CallEvent } from '../../src/call/call-event.ts';
import { readConfig } from '../../src/config.ts';
import { readRuntime } from '../../src/local-secrets.ts';
import { hotelDate } from '../../src/hotel/hotel.ts';
import type { Priority } from '../../src/hotel/service-request.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { hotelIdOf } from '../../src/storage/hotel-book.ts';
import { PostgresRequestBook } from '../../src/storage/service-requests.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

interface Transcript {
  from: string;
  /** Of another hotel than the example: `french-call.test.ts` plays it. */
  languages?: string[];
  seed?: { room: string; department: string; summary: string; priority: Priority }[];
  expected: {
    requests: { department: string; room: string; summary: string[] }[];
    transferredTo: string | null;
    seededPriority?: Priority;
    said?: string[];
  };
}

const ROOT = resolve(import.meta.dirname, '../..');
const CALLS = join(ROOT, 'fixtures/calls');
/** Calls at once: what the local engine is made for on two cores. */
const AT_ONCE = 3;

let testDatabase: TestDatabase;
let app: App;
let database: Database;
let book: PostgresRequestBook;
let authToken: string;
let timeZone: string;
const folder = mkdtempSync(join(tmpdir(), 'bellhop-journey-'));
const events: CallEvent[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const config = readConfig(
    { DATABASE_URL: testDatabase.url, DATA_DIR: folder, PORT: '0', BELLHOP_CONFIG: 'bellhop.example.yaml' },
    ROOT,
  );
  const reader = { happened: (event: CallEvent) => void events.push(event), words: () => {} };
  app = await startApp({ config, log: pino({ level: 'silent' }), readers: [reader] });
  database = await openDatabase(testDatabase.url);
  book = new PostgresRequestBook(database, hotelIdOf(config.hotel));
  timeZone = config.hotel.time_zone;
  authToken = readRuntime(folder)?.twilioAuthToken ?? '';
});

afterAll(async () => {
  await app?.close();
  await database?.destroy();
  await testDatabase?.drop();
  rmSync(folder, { recursive: true, force: true });
});

const transcriptOf = (story: string): Transcript =>
  JSON.parse(readFileSync(join(CALLS, story, 'transcript.json'), 'utf8')) as Transcript;

describe('recorded calls', { concurrent: true, timeout: 300_000 }, () => {
  const lines = Array.from({ length: AT_ONCE }, () => Promise.resolve());

  const stories = readdirSync(CALLS).filter((story) => transcriptOf(story).languages === undefined);

  it.each(stories.map((story, i) => [story, i % AT_ONCE] as const))('%s ends as it must', (story, line) => {
    const call = (lines[line] ?? Promise.resolve()).then(() => play(story));
    lines[line] = call.catch(() => {});
    return call;
  });
});

async function play(story: string): Promise<void> {
  const path = join(CALLS, story);
  const { from, seed, expected } = transcriptOf(story);
  const stayOn = hotelDate(timeZone, new Date());
  const seeded = await Promise.all(
    (seed ?? []).map((request) => book.create({ ...request, callId: uuidv7(), isRoomVerified: true, stayOn })),
  );
  const audio = loadCallerAudio(path);
  const outcome = await placeCall({ webhookUrl: `${app.url}/twilio/voice`, authToken, audio, from });
  const call = eventsOf(from);
  const said = call.flatMap((event) => (event.kind === 'agent-said' ? [event.text] : [])).join('\n');
  const heard = call.flatMap((event) => (event.kind === 'guest-said' ? [event.text] : []));
  const told = JSON.stringify({ reason: outcome.reason, problem: outcome.problem, heard, said });
  const callId = events.find(({ happening }) => happening.kind === 'answered' && happening.from === from)?.callId ?? '';
  const requests = await book.ofCall(callId);
  expect(
    requests.map(({ department, room }) => ({ department, room })),
    told,
  ).toEqual(expected.requests.map(({ department, room }) => ({ department, room })));
  for (const [i, { summary }] of expected.requests.entries())
    for (const word of summary) expect(requests[i]?.summary.toLowerCase(), told).toContain(word);
  const transfers = call.flatMap((event) => (event.kind === 'transfer-started' ? [event.department] : []));
  expect(transfers, told).toEqual(expected.transferredTo === null ? [] : [expected.transferredTo]);
  expect(outcome.reason, told).toBe(expected.transferredTo === null ? 'agent-hung-up' : 'transferred');
  for (const pattern of expected.said ?? []) expect(said, told).toMatch(new RegExp(pattern));
  for (const { request } of seeded)
    expect((await book.get(request.id))?.request.priority, told).toBe(expected.seededPriority);
  for (const event of call) if (event.kind === 'tool-started') expect(event.path).toBe('native');
}

function eventsOf(from: string) {
  const callId = events.find(({ happening }) => happening.kind === 'answered' && happening.from === from)?.callId;
  return events.filter((event) => event.callId === callId).map((event) => event.happening);
}

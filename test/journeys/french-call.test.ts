/** Recorded calls in French, through the whole app: webhook, media stream, local engine, tools, database. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { afterAll, expect, it } from 'vitest';
import { loadCallerAudio } from '../../scripts/telephone/caller-audio.ts';
import { placeCall } from '../../scripts/telephone/place-call.ts';
import { startApp } from '../../src/app.ts';
import type { CallEvent } from '../../src/call/call-event.ts';
import { readConfig } from '../../src/config.ts';
import { readRuntime } from '../../src/local-secrets.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { hotelIdOf } from '../../src/storage/hotel-book.ts';
import { PostgresRequestBook } from '../../src/storage/service-requests.ts';
import { createTestDatabase } from '../test-database.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CALLS = join(ROOT, 'fixtures/calls');

interface Transcript {
  from: string;
  languages: string[];
  expected: { requests: { department: string; room: string; summary: string[] }[]; said: string[] };
}

const closers: (() => Promise<unknown> | void)[] = [];
afterAll(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

it.concurrent.each([
  ['taxi-in-french', 'a guest who speaks French is greeted, understood and answered in French'],
  ['french-on-request', 'a guest who asks for French is understood and answered in it from then on'],
])(
  '%s: %s, and staff read English',
  async (story) => {
    const path = join(CALLS, story);
    const { from, languages, expected } = JSON.parse(readFileSync(join(path, 'transcript.json'), 'utf8')) as Transcript;
    const { url, authToken, book, happenings } = await hotelThatSpeaks(languages);
    const outcome = await placeCall({
      webhookUrl: `${url}/twilio/voice`,
      authToken,
      audio: loadCallerAudio(path),
      from,
    });
    const said = happenings().flatMap((event) => (event.kind === 'agent-said' ? [event.text] : []));
    const heard = happenings().flatMap((event) => (event.kind === 'guest-said' ? [event.text] : []));
    const told = JSON.stringify({ reason: outcome.reason, heard, said });
    const requests = await book();
    expect(
      requests.map(({ department, room }) => ({ department, room })),
      told,
    ).toEqual(expected.requests.map(({ department, room }) => ({ department, room })));
    for (const [i, { summary }] of expected.requests.entries())
      for (const word of summary) expect(requests[i]?.summary.toLowerCase(), told).toContain(word);
    const first =
      languages[0] === 'fr' ? /^Bonjour, ici Bell.*For English, say/ : /^Hello, this is Bell.*Pour le français/;
    expect(said[0], told).toMatch(first);
    for (const pattern of expected.said) expect(said.join('\n'), told).toMatch(new RegExp(pattern));
    expect(outcome.reason, told).toBe('agent-hung-up');
  },
  300_000,
);

async function hotelThatSpeaks(languages: readonly string[]) {
  const events: CallEvent[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'bellhop-french-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const testDatabase = await createTestDatabase();
  closers.push(() => testDatabase.drop());
  const example = readFileSync(join(ROOT, 'bellhop.example.yaml'), 'utf8');
  const own = join(folder, 'hotel.yaml');
  writeFileSync(own, example.replace('languages: [en]', `languages: [${languages.join(', ')}]`));
  const config = readConfig({ DATABASE_URL: testDatabase.url, DATA_DIR: folder, PORT: '0', BELLHOP_CONFIG: own }, ROOT);
  const reader = { happened: (event: CallEvent) => void events.push(event), words: () => {} };
  const app = await startApp({ config, log: pino({ level: 'silent' }), readers: [reader] });
  closers.push(() => app.close());
  const database = await openDatabase(testDatabase.url);
  closers.push(() => database.destroy());
  return {
    url: app.url,
    authToken: readRuntime(folder)?.twilioAuthToken ?? '',
    happenings: () => events.map(({ happening }) => happening),
    book: () => new PostgresRequestBook(database, hotelIdOf(config.hotel)).ofCall(events[0]?.callId ?? ''),
  };
}

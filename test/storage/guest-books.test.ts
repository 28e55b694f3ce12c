/** The tools of calls over a real database that goes away: refused at once, and silent. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Happening } from '../../src/call/call-event.ts';
import { Toolbox } from '../../src/hotel/toolbox.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { openGuestBooks, type GuestBooks } from '../../src/storage/guest-books.ts';
import { PostgresStayBook, seedHotel } from '../../src/storage/hotel-book.ts';
import { PostgresRequestBook } from '../../src/storage/service-requests.ts';
import { systemClock } from '../../src/system-clock.ts';
import { exampleHotel } from '../example-hotel.ts';
import { MemoryLedger } from '../hotel/books.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { DatabaseGate } from './database-gate.ts';

const hotel = exampleHotel();
const log = pino({ level: 'silent' });
let testDatabase: TestDatabase;
let database: Database;
let hotelId: string;
let folder: string;
let gate: DatabaseGate;
let books: GuestBooks;
/** Noted requests that reached the database: their id and number. */
const confirmed: [string, number][] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  hotelId = await seedHotel(database, hotel, true, new Date());
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bellhop-books-'));
  gate = await DatabaseGate.open(testDatabase.url);
  confirmed.length = 0;
  await open();
});
afterEach(async () => {
  await books.close();
  await gate.refuse();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
  books = await openGuestBooks(folder, gate.url, hotelId, log);
  books.start(({ id }, { number }) => confirmed.push([id, number]));
}

function call(callId: string = uuidv7()) {
  const happenings: Happening[] = [];
  const { requests, stays } = books;
  const toolbox = new Toolbox({ hotel, requests, stays, ledger: new MemoryLedger(), clock: systemClock });
  const happened = (happening: Happening): void => void happenings.push(happening);
  const tools = toolbox.open({ callId, happened, signal: new AbortController().signal });
  let count = 0;
  return {
    callId,
    happenings,
    run: (name: string, input: object = {}) => tools.run(name, input, `t${++count}`, 'native'),
    create: (summary: string) =>
      tools.run('create_service_request', { summary, room_number: '412' }, `t${++count}`, 'native'),
  };
}

const rowsOf = (callId: string) =>
  database.selectFrom('service_requests').selectAll().where('call_id', '=', callId).orderBy('number').execute();

/** Waits until nothing is noted any more. @returns how long it took. */
async function untilStored(): Promise<number> {
  const since = performance.now();
  await expect.poll(() => books.figures().noted, { timeout: 10_000, interval: 20 }).toBe(0);
  return performance.now() - since;
}

const ways: [string, () => Promise<void> | void][] = [
  ['refuses', () => gate.refuse()],
  ['is silent', () => gate.silence()],
];

describe.each(ways)('[TOOL-39] while the database %s', (_way, shut) => {
  it('a request is noted within the tool’s time, and stored once within 10 s of the return', async () => {
    const a = call();
    expect((await a.create('A taxi to the airport')).text).toMatch(/^Recorded/);
    await shut();
    const since = performance.now();
    const result = await a.create('Two extra towels');
    expect(performance.now() - since).toBeLessThan(2_500);
    expect(result).toMatchObject({ outcome: 'ok', structured: { unconfirmed: true, room_number: '412' } });
    expect(result.text).toMatch(/^This is noted for .* but I cannot confirm it yet\./);
    expect(JSON.stringify(result)).not.toMatch(/request_number|recorded as/i);
    expect(a.happenings).toContainEqual(
      expect.objectContaining({ kind: 'request-noted', summary: 'Two extra towels' }),
    );
    await gate.restore();
    expect(await untilStored()).toBeLessThan(10_000);
    const rows = await rowsOf(a.callId);
    expect(rows.map(({ summary }) => summary)).toEqual(['A taxi to the airport', 'Two extra towels']);
    expect(confirmed).toEqual([[rows[1]?.id, rows[1]?.number]]);
  });

  it('after the first wait no other call waits, and the order stays', async () => {
    await shut();
    await call().create('A request that waits');
    const b = call();
    const since = performance.now();
    for (const what of ['An iron', 'A kettle', 'A cot']) await b.create(`${what} for the room`);
    expect(performance.now() - since).toBeLessThan(500);
    await gate.restore();
    await untilStored();
    const summaries = (await rowsOf(b.callId)).map(({ summary }) => summary);
    expect(summaries).toEqual(['An iron for the room', 'A kettle for the room', 'A cot for the room']);
  });

  it('what is read says that it failed, in time, and never that there is nothing', async () => {
    const a = call();
    await shut();
    const since = performance.now();
    const results = [
      await a.run('get_service_requests', { status: 'all' }),
      await a.run('verify_guest', { room_number: '412', last_name: 'Miller' }),
      await a.run('update_service_request_priority', { request_number: 101, priority: 'high', reason: 'waiting' }),
    ];
    expect(performance.now() - since).toBeLessThan(2_500);
    expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed']);
    expect(results.map(({ text }) => text.split('.')[0])).toEqual([
      'I could not look that up just now',
      'I could not check that just now',
      'I could not change that just now',
    ]);
    await gate.restore();
    await expect.poll(async () => (await a.run('get_service_requests')).outcome, { timeout: 5_000 }).toBe('ok');
  });
});

describe('[TOOL-39] noted requests', () => {
  it('the same request again is the same note, and one row', async () => {
    const a = call();
    await gate.refuse();
    const [first, second] = await Promise.all([a.create('Two extra towels'), a.create('two extra TOWELS!')]);
    const third = await a.create('Two extra towels');
    const duplicates = [first, second, third].map(({ structured }) => structured?.duplicate);
    expect(duplicates).toEqual([false, true, true]);
    expect(third.text).toMatch(/^This was noted already, but I cannot confirm it yet/);
    await gate.restore();
    await untilStored();
    expect(await rowsOf(a.callId)).toHaveLength(1);
  });

  it('a request that was stored before the outage and asked for again in it stays one row', async () => {
    const a = call();
    await a.create('Two extra towels');
    await gate.refuse();
    expect((await a.create('Two extra towels')).structured).toMatchObject({ unconfirmed: true });
    await gate.restore();
    await untilStored();
    const rows = await rowsOf(a.callId);
    expect(rows).toHaveLength(1);
    expect(confirmed.map(([, number]) => number)).toEqual([rows[0]?.number]);
  });

  it('they survive our own end, and keep the time at which the guest asked', async () => {
    const a = call();
    await gate.refuse();
    await a.create('Two extra towels');
    const askedAt = Date.now();
    await books.close();
    await sleep(300);
    await gate.restore();
    await open();
    await untilStored();
    const [row] = await rowsOf(a.callId);
    expect(row?.created_at.getTime()).toBeLessThanOrEqual(askedAt);
    expect(confirmed).toEqual([[row?.id, row?.number]]);
  });

  it('a spool that is replayed twice gives one row', async () => {
    const a = call();
    await gate.refuse();
    await a.create('Two extra towels');
    await books.close();
    const file = join(folder, 'requests.spool');
    const before = readFileSync(file);
    await gate.restore();
    await open();
    await untilStored();
    await books.close();
    // As if we had died between the row and the emptied file.
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'bellhop-books-'));
    writeFileSync(join(folder, 'requests.spool'), before);
    await open();
    await untilStored();
    expect(await rowsOf(a.callId)).toHaveLength(1);
    expect(confirmed).toHaveLength(2);
    expect(new Set(confirmed.map(String)).size).toBe(1);
  });

  it('it belongs to the stay that could not be looked up, and its history tells of the outage', async () => {
    const a = call();
    await gate.refuse();
    await a.create('Two extra towels');
    await gate.restore();
    await untilStored();
    const today = new Date().toISOString().slice(0, 10);
    const [stay] = await new PostgresStayBook(database, hotelId).inRoom('412', today);
    const [row] = await rowsOf(a.callId);
    expect(row?.stay_id).toBe(stay?.id);
    const page = await new PostgresRequestBook(database, hotelId).get(row?.id ?? '');
    expect(page?.history.map(({ what }) => what)).toEqual(['created, noted before while the database was away']);
  });

  it('one that the database will never take is set aside, and the next one is stored', async () => {
    const [a, b] = [call(), call()];
    const { requests } = books;
    await gate.refuse();
    const draft = { department: 'housekeeping', priority: 'normal', isRoomVerified: true } as const;
    await requests.create({ ...draft, callId: a.callId, summary: 'For nobody', stayId: uuidv7() });
    await b.create('Two extra towels');
    await gate.restore();
    await untilStored();
    expect([await rowsOf(a.callId), await rowsOf(b.callId)].map((rows) => rows.length)).toEqual([0, 1]);
    expect(books.figures().filesSetAside).toBe(1);
    expect(readdirSync(folder).filter((name) => name.includes('.refused-'))).toHaveLength(1);
  });

  it('[T14] a card number is not written to the spool either', async () => {
    await gate.refuse();
    await call().create('Charge 4111 1111 1111 1111 for the taxi');
    const text = readFileSync(join(folder, 'requests.spool'), 'utf8');
    expect(text).toContain('Charge [card number] for the taxi');
    expect(text).not.toContain('4111');
    await gate.restore();
    await untilStored();
  });

  it('one whose row somebody holds too long is noted, and stored once when it is free', async () => {
    const a = call();
    const held = Promise.withResolvers<void>();
    const holding = database.transaction().execute(async (transaction) => {
      await transaction.selectFrom('hotels').select('id').forUpdate().execute();
      await held.promise;
    });
    try {
      expect((await a.create('Two extra towels')).structured).toMatchObject({ unconfirmed: true });
      // The list can be read, and is not whole.
      for (let i = 0; i < 10; i++) {
        expect((await a.run('get_service_requests')).text).toMatch(/^I could not look that up/);
        await sleep(100);
      }
    } finally {
      held.resolve();
    }
    await holding;
    await untilStored();
    expect(await rowsOf(a.callId)).toHaveLength(1);
  });

  it('two processes never share a spool', async () => {
    await expect(openGuestBooks(folder, gate.url, hotelId, log)).rejects.toThrow(
      /^the spool in .* is in use by process/,
    );
  });
});

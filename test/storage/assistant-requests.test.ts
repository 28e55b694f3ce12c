import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import type { AssistantDraft } from '../../src/hotel/assistant-book.ts';
import { PostgresAssistantBook } from '../../src/storage/assistant-requests.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { PostgresStayBook, seedHotel } from '../../src/storage/hotel-book.ts';
import { PostgresRequestBook } from '../../src/storage/service-requests.ts';
import { exampleHotel } from '../example-hotel.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

let testDatabase: TestDatabase;
let database: Database;
let hotelId: string;
let book: PostgresAssistantBook;
let ofCalls: PostgresRequestBook;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  hotelId = await seedHotel(database, exampleHotel(), true, new Date());
  book = new PostgresAssistantBook(database, hotelId);
  ofCalls = new PostgresRequestBook(database, hotelId);
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

const NIGHT = 'Night assistant';
const draft = (summary: string, changes: Partial<AssistantDraft> = {}): AssistantDraft => ({
  department: 'maintenance',
  summary,
  priority: 'normal',
  ...changes,
});
const historyOf = async (id: string) => (await ofCalls.get(id))?.history.map(({ by, what }) => `${by}: ${what}`);

describe('requests of assistants', () => {
  it('have no call, and their history says whose they are', async () => {
    const { request, isDuplicate } = await book.create(draft('The lamp in the lobby is broken'), NIGHT);
    expect(isDuplicate).toBe(false);
    expect(request).toMatchObject({ callId: null, room: null, isRoomVerified: false, status: 'new' });
    expect(await historyOf(request.id)).toEqual(['assistant Night assistant: created']);
  });

  it('[TOOL-42] are one row when the same is asked for again, also at once and by another assistant', async () => {
    const summary = 'The lift makes a noise';
    const made = await Promise.all([NIGHT, NIGHT, 'Other'].map((by) => book.create(draft(summary), by)));
    expect(new Set(made.map(({ request }) => request.id)).size).toBe(1);
    expect(made.filter(({ isDuplicate }) => !isDuplicate)).toHaveLength(1);
    const ofRoom = await book.create(draft(summary, { room: '412' }), NIGHT);
    expect(ofRoom.isDuplicate).toBe(false);
  });

  it('are not those of a call that asks for the same, nor the other way round', async () => {
    const summary = 'Water runs in the corridor';
    const call = { ...draft(summary), callId: uuidv7(), isRoomVerified: false };
    const { request } = await ofCalls.create(call);
    expect((await book.create(draft(summary), NIGHT)).isDuplicate).toBe(false);
    expect((await ofCalls.create(call)).request.id).toBe(request.id);
    expect((await ofCalls.create({ ...call, callId: uuidv7() })).isDuplicate).toBe(false);
  });

  it('are seen by the guest whose stay they belong to, and by no other call', async () => {
    const [stay] = await new PostgresStayBook(database, hotelId).inRoom('412', new Date().toISOString().slice(0, 10));
    const { request } = await book.create(draft('A new bulb for the desk', { room: '412', stayId: stay?.id }), NIGHT);
    const seen = await ofCalls.visibleTo({ callId: uuidv7(), stay }, 'open');
    expect(seen.map(({ id }) => id)).toContain(request.id);
    expect(await ofCalls.visibleTo({ callId: uuidv7() }, 'all')).toEqual([]);
  });

  it('[T14] hold no card number', async () => {
    const card = '4111 1111 1111 1111';
    const { request } = await book.create(draft(`Charge ${card} for the taxi`), NIGHT);
    await book.setPriority(request.number, 'high', card, NIGHT);
    expect(JSON.stringify([request, await historyOf(request.id)])).not.toContain('4111 1111');
  });
});

describe('what assistants see and change', () => {
  it('is all of the hotel, newest first, by state and room', async () => {
    const { request } = await ofCalls.create({
      ...draft('Two extra pillows', { room: '413', department: 'housekeeping' }),
      callId: uuidv7(),
      isRoomVerified: false,
    });
    expect((await book.list({ status: 'open' }))[0]?.id).toBe(request.id);
    expect((await book.list({ status: 'new', room: '413' })).map(({ id }) => id)).toEqual([request.id]);
    await ofCalls.changeStatus(request.id, 1, 'done', 'Ann');
    expect(await book.list({ status: 'open', room: '413' })).toEqual([]);
    expect(await book.list({ status: 'all', room: '413' })).toHaveLength(1);
    expect(await book.setPriority(request.number, 'high', 'too late', NIGHT)).toMatchObject({ kind: 'closed' });
    expect(await book.setPriority(9_999_999, 'high', 'unknown', NIGHT)).toEqual({ kind: 'unknown' });
  });

  it('a change of priority has a new version, a new due time and its line in the history', async () => {
    const { request } = await book.create(draft('The door of the cellar jams'), NIGHT);
    const change = await book.setPriority(request.number, 'urgent', 'somebody is inside', 'Day assistant');
    expect(change).toMatchObject({ kind: 'changed', request: { version: 2, priority: 'urgent' } });
    if (change.kind === 'changed') expect(change.request.dueAt.getTime()).toBeLessThan(request.dueAt.getTime());
    expect(await historyOf(request.id)).toEqual([
      'assistant Night assistant: created',
      'assistant Day assistant: priority: normal -> urgent (somebody is inside)',
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import type { RequestDraft, Stay } from '../../src/hotel/ports.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { PostgresStayBook, seedHotel } from '../../src/storage/hotel-book.ts';
import { PostgresRequestBook } from '../../src/storage/service-requests.ts';
import { exampleHotel } from '../example-hotel.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

let testDatabase: TestDatabase;
let database: Database;
let hotelId: string;
let book: PostgresRequestBook;
let stays: PostgresStayBook;
const now = new Date();

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  hotelId = await seedHotel(database, exampleHotel(), true, now);
  book = new PostgresRequestBook(database, hotelId);
  stays = new PostgresStayBook(database, hotelId);
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

const draft = (callId: string, changes: Partial<RequestDraft> = {}): RequestDraft => ({
  callId,
  department: 'housekeeping',
  summary: 'Two extra towels',
  priority: 'normal',
  room: '412',
  isRoomVerified: false,
  ...changes,
});

/** Two stays of one room: one ends on this day, the other begins. */
async function changeGuests(room: string, day: string): Promise<[Stay, Stay]> {
  const stay = (arrives_on: string, leaves_on: string) => ({
    id: uuidv7(),
    hotel_id: hotelId,
    room,
    arrives_on,
    leaves_on,
  });
  const rows = [
    { ...stay('2020-01-01', day), guest_name: 'Ida Left' },
    { ...stay(day, '2099-01-01'), guest_name: 'Max Came' },
  ];
  await database.insertInto('stays').values(rows).execute();
  const inRoom = await stays.inRoom(room, day);
  const named = (name: string): Stay => inRoom.find(({ guestName }) => guestName === name) as Stay;
  return [named('Ida Left'), named('Max Came')];
}

describe('service requests', () => {
  it('numbers start at 101 and grow by one', async () => {
    const first = await book.create(draft(uuidv7()));
    const second = await book.create(draft(uuidv7()));
    expect(first.request.number).toBe(101);
    expect(second.request.number).toBe(102);
  });

  it('[TOOL-42] the same request of the same call is one row, also when both come at once', async () => {
    const callId = uuidv7();
    const results = await Promise.all(
      [1, 2, 3, 4].map(() => book.create(draft(callId, { summary: 'two extra TOWELS!' }))),
    );
    expect(new Set(results.map(({ request }) => request.id)).size).toBe(1);
    expect(results.filter(({ isDuplicate }) => !isDuplicate)).toHaveLength(1);
  });

  it('[T14] a card number in a request is nowhere in the record', async () => {
    const card = '4111 1111 1111 1111';
    const { request } = await book.create(draft(uuidv7(), { summary: `Charge ${card} for the taxi`, details: card }));
    expect(request).toMatchObject({ summary: 'Charge [card number] for the taxi', details: '[card number]' });
  });

  it('another room is another request', async () => {
    const callId = uuidv7();
    const first = await book.create(draft(callId));
    const second = await book.create(draft(callId, { room: '413' }));
    expect(second.isDuplicate).toBe(false);
    expect(second.request.number).toBe(first.request.number + 1);
  });

  describe('a guest who calls again', () => {
    const verified = async (room: string): Promise<Partial<RequestDraft>> => {
      const [stay] = await stays.inRoom(room, now.toISOString().slice(0, 10));
      return { room, stayId: stay?.id, isRoomVerified: true };
    };

    it('[TRUTH-37] joins their open request, which gets the higher priority, and its history says so', async () => {
      const own = await verified('318');
      const first = await book.create(draft(uuidv7(), { ...own, summary: 'The shower is leaking' }));
      const again = await book.create(
        draft(uuidv7(), { ...own, summary: 'Guest asks again: shower still leaking', priority: 'urgent' }),
      );
      expect(again).toMatchObject({ isDuplicate: true, request: { id: first.request.id, priority: 'urgent' } });
      expect(again.request.dueAt.getTime()).toBeLessThan(first.request.dueAt.getTime());
      const history = (await book.get(first.request.id))?.history.map(({ what }) => what).join('\n');
      expect(history).toMatch(/asked for again.*normal -> urgent/);
    });

    it('[TRUTH-37] makes a new one for another wish, amount or room, or when the first is closed or unverified', async () => {
      const own = await verified('419');
      await book.create(draft(uuidv7(), { ...own, summary: 'Two extra towels' }));
      for (const changes of [
        { ...own, summary: 'A bottle of water' },
        { ...own, summary: 'Three extra towels' },
        { ...own, isRoomVerified: false, summary: 'Two extra towels' },
        { ...(await verified('503')), summary: 'Two extra towels' },
      ])
        expect((await book.create(draft(uuidv7(), changes))).isDuplicate).toBe(false);
      const { request } = await book.create(draft(uuidv7(), { ...own, summary: 'The lamp is broken' }));
      await book.changeStatus(request.id, request.version, 'done', 'Ana');
      expect((await book.create(draft(uuidv7(), { ...own, summary: 'The lamp is broken' }))).isDuplicate).toBe(false);
    });
  });

  it('an unbound caller sees what the call made and nothing else', async () => {
    const [mine, other] = [uuidv7(), uuidv7()];
    const { request } = await book.create(draft(mine));
    await book.create(draft(other));
    const seen = await book.visibleTo({ callId: mine }, 'open');
    expect(seen.map(({ id }) => id)).toEqual([request.id]);
  });

  it('a verified caller sees the requests of their room, not of others', async () => {
    const [stay] = await stays.inRoom('215', now.toISOString().slice(0, 10));
    const { request } = await book.create(draft(uuidv7(), { room: '215', stayId: stay?.id }));
    await book.create(draft(uuidv7(), { room: '413' }));
    const seen = await book.visibleTo({ callId: uuidv7(), stay }, 'all');
    expect(seen.map(({ id }) => id)).toEqual([request.id]);
  });

  it('a foreign number and a wrong one are the same nothing', async () => {
    const { request } = await book.create(draft(uuidv7()));
    const scope = { callId: uuidv7() };
    expect(await book.setPriority(scope, request.number, 'urgent', 'x')).toEqual({ kind: 'unknown' });
    expect(await book.setPriority(scope, 99_999, 'urgent', 'x')).toEqual({ kind: 'unknown' });
  });

  it('a raised priority brings the due time nearer and leaves its history', async () => {
    const callId = uuidv7();
    const { request } = await book.create(draft(callId));
    const change = await book.setPriority({ callId }, request.number, 'urgent', 'the guest waits');
    expect(change).toMatchObject({ kind: 'changed', request: { version: 2, priority: 'urgent' } });
    const page = await book.get(request.id);
    expect(page?.request.dueAt.getTime()).toBeLessThan(request.dueAt.getTime());
    expect(page?.history.map(({ what }) => what)).toEqual(['created', 'priority: normal -> urgent (the guest waits)']);
  });

  it('[T3] the guest who arrives sees nothing that the room asked for on the same day before', async () => {
    const today = now.toISOString().slice(0, 10);
    const [left, came] = await changeGuests('318', today);
    const { request } = await book.create(draft(uuidv7(), { room: '318', stayId: left.id }));
    await book.create(draft(uuidv7(), { room: '318', summary: 'From nobody known' }));
    expect(await book.visibleTo({ callId: uuidv7(), stay: came }, 'all')).toEqual([]);
    expect(await book.setPriority({ callId: uuidv7(), stay: came }, request.number, 'urgent', 'x')).toEqual({
      kind: 'unknown',
    });
    expect(await book.visibleTo({ callId: uuidv7(), stay: left }, 'all')).toMatchObject([{ id: request.id }]);
  });

  it('what a call asked for its room becomes the guest’s own once they are verified', async () => {
    const [, came] = await changeGuests('503', now.toISOString().slice(0, 10));
    const callId = uuidv7();
    const { request } = await book.create(draft(callId, { room: '503' }));
    await book.create(draft(callId, { room: '508' }));
    await stays.bind(callId, came.id);
    expect(await book.visibleTo({ callId: uuidv7(), stay: came }, 'all')).toMatchObject([{ id: request.id }]);
  });

  it.each(['done', 'cancelled'] as const)('a request that is %s keeps its priority', async (status) => {
    const callId = uuidv7();
    const { request } = await book.create(draft(callId));
    await book.changeStatus(request.id, 1, status, 'Ann');
    expect(await book.setPriority({ callId }, request.number, 'urgent', 'x')).toMatchObject({
      kind: 'closed',
      request: { status, priority: 'normal', version: 2 },
    });
    expect((await book.get(request.id))?.request).toMatchObject({ priority: 'normal', version: 2 });
  });

  it('a change of staff with an old version is a conflict that names who was faster', async () => {
    const { request } = await book.create(draft(uuidv7()));
    expect((await book.changeStatus(request.id, 1, 'accepted', 'Ann')).kind).toBe('changed');
    expect(await book.changeStatus(request.id, 1, 'done', 'Bob')).toMatchObject({ kind: 'conflict', changedBy: 'Ann' });
    expect((await book.changeStatus(request.id, 2, 'new', 'Bob')).kind).toBe('changed');
  });

  it('an illegal move changes nothing', async () => {
    const { request } = await book.create(draft(uuidv7()));
    await book.changeStatus(request.id, 1, 'cancelled', 'Ann');
    expect((await book.changeStatus(request.id, 2, 'done', 'Ann')).kind).toBe('illegal');
  });
});

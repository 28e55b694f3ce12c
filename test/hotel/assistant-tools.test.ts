/** What assistants of the hotel may do with a token of staff. */
import { beforeEach, describe, expect, it } from 'vitest';
import { SCOPES, missingScope, scopeOf, type Access } from '../../src/hotel/access-scopes.ts';
import { roomsOf } from '../../src/hotel/hotel.ts';
import { AssistantTools } from '../../src/hotel/assistant-tools.ts';
import { exampleHotel } from '../example-hotel.ts';
import { FakeClock } from '../fake-clock.ts';
import { MemoryAssistantBook } from './assistant-books.ts';
import { MemoryStays } from './books.ts';
import { settled } from './hotel-stage.ts';

const LAMP = { summary: 'The lamp in the lobby is broken' };
const hotel = exampleHotel();
let clock: FakeClock;
let book: MemoryAssistantBook;
let stays: MemoryStays;
let audited: [string, string, string, number][];
let tools: AssistantTools;

beforeEach(() => {
  clock = new FakeClock();
  book = new MemoryAssistantBook(() => clock.wallTime());
  stays = new MemoryStays(roomsOf(hotel));
  audited = [];
  const audit = {
    used: ({ name }: Access, tool: string, outcome: string, durationMs: number) =>
      void audited.push([name, tool, outcome, durationMs]),
  };
  tools = new AssistantTools({ hotel, book, stays, clock, audit });
});

const accessOf = (scopes: readonly string[] = SCOPES): Access => ({
  id: 'a1',
  name: 'Night assistant',
  scopes,
  expiresAt: new Date('2099-01-01'),
});
const run = (name: string, input: unknown, scopes?: readonly string[]) =>
  tools.forAccess(accessOf(scopes)).run(name, input);

describe('scopes', () => {
  it.each([
    [['requests:read'], ['get_service_requests']],
    [['requests:write'], ['create_service_request', 'update_service_request_priority']],
    [['information:read'], ['get_hotel_information']],
    [['requests:*', 'admin', 'requests:read '], []],
    [[], []],
  ])('%j opens %j and nothing else', (scopes, names) => {
    const offered = tools.forAccess(accessOf(scopes));
    expect(offered.definitions().map(({ name }) => name)).toEqual(names);
  });

  it('all of them open all tools, and each tool needs one; nobody can be verified', () => {
    const names = tools
      .forAccess(accessOf())
      .definitions()
      .map(({ name }) => name);
    expect(names).toHaveLength(4);
    expect(names).not.toContain('verify_guest');
    for (const name of names) expect(SCOPES).toContain(scopeOf(name));
    expect(missingScope({ scopes: [] }, 'constructor')).toBeUndefined();
  });

  it('a tool outside of them is refused and told to the audit, and nothing is done', async () => {
    const result = await run('create_service_request', LAMP, ['requests:read']);
    expect(result).toEqual({ outcome: 'refused', text: 'This token lacks the scope requests:write.' });
    expect(tools.forAccess(accessOf(['requests:read'])).deny('create_service_request')).toBe('requests:write');
    expect(tools.forAccess(accessOf()).deny('create_service_request')).toBeUndefined();
    expect(book.rows).toEqual([]);
    expect(audited.map(([, , outcome]) => outcome)).toEqual(['refused', 'refused']);
  });
});

describe('requests', () => {
  it('are recorded without a call, by the assistant’s name, and once', async () => {
    const first = await run('create_service_request', { ...LAMP, priority: 'high' });
    expect(first).toMatchObject({
      outcome: 'ok',
      text: 'Recorded for maintenance as request 101.',
      structured: { request_number: 101, duplicate: false, room_number: null, priority: 'high' },
    });
    expect(book.rows).toMatchObject([{ callId: null, room: null, isRoomVerified: false }]);
    expect(book.by).toEqual(['Night assistant']);
    const again = await run('create_service_request', LAMP);
    expect(again.structured).toMatchObject({ request_number: 101, duplicate: true });
  });

  it('belong to the only stay of their room, and to none on a day of change', async () => {
    await run('create_service_request', { summary: 'Two extra towels, please', room_number: 'Room 412' });
    await run('create_service_request', { summary: 'Two extra towels, please', room_number: 215 });
    expect(book.stayIds).toEqual(['s-412', undefined]);
    const nowhere = await run('create_service_request', { summary: 'Two extra towels, please', room_number: '999' });
    expect(nowhere).toEqual({ outcome: 'refused', text: 'There is no room 999.' });
  });

  it('are listed for the whole hotel, with a guest’s name nowhere', async () => {
    expect((await run('get_service_requests', {})).text).toBe('There are none.');
    await run('create_service_request', { summary: 'Two extra towels, please', room_number: '412' });
    await run('create_service_request', LAMP);
    const all = await run('get_service_requests', {});
    expect(all.text).toBe(
      '102: The lamp in the lobby is broken (maintenance, no room, normal, new)\n' +
        '101: Two extra towels, please (housekeeping, room 412, normal, new)',
    );
    const ofRoom = await run('get_service_requests', { room_number: 412, status: 'new' });
    expect(ofRoom.structured).toMatchObject({
      requests: [{ request_number: 101, room_number: '412' }],
      has_more: false,
    });
    expect(JSON.stringify([all, ofRoom])).not.toContain('Miller');
  });

  it('get another priority unless they are closed or unknown', async () => {
    await run('create_service_request', LAMP);
    const input = { request_number: 101, priority: 'urgent', reason: 'Glass on the floor' };
    expect(await run('update_service_request_priority', input)).toMatchObject({
      outcome: 'ok',
      text: 'Request 101 now has urgent priority.',
    });
    expect(book.by).toEqual(['Night assistant', 'Night assistant']);
    Object.assign(book.rows[0] ?? {}, { status: 'done' });
    expect((await run('update_service_request_priority', input)).text).toMatch(/is done/);
    const other = await run('update_service_request_priority', { ...input, request_number: 7 });
    expect(other).toEqual({ outcome: 'refused', text: 'There is no request 7.' });
  });
});

describe('every use', () => {
  it('is told to the audit with its outcome and how long it took', async () => {
    await run('get_hotel_information', { topic: 'wifi' });
    await run('get_hotel_information', { topic: 'unicorns' });
    await run('get_service_requests', { nonsense: 1 });
    await run('open_safe', {});
    book.isAway = true;
    expect((await run('get_service_requests', {})).text).toBe('It failed at the hotel: try again later.');
    expect(audited).toEqual([
      ['Night assistant', 'get_hotel_information', 'ok', 0],
      ['Night assistant', 'get_hotel_information', 'refused', 0],
      ['Night assistant', 'get_service_requests', 'refused', 0],
      ['Night assistant', 'open_safe', 'refused', 0],
      ['Night assistant', 'get_service_requests', 'failed', 0],
    ]);
  });

  it('ends after 5 s, and says that a write may have been done', async () => {
    book.hold();
    const writing = run('create_service_request', LAMP);
    await settled();
    clock.advance(5_000);
    expect(await writing).toEqual({
      outcome: 'failed',
      text: 'It took too long. It may have been done all the same: look before trying again.',
    });
    expect(audited).toEqual([['Night assistant', 'create_service_request', 'failed', 5_000]]);
    book.release();
  });
});

import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallEvent, Happening } from '../../src/call/call-event.ts';
import { qualityOf } from '../../src/call/call-quality.ts';
import { NO_TOKENS } from '../../src/call/token-cost.ts';
import { CallLog } from '../../src/storage/call-log.ts';
import { CallPages } from '../../src/storage/call-pages.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { seedHotel } from '../../src/storage/hotel-book.ts';
import { exampleHotel } from '../example-hotel.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

let testDatabase: TestDatabase;
let database: Database;
let log: CallLog;
let pages: CallPages;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  const hotelId = await seedHotel(database, exampleHotel(), false, new Date());
  log = new CallLog(database, { hotelId, instanceId: uuidv7(), pricesOf: PRICES }, pino({ level: 'silent' }));
  pages = new CallPages(database, hotelId);
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

function eventsOf(callId: string, ...happenings: Happening[]): CallEvent[] {
  return happenings.map((happening, index) => ({
    callId,
    sequence: index + 1,
    at: new Date().toISOString(),
    sinceAnswerMs: index * 100,
    happening,
  }));
}

const toolEntry = (callId: string): Parameters<CallLog['record']>[0] => ({
  toolCallId: uuidv7(),
  callId,
  tool: 'verify_guest',
  path: 'native',
  argumentsJson: '{}',
  outcome: 'ok',
  result: '',
  startedAt: new Date(),
  durationMs: 1,
});

const PRICES = () => ({ ...NO_TOKENS, inputTextTokens: 1, cachedTextTokens: 0.4 });
const answered: Happening = { kind: 'answered', carrier: 'test', from: '+15550199', to: '+15550100', agent: 'local' };

describe('the record of calls', () => {
  it('turns are in the order they were spoken, however late their text came', async () => {
    const callId = uuidv7();
    const events = eventsOf(
      callId,
      answered,
      { kind: 'agent-said', turnId: 'a', order: 2, text: 'Which room?', heardMs: 900, wasCutOff: false },
      { kind: 'guest-said', turnId: 'g', order: 1, text: 'Two towels please.' },
      { kind: 'first-audio', afterMs: 210 },
      { kind: 'ended', reason: 'caller-hung-up', durationMs: 4_000 },
    );
    for (const event of events) log.happened(event);
    expect(await log.flush(5_000)).toBe(true);
    const page = await pages.get(callId);
    expect(page?.turns.map(({ speaker }) => speaker)).toEqual(['guest', 'agent']);
    expect(page?.call).toMatchObject({ endReason: 'caller-hung-up', firstAudioMs: 210 });
  });

  it('what a call was like is kept when it ends, also when its events came in several batches', async () => {
    const callId = uuidv7();
    const usage = { ...NO_TOKENS, inputTextTokens: 500, cachedTextTokens: 1_500 };
    const events = eventsOf(
      callId,
      answered,
      { kind: 'turn-answered', latencyMs: 700 },
      { kind: 'tokens-used', responseId: 'r', usage },
      { kind: 'ended', reason: 'caller-hung-up', durationMs: 4_000 },
    );
    for (const event of events.slice(0, 2)) log.happened(event);
    await log.flush(5_000);
    expect((await pages.get(callId))?.quality).toBeNull();
    for (const event of events.slice(2)) log.happened(event);
    await log.flush(5_000);
    const { quality } = (await pages.get(callId)) ?? {};
    expect(quality).toEqual(qualityOf(events, PRICES));
    expect(quality).toMatchObject({ turns: { worstMs: 700 }, cachedShare: 0.75 });
    expect(quality?.costUsd).toBeCloseTo(0.001_1, 9);
  });

  it('each change of language is read back with its moment', async () => {
    const callId = uuidv7();
    const change = { kind: 'language-switched', toolCallId: 't', told: 'Go on.' } as const;
    const events = eventsOf(callId, answered, { ...change, from: 'en', to: 'fr' }, { ...change, from: 'fr', to: 'en' });
    for (const event of events) log.happened(event);
    await log.flush(5_000);
    const languages = (await pages.get(callId))?.languages;
    expect(languages).toEqual([
      { language: 'fr', at: new Date(events[1]?.at ?? '') },
      { language: 'en', at: new Date(events[2]?.at ?? '') },
    ]);
  });

  it('a call is found by the beginning of its id, and read back event by event', async () => {
    const [callId, other] = [uuidv7(), uuidv7()];
    const events = eventsOf(callId, answered, { kind: 'first-audio', afterMs: 210 });
    for (const event of [...events, ...eventsOf(other, answered)]) log.happened(event);
    await log.flush(5_000);
    expect(await pages.idsLike(callId.toUpperCase(), 5)).toEqual([callId]);
    expect(await pages.idsLike('%', 5)).toEqual([]);
    expect(await pages.idsLike('', 1)).toHaveLength(1);
    expect(await pages.events(callId)).toEqual(events);
  });

  it('the same events written twice are there once', async () => {
    const callId = uuidv7();
    for (let round = 0; round < 2; round++) {
      for (const event of eventsOf(callId, answered, { kind: 'guest-started-speaking' })) log.happened(event);
      await log.flush(5_000);
    }
    const rows = await database.selectFrom('call_events').selectAll().where('call_id', '=', callId).execute();
    expect(rows).toHaveLength(2);
  });

  it('[XFER-47] a call is recorded as put through only when a department took it', async () => {
    const started = { kind: 'transfer-started', department: 'spa', reason: '', summary: '' } as const;
    const ended = { kind: 'transfer-ended', department: 'spa' } as const;
    const declined = uuidv7();
    const taken = uuidv7();
    for (const event of [
      ...eventsOf(declined, answered, started, { ...ended, outcome: 'declined' }),
      ...eventsOf(taken, answered, started, { ...ended, outcome: 'connected' }),
    ])
      log.happened(event);
    expect(await log.flush(5_000)).toBe(true);
    expect((await pages.get(declined))?.call.transferredTo).toBeNull();
    expect((await pages.get(taken))?.call.transferredTo).toBe('spa');
  });

  it('a card number said on the phone is nowhere in the record', async () => {
    const callId = uuidv7();
    for (const event of eventsOf(callId, answered, {
      kind: 'guest-said',
      turnId: 'g',
      order: 1,
      text: 'it is 4111 1111 1111 1111 thanks',
    }))
      log.happened(event);
    await log.flush(5_000);
    const rows = await database.selectFrom('call_events').select('happening').where('call_id', '=', callId).execute();
    expect(JSON.stringify(rows)).not.toContain('1111');
    expect((await pages.get(callId))?.turns[0]?.text).toBe('it is [card number] thanks');
  });

  it('a card number in a question to staff, or in why a tool failed, is nowhere either', async () => {
    const callId = uuidv7();
    const question = { approvalId: uuidv7(), server: 'spa', tool: 'pay' };
    const events = eventsOf(callId, answered, {
      kind: 'approval-asked',
      ...question,
      arguments: '{"with":"4111 1111 1111 1111"}',
    });
    for (const event of events) log.happened(event);
    log.record({ ...toolEntry(callId), outcome: 'failed', error: 'no card 4111 1111 1111 1111' });
    await log.flush(5_000);
    expect((await pages.events(callId)).at(-1)?.happening).toMatchObject({ arguments: '{"with":"[card number]"}' });
    expect((await pages.get(callId))?.tools[0]?.error).toBe('no card [card number]');
  });

  it('a tool is shown with whose it is, its path, how much it gave and why it failed', async () => {
    const callId = uuidv7();
    for (const event of eventsOf(callId, answered)) log.happened(event);
    const outside = {
      server: 'spa',
      path: 'client',
      outcome: 'failed',
      error: 'timed out',
      resultBytes: 9_000,
    } as const;
    log.record({ ...toolEntry(callId), ...outside, startedAt: new Date(Date.now() - 1_000) });
    log.record(toolEntry(callId));
    await log.flush(5_000);
    expect((await pages.get(callId))?.tools).toMatchObject([
      outside,
      { server: null, path: 'native', error: null, resultBytes: null },
    ]);
  });

  it('signs that no database takes are taken out, wherever they stand', async () => {
    const callId = uuidv7();
    for (const event of eventsOf(
      callId,
      { ...answered, from: '+1555\u0000' },
      { kind: 'guest-said', turnId: 'g\ud800', order: 1, text: 'two\u0000 towels \ud83d' },
    ))
      log.happened(event);
    log.record({ ...toolEntry(callId), argumentsJson: '{"room":"\u00004"}', result: 'a\u0000b' });
    expect(await log.flush(5_000)).toBe(true);
    const page = await pages.get(callId);
    expect(page?.turns.map(({ text }) => text)).toEqual(['two towels \ufffd']);
    expect(page?.call.from).toBe('+1555');
  });

  it('what the database refuses holds up nothing of other calls, nor the rest of its own', async () => {
    const [odd, other] = [uuidv7(), uuidv7()];
    const lostBefore = log.lost;
    const [first, second] = eventsOf(odd, answered, { kind: 'guest-started-speaking' }) as [CallEvent, CallEvent];
    const [otherFirst] = eventsOf(other, answered) as [CallEvent];
    for (const event of [first, { ...second, sinceAnswerMs: 3e10 }, otherFirst]) log.happened(event);
    log.record({ ...toolEntry(odd), durationMs: 3e10 });
    expect(await log.flush(5_000)).toBe(true);
    expect(await pages.events(odd)).toEqual([first]);
    expect(await pages.events(other)).toEqual([otherFirst]);
    expect(log.lost - lostBefore).toBe(2);
  });

  it('while the database is away events wait, and are written once it is back', async () => {
    const broken = await openDatabase(testDatabase.url);
    await broken.destroy();
    const waiting = new CallLog(
      broken,
      { hotelId: 'x', instanceId: 'y', pricesOf: () => undefined },
      pino({ level: 'silent' }),
    );
    waiting.happened(eventsOf(uuidv7(), answered)[0] as CallEvent);
    expect(await waiting.flush(500)).toBe(false);
  });

  it('[TOOL-39] what came of a call after it is numbered behind all of it, and once', async () => {
    const callId = uuidv7();
    const late: Happening = { kind: 'request-confirmed', requestId: uuidv7(), number: 117 };
    for (const event of eventsOf(callId, answered, { kind: 'ended', reason: 'caller-hung-up', durationMs: 4_000 }))
      log.happened(event);
    log.happenedLater(callId, late);
    log.happenedLater(callId, late);
    log.happenedLater(uuidv7(), late);
    expect(await log.flush(5_000)).toBe(true);
    const rows = await database
      .selectFrom('call_events')
      .select(['sequence', 'kind', 'happening'])
      .where('call_id', '=', callId)
      .orderBy('sequence')
      .execute();
    expect(rows.map(({ sequence, kind }) => `${sequence} ${kind}`)).toEqual([
      '1 answered',
      '2 ended',
      '3 request-confirmed',
    ]);
    expect(rows[2]?.happening).toEqual(late);
    const strays = await database.selectFrom('call_events').select('call_id').where('kind', '=', late.kind).execute();
    expect(strays).toHaveLength(1);
  });
});

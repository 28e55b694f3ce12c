/** Calls whose instance is gone: who ends them, when, and what becomes of one that was only out of reach. */
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallEvent, Happening } from '../../src/call/call-event.ts';
import { CallLog } from '../../src/storage/call-log.ts';
import { CallPages } from '../../src/storage/call-pages.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { EventFeed } from '../../src/storage/event-feed.ts';
import { seedHotel } from '../../src/storage/hotel-book.ts';
import { CALLS_CHANNEL, InstanceLease, LEASE_TIMES } from '../../src/storage/instance-lease.ts';
import { PostgresRequestBook } from '../../src/storage/service-requests.ts';
import { exampleHotel } from '../example-hotel.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

const silent = pino({ level: 'silent' });
/** The same proportions as in earnest, a hundred times as fast. */
const QUICK = { leaseMs: 100, renewEveryMs: 30, heardForMs: 160 };
const answered: Happening = { kind: 'answered', carrier: 'test', from: '+15550199', to: '+15550100', agent: 'local' };

let testDatabase: TestDatabase;
let database: Database;
let hotelId: string;
let pages: CallPages;
const open: InstanceLease[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  hotelId = await seedHotel(database, exampleHotel(), false, new Date());
  pages = new CallPages(database, hotelId);
});

afterEach(async () => {
  for (const lease of open.splice(0)) await lease.close();
  await database.deleteFrom('calls').execute();
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

function instance(times = QUICK) {
  const writer = { hotelId, instanceId: uuidv7(), pricesOf: () => undefined };
  const ended: CallEvent[] = [];
  const heard = (event: CallEvent): void => void ended.push(event);
  const lease = new InstanceLease({ database, writer, log: silent, ended: heard, times });
  open.push(lease);
  return { lease, ended, writer, log: new CallLog(database, writer, silent) };
}

/** Lets time pass for this instance without a sign of life. */
const dies = (instanceId: string) =>
  database
    .updateTable('instances')
    .set({ lease_until: new Date(Date.now() - 1_000) })
    .where('id', '=', instanceId)
    .execute();

async function takesCall({ log }: ReturnType<typeof instance>, ...more: Happening[]): Promise<string> {
  const callId = uuidv7();
  tell(log, callId, 1, answered, ...more);
  await log.flush(5_000);
  return callId;
}

function tell(log: CallLog, callId: string, sequence: number, ...happenings: Happening[]): void {
  for (const [index, happening] of happenings.entries())
    log.happened({ callId, sequence: sequence + index, at: new Date().toISOString(), sinceAnswerMs: index, happening });
}

const eventsOf = async (callId: string) =>
  (
    await database
      .selectFrom('call_events')
      .select(['sequence', 'happening'])
      .where('call_id', '=', callId)
      .orderBy('sequence')
      .execute()
  ).map(({ sequence, happening }) => [sequence, (happening as Happening).kind] as const);

describe('an instance that died', () => {
  it('[END-42] has its calls ended by another, with a reason and an event of their own, and its requests stay', async () => {
    const [dead, other] = [instance(), instance()];
    await dead.lease.open();
    const talking: Happening = { kind: 'phase-changed', from: 'ringing', to: 'talking' };
    const callId = await takesCall(dead, talking, { kind: 'turn-answered', latencyMs: 700 });
    const requests = new PostgresRequestBook(database, hotelId);
    const draft = { callId, department: 'housekeeping', summary: 'Two towels', room: '412', isRoomVerified: false };
    await requests.create({ ...draft, priority: 'normal' });
    const before = await requests.list(10);
    expect(before).toHaveLength(1);
    await dead.lease.close();
    await other.lease.open();
    await expect.poll(() => other.ended.length, { timeout: 2_000 }).toBe(1);
    expect(other.ended).toMatchObject([{ callId, sequence: 4, happening: { kind: 'ended', reason: 'instance-lost' } }]);
    const page = await pages.get(callId);
    expect(page?.call).toMatchObject({ phase: 'ended', endReason: 'instance-lost' });
    expect(page?.quality).toMatchObject({ turns: { latenciesMs: [700] } });
    expect((await eventsOf(callId)).at(-1)).toEqual([4, 'ended']);
    expect(await requests.list(10)).toEqual(before);
  });

  it('[END-42] two sweepers at once end each of its calls once, and tell it once', async () => {
    const [dead, one, two] = [instance(), instance(), instance()];
    await dead.lease.open();
    const callIds = await Promise.all(Array.from({ length: 20 }, () => takesCall(dead)));
    const told: string[] = [];
    const feed = new EventFeed({
      url: testDatabase.url,
      channel: CALLS_CHANNEL,
      heard: (id) => told.push(id),
      missed: () => {},
      log: silent,
    });
    await feed.open();
    await dead.lease.close();
    const counts = await Promise.all([one, two, one, two].map(({ lease }) => lease.sweep()));
    expect(counts.reduce((sum, count) => sum + count)).toBe(20);
    const ids = [...one.ended, ...two.ended].map((event) => event.callId);
    expect(ids.toSorted()).toEqual(callIds.toSorted());
    await expect.poll(() => told.toSorted()).toEqual(callIds.toSorted());
    await feed.close();
  });

  it('[END-42] is found within 30 s in earnest, by another instance and by itself after a restart', () => {
    const { leaseMs, renewEveryMs, heardForMs } = LEASE_TIMES;
    expect(leaseMs).toBe(10_000);
    expect(leaseMs + renewEveryMs).toBeLessThan(30_000);
    const startsWithinMs = 5_000;
    expect(startsWithinMs + heardForMs + 2 * renewEveryMs).toBeLessThan(30_000);
  });
});

describe('an instance that lives', () => {
  it('[END-42] ends no calls of others before it was heard for a while itself', async () => {
    const [away, other] = [instance(), instance({ ...QUICK, heardForMs: 60_000 })];
    await away.lease.open();
    await takesCall(away);
    await away.lease.close();
    await other.lease.open();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(other.ended).toEqual([]);
    expect(await other.lease.sweep()).toBe(1);
  });

  it('[END-42] keeps its calls', async () => {
    const [living, other] = [instance(), instance()];
    await living.lease.open();
    const callId = await takesCall(living);
    await other.lease.open();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect([...other.ended, ...living.ended]).toEqual([]);
    expect((await pages.get(callId))?.call.endedAt).toBeNull();
  });

  it('[END-42] takes its calls back when it was only out of reach: what it says counts', async () => {
    const [away, other] = [instance(), instance()];
    await away.lease.open();
    const callId = await takesCall(away, { kind: 'phase-changed', from: 'ringing', to: 'talking' });
    await dies(away.writer.instanceId);
    await other.lease.sweep();
    expect((await pages.get(callId))?.call.endReason).toBe('instance-lost');
    tell(away.log, callId, 3, { kind: 'guest-started-speaking' }, { kind: 'guest-stopped-speaking' });
    await away.log.flush(5_000);
    expect((await pages.get(callId))?.call).toMatchObject({ phase: 'talking', endedAt: null, endReason: null });
    expect((await eventsOf(callId)).map(([, kind]) => kind)).toEqual([
      'answered',
      'phase-changed',
      'guest-started-speaking',
      'guest-stopped-speaking',
    ]);
    tell(away.log, callId, 5, { kind: 'ended', reason: 'caller-hung-up', durationMs: 9_000 });
    await away.log.flush(5_000);
    expect((await pages.get(callId))?.call.endReason).toBe('caller-hung-up');
  });
});

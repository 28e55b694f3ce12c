/** Calls on one instance have nothing to do with each other: a fault in one of three, one more than there is room for; and
 * the calls of another instance that is gone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallHappening, CallOutcome } from '../scripts/telephone/call-happenings.ts';
import { placeCall } from '../scripts/telephone/place-call.ts';
import { startApp, type App } from '../src/app.ts';
import type { CallEvent } from '../src/call/call-event.ts';
import { CallRecord } from '../src/call/call-record.ts';
import { Timers } from '../src/call/timers.ts';
import { Transcript } from '../src/call/transcript.ts';
import { readConfig } from '../src/config.ts';
import { CallTools } from '../src/hotel/call-tools.ts';
import { FIRST_LOGIN } from '../src/records.ts';
import { ResponseQueue } from '../src/realtime/response-queue.ts';
import { CallLog } from '../src/storage/call-log.ts';
import { openDatabase } from '../src/storage/database.ts';
import { InstanceLease } from '../src/storage/instance-lease.ts';
import { FrameOrder } from '../src/telephony/frame-order.ts';
import { staffClient } from './dashboard/staff-client.ts';
import { ScriptedRealtime, type ScriptedConnection } from './peers/scripted-realtime.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const AUTH_TOKEN = 'apart-token';
const DESK = '+15550110';
/** The sound of the second caller's line. */
const MARKED = 0x55;
const root = new URL('..', import.meta.url).pathname;

let dataDir: string;
let database: TestDatabase;
let agent: ScriptedRealtime;
let app: App;
/** Of the account that is there from the first start. */
let password = '';
let logged: { level: number; callId?: string; err?: { message: string }; msg: string }[];
let events: CallEvent[];
/** Throws for every reader's event while it is set. */
let isReaderBroken = false;

const mended: (() => void)[] = [];
const mend = (): void => {
  for (const task of mended.splice(0)) task();
};

beforeAll(async () => {
  database = await createTestDatabase();
});

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'bellhop-apart-'));
  agent = await ScriptedRealtime.start();
  logged = [];
  events = [];
  const config = readConfig(
    {
      BELLHOP_CONFIG: 'bellhop.example.yaml',
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      PORT: '0',
      MAX_CALLS: '3',
      OPENAI_API_KEY: 'any-key-will-do',
      OPENAI_BASE_URL: agent.baseUrl,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    },
    root,
  );
  app = await startApp({
    config,
    log: pino({ level: 'warn' }, { write: (line: string) => void logged.push(JSON.parse(line) as (typeof logged)[0]) }),
    readers: [
      {
        happened(event) {
          events.push(event);
          if (isReaderBroken) throw new Error('broken reader');
        },
        words: () => {},
      },
    ],
  });
  password ||= app.firstPassword ?? '';
});

afterEach(async () => {
  mend();
  isReaderBroken = false;
  await app.close();
  await agent.close();
  rmSync(dataDir, { recursive: true, force: true });
});

afterAll(() => database.drop());

function place(
  from: string,
  hangUpAtMs: number,
  happenings: CallHappening[] = [],
  background = 0xff,
): Promise<CallOutcome> {
  return placeCall(
    {
      webhookUrl: `${app.url}/twilio/voice`,
      authToken: AUTH_TOKEN,
      from,
      audio: { turns: [], background: new Uint8Array(160).fill(background) },
      manners: { hangUpAtMs },
    },
    (happening) => happenings.push(happening),
  );
}

interface Running {
  outcome: Promise<CallOutcome>;
  connection: ScriptedConnection;
  callId: string;
}

/** Three calls with their agents, in order, all of them with audio on the line. */
async function threeCalls(hangUpAtMs = 2_500, meanwhile = () => {}): Promise<[Running, Running, Running]> {
  const running: Running[] = [];
  for (const index of [0, 1, 2]) {
    const from = `+1555019${index}`;
    const outcome = place(from, hangUpAtMs, [], index === 1 ? MARKED : 0xff);
    const connection = await agent.connection(index);
    await connection.next('input_audio_buffer.append', 3);
    const callId = callOf(from);
    running.push({ outcome, connection, callId });
  }
  meanwhile();
  return running as [Running, Running, Running];
}

const callOf = (from: string): string =>
  events.find(({ happening }) => happening.kind === 'answered' && happening.from === from)?.callId ?? '';
const endOf = (callId: string): string | undefined => {
  const end = events.find((event) => event.callId === callId && event.happening.kind === 'ended');
  return end?.happening.kind === 'ended' ? end.happening.reason : undefined;
};
const metrics = async (): Promise<string> => (await fetch(`${app.url}/metrics`)).text();

/** The second of three calls fails: its guest is with the desk, the others never notice. */
async function onlyTheSecondEnds(calls: [Running, Running, Running], why: string): Promise<void> {
  const [first, second, third] = calls;
  expect(await second.outcome).toMatchObject({ transferredTo: DESK });
  expect(endOf(second.callId)).toBe('fault');
  await second.connection.closed();
  const before = [first, third].map(({ connection }) => connection.of('input_audio_buffer.append').length);
  for (const { outcome } of [first, third])
    expect(await outcome).toMatchObject({ reason: 'caller-hung-up', transferredTo: null });
  for (const [index, { connection, callId }] of [first, third].entries()) {
    expect(connection.of('input_audio_buffer.append').length).toBeGreaterThan((before[index] ?? 0) + 5);
    await expect.poll(() => endOf(callId)).toBe('caller-hung-up');
  }
  const faults = logged.filter(({ err }) => err?.message === why);
  expect(faults.map(({ callId }) => callId)).toEqual([second.callId]);
  expect(await metrics()).toMatch(/bellhop_faults_total\{where="call"\} 1\b/);
  expect(await metrics()).toMatch(/^bellhop_live_calls 0$/m);
}

/** Lets a method of ours fail when it gets what `isIt` recognises: a bug that only one call meets. */
function breaks<T extends object>(
  prototype: T,
  name: keyof T & string,
  isIt: (argument: unknown) => boolean,
  how: () => unknown,
): void {
  const intact = Reflect.get(prototype, name) as (...args: unknown[]) => unknown;
  Reflect.set(prototype, name, function (this: unknown, ...args: unknown[]) {
    return isIt(args[0]) ? how() : intact.apply(this, args);
  });
  mended.push(() => void Reflect.set(prototype, name, intact));
}

const fail = (why: string) => (): never => {
  throw new Error(why);
};

describe('a fault in the second of three calls', () => {
  it('[END-43] in what the agent tells the call', async () => {
    breaks(Transcript.prototype, 'words', (itemId) => itemId === 'item_of_fault', fail('no words'));
    const calls = await threeCalls();
    const transcript = { item_id: 'item_of_fault', content_index: 0, transcript: 'Hello?' };
    calls[1].connection.emit({ type: 'conversation.item.input_audio_transcription.completed', ...transcript });
    await onlyTheSecondEnds(calls, 'no words');
  });

  it('[END-43] in the code of the agent’s connection', async () => {
    breaks(ResponseQueue.prototype, 'responseCreated', (id) => id === 'resp_of_fault', fail('no queue'));
    const calls = await threeCalls();
    calls[1].connection.emit({ type: 'response.created', response: { id: 'resp_of_fault', status: 'in_progress' } });
    await onlyTheSecondEnds(calls, 'no queue');
  });

  it('[END-43] in a timer', async () => {
    const isLate = (happening: unknown): boolean => (happening as { why?: string }).why === 'not ready in time';
    breaks(CallRecord.prototype, 'note', isLate, fail('no agent in time'));
    const calls = await threeCalls();
    agent.script = ['hang', 'hang', 'hang', 'hang'];
    calls[1].connection.drop();
    await onlyTheSecondEnds(calls, 'no agent in time');
  });

  it('[END-43] in the code of the caller’s stream', async () => {
    const isMarked = (message: unknown): boolean => (message as { payload: Uint8Array }).payload[0] === MARKED;
    const calls = await threeCalls(2_500, () => {
      breaks(FrameOrder.prototype, 'add', isMarked, fail('no order'));
    });
    await onlyTheSecondEnds(calls, 'no order');
  });

  it('[END-43] in a tool', async () => {
    breaks(
      CallTools.prototype,
      'run',
      (name) => name === 'faulty_tool',
      () => Promise.reject(new Error('no tool')),
    );
    const calls = await threeCalls();
    const response = { id: 'resp_1', status: 'in_progress' };
    const item = {
      id: 'i',
      type: 'function_call',
      status: 'completed',
      call_id: 'c',
      name: 'faulty_tool',
      arguments: '{}',
    };
    const { connection } = calls[1];
    await connection.next('response.create');
    connection.emit(
      { type: 'response.created', response },
      { type: 'response.output_item.added', response_id: 'resp_1', output_index: 0, item },
      { type: 'response.output_item.done', response_id: 'resp_1', output_index: 0, item },
      { type: 'response.done', response: { ...response, status: 'completed', output: [item] } },
    );
    await onlyTheSecondEnds(calls, 'no tool');
  });

  it('[END-43] at its very end, too', async () => {
    breaks(Transcript.prototype, 'words', (itemId) => itemId === 'item_of_fault', fail('no words'));
    const calls = await threeCalls();
    breaks(Timers.prototype, 'close', () => true, fail('no end'));
    const transcript = { item_id: 'item_of_fault', content_index: 0, transcript: 'Hello?' };
    calls[1].connection.emit({ type: 'conversation.item.input_audio_transcription.completed', ...transcript });
    expect(await calls[1].outcome).toMatchObject({ transferredTo: DESK });
    expect(endOf(calls[1].callId)).toBe('fault');
    mend();
    await Promise.all(calls.map(({ outcome }) => outcome));
    expect(await metrics()).toMatch(/^bellhop_live_calls 0$/m);
  });

  it('[END-43] in a reader of events ends no call at all', async () => {
    isReaderBroken = true;
    const calls = await threeCalls(1_200);
    for (const { outcome } of calls) expect((await outcome).reason).toBe('caller-hung-up');
    await expect.poll(() => calls.map(({ callId }) => endOf(callId))).toEqual(Array(3).fill('caller-hung-up'));
    expect(logged.find(({ err }) => err?.message === 'broken reader')?.callId).toBe(calls[0].callId);
  });
});

describe('one call more than there is room for', () => {
  it('[END-38] is greeted, rings the desk within 3 s, and is nowhere begun', async () => {
    const calls = await threeCalls(4_500);
    const happenings: CallHappening[] = [];
    const outcome = await place('+15550199', 10_000, happenings);
    expect(outcome).toMatchObject({ reason: 'transferred', transferredTo: DESK });
    const [played, dialling] = ['recording-played', 'dialling'].map((type) =>
      happenings.find((it) => it.type === type),
    );
    expect(played).toBeDefined();
    expect(dialling).toMatchObject({ number: DESK });
    expect((dialling as { atMs: number }).atMs).toBeLessThan(3_000);
    expect(happenings.some(({ type }) => type === 'stream-started')).toBe(false);
    expect(agent.handshakes).toHaveLength(3);
    expect(callOf('+15550199')).toBe('');
    await Promise.all(calls.map((call) => call.outcome));
    const after: CallHappening[] = [];
    await place('+15550198', 300, after);
    expect(after.some(({ type }) => type === 'stream-started')).toBe(true);
  });
});

describe('an instance that is gone', () => {
  it('[END-42] staff of every other instance hear of the end of its calls', async () => {
    const records = await openDatabase(database.url);
    const { id: hotelId } = await records.selectFrom('hotels').select('id').executeTakeFirstOrThrow();
    const writer = () => ({ hotelId, instanceId: uuidv7(), pricesOf: () => undefined });
    const [gone, sweeper] = [writer(), writer()];
    const callId = uuidv7();
    const log = new CallLog(records, gone, pino({ level: 'silent' }));
    const answered = { kind: 'answered', carrier: 'test', from: '+15550197', to: '+15550100', agent: 'local' } as const;
    log.happened({ callId, sequence: 1, at: new Date().toISOString(), sinceAnswerMs: 0, happening: answered });
    await log.flush(5_000);
    const staff = await staffClient(app.url, FIRST_LOGIN, password);
    const ear = await staff.listen();
    await ear.next('snapshot');
    const lease = new InstanceLease({
      database: records,
      writer: sweeper,
      log: pino({ level: 'silent' }),
      ended: () => {},
    });
    expect(await lease.sweep()).toBe(1);
    expect((await ear.next('call-ended')).data).toMatchObject({ callId, phase: 'ended', endReason: 'instance-lost' });
    ear.close();
    await records.destroy();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { readCall } from '../../scripts/why/call-records.ts';
import { asText, whyPage } from '../../scripts/why/page.ts';
import type { CallEvent, Happening } from '../../src/call/call-event.ts';
import { NO_TOKENS } from '../../src/call/token-cost.ts';
import { readConfig } from '../../src/config.ts';
import { pricesOf } from '../../src/realtime/model-prices.ts';
import { CallLog } from '../../src/storage/call-log.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { seedHotel } from '../../src/storage/hotel-book.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

const CALL_ID = '01890000-0000-7000-8000-000000000000';

/** Events by the milliseconds at which they happened. */
function eventsOf(...told: (readonly [atMs: number, happening: Happening])[]): CallEvent[] {
  return told.map(([sinceAnswerMs, happening], index) => ({
    callId: CALL_ID,
    sequence: index + 1,
    at: new Date(Date.UTC(2026, 5, 15, 12) + sinceAnswerMs).toISOString(),
    sinceAnswerMs,
    happening,
  }));
}

const START = [
  [0, { kind: 'answered', carrier: 'c', from: '+1', to: '+2', agent: 'gpt-realtime-2.1' }],
  [300, { kind: 'agent-ready', afterMs: 300 }],
  [400, { kind: 'first-audio', afterMs: 250 }],
] as const satisfies (readonly [number, Happening])[];
const stopped: Happening = { kind: 'guest-stopped-speaking' };
const started: Happening = { kind: 'guest-started-speaking' };
const answer = (latencyMs: number): Happening => ({ kind: 'turn-answered', latencyMs });
const guest = (order: number, text = 'two towels'): Happening => ({
  kind: 'guest-said',
  turnId: `g${order}`,
  order,
  text,
});
const agent = (order: number, heardMs: number, wasCutOff = false, turnId = `a${order}`): Happening => ({
  kind: 'agent-said',
  turnId,
  order,
  text: `words ${order}`,
  heardMs,
  wasCutOff,
});
const toolStarted: Happening = {
  kind: 'tool-started',
  toolCallId: 't',
  tool: 'create_service_request',
  path: 'native',
  arguments: '{}',
};
const toolEnded = (durationMs: number, outcome: 'ok' | 'failed' = 'ok'): Happening => ({
  kind: 'tool-ended',
  toolCallId: 't',
  tool: 'create_service_request',
  path: 'native',
  outcome,
  durationMs,
  result: 'The books are closed.',
});
const lost: Happening = { kind: 'agent-lost', why: 'the socket closed' };
const ended = (reason: Extract<Happening, { kind: 'ended' }>['reason'] = 'caller-hung-up'): Happening => ({
  kind: 'ended',
  reason,
  durationMs: 60_000,
});

const findingsOf = (...told: (readonly [number, Happening])[]): string[] =>
  whyPage(CALL_ID, eventsOf(...START, ...told), pricesOf).findings.map(({ text }) => text);

describe('what went wrong', () => {
  it('nothing, when all went as it should', () => {
    const turn = [
      [1_000, started],
      [2_000, stopped],
      [2_800, answer(800)],
      [2_900, guest(2)],
      [4_800, agent(3, 2_000)],
    ] as const;
    expect(findingsOf(...turn, [60_000, ended()])).toEqual([]);
  });

  it('a wait is put down to the tool that ran', () => {
    expect(
      findingsOf([2_000, stopped], [2_200, toolStarted], [6_100, toolEnded(3_900)], [6_200, answer(4_200)]),
    ).toEqual(['The guest waited 4.2 s for an answer: the tool create_service_request took 3.9 s.']);
  });

  it('a stored phrase is no answer: the wait goes on until the agent’s own words', () => {
    const filler: Happening = { kind: 'filler-played', clip: 'tool' };
    expect(
      findingsOf(
        [2_000, stopped],
        [2_200, toolStarted],
        [3_400, filler],
        [3_410, answer(1_410)],
        [4_700, agent(3, 1_200, false, 'clip-1')],
        [6_100, toolEnded(3_900)],
        [8_200, agent(4, 2_000)],
      ),
    ).toEqual(['The guest waited 4.2 s for an answer: the tool create_service_request took 3.9 s.']);
  });

  it('a tool that took a small part of the wait is not blamed', () => {
    expect(findingsOf([2_000, stopped], [2_200, toolStarted], [2_300, toolEnded(100)], [5_000, answer(3_000)])).toEqual(
      [
        'The guest waited 3.0 s for an answer: no tool ran and the agent was there, so the model itself took that long.',
      ],
    );
  });

  it('a tool that never came back is told, and that the guest hung up on it', () => {
    expect(findingsOf([2_000, stopped], [2_200, toolStarted], [9_000, ended()])).toEqual([
      'The guest had waited 7.0 s for an answer when the call ended: the tool create_service_request did not come back.',
    ]);
  });

  it('[MODEL-25] a loss is told with its gap, and the wait is put down to it', () => {
    const back: Happening = { kind: 'agent-back', afterMs: 2_100, attempts: 2 };
    expect(findingsOf([2_000, stopped], [2_100, lost], [2_400, lost], [4_200, back], [4_900, answer(2_900)])).toEqual([
      'The guest waited 2.9 s for an answer: the agent was away for 2.1 s (the socket closed).',
      'The agent was lost (the socket closed), and once could not be reached again. Another one went on with the call after 2.1 s.',
    ]);
  });

  it('the desk as the way out is told with its reason', () => {
    const desk: Happening = { kind: 'fallback', to: 'desk', why: 'not ready in time' };
    expect(findingsOf([2_100, lost], [10_100, desk], [40_000, ended('agent-lost')])).toEqual([
      'The agent was lost (the socket closed). Nobody came back.',
      'The guest was given to the front desk: not ready in time.',
      'The agent was lost for good, so the guest was given to the front desk.',
    ]);
  });

  it('an answer that came only when the agent asked whether they were there', () => {
    const silence: Happening = { kind: 'silence-noticed', silentMs: 8_000 };
    const [first] = findingsOf([1_000, started], [2_000, stopped], [10_000, silence], [10_300, answer(8_300)]);
    expect(first).toBe(
      'The guest waited 8.3 s for an answer: no words were understood, until the agent asked whether they were there.',
    );
  });

  it('only with the local engine words have to be understood before the answer', () => {
    const slow = [
      [2_000, stopped],
      [4_000, guest(2)],
      [4_500, answer(2_500)],
    ] as const;
    expect(findingsOf(...slow)[0]).toContain('the model itself');
    expect(findingsOf([1_000, { kind: 'fallback', to: 'local', why: 'refused' }], ...slow)[0]).toContain(
      'it took 2.0 s to understand what they had said',
    );
  });

  it('several things that each took their part of a wait are all told', () => {
    const [first] = findingsOf(
      [1_000, { kind: 'fallback', to: 'local', why: 'refused' }],
      [2_000, stopped],
      [3_300, { kind: 'filler-played', clip: 'away' }],
      [3_301, answer(1_301)],
      [3_340, guest(2)],
      [5_030, agent(3, 1_700, false, 'clip-1')],
      [7_000, agent(4, 2_000)],
    );
    expect(first).toBe(
      'The guest waited 3.0 s for an answer: it took 1.3 s to understand what they had said, and the stored phrase meanwhile took 1.7 s.',
    );
  });

  it('a guest who hung up unheard is told apart from one who did not wait for the greeting to end', () => {
    const greeting: Happening = { kind: 'phase-changed', from: 'ringing', to: 'greeting' };
    const talking: Happening = { kind: 'phase-changed', from: 'greeting', to: 'talking' };
    const hungUp = [9_000, ended()] as const;
    expect(findingsOf([300, greeting], hungUp)).toEqual(['The guest hung up while the agent was still greeting.']);
    expect(findingsOf([300, greeting], [6_000, talking], hungUp)).toEqual([
      expect.stringContaining('does not reach us'),
    ]);
    expect(findingsOf([300, greeting], [6_000, talking], [7_000, started], [8_000, stopped], hungUp)).toEqual([]);
  });

  it('gaps of one utterance are one finding', () => {
    const gap = (turnId: string, gapMs: number): Happening => ({ kind: 'audio-gap', turnId, gapMs });
    expect(findingsOf([5_000, gap('a', 300)], [5_600, gap('a', 200)], [9_000, gap('b', 100)])).toEqual([
      expect.stringContaining('broke off twice, for 0.5 s in all: its audio came too late'),
      expect.stringContaining('broke off once, for 0.1 s in all'),
    ]);
  });

  it('a sound without words that cut the agent off is told; a guest who takes the word is not', () => {
    const cut: Happening = { kind: 'barge-in', turnId: 'a3', heardMs: 500, reactionMs: 1 };
    const noise = [
      [5_000, cut],
      [5_000, agent(3, 500, true)],
      [9_000, agent(4, 1_000)],
    ] as const;
    expect(findingsOf(...noise)).toEqual([expect.stringContaining('cut off by a sound that had no words')]);
    const word = [
      [5_000, cut],
      [5_000, agent(3, 500, true)],
      [6_000, guest(4)],
      [9_000, agent(5, 1_000)],
    ] as const;
    expect(findingsOf(...word)).toEqual([]);
  });

  it.each<[string, Happening, string]>([
    ['a failed tool', toolEnded(20, 'failed'), 'The tool create_service_request failed: The books are closed.'],
    [
      'a busy line',
      { kind: 'transfer-ended', department: 'spa', outcome: 'busy' },
      'to spa came to nothing: the line was busy',
    ],
    [
      'a refused cut',
      { kind: 'truncate-refused', turnId: 'a', code: 'invalid_value', message: 'no' },
      'refused the cut (invalid_value: no)',
    ],
    [
      'a slow cut',
      { kind: 'barge-in', turnId: 'x', heardMs: 9, reactionMs: 450 },
      'went on for 0.5 s after the guest had begun',
    ],
    [
      'a claim',
      { kind: 'claim-unproven', turnId: 'a', text: 'Done.' },
      'The agent said “Done.”, which no tool had done',
    ],
    ['a noted request', { kind: 'request-noted', requestId: 'r', summary: 'Towels' }, 'has not reached staff'],
    ['lost audio', { kind: 'carrier-oddities', counts: { 'filled-ms': 900 } }, '0.9 s of what the guest said was lost'],
    ['a dead instance', ended('instance-lost'), 'stopped running in the middle of the call'],
  ])('%s', (_, happening, text) => {
    expect(findingsOf([9_000, happening])).toEqual([expect.stringContaining(text)]);
  });

  it('a record with holes says so', () => {
    const events = eventsOf(...START, [9_000, ended()]).filter(({ sequence }) => sequence !== 2);
    expect(whyPage(CALL_ID, events, pricesOf).findings[0]?.text).toMatch(/^The record lacks 1 of its 4 events/);
  });
});

describe('the page', () => {
  it('words stand where they began to be said, however late their text came', () => {
    const events = eventsOf(
      ...START,
      [1_000, started],
      [2_000, stopped],
      [2_700, answer(700)],
      [4_700, agent(3, 2_000)],
      [4_900, guest(2)],
    );
    const { story } = whyPage(CALL_ID, events, pricesOf);
    expect(story.slice(-2)).toEqual([
      { atMs: 1_000, text: 'guest: two towels' },
      { atMs: 2_700, text: 'agent: words 3' },
    ]);
  });

  it('a change of language stands in the story', () => {
    const change = { kind: 'language-switched', toolCallId: 't', from: 'en', to: 'fr', told: 'Go on in it.' } as const;
    const { story } = whyPage(CALL_ID, eventsOf(...START, [2_000, change]), pricesOf);
    expect(story.at(-1)?.text).toBe('the guest asked for French: the call goes on in it');
  });

  it('fits a terminal, and what was said cannot steer it', () => {
    const evil = `\u001b[2Jtowels\n${'very '.repeat(60)}soft`;
    const usage = { ...NO_TOKENS, inputAudioTokens: 1_000, cachedAudioTokens: 1_000, outputAudioTokens: 1_000 };
    const text = asText(
      whyPage(
        CALL_ID,
        eventsOf(...START, [2_000, guest(2, evil)], [3_000, { kind: 'tokens-used', responseId: 'r', usage }]),
        pricesOf,
      ),
    );
    expect(text).not.toContain('\u001b');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
    expect(text).toMatch(/Tokens +2,000 in \(50% of it cached\), 1,000 out/);
    expect(text).toMatch(/Cost +\$0\.096 so far/);
    expect(text).toContain('not ended yet');
  });
});

describe('finding the call', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  const callIds = [uuidv7(), uuidv7()];
  const config = () =>
    readConfig(
      { DATABASE_URL: testDatabase.url, DATA_DIR: '/nowhere', BELLHOP_CONFIG: 'bellhop.example.yaml' },
      process.cwd(),
    );

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = await openDatabase(testDatabase.url);
    const writer = {
      hotelId: await seedHotel(database, config().hotel, false, new Date()),
      instanceId: uuidv7(),
      pricesOf,
    };
    const log = new CallLog(database, writer, pino({ level: 'silent' }));
    for (const [index, callId] of callIds.entries())
      for (const event of eventsOf([index * 1_000, START[0][1]], [5_000, ended()])) log.happened({ ...event, callId });
    await log.flush(5_000);
  });

  afterAll(async () => {
    await database.destroy();
    await testDatabase.drop();
  });

  it('by its id, by the beginning of it, and as the last one', async () => {
    const [first = '', last = ''] = callIds;
    expect((await readCall(config(), first)).events.map(({ happening }) => happening.kind)).toEqual([
      'answered',
      'ended',
    ]);
    expect((await readCall(config(), first.slice(0, 33))).callId).toBe(first);
    expect((await readCall(config(), 'last')).callId).toBe(last);
  });

  it('what is not one call is told in one line', async () => {
    const both = (callIds[0] ?? '').slice(0, 4);
    await expect(readCall(config(), both)).rejects.toThrow(
      `several calls' ids begin with '${both}', the newest first: `,
    );
    await expect(readCall(config(), 'ffffffff')).rejects.toThrow("no call's id begins with 'ffffffff'");
    await expect(readCall(config(), 'yesterday')).rejects.toThrow("'yesterday' is no call id");
    const nowhere = readConfig({ DATA_DIR: '/nowhere', BELLHOP_CONFIG: 'bellhop.example.yaml' }, process.cwd());
    await expect(readCall(nowhere, 'last')).rejects.toThrow('there are no records in /nowhere');
  });
});

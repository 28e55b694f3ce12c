/** What `npm run why` tells of tool servers of others. */
import { describe, expect, it } from 'vitest';
import { whyPage } from '../../scripts/why/page.ts';
import type { Happening } from '../../src/call/call-event.ts';
import { pricesOf } from '../../src/realtime/model-prices.ts';

const CALL_ID = '01890000-0000-7000-8000-000000000000';
type Told = readonly [atMs: number, happening: Happening];

function pageOf(...told: Told[]) {
  const start: Told[] = [
    [0, { kind: 'answered', carrier: 'c', from: '+1', to: '+2', agent: 'a' }],
    [300, { kind: 'agent-ready', afterMs: 300 }],
    [400, { kind: 'first-audio', afterMs: 250 }],
  ];
  const events = [...start, ...told].map(([sinceAnswerMs, happening], index) => ({
    callId: CALL_ID,
    sequence: index + 1,
    at: new Date(Date.UTC(2026, 5, 15, 12) + sinceAnswerMs).toISOString(),
    sinceAnswerMs,
    happening,
  }));
  const { findings, story } = whyPage(CALL_ID, events, pricesOf);
  return { findings: findings.map(({ text }) => text), story: story.slice(start.length).map(({ text }) => text) };
}

const pathChanged = (to: 'native' | 'client' | 'none'): Happening => ({
  kind: 'path-changed',
  server: 'spa',
  to,
  why: 'listing failed',
});
const asked: Happening = {
  kind: 'approval-asked',
  approvalId: 'q',
  server: 'spa',
  tool: 'book_table',
  arguments: '{"at":"10:00"}',
};
const ended = (decision: 'approved' | 'denied' | 'expired' | 'cancelled', approvalId = 'q'): Happening => ({
  kind: 'approval-ended',
  approvalId,
  decision,
});
const tool = { toolCallId: 't', tool: 'book_table', server: 'spa', path: 'client' } as const;

describe('the path to a server', () => {
  it('is told with its reason when it breaks; that it works again is no trouble', () => {
    const { findings, story } = pageOf(
      [2_000, pathChanged('client')],
      [4_000, pathChanged('none')],
      [9_000, pathChanged('native')],
    );
    expect(findings).toEqual([
      'From here on the tools of spa were called by Bellhop itself instead of by the model’s side: listing failed.',
      'From here on the tools of spa could not be used: listing failed.',
    ]);
    expect(story).toEqual([
      'the tools of spa are called by Bellhop itself from now on: listing failed',
      'the tools of spa are not to be used from now on: listing failed',
      'the tools of spa are called by the model’s side from now on: listing failed',
    ]);
  });

  it('stands beside each of its tools, and a failure says whose tool it was', () => {
    const { findings, story } = pageOf([
      2_000,
      { kind: 'tool-ended', ...tool, outcome: 'failed', durationMs: 90, result: 'No answer.' },
    ]);
    expect(findings).toEqual(['The tool book_table of spa failed: No answer.']);
    expect(story).toEqual(['tool book_table (spa, client): failed after 90 ms: No answer.']);
  });
});

describe('questions to staff', () => {
  const question = 'Staff were asked whether book_table of spa may be used';

  it.each([
    ['denied', [`${question}, and said no after 3.0 s.`]],
    ['expired', [`${question}, and nobody answered within 3.0 s: it was not used.`]],
    ['cancelled', [`${question}, and the call moved on after 3.0 s, before anybody answered.`]],
    ['approved', []],
  ] as const)('that were %s', (decision, findings) => {
    const page = pageOf([2_000, asked], [3_000, ended('approved', 'another')], [5_000, ended(decision)]);
    expect(page.findings).toEqual(findings);
    expect(page.story[0]).toBe('staff are asked whether book_table of spa may be used with {"at":"10:00"}');
    expect(page.story[2]).toBe(`the question to staff is ${decision}`);
  });

  it('whose end the record lacks', () => {
    expect(pageOf([2_000, asked]).findings).toEqual([`${question}; the record does not tell how that ended.`]);
  });

  it('are why the guest waited, where they took the most of it', () => {
    const { findings } = pageOf(
      [2_000, { kind: 'guest-stopped-speaking' }],
      [2_200, { kind: 'tool-started', ...tool, arguments: '{}' }],
      [2_300, asked],
      [8_300, ended('approved')],
      [8_400, { kind: 'tool-ended', ...tool, outcome: 'ok', durationMs: 6_200, result: '' }],
      [9_000, { kind: 'turn-answered', latencyMs: 7_000 }],
    );
    expect(findings).toEqual([
      'The guest waited 7.0 s for an answer: staff took 6.0 s to decide whether book_table may be used, and the tool book_table took 6.2 s.',
    ]);
  });
});

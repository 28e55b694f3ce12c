/** What the guest hears of the agent while tools and colleagues keep them waiting. */
import { describe, expect, test } from 'vitest';
import { setStage, type Stage } from './call-on-stage.ts';

const clip = (text: string) => ({ audio: new Uint8Array(8 * 1000), text });
const clips = { phrases: { tool: clip('One moment.') }, softSound: new Uint8Array(8 * 2000) };

function talking(): Stage {
  const stage = setStage({ clips });
  stage.talk();
  return stage;
}

const started = (toolCallId: string, phrase?: string) =>
  ({
    kind: 'tool-started',
    toolCallId,
    tool: 'find_slot',
    path: 'client',
    server: 'spa',
    arguments: '{}',
    phrase,
  }) as const;
const ended = (toolCallId: string) =>
  ({
    kind: 'tool-ended',
    toolCallId,
    tool: 'find_slot',
    path: 'client',
    server: 'spa',
    outcome: 'ok',
    durationMs: 1,
    result: 'At five.',
  }) as const;
const asked = (approvalId: string) =>
  ({ kind: 'approval-asked', approvalId, server: 'spa', tool: 'book', arguments: '{}' }) as const;
const decided = (approvalId: string) => ({ kind: 'approval-ended', approvalId, decision: 'denied' }) as const;

const sayings = ({ asked: all }: Stage) =>
  all.filter((what) => what.startsWith('agent.sayExactly')).map((what) => what.slice('agent.sayExactly '.length));
const fillers = ({ events }: Stage) => events.filter(({ kind }) => kind === 'filler-played').length;
const softSounds = ({ asked: all }: Stage) => all.filter((what) => what.startsWith('caller.play sound')).length;

describe('the words of a tool', () => {
  test('[TOOL-27] are said when it still runs after 800 ms, once', () => {
    const stage = talking();
    stage.call.toolHappened(started('t1', 'I look at the calendar.'));
    stage.clock.advance(799);
    expect(sayings(stage)).toEqual([]);
    stage.clock.advance(1);
    expect(sayings(stage)).toEqual(['I look at the calendar.']);
    stage.clock.advance(10_000);
    expect(sayings(stage)).toHaveLength(1);
  });

  test('[TOOL-27] are not said of one that is quick, or that has none', () => {
    const stage = talking();
    stage.call.toolHappened(started('t1', 'I look at the calendar.'));
    stage.call.toolHappened(started('t2'));
    stage.clock.advance(700);
    stage.call.toolHappened(ended('t1'));
    stage.clock.advance(3_000);
    expect(sayings(stage)).toEqual([]);
  });

  test('[TOOL-27] give way to the stored phrase in a call of another language', () => {
    const stage = talking();
    stage.call.toolHappened(started('t1', '(other language) I look at the calendar.'));
    stage.clock.advance(2_000);
    expect([sayings(stage), fillers(stage)]).toEqual([[], 1]);
  });

  test('[TOOL-27] stand for all tools that run beside it', () => {
    const stage = talking();
    stage.call.toolHappened(started('t1', 'one'));
    stage.call.toolHappened(started('t2', 'two'));
    stage.clock.advance(2_000);
    expect(sayings(stage)).toEqual(['one']);
  });

  test('[TOOL-27] wait until nothing else is being said', () => {
    const stage = talking();
    stage.agentSays('a1', 1_500);
    stage.call.toolHappened(started('t1', 'I look at the calendar.'));
    stage.clock.advance(900);
    expect(sayings(stage)).toEqual([]);
    stage.playOut();
    stage.clock.advance(100);
    expect(sayings(stage)).toEqual(['I look at the calendar.']);
  });

  test('[TOOL-27] are not said to a guest who speaks', () => {
    const stage = talking();
    stage.call.toolHappened(started('t1', 'I look at the calendar.'));
    stage.call.guestStartedSpeaking();
    stage.clock.advance(2_000);
    expect(sayings(stage)).toEqual([]);
  });

  test('[TOOL-27] no stored words are played on top of them, nor they after those', () => {
    const own = talking();
    own.call.toolHappened(started('t1', 'I look at the calendar.'));
    own.clock.advance(800);
    own.clock.advance(700);
    own.agentSays('a1', 1_000);
    own.playOut();
    own.clock.advance(4_000);
    expect([sayings(own).length, fillers(own)]).toEqual([1, 0]);

    const stored = talking();
    stored.call.responseStarted('r-busy');
    stored.call.toolHappened(started('t1', 'I look at the calendar.'));
    stored.clock.advance(1_200);
    expect(fillers(stored)).toBe(1);
    stored.call.responseEnded('r-busy', 'completed');
    stored.playOut();
    stored.clock.advance(3_000);
    expect(sayings(stored)).toEqual([]);
  });

  test('[TOOL-27] that do not come leave the stored ones their turn', () => {
    const stage = talking();
    stage.call.toolHappened(started('t1', 'I look at the calendar.'));
    stage.clock.advance(3_200);
    expect(fillers(stage)).toBe(0);
    stage.clock.advance(800);
    expect(fillers(stage)).toBe(1);
  });

  test('[TOOL-27] a tool that goes on after them is waited for with the soft sound', () => {
    const stage = talking();
    stage.call.toolHappened(started('t1', 'I look at the calendar.'));
    stage.clock.advance(800);
    stage.agentSays('a1', 1_000);
    stage.playOut();
    stage.clock.advance(1_300);
    expect([softSounds(stage), fillers(stage)]).toEqual([1, 0]);
  });
});

describe('asking a colleague', () => {
  test('is told at once, and once for each approval', () => {
    const stage = talking();
    stage.call.toolHappened(asked('p1'));
    stage.call.toolHappened(asked('p1'));
    expect(sayings(stage)).toEqual(['I have to ask a colleague.']);
    stage.call.toolHappened(decided('p1'));
    stage.call.toolHappened(asked('p2'));
    expect(sayings(stage)).toHaveLength(2);
  });

  test('is told instead of the words of the tool', () => {
    const stage = talking();
    stage.call.toolHappened(started('t1', 'I look at the calendar.'));
    stage.call.toolHappened(asked('p1'));
    stage.clock.advance(3_000);
    expect(sayings(stage)).toEqual(['I have to ask a colleague.']);
  });

  test('is not told into the guest’s words, but after them', () => {
    const stage = talking();
    stage.call.guestStartedSpeaking();
    stage.call.toolHappened(asked('p1'));
    stage.clock.advance(1_000);
    expect(sayings(stage)).toEqual([]);
    stage.call.guestStoppedSpeaking();
    stage.call.guestTurnCommitted('g1', true);
    stage.clock.advance(200);
    expect(sayings(stage)).toEqual(['I have to ask a colleague.']);
  });

  test('[SILENCE-28] nobody who waits for it is asked whether they are there', () => {
    const stage = talking();
    stage.call.toolHappened(asked('p1'));
    stage.agentSays('a1', 500);
    stage.playOut();
    stage.clock.advance(30_000);
    expect(stage.kinds()).not.toContain('silence-noticed');
    stage.call.toolHappened(decided('p1'));
    stage.agentSays('a2', 500);
    stage.playOut();
    stage.clock.advance(8_000);
    expect(stage.kinds()).toContain('silence-noticed');
  });
});

describe('another path', () => {
  test('is no matter for the guest: nothing is said, and their silence counts on', () => {
    const stage = talking();
    stage.clock.advance(7_000);
    stage.call.toolHappened({ kind: 'path-changed', server: 'spa', to: 'client', why: 'no list of tools in time' });
    expect(sayings(stage)).toEqual([]);
    stage.clock.advance(1_000);
    expect(stage.kinds()).toContain('silence-noticed');
  });
});

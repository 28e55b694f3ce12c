import { describe, expect, it } from 'vitest';
import type { Clips } from '../../src/call/ports.ts';
import { setStage, type Stage, type StageOptions } from './call-on-stage.ts';

const source = (itemId: string) => ({ itemId, contentIndex: 0 });
const clip = (ms: number, text: string) => ({ audio: new Uint8Array(ms * 8), text });
const clips: Clips = {
  phrases: {
    'not-there-yet': clip(1_000, 'One moment.'),
    away: clip(1_000, 'I will be right back.'),
    tool: clip(800, 'Let me see.'),
    desk: clip(2_000, 'A colleague takes over.'),
  },
  softSound: new Uint8Array(2_000 * 8),
};

function talking(options: StageOptions = {}): Stage {
  const stage = setStage({ clips, ...options });
  stage.talk();
  return stage;
}

const spoken = (stage: Stage): string[] =>
  stage.events.flatMap((event) => (event.kind === 'filler-played' ? [event.clip] : []));

describe('the agent goes away', () => {
  it('[MODEL-25] when nobody waits, it is dialled at once, told what was said, and asked nothing', () => {
    const stage = talking();
    stage.call.agentLost('1006');
    stage.clock.advance(0);
    expect(stage.asked).toEqual(['agent.close', 'agent.open']);
    stage.clock.advance(300);
    stage.call.agentReady();
    const greeting = JSON.stringify([{ kind: 'turn', speaker: 'agent', text: 'words of the agent' }]);
    expect(stage.asked.slice(2)).toEqual([`agent.restore ${greeting}`, 'agent.setTurnTaking automatic']);
    expect(stage.events).toContainEqual({ kind: 'agent-back', afterMs: 300, attempts: 1 });
    expect(spoken(stage)).toEqual([]);
    stage.clock.advance(8_000);
    expect(stage.asked.at(-1)).toBe('agent.sayExactly Are you still there?');
  });

  it('[MODEL-25] in the middle of an answer: what was sent is heard, the next one goes on without a greeting', () => {
    const stage = talking();
    stage.call.responseStarted('r');
    stage.call.agentTranscript(source('answer'), 'Your towels');
    stage.call.agentAudio('r', source('answer'), new Uint8Array(500 * 8));
    stage.call.agentLost('1006');
    stage.clock.advance(0);
    expect(stage.asked).not.toContain('caller.clear');
    stage.playOut();
    stage.call.agentReady();
    expect(stage.asked.join('\n')).toMatch(/agent\.restore .*Your towels/);
    expect(stage.asked.at(-1)).toBe('agent.respond Go on.');
    expect(stage.asked.join('\n')).not.toContain('sayExactly');
  });

  it('[MODEL-26] of an agent that was silent before it was lost nothing is known: the next one hears what the guest said since', () => {
    const stage = talking();
    for (let frame = 0; frame < 200; frame++) stage.call.callerAudio(new Uint8Array(160));
    stage.call.agentLost('half open', 1_999.7);
    stage.clock.advance(0);
    stage.asked.length = 0;
    stage.call.agentReady();
    const given = stage.asked.flatMap((line) => /^agent\.append (\d+)/.exec(line)?.[1] ?? []);
    expect(given.reduce((sum, bytes) => sum + Number(bytes), 0)).toBeGreaterThanOrEqual(2_000 * 8 - 800);
  });

  it('[MODEL-16] [MODEL-25] what the guest was saying is heard by the next one from its beginning, once', () => {
    const stage = talking();
    for (let frame = 0; frame < 100; frame++) stage.call.callerAudio(new Uint8Array(160));
    stage.call.guestStartedSpeaking();
    for (let frame = 0; frame < 50; frame++) stage.call.callerAudio(new Uint8Array(160));
    stage.asked.length = 0;
    stage.call.agentLost('1006');
    stage.clock.advance(0);
    for (let frame = 0; frame < 20; frame++) stage.call.callerAudio(new Uint8Array(160));
    stage.call.agentReady();
    const bytes = stage.asked
      .flatMap((line) => /^agent\.append (\d+)$/.exec(line)?.[1] ?? [])
      .reduce((sum, length) => sum + Number(length), 0);
    // 300 ms before the speech was noticed, 1 s of it, and 400 ms while nobody was there.
    expect(bytes).toBe((300 + 1_000 + 400) * 8);
    expect(stage.asked.join('\n')).not.toContain('agent.respond');
  });

  it('[MODEL-25] a turn whose words are known is not played again; its answer is asked for', () => {
    const stage = talking();
    stage.call.guestStartedSpeaking();
    for (let frame = 0; frame < 50; frame++) stage.call.callerAudio(new Uint8Array(160));
    stage.call.guestStoppedSpeaking();
    stage.call.guestTurnCommitted('g', true);
    stage.call.guestTranscript('g', 'two towels', true);
    stage.asked.length = 0;
    stage.call.agentLost('1006');
    stage.clock.advance(0);
    stage.call.agentReady();
    expect(stage.asked.filter((line) => line.startsWith('agent.append'))).toEqual([]);
    expect(stage.asked.at(-1)).toBe('agent.respond Go on.');
  });

  it('[MODEL-25] dials at 0, 250, 500, 1000 and 2000 ms, give or take a fifth', () => {
    const stage = talking();
    const opened: number[] = [];
    const began = stage.clock.nowMs();
    for (let failures = 0; failures < 4; failures++) {
      stage.asked.length = 0;
      stage.call.agentLost('refused');
      while (!stage.asked.includes('agent.open')) stage.clock.advance(1);
      opened.push(stage.clock.nowMs() - began);
    }
    [0, 250, 750, 1_750].forEach((due, i) => {
      expect(opened[i]).toBeGreaterThanOrEqual(due * 0.8);
      expect(opened[i]).toBeLessThanOrEqual(due * 1.2 + 4);
    });
  });

  it('[MODEL-25] after 8 s the guest is told and put through to the desk', () => {
    const stage = talking();
    stage.call.agentLost('1006');
    for (let ms = 0; ms < 7_900; ms += 100) stage.clock.advance(100);
    expect(stage.call.phase).toBe('talking');
    for (let ms = 0; ms < 4_000; ms += 100) stage.clock.advance(100);
    expect(spoken(stage)).toContain('desk');
    expect(stage.call.phase).toBe('handed-over');
    expect(stage.asked.at(-1)).toBe('caller.close');
  });

  it('[MODEL-20] an error that no redial can mend brings the other engine at once, and then the desk', () => {
    const stage = talking({ engines: ['first', 'second'] });
    stage.call.agentFailed('invalid_api_key', 'no', true);
    stage.clock.advance(0);
    expect(stage.asked).toEqual(['agent.close', 'agent.open second']);
    expect(stage.events).toContainEqual({ kind: 'fallback', to: 'second', why: 'no' });
    stage.call.agentFailed('invalid_api_key', 'no', true);
    expect(spoken(stage)).toEqual(['desk']);
  });

  it('[MODEL-25] a tool that runs is settled before another agent takes over, and its result is told', () => {
    const stage = talking();
    const tool = { toolCallId: 't', tool: 'create_service_request', path: 'native' as const };
    stage.call.responseStarted('r');
    stage.call.toolHappened({ kind: 'tool-started', ...tool, arguments: '{"summary":"towels"}' });
    stage.call.agentLost('1006');
    stage.clock.advance(0);
    stage.call.agentReady();
    expect(stage.asked.join('\n')).not.toContain('agent.restore');
    stage.call.toolHappened({ kind: 'tool-ended', ...tool, outcome: 'ok', durationMs: 5, result: 'Number 101.' });
    expect(stage.asked.join('\n')).toMatch(
      /agent\.restore .*"argumentsJson":"{\\"summary\\":\\"towels\\"}".*Number 101/,
    );
    expect(stage.asked.at(-1)).toBe('agent.respond Go on.');
  });

  it('[PLAY-4] items of an agent that is gone are neither truncated nor deleted at the next one', () => {
    const stage = talking();
    stage.agentSays('answer', 2_000);
    stage.call.markReturned('m5');
    stage.call.agentLost('1006');
    stage.clock.advance(0);
    stage.call.agentReady();
    stage.asked.length = 0;
    stage.call.guestStartedSpeaking();
    expect(stage.asked).toEqual(['caller.clear', 'agent.cancelResponse']);
    expect(stage.events).toContainEqual(expect.objectContaining({ kind: 'barge-in', turnId: 'answer' }));
  });

  it('before its first word: the guest is greeted by the next one', () => {
    const stage = setStage({ clips });
    stage.call.answer();
    stage.call.agentReady();
    stage.call.streamOpened(stage.caller);
    stage.call.agentLost('1006');
    stage.clock.advance(0);
    stage.call.agentReady();
    expect(stage.asked.filter((line) => line.includes('sayExactly Hello'))).toHaveLength(2);
    expect(stage.call.phase).toBe('greeting');
  });

  it('while it says goodbye: nobody is dialled any more, and the call ends', () => {
    const stage = talking();
    stage.agentSays('goodbye', 500);
    stage.call.toolRequested('t', 'hang_up', '{}');
    stage.call.agentLost('1006');
    stage.playOut();
    expect(stage.asked).not.toContain('agent.open');
    expect(stage.call.phase).toBe('ended');
  });
});

describe('a connection grows old', () => {
  it('[MODEL-26] after 50 minutes, in a pause, another one takes over: opened beside, told all, the old one closed', () => {
    const stage = talking({ maxCallMs: 2 * 3_600_000 });
    talkFor50Minutes(stage);
    stage.agentSays('while it speaks nothing changes', 100);
    expect(stage.asked).not.toContain('agent.open');
    stage.playOut();
    expect(stage.asked.at(-1)).toBe('agent.open');
    stage.asked.length = 0;
    stage.opened.at(-1)?.agentReady();
    expect(stage.asked.map((line) => line.split(' ')[0])).toEqual([
      'agent.restore',
      'agent.setTurnTaking',
      'agent.close',
    ]);
    stage.opened.at(-1)?.guestStartedSpeaking();
    expect(stage.events.at(-1)).toEqual({ kind: 'guest-started-speaking' });
    expect(stage.kinds()).not.toContain('agent-lost');
  });
});

describe('the language changes while another connection is being opened', () => {
  it('[MODEL-26] that one is let go, whatever it tells later, and the next pause opens another in its place', () => {
    const stage = talking({ maxCallMs: 2 * 3_600_000 });
    talkFor50Minutes(stage);
    stage.agentSays('before the pause', 100);
    stage.playOut();
    stage.asked.length = 0;
    stage.call.toolRequested('t1', 'switch_language', '{"language":"fr"}');
    expect(stage.asked[0]).toBe('agent.close');
    expect(stage.asked).not.toContain('agent.open');
    stage.agentSays('in French', 100);
    stage.playOut();
    expect(stage.asked.at(-1)).toBe('agent.open');
    stage.opened.at(-1)?.agentReady();
    expect(stage.asked.slice(-3).map((line) => line.split(' ')[0])).toEqual([
      'agent.restore',
      'agent.setTurnTaking',
      'agent.close',
    ]);
  });
});

describe('the guest is never left in silence', () => {
  it('[MODEL-25] an agent that does not answer though it is there is excused, until it speaks', () => {
    const stage = talking();
    stage.call.guestStartedSpeaking();
    stage.call.guestStoppedSpeaking();
    stage.call.guestTurnCommitted('g', true);
    stage.clock.advance(1_199);
    expect(spoken(stage)).toEqual([]);
    stage.clock.advance(1);
    expect(spoken(stage)).toEqual(['away']);
    stage.playOut();
    stage.agentSays('answer', 500);
    stage.playOut();
    stage.clock.advance(5_000);
    expect(spoken(stage)).toEqual(['away']);
  });

  it('[MODEL-24] a greeting that does not come is excused as well', () => {
    const stage = setStage({ clips });
    stage.call.answer();
    stage.call.streamOpened(stage.caller);
    stage.call.agentReady();
    stage.clock.advance(1_200);
    expect(spoken(stage)).toEqual(['not-there-yet']);
  });

  it('[MODEL-25] whoever waited for an answer already is told at once that the agent went away', () => {
    const stage = talking();
    stage.call.guestStartedSpeaking();
    stage.call.guestTurnCommitted('g', true);
    stage.clock.advance(1_000);
    stage.call.agentLost('half open', 900.5);
    stage.clock.advance(200);
    expect(spoken(stage)).toEqual(['away']);
  });

  it('[MODEL-25] a waiting guest hears a phrase within a second, then a soft sound until the answer comes', () => {
    const stage = talking();
    stage.call.guestStartedSpeaking();
    stage.call.guestStoppedSpeaking();
    stage.call.guestTurnCommitted('g', true);
    stage.call.agentLost('1006');
    stage.clock.advance(900);
    expect(spoken(stage)).toEqual(['away']);
    stage.playOut();
    stage.clock.advance(1_500);
    expect(stage.asked.findLast((line) => line.startsWith('caller.play '))).toMatch(/^caller\.play sound-/);
    stage.call.agentReady();
    stage.agentSays('answer', 500);
    const [cleared, played] = ['caller.clear', 'caller.play answer 500'].map((line) => stage.asked.indexOf(line));
    expect(cleared).toBeGreaterThan(0);
    expect(played).toBeGreaterThan(cleared ?? 0);
    stage.clock.advance(5_000);
    expect(stage.asked.filter((line) => line.startsWith('caller.play sound-'))).toHaveLength(1);
  });

  it('[MODEL-24] an agent that is not there 1.5 s after the stream opened is excused by a stored phrase', () => {
    const stage = setStage({ clips });
    stage.call.answer();
    stage.call.streamOpened(stage.caller);
    stage.clock.advance(1_500);
    expect(spoken(stage)).toEqual(['not-there-yet']);
    stage.call.agentReady();
    expect(stage.asked.at(-1)).toBe('agent.sayExactly Hello from the machine. How may I help?');
    expect(stage.asked).not.toContain('caller.clear');
  });

  it('[TOOL-27] a tool that takes its time: a short phrase after 1.2 s, a soft sound, ended by the first speech', () => {
    const stage = talking();
    stage.call.responseStarted('r');
    stage.call.toolHappened({ kind: 'tool-started', toolCallId: 't', tool: 'x', path: 'native', arguments: '{}' });
    stage.clock.advance(1_199);
    expect(spoken(stage)).toEqual([]);
    stage.clock.advance(1);
    expect(spoken(stage)).toEqual(['tool']);
    stage.playOut();
    stage.clock.advance(1_200);
    expect(stage.asked.some((line) => line.startsWith('caller.play sound-'))).toBe(true);
    stage.asked.length = 0;
    stage.call.guestStartedSpeaking();
    expect(stage.asked[0]).toBe('caller.clear');
    stage.clock.advance(10_000);
    expect(stage.asked.filter((line) => line.startsWith('caller.play'))).toEqual([]);
  });
});

/** Both take turns, a minute each. */
function talkFor50Minutes(stage: ReturnType<typeof talking>): void {
  for (let minute = 0; minute < 50; minute++) {
    stage.agentSays(`talk-${minute}`, 100);
    stage.playOut();
    stage.clock.advance(5_000);
    stage.call.guestStartedSpeaking();
    stage.clock.advance(55_000);
    stage.call.guestStoppedSpeaking();
    stage.call.guestTurnCommitted(`g${minute}`, true);
  }
}

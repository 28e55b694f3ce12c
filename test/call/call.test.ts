import { describe, expect, it } from 'vitest';
import { setStage } from './call-on-stage.ts';

const source = (itemId: string) => ({ itemId, contentIndex: 0 });

describe('a call begins', () => {
  it('[MODEL-17] the greeting is asked for only when both the agent is ready and the stream is open', () => {
    for (const order of ['agent first', 'stream first']) {
      const { call, caller, asked } = setStage();
      call.answer();
      if (order === 'agent first') call.agentReady();
      else call.streamOpened(caller);
      expect(asked.join()).not.toContain('sayExactly');
      if (order === 'agent first') call.streamOpened(caller);
      else call.agentReady();
      expect(asked.filter((line) => line.startsWith('agent.sayExactly Hello'))).toHaveLength(1);
    }
  });

  it('[MODEL-17] a greeting that never sounds gives the guest to the desk', () => {
    const { call, caller, clock, asked } = setStage();
    call.answer();
    call.agentReady();
    call.streamOpened(caller);
    clock.advance(15_000);
    expect(call.phase).toBe('handed-over');
    expect(asked).toContain('caller.close');
  });

  it('[MODEL-24] an agent that is not ready in time gives the guest to the desk', () => {
    const { call, caller, clock, asked } = setStage();
    call.answer();
    call.streamOpened(caller);
    clock.advance(5_500);
    expect(call.phase).toBe('handed-over');
    expect(asked.slice(-2)).toEqual(['agent.close', 'caller.close']);
  });

  it('an agent that failed while the phone rang leaves the stream to the desk at once', () => {
    const { call, caller, asked } = setStage();
    call.answer();
    call.agentFailed('invalid_api_key', 'no', true);
    call.streamOpened(caller);
    expect(asked).toContain('caller.close');
  });

  it('a caller who never comes is forgotten', () => {
    const stage = setStage();
    stage.call.answer();
    stage.clock.advance(60_000);
    expect(stage.ended).toHaveLength(1);
    expect(stage.events.at(-1)).toMatchObject({ kind: 'ended', reason: 'caller-never-came' });
  });

  it('an agent is not kept waiting for a caller who takes their time, and is dialled again when they come', () => {
    const stage = setStage();
    stage.call.answer();
    stage.call.agentReady();
    stage.clock.advance(3_000);
    expect(stage.asked).toEqual(['agent.open', 'agent.close']);
    stage.call.streamOpened(stage.caller);
    stage.call.agentReady();
    expect(stage.asked.slice(2)).toEqual(['agent.open', 'agent.sayExactly Hello from the machine. How may I help?']);
  });

  it('a greeting whose end was never told is over when another response begins', () => {
    const stage = setStage();
    stage.call.answer();
    stage.call.agentReady();
    stage.call.streamOpened(stage.caller);
    stage.call.responseStarted('greeting');
    stage.call.agentAudio('greeting', source('greeting'), new Uint8Array(1600));
    stage.call.responseStarted('another');
    expect(stage.call.phase).toBe('talking');
  });

  it('[START-40] the time to the first sound is measured from the opened stream', () => {
    const stage = setStage();
    stage.call.answer();
    stage.call.agentReady();
    stage.clock.advance(500);
    stage.call.streamOpened(stage.caller);
    stage.clock.advance(230);
    stage.agentSays('greeting', 1000);
    expect(stage.events).toContainEqual({ kind: 'first-audio', afterMs: 230 });
  });
});

describe('the guest speaks over the agent', () => {
  it('[BARGE-6] clear first, then cancel, then truncate at what was heard', () => {
    const stage = setStage();
    stage.talk();
    stage.agentSays('answer', 2000);
    stage.call.markReturned('m5');
    stage.clock.advance(120);
    stage.asked.length = 0;
    stage.call.guestStartedSpeaking();
    expect(stage.asked).toEqual(['caller.clear', 'agent.cancelResponse', 'agent.truncate answer 320']);
    expect(stage.events).toContainEqual({ kind: 'barge-in', turnId: 'answer', heardMs: 320, reactionMs: 0 });
  });

  it('[BARGE-6] an item of which nothing was heard is deleted', () => {
    const stage = setStage();
    stage.talk();
    stage.agentSays('answer', 2000);
    stage.call.guestStartedSpeaking();
    expect(stage.asked).toContain('agent.deleteItem answer');
  });

  it('[BARGE-7] audio of the cancelled response that still arrives is dropped', () => {
    const stage = setStage();
    stage.talk();
    stage.call.responseStarted('r');
    stage.call.agentAudio('r', source('answer'), new Uint8Array(800));
    stage.call.guestStartedSpeaking();
    stage.asked.length = 0;
    stage.call.agentAudio('r', source('answer'), new Uint8Array(800));
    stage.call.agentAudioDone('r', source('answer'));
    expect(stage.asked).toEqual([]);
  });

  it('[BARGE-8] a cough does not cut the greeting', () => {
    const { call, caller, asked, agentSays, clock } = setStage();
    call.answer();
    call.agentReady();
    call.streamOpened(caller);
    agentSays('greeting', 3000);
    call.guestStartedSpeaking();
    clock.advance(250);
    call.guestStoppedSpeaking();
    clock.advance(5_000);
    expect(asked).not.toContain('caller.clear');
  });

  it('[BARGE-8] a guest who goes on speaking gets the word once the notice was heard, and an answer', () => {
    const stage = setStage();
    const { call } = stage;
    call.answer();
    call.agentReady();
    call.streamOpened(stage.caller);
    stage.agentSays('greeting', 4000);
    call.guestStartedSpeaking();
    stage.clock.advance(800);
    expect(stage.asked).not.toContain('caller.clear');
    for (let mark = 0; mark < 10; mark++) call.markReturned(`m${mark}`);
    stage.clock.advance(2_000);
    expect(stage.asked).toContain('caller.clear');
    expect(call.phase).toBe('talking');
    expect(stage.events).toContainEqual(expect.objectContaining({ kind: 'barge-in', reactionMs: 2_600 }));
    call.guestTurnCommitted('g', false);
    expect(stage.asked.at(-1)).toBe('agent.respond ');
  });

  it('what the guest said during the greeting is answered after it', () => {
    const stage = setStage();
    stage.call.answer();
    stage.call.agentReady();
    stage.call.streamOpened(stage.caller);
    stage.agentSays('greeting', 1000);
    stage.call.guestTurnCommitted('g', false);
    expect(stage.asked).not.toContain('agent.respond ');
    stage.playOut();
    expect(stage.asked.slice(-2)).toEqual(['agent.setTurnTaking automatic', 'agent.respond ']);
  });
});

describe('the language of a call', () => {
  it('is changed before the answer is asked for, and only to one that the hotel speaks', () => {
    const { call, asked, talk } = setStage();
    talk();
    asked.length = 0;
    call.toolRequested('t1', 'switch_language', '{"language":"fr"}');
    call.toolRequested('t2', 'switch_language', '{"language":"eo"}');
    expect(asked).toEqual([
      'agent.listenIn fr',
      'agent.giveToolResult t1 Say first: bonjour. true',
      'agent.giveToolResult t2 The hotel does not speak this language. true',
    ]);
  });

  it('is recorded once with the change, and an agent who takes over is told what the guest has to hear first', () => {
    const stage = setStage();
    const { call, asked, talk, clock } = stage;
    talk();
    call.toolRequested('t1', 'switch_language', '{"language":"fr"}');
    const change = { toolCallId: 't1', from: 'en', to: 'fr', told: 'Say first: bonjour.' };
    expect(stage.events).toContainEqual({ kind: 'language-switched', ...change });
    call.agentLost('1006');
    clock.advance(0);
    call.agentReady();
    expect(asked.find((line) => line.startsWith('agent.restore'))).toContain(change.told);
  });
});

import { describe, expect, it } from 'vitest';
import { setStage } from './call-on-stage.ts';

const source = (itemId: string) => ({ itemId, contentIndex: 0 });
const settled = () => new Promise((resolve) => setImmediate(resolve));

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
    clock.advance(7_000);
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
    expect(stage.events).toContainEqual({ kind: 'barge-in', turnId: 'answer', heardMs: 320 });
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

describe('tools', () => {
  it('[TOOL-19] functions that are not ours go to the toolbox and their result back to the agent', async () => {
    const stage = setStage();
    stage.talk();
    stage.call.toolRequested('t1', 'create_service_request', '{}');
    await settled();
    expect(stage.asked).toEqual(['agent.giveToolResult t1 It is done. true']);
  });

  it('[TOOL-19] bad arguments of our own functions are an answer, not silence', () => {
    const stage = setStage();
    stage.talk();
    stage.call.toolRequested('t1', 'transfer_call', '{}');
    expect(stage.asked).toEqual(['agent.giveToolResult t1 Name a department. true']);
  });

  it('[END-35] the reply of a tool that ends after the guest hung up is dropped', async () => {
    let finish = (): void => {};
    const stage = setStage({
      runTool: () => new Promise((resolve) => (finish = () => resolve({ outcome: 'ok', text: 'late' }))),
    });
    stage.talk();
    stage.call.toolRequested('t1', 'create_service_request', '{}');
    stage.call.streamEnded('stopped');
    finish();
    await settled();
    expect(stage.asked.join()).not.toContain('giveToolResult');
  });
});

describe('transfer', () => {
  it('[XFER-36] the announcement is heard before the carrier dials, and the stream’s end is expected', async () => {
    const stage = setStage();
    stage.talk();
    stage.agentCallsWithoutWords();
    stage.call.toolRequested('t1', 'transfer_call', '{"department":"spa"}');
    expect(stage.asked).toContain('agent.sayExactly One moment, please.');
    stage.agentSays('announcement', 1000);
    expect(stage.asked.join()).not.toContain('carrier.dial');
    stage.playOut();
    expect(stage.asked).toContain('carrier.dial spa in short');
    await settled();
    stage.call.streamEnded('stopped');
    expect(stage.call.phase).toBe('handed-over');
    expect(stage.call.dialEnded('connected')).toBe('hang-up');
    expect(stage.events.at(-1)).toMatchObject({ kind: 'ended', reason: 'transferred' });
  });

  it('[BARGE-8] an "mm-hm" does not cut the announcement', () => {
    const stage = setStage();
    stage.talk();
    stage.call.toolRequested('t1', 'transfer_call', '{"department":"spa"}');
    stage.agentSays('announcement', 1000);
    stage.call.guestStartedSpeaking();
    expect(stage.asked).not.toContain('caller.clear');
  });

  it('a closed department is a reason for the agent to speak', () => {
    const stage = setStage({ isOpen: false });
    stage.talk();
    stage.call.toolRequested('t1', 'transfer_call', '{"department":"spa"}');
    expect(stage.asked).toEqual(['agent.giveToolResult t1 closed until nine true']);
    expect(stage.call.phase).toBe('talking');
  });

  it('[XFER-36] when nobody answers the guest comes back to the agent with the reason', async () => {
    const stage = setStage();
    stage.talk();
    stage.call.toolRequested('t1', 'transfer_call', '{"department":"spa"}');
    stage.agentSays('announcement', 500);
    stage.playOut();
    await settled();
    stage.call.streamEnded('stopped');
    expect(stage.call.dialEnded('no-answer')).toBe('resume');
    stage.call.streamOpened(stage.caller);
    expect(stage.call.phase).toBe('talking');
    expect(stage.asked.at(-1)).toBe('agent.respond spa no-answer');
  });

  it('[XFER-36] a carrier that will not dial leaves the guest to the desk by closing the stream', async () => {
    const stage = setStage({ control: { dial: () => Promise.resolve('failed') } });
    stage.talk();
    stage.call.toolRequested('t1', 'transfer_call', '{"department":"spa"}');
    stage.agentSays('announcement', 500);
    stage.playOut();
    await settled();
    expect(stage.asked).toContain('caller.close');
    expect(stage.call.phase).toBe('handed-over');
  });
});

describe('the end', () => {
  it('[END-33] the goodbye plays out before the call is completed, then the stream is closed', async () => {
    const stage = setStage();
    stage.talk();
    stage.agentSays('goodbye', 1000);
    stage.call.toolRequested('t1', 'hang_up', '{}');
    expect(stage.asked.join()).not.toContain('carrier.complete');
    stage.playOut();
    await settled();
    expect(stage.asked.filter((line) => /complete|close/.test(line))).toEqual([
      'carrier.complete',
      'agent.close',
      'caller.close',
    ]);
    expect(stage.events.at(-1)).toMatchObject({ kind: 'ended', reason: 'agent-hung-up' });
  });

  it('[END-33] an agent that hangs up without a word says goodbye first', () => {
    const stage = setStage();
    stage.talk();
    stage.agentCallsWithoutWords();
    stage.call.toolRequested('t1', 'hang_up', '{}');
    expect(stage.asked).toContain('agent.sayExactly Goodbye.');
  });

  it('[END-33] marks that never come back hold the end up for 5 s at most', () => {
    const stage = setStage();
    stage.talk();
    stage.agentSays('goodbye', 1000);
    stage.call.toolRequested('t1', 'hang_up', '{}');
    stage.clock.advance(5_900);
    expect(stage.ended).toHaveLength(0);
    stage.clock.advance(200);
    expect(stage.ended).toHaveLength(1);
  });

  it('[END-33] a guest who speaks during the goodbye is talked to again', () => {
    const stage = setStage();
    stage.talk();
    stage.agentSays('goodbye', 1000);
    stage.call.toolRequested('t1', 'hang_up', '{}');
    stage.call.guestStartedSpeaking();
    expect(stage.call.phase).toBe('talking');
    stage.clock.advance(7_000);
    expect(stage.ended).toHaveLength(0);
  });

  it('[END-34] stop, status and tool end race to one end; the first reason wins', () => {
    const stage = setStage();
    stage.talk();
    stage.call.streamEnded('stopped');
    stage.call.carrierEnded();
    stage.call.agentLost('gone');
    stage.call.end('fault');
    expect(stage.ended).toHaveLength(1);
    expect(stage.events.filter((event) => event.kind === 'ended')).toEqual([
      { kind: 'ended', reason: 'caller-hung-up', durationMs: 0 },
    ]);
    expect(stage.asked.filter((line) => line === 'agent.close')).toHaveLength(1);
  });

  it('an agent that is lost leaves the guest to the desk', () => {
    const stage = setStage();
    stage.talk();
    stage.call.agentLost('1006');
    expect(stage.asked).toEqual(['agent.close', 'caller.close']);
    expect(stage.call.phase).toBe('handed-over');
    stage.call.dialEnded('connected');
    expect(stage.events.at(-1)).toMatchObject({ kind: 'ended', reason: 'agent-lost' });
  });

  it('[SILENCE-28] a silent guest is asked once, then the call ends with a goodbye', () => {
    const stage = setStage();
    stage.talk();
    stage.clock.advance(8_000);
    expect(stage.asked).toEqual(['agent.sayExactly Are you still there?']);
    stage.agentSays('still there', 500);
    stage.playOut();
    stage.clock.advance(15_000);
    expect(stage.asked).toContain('agent.sayExactly Goodbye.');
    stage.agentSays('goodbye', 500);
    stage.playOut();
    expect(stage.events.at(-1)).toMatchObject({ kind: 'ended', reason: 'silence' });
  });

  it('a call that lasts too long is told so and ended', () => {
    const stage = setStage({ maxCallMs: 60_000 });
    stage.talk();
    stage.call.guestStartedSpeaking();
    stage.clock.advance(60_000);
    expect(stage.asked.at(-1)).toBe('agent.sayExactly We have to end.');
  });

  it('events are numbered without gaps and nothing follows the end', () => {
    const stage = setStage();
    stage.talk();
    stage.agentSays('answer', 1000);
    stage.call.streamEnded('lost');
    stage.clock.advance(3_600_000 * 5);
    expect(stage.record.map((event) => event.sequence)).toEqual(stage.record.map((_, index) => index + 1));
    expect(stage.kinds().at(-1)).toBe('ended');
  });
});

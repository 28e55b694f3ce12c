import { describe, expect, it } from 'vitest';
import { setStage } from './call-on-stage.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

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

  it('an agent that is lost for good leaves the guest to the desk', () => {
    const stage = setStage();
    stage.talk();
    stage.call.agentFailed('invalid_api_key', 'no', true);
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

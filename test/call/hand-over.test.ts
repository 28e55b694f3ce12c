/** A guest on the way to a colleague who is asked first, and back again. */
import { describe, expect, it } from 'vitest';
import { setStage, type Stage, type StageOptions } from './call-on-stage.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const ask = (stage: Stage, id = 't1') => stage.call.toolRequested(id, 'transfer_call', '{"department":"spa"}');

/** The carrier rings the spa. */
async function ringing(options: StageOptions = {}): Promise<Stage> {
  const stage = setStage(options);
  stage.talk();
  ask(stage);
  stage.agentSays('announcement', 500);
  stage.playOut();
  await settled();
  stage.call.streamEnded('stopped');
  stage.asked.length = 0;
  return stage;
}

describe('a colleague is asked first', () => {
  it('[XFER-47] while it rings the agent waits; it goes once the colleague takes the call', async () => {
    const stage = await ringing();
    stage.clock.advance(50_000);
    expect(stage.asked).toEqual([]);
    stage.call.colleagueAccepted();
    stage.call.colleagueAccepted();
    expect(stage.asked).toEqual(['agent.close']);
    expect(stage.events.filter(({ kind }) => kind === 'transfer-accepted')).toEqual([
      { kind: 'transfer-accepted', department: 'spa' },
    ]);
    expect(stage.call.dialEnded('connected')).toBe('hang-up');
    expect(stage.events.at(-1)).toMatchObject({ kind: 'ended', reason: 'transferred' });
  });

  it('[XFER-47] one who declines sends the guest back to the same agent, with that reason', async () => {
    const stage = await ringing();
    expect(stage.call.dialEnded('declined')).toBe('resume');
    stage.call.streamOpened(stage.caller);
    expect(stage.asked).toEqual(['agent.setTurnTaking automatic', 'agent.respond spa declined']);
    expect(stage.events).toContainEqual({ kind: 'transfer-ended', department: 'spa', outcome: 'declined' });
    stage.asked.length = 0;
    stage.agentSays('sorry', 500);
    stage.playOut();
    stage.agentCallsWithoutWords();
    ask(stage, 't2');
    expect(stage.asked).toContain('agent.sayExactly One moment, please.');
  });

  it('[XFER-47] an agent that was lost or let go meanwhile is dialled again, and told why the guest is back', async () => {
    const phrases = { 'not-there-yet': { audio: new Uint8Array(800), text: 'One moment.' } };
    const stage = await ringing({ clips: { phrases, softSound: new Uint8Array(0) } });
    stage.call.agentLost('gone');
    stage.asked.length = 0;
    expect(stage.call.dialEnded('busy')).toBe('resume');
    stage.call.streamOpened(stage.caller);
    expect(stage.asked).toEqual(['agent.open']);
    stage.clock.advance(1_500);
    expect(stage.events).toContainEqual({ kind: 'filler-played', clip: 'not-there-yet' });
    stage.playOut();
    stage.asked.length = 0;
    stage.call.agentReady();
    expect(stage.asked.slice(1)).toEqual(['agent.setTurnTaking automatic', 'agent.respond spa busy']);
    expect(stage.call.phase).toBe('talking');
  });

  it('[XFER-48] a guest who hangs up while it rings ends the call, and a key pressed later changes nothing', async () => {
    const stage = await ringing();
    stage.call.carrierEnded();
    stage.call.colleagueAccepted();
    expect(stage.events.slice(-3)).toMatchObject([
      { kind: 'transfer-ended', department: 'spa', outcome: 'cancelled' },
      { kind: 'phase-changed', to: 'ended' },
      { kind: 'ended', reason: 'caller-hung-up' },
    ]);
    expect(stage.asked).toEqual(['agent.close']);
    expect(stage.call.dialEnded('cancelled')).toBe('hang-up');
  });

  it('[XFER-48] the same when the carrier first tells that the dial was cancelled', async () => {
    const stage = await ringing();
    expect(stage.call.dialEnded('cancelled')).toBe('hang-up');
    expect(stage.events.at(-1)).toMatchObject({ kind: 'ended', reason: 'caller-hung-up' });
  });

  it('a call whose time is over while it rings is ended when the guest comes back', async () => {
    const stage = await ringing({ maxCallMs: 30_000 });
    stage.clock.advance(30_000);
    stage.call.dialEnded('no-answer');
    stage.call.streamOpened(stage.caller);
    stage.agentSays('nobody answered', 500);
    stage.playOut();
    stage.call.guestStartedSpeaking();
    stage.clock.advance(60_000);
    expect(stage.asked).toContain('agent.sayExactly We have to end.');
  });
});

it('[XFER-47] a card number in the agent’s summary is not recorded', () => {
  const stage = setStage();
  stage.talk();
  const summary = 'pays with 4111 1111 1111 1111';
  stage.call.toolRequested('t1', 'transfer_call', JSON.stringify({ department: 'spa', summary }));
  expect(stage.events.at(-2)).toMatchObject({ kind: 'transfer-started', summary: 'pays with [card number]' });
});

it('[XFER-36] a second transfer beside the first is not announced, dialled or counted', async () => {
  const stage = setStage();
  stage.talk();
  ask(stage);
  ask(stage, 't2');
  expect(stage.asked).toContain('agent.giveToolResult t2 The call is ending or being put through already. false');
  stage.agentSays('announcement', 500);
  stage.playOut();
  await settled();
  expect(stage.asked.filter((line) => line.startsWith('carrier.dial'))).toHaveLength(1);
  expect(stage.kinds().filter((kind) => kind === 'transfer-started')).toHaveLength(1);
});

it('a transfer that is asked for beside the goodbye does not keep the guest', () => {
  const stage = setStage();
  stage.talk();
  stage.agentCallsWithoutWords();
  stage.call.toolRequested('t1', 'hang_up', '{}');
  ask(stage, 't2');
  expect(stage.kinds()).not.toContain('transfer-started');
  stage.agentSays('goodbye', 500);
  stage.playOut();
  expect(stage.events.at(-1)).toMatchObject({ kind: 'ended', reason: 'agent-hung-up' });
});

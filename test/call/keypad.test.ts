import { describe, expect, it } from 'vitest';
import { setStage } from './call-on-stage.ts';

function press(keys: string) {
  const stage = setStage();
  stage.talk();
  for (const key of keys) stage.call.keypadPressed(key);
  return stage;
}

describe('the telephone’s keys', () => {
  it('[KEYS-41] a number is one turn of the guest once no more keys come, and asks for an answer', () => {
    const stage = press('412');
    stage.clock.advance(1_999);
    expect(stage.asked).toEqual([]);
    stage.clock.advance(1);
    expect(stage.asked).toEqual(['agent.tell typed 412', 'agent.respond ']);
    expect(stage.events).toContainEqual({ kind: 'keypad-typed', digits: '412' });
  });

  it('[KEYS-41] # completes it at once, * takes it back, letters mean nothing', () => {
    expect(press('40*21A5#').asked).toEqual(['agent.tell typed 215', 'agent.respond ']);
  });

  it('[KEYS-41] zero alone puts the guest through to the desk, zero within a number does not', () => {
    const stage = press('0');
    stage.clock.advance(2_000);
    expect(stage.asked).toContain('agent.setTurnTaking held');
    expect(stage.call.phase).toBe('transferring');
    expect(press('410#').call.phase).toBe('talking');
  });

  it('[KEYS-41] typing cuts the agent off', () => {
    const stage = setStage();
    stage.talk();
    stage.agentSays('long', 5_000);
    stage.call.keypadPressed('7');
    stage.call.keypadPressed('#');
    expect(stage.asked).toContain('caller.clear');
  });

  it('[KEYS-41] a card number is in no event and never reaches the agent', () => {
    const stage = press('4111111111111111#');
    expect(JSON.stringify([stage.asked, stage.events])).not.toMatch(/4111|1111/);
  });
});

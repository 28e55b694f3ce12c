/** Staff change the tools while a call goes on. */
import { describe, expect, test } from 'vitest';
import { setStage, type Stage } from './call-on-stage.ts';

function talking(): Stage {
  const stage = setStage();
  stage.talk();
  return stage;
}

const refreshes = ({ asked }: Stage) => asked.filter((what) => what === 'agent.refreshTools').length;
const versions = ({ events }: Stage) =>
  events.flatMap((happening) => (happening.kind === 'tools-changed' ? [happening.version] : []));

describe('a change of tools', () => {
  test('reaches the agent at once when nobody speaks, and is recorded with its version', () => {
    const stage = talking();
    stage.call.toolsChanged(7);
    expect(refreshes(stage)).toBe(1);
    expect(versions(stage)).toEqual([7]);
    stage.clock.advance(60_000);
    expect(refreshes(stage)).toBe(1);
  });

  test('waits while the agent speaks', () => {
    const stage = talking();
    stage.agentSays('a1', 1_000);
    stage.call.toolsChanged(7);
    expect(refreshes(stage)).toBe(0);
    stage.playOut();
    expect(refreshes(stage)).toBe(1);
  });

  test('waits while the guest speaks and is owed an answer', () => {
    const stage = talking();
    stage.call.guestStartedSpeaking();
    stage.call.toolsChanged(7);
    stage.call.guestStoppedSpeaking();
    stage.call.guestTurnCommitted('g1', true);
    expect(refreshes(stage)).toBe(0);
    stage.call.guestTranscript('g1', 'Hello?', true);
    stage.agentSays('a1', 500);
    stage.playOut();
    expect(refreshes(stage)).toBe(1);
  });

  test.each(['tool', 'approval'])('waits while a %s is open', (what) => {
    const stage = talking();
    const id = 'x1';
    if (what === 'tool')
      stage.call.toolHappened({ kind: 'tool-started', toolCallId: id, tool: 't', path: 'client', arguments: '{}' });
    else stage.call.toolHappened({ kind: 'approval-asked', approvalId: id, server: 's', tool: 't', arguments: '{}' });
    stage.agentSays('a1', 500);
    stage.playOut();
    stage.call.toolsChanged(7);
    expect(refreshes(stage)).toBe(0);
    if (what === 'tool')
      stage.call.toolHappened({
        kind: 'tool-ended',
        toolCallId: id,
        tool: 't',
        path: 'client',
        outcome: 'ok',
        durationMs: 1,
        result: 'Done.',
      });
    else stage.call.toolHappened({ kind: 'approval-ended', approvalId: id, decision: 'approved' });
    stage.agentSays('a2', 500);
    stage.playOut();
    expect(refreshes(stage)).toBe(1);
  });

  test('reaches the agent after 30 s in a conversation without a pause, the last version alone', () => {
    const stage = talking();
    stage.agentSays('a1', 1_000);
    stage.call.toolsChanged(7);
    stage.clock.advance(20_000);
    stage.call.toolsChanged(8);
    stage.clock.advance(9_999);
    expect(refreshes(stage)).toBe(0);
    stage.clock.advance(1);
    expect(refreshes(stage)).toBe(1);
    expect(versions(stage)).toEqual([8]);
  });

  test('[MODEL-25] while the agent is away is told to the one who comes', () => {
    const stage = talking();
    stage.call.agentLost('closed with 1006');
    stage.call.toolsChanged(7);
    stage.clock.advance(1_000);
    expect(refreshes(stage)).toBe(0);
    stage.call.agentReady();
    expect(refreshes(stage)).toBe(1);
    expect(versions(stage)).toEqual([7]);
  });

  test('[MODEL-25] before an agent was lost is told again to one who may have been dialled before it', () => {
    const stage = talking();
    stage.call.toolsChanged(7);
    stage.call.agentLost('closed with 1006');
    stage.clock.advance(1_000);
    stage.call.agentReady();
    expect(refreshes(stage)).toBe(2);
    expect(versions(stage)).toEqual([7]);
  });
});

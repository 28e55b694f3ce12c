import { describe, expect, it } from 'vitest';
import { isClaim } from '../../src/call/claim-watch.ts';
import { setStage, type Stage } from './call-on-stage.ts';

const tool = { toolCallId: 't', path: 'native' as const };

function says(stage: Stage, itemId: string, text: string): void {
  const source = { itemId, contentIndex: 0 };
  stage.call.responseStarted(itemId);
  stage.call.agentTranscript(source, text);
  stage.call.agentAudio(itemId, source, new Uint8Array(800));
  stage.call.agentAudioDone(itemId, source);
  stage.call.responseEnded(itemId, 'completed');
  stage.playOut();
}

function guestSays(stage: Stage, itemId: string, text: string): void {
  stage.call.guestTurnCommitted(itemId, true);
  stage.call.guestTranscript(itemId, text, true);
}

function creates(stage: Stage, outcome: 'ok' | 'failed'): void {
  stage.call.toolHappened({ kind: 'tool-started', ...tool, tool: 'create_service_request', arguments: '{}' });
  if (outcome === 'ok')
    stage.call.toolHappened({ kind: 'request-created', requestId: 'id', number: 104, summary: 'towels' });
  const result = outcome === 'ok' ? 'Recorded as 104.' : 'It could not be stored.';
  stage.call.toolHappened({
    kind: 'tool-ended',
    ...tool,
    tool: 'create_service_request',
    outcome,
    durationMs: 1,
    result,
  });
}

const flags = (stage: Stage): number => stage.events.filter(({ kind }) => kind === 'claim-unproven').length;

describe('the agent’s words and what happened', () => {
  it('[TRUTH-37] a promise without a stored request is shown to staff and put right by the agent', () => {
    const stage = setStage();
    stage.talk();
    guestSays(stage, 'g', 'two towels please');
    says(stage, 'a', 'Of course. I have requested two towels for you.');
    expect(stage.events).toContainEqual(expect.objectContaining({ kind: 'claim-unproven', turnId: 'a' }));
    expect(stage.asked.at(-1)).toBe('agent.respond Put it right.');
  });

  it('[TRUTH-37] an agent that insists is corrected once, and again only after the guest has spoken', () => {
    const stage = setStage();
    stage.talk();
    guestSays(stage, 'g', 'two towels please');
    for (const id of ['a', 'b', 'c']) says(stage, id, 'They are on their way.');
    expect(flags(stage)).toBe(1);
    guestSays(stage, 'h', 'really?');
    says(stage, 'd', 'They are on their way.');
    expect(flags(stage)).toBe(2);
  });

  it('[TRUTH-37] the same after a tool that failed', () => {
    const stage = setStage();
    stage.talk();
    creates(stage, 'failed');
    says(stage, 'a', 'I have ordered them.');
    expect(flags(stage)).toBe(1);
  });

  it('[TRUTH-37] what is only noted may not be called requested', () => {
    const stage = setStage();
    stage.talk();
    stage.call.toolHappened({ kind: 'request-noted', requestId: 'id', summary: 'towels' });
    const ended = { kind: 'tool-ended', ...tool, outcome: 'ok', durationMs: 1, result: 'Noted.' } as const;
    stage.call.toolHappened({ ...ended, tool: 'create_service_request' });
    says(stage, 'a', 'I have noted it, but I cannot confirm it yet.');
    expect(flags(stage)).toBe(0);
    says(stage, 'b', 'I have requested two towels.');
    expect(flags(stage)).toBe(1);
  });

  it('[TRUTH-37] what was stored may be told, also once more with its number', () => {
    const stage = setStage();
    stage.talk();
    guestSays(stage, 'g1', 'yes please');
    creates(stage, 'ok');
    says(stage, 'a1', 'I have requested two towels, number one oh four.');
    guestSays(stage, 'g2', 'thanks, when?');
    guestSays(stage, 'g3', 'and which number?');
    says(stage, 'a2', 'Your request has been recorded as 104.');
    expect(flags(stage)).toBe(0);
    says(stage, 'a3', 'I have also booked a taxi.');
    expect(flags(stage)).toBe(1);
  });

  it.each([
    ['I have requested fresh towels.', true],
    ['I’ve just informed maintenance.', true],
    ['Your taxi has been booked.', true],
    ['They are on their way.', true],
    ['Shall I request towels?', false],
    ['Have I booked the right room for you?', false],
    ['I can request towels for you.', false],
    ['Breakfast is served until ten.', false],
    ['The pool has been renovated.', false],
    ['J’ai commandé un taxi pour vous.', true],
    ['Votre demande a bien été transmise.', true],
    ['Les serviettes sont en route.', true],
    ['J’ai noté votre demande, mais je ne peux pas encore la confirmer.', false],
    ['Voulez-vous que je commande un taxi ?', false],
    ['Ich habe ein Taxi für Sie bestellt.', true],
    ['Soll ich ein Taxi bestellen?', false],
    ['He solicitado toallas para usted.', true],
  ])('[TRUTH-37] "%s" is a claim: %s', (text, expected) => expect(isClaim(text)).toBe(expected));
});

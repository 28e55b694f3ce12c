import { describe, expect, it } from 'vitest';
import { noticeMs, PROTECTED_SPEECH_MS, reactionTo } from '../../src/call/barge-in.ts';
import { phaseNameSchema } from '../../src/call/call-state.ts';

describe('barge-in policy', () => {
  it('[BARGE-6] speech over the agent cuts it off at once while they talk and during the goodbye', () => {
    expect(reactionTo('talking', true)).toEqual({ kind: 'cut-now' });
    expect(reactionTo('leaving', true)).toEqual({ kind: 'cut-now' });
  });

  it('[BARGE-8] the greeting gives way only to speech that goes on', () => {
    expect(reactionTo('greeting', true)).toEqual({ kind: 'cut-if-still-speaking', afterMs: PROTECTED_SPEECH_MS });
  });

  it('[BARGE-8] the announcement of a transfer plays to its end', () => {
    expect(reactionTo('transferring', true)).toEqual({ kind: 'let-play' });
  });

  it('where nothing plays there is nothing to cut, in any phase', () => {
    for (const phase of phaseNameSchema.options) expect(reactionTo(phase, false)).toEqual({ kind: 'let-play' });
  });

  it('[BARGE-8] the notice lasts its share of the greeting', () => {
    expect(noticeMs(0.5, 4000)).toBe(2000);
    expect(noticeMs(2, 4000)).toBe(4000);
    expect(noticeMs(-1, 4000)).toBe(0);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Happening, Usage } from '../../src/call/call-event.ts';
import { qualityOf } from '../../src/call/call-quality.ts';
import { NO_TOKENS, type TokenPrices } from '../../src/call/token-cost.ts';
import { pricesOf } from '../../src/realtime/model-prices.ts';

const DEAR: TokenPrices = {
  inputTextTokens: 4,
  inputAudioTokens: 32,
  cachedTextTokens: 0.4,
  cachedAudioTokens: 0.5,
  outputTextTokens: 16,
  outputAudioTokens: 64,
};
const FREE: TokenPrices = NO_TOKENS;
const prices = (model: string) => ({ dear: DEAR, local: FREE })[model];

const answered = (agent = 'dear'): Happening => ({ kind: 'answered', carrier: 'c', from: '+1', to: '+2', agent });
const ready: Happening = { kind: 'agent-ready', afterMs: 300 };
const lost: Happening = { kind: 'agent-lost', why: 'closed' };
const used = (usage: Partial<Usage>): Happening => ({
  kind: 'tokens-used',
  responseId: 'r',
  usage: { ...NO_TOKENS, ...usage },
});
const fold = (...happenings: Happening[]) =>
  qualityOf(
    happenings.map((happening) => ({ happening })),
    prices,
  );

describe('waiting', () => {
  it('turns keep their order, with the median and the worst of them', () => {
    const turn = (latencyMs: number): Happening => ({ kind: 'turn-answered', latencyMs });
    expect(fold(turn(900), turn(300), turn(400)).turns).toEqual({
      latenciesMs: [900, 300, 400],
      medianMs: 400,
      worstMs: 900,
    });
    expect(fold(turn(301), turn(500)).turns.medianMs).toBe(401);
  });

  it('[START-40] the first sound is kept; a call without one has no figure', () => {
    expect(fold({ kind: 'first-audio', afterMs: 210 }).firstAudioMs).toBe(210);
    expect(fold().firstAudioMs).toBeNull();
  });

  it('gaps are counted, summed, and the longest kept', () => {
    const gap = (gapMs: number): Happening => ({ kind: 'audio-gap', turnId: 't', gapMs });
    expect(fold(gap(40), gap(700), gap(60)).underruns).toEqual({ times: 3, silentMs: 800, worstMs: 700 });
  });
});

describe('barge-in', () => {
  const bargeIn = (reactionMs?: number): Happening => ({ kind: 'barge-in', turnId: 't', heardMs: 500, reactionMs });

  it('[BARGE-8] over the greeting the agent waits by rule: no reaction to be measured, but a barge-in', () => {
    const greeting: Happening = { kind: 'phase-changed', from: 'ringing', to: 'greeting' };
    const talking: Happening = { kind: 'phase-changed', from: 'greeting', to: 'talking' };
    const { bargeIns } = fold(greeting, bargeIn(1_200), talking, bargeIn(0.3), bargeIn(0.5));
    expect(bargeIns).toEqual({ times: 3, medianReactionMs: 0.4, worstReactionMs: 0.5 });
  });

  it('one by keys has no reaction', () => {
    expect(fold(bargeIn()).bargeIns).toEqual({ times: 1, medianReactionMs: null, worstReactionMs: null });
  });

  it('refused truncations are counted', () => {
    const refused: Happening = { kind: 'truncate-refused', turnId: 't', code: 'invalid_value', message: '' };
    expect(fold(refused, refused).refusedTruncates).toBe(2);
  });
});

describe('the agent going away', () => {
  it('[MODEL-25] a loss, the tries that failed meanwhile and the gap are three figures', () => {
    const back: Happening = { kind: 'agent-back', afterMs: 1_840, attempts: 2 };
    expect(fold(answered(), ready, lost, lost, lost, back, lost).reconnects).toEqual({
      losses: 2,
      gapsMs: [1_840],
      failedTries: 2,
      fallbacks: [],
    });
  });
});

describe('tools and transfers', () => {
  it('tools are counted by name, path and outcome with their worst time', () => {
    const ended = (
      outcome: 'ok' | 'failed',
      durationMs: number,
      path: 'native' | 'function' = 'native',
    ): Happening => ({
      kind: 'tool-ended',
      toolCallId: 'x',
      tool: 'verify_guest',
      path,
      outcome,
      durationMs,
      result: '',
    });
    expect(fold(ended('ok', 30), ended('ok', 20), ended('failed', 3_000), ended('ok', 5, 'function')).tools).toEqual([
      { tool: 'verify_guest', path: 'native', outcome: 'ok', times: 2, worstMs: 30 },
      { tool: 'verify_guest', path: 'native', outcome: 'failed', times: 1, worstMs: 3_000 },
      { tool: 'verify_guest', path: 'function', outcome: 'ok', times: 1, worstMs: 5 },
    ]);
  });

  it('each transfer has the outcome that was told of it; one that the call ended with has none', () => {
    const started = (department: string): Happening => ({
      kind: 'transfer-started',
      department,
      reason: '',
      summary: '',
    });
    const busy: Happening = { kind: 'transfer-ended', department: 'spa', outcome: 'busy' };
    expect(fold(started('spa'), busy, started('spa'), started('front-desk')).transfers).toEqual([
      { department: 'spa', outcome: 'busy' },
      { department: 'spa', outcome: null },
      { department: 'front-desk', outcome: null },
    ]);
  });
});

describe('tokens and cost', () => {
  it('[MODEL-23] each kind at its own price, cached ones apart', () => {
    const usage = { inputTextTokens: 1e6, cachedTextTokens: 1e6, cachedAudioTokens: 2e6, outputAudioTokens: 1e6 };
    const { costUsd, cachedShare } = fold(answered(), used(usage));
    expect(costUsd).toBeCloseTo(4 + 0.4 + 1 + 64, 9);
    expect(cachedShare).toBe(0.75);
  });

  it('tokens after a fallback are of the engine that took over; after the next loss of the preferred one again', () => {
    const text = used({ inputTextTokens: 1e6 });
    const away: Happening[] = [ready, lost, { kind: 'fallback', to: 'local', why: 'refused' }];
    const back: Happening = { kind: 'agent-back', afterMs: 900, attempts: 1 };
    expect(fold(answered(), text, ...away, back, text).costUsd).toBeCloseTo(4, 9);
    expect(fold(answered(), text, ...away, back, text, lost, back, text).costUsd).toBeCloseTo(8, 9);
  });

  it('a model without a price has no cost, whatever else was used; its tokens are counted', () => {
    const { costUsd, tokens } = fold(answered('new'), used({ outputTextTokens: 7 }), used({ outputTextTokens: 1 }));
    expect(costUsd).toBeNull();
    expect(tokens.outputTextTokens).toBe(8);
  });

  it('a call without tokens costs nothing', () => {
    expect(fold(answered('new'))).toMatchObject({ costUsd: 0, cachedShare: null });
  });

  it('the price table has the usual model, the local engine for nothing, and no guess for others', () => {
    expect(pricesOf('gpt-realtime-2.1')).toMatchObject({ inputAudioTokens: 32, outputAudioTokens: 64 });
    expect(Object.values(pricesOf('local') ?? { missing: 1 }).every((price) => price === 0)).toBe(true);
    expect(pricesOf('gpt-realtime-9')).toBeUndefined();
  });

  it('splitting usage over responses changes neither tokens nor cost', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 6 }), (parts) => {
        const whole = parts.reduce((sum, part) => sum + part, 0);
        const split = fold(answered(), ...parts.map((part) => used({ outputAudioTokens: part })));
        const once = fold(answered(), used({ outputAudioTokens: whole }));
        expect(split.tokens).toEqual(once.tokens);
        expect(split.costUsd).toBeCloseTo(once.costUsd ?? Number.NaN, 9);
      }),
    );
  });
});

it('what was odd on the carrier’s wire is added up over the streams of a call', () => {
  const odd = (counts: Record<string, number>): Happening => ({ kind: 'carrier-oddities', counts });
  expect(fold(odd({ 'filled-ms': 40 }), odd({ 'filled-ms': 20, 'late-frames': 1 })).oddities).toEqual({
    'filled-ms': 60,
    'late-frames': 1,
  });
});

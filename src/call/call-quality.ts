/** What a call was like for its guest, and what it cost: a fold over its events. Pure; plain data that can be stored. */
import type { CallEvent, Happening, ToolPath, Usage } from './call-event.ts';
import { costOf, ModelInUse, NO_TOKENS, TOKEN_KINDS, type PricesOf } from './token-cost.ts';

/** Times are whole milliseconds. What there is no figure for is null. */
export interface CallQuality {
  /** From the opened stream to the first sound. */
  firstAudioMs: number | null;
  /** From the end of each turn of the guest to the next sound. */
  turns: { latenciesMs: number[]; medianMs: number | null; worstMs: number | null };
  /** The agent's audio ran dry in the middle of an utterance. */
  underruns: { times: number; silentMs: number; worstMs: number };
  /**
   * Reactions are from the told start of the guest's speech to the clear, with fractions of a millisecond; over the greeting
   * the agent waits by rule, so those are left out (rule BARGE-8).
   */
  bargeIns: { times: number; medianReactionMs: number | null; worstReactionMs: number | null };
  refusedTruncates: number;
  /**
   * `losses`: a working agent went away; `gapsMs`: how long until the next one went on with the call; `failedTries`: dials
   * that came to nothing; `fallbacks`: to what the call was given, in order.
   */
  reconnects: { losses: number; gapsMs: number[]; failedTries: number; fallbacks: string[] };
  tools: { tool: string; path: ToolPath; outcome: string; times: number; worstMs: number }[];
  /** Times the guest was asked, or the call ended, because nobody spoke. */
  silences: number;
  /** Stored phrases that were played, by name. */
  fillers: Record<string, number>;
  /** Without an outcome: it was not told, such as when the call ended with it. */
  transfers: { department: string; outcome: string | null }[];
  /** Times the agent said that something was done which was not. */
  unprovenClaims: number;
  /** Problems of the agent's side by their codes. */
  agentFailures: Record<string, number>;
  tokens: Usage;
  /** Cached tokens of all input tokens: 0 to 1. */
  cachedShare: number | null;
  /** US dollars so far; null when a model of the call has no price. */
  costUsd: number | null;
  /** What was odd on the carrier's wire. */
  oddities: Record<string, number>;
}

/** @param events of one call, in order; also of one that goes on. */
export function qualityOf(events: readonly Pick<CallEvent, 'happening'>[], pricesOf: PricesOf): CallQuality {
  const fold = new QualityFold(pricesOf);
  for (const { happening } of events) fold.add(happening);
  return fold.quality;
}

class QualityFold {
  readonly #pricesOf: PricesOf;
  readonly #model = new ModelInUse();
  readonly #quality: CallQuality = nothingYet();
  readonly #reactionsMs: number[] = [];
  #isGreeting = false;

  constructor(pricesOf: PricesOf) {
    this.#pricesOf = pricesOf;
  }

  get quality(): CallQuality {
    const { turns, bargeIns, tokens, ...rest } = this.#quality;
    const cached = tokens.cachedTextTokens + tokens.cachedAudioTokens;
    const input = cached + tokens.inputTextTokens + tokens.inputAudioTokens;
    return {
      ...rest,
      turns: { ...turns, medianMs: rounded(median(turns.latenciesMs)), worstMs: worst(turns.latenciesMs) },
      bargeIns: {
        ...bargeIns,
        medianReactionMs: median(this.#reactionsMs),
        worstReactionMs: worst(this.#reactionsMs),
      },
      tokens,
      cachedShare: input === 0 ? null : cached / input,
    };
  }

  add(happening: Happening): void {
    this.#agentHappened(happening);
    this.#model.happened(happening);
    const { turns, underruns, transfers } = this.#quality;
    switch (happening.kind) {
      case 'phase-changed':
        this.#isGreeting = happening.to === 'greeting';
        return;
      case 'first-audio':
        this.#quality.firstAudioMs = happening.afterMs;
        return;
      case 'turn-answered':
        return void turns.latenciesMs.push(happening.latencyMs);
      case 'audio-gap':
        underruns.times++;
        underruns.silentMs += happening.gapMs;
        underruns.worstMs = Math.max(underruns.worstMs, happening.gapMs);
        return;
      case 'barge-in':
        this.#quality.bargeIns.times++;
        if (happening.reactionMs !== undefined && !this.#isGreeting) this.#reactionsMs.push(happening.reactionMs);
        return;
      case 'silence-noticed':
        this.#quality.silences++;
        return;
      case 'filler-played':
        return count(this.#quality.fillers, happening.clip);
      case 'transfer-started':
        return void transfers.push({ department: happening.department, outcome: null });
      case 'transfer-ended':
        return this.#transferEnded(happening);
      case 'carrier-oddities':
        for (const [kind, times] of Object.entries(happening.counts)) count(this.#quality.oddities, kind, times);
        return;
      default:
    }
  }

  #agentHappened(happening: Happening): void {
    const { reconnects } = this.#quality;
    switch (happening.kind) {
      case 'agent-lost':
        if (this.#model.isThere) reconnects.losses++;
        else reconnects.failedTries++;
        return;
      case 'agent-back':
        return void reconnects.gapsMs.push(happening.afterMs);
      case 'fallback':
        return void reconnects.fallbacks.push(happening.to);
      case 'agent-failed':
        return count(this.#quality.agentFailures, happening.code);
      case 'truncate-refused':
        this.#quality.refusedTruncates++;
        return;
      case 'claim-unproven':
        this.#quality.unprovenClaims++;
        return;
      case 'tool-ended':
        return this.#toolEnded(happening);
      case 'tokens-used':
        return this.#used(happening.usage);
      default:
    }
  }

  #toolEnded({ tool, path, outcome, durationMs }: Extract<Happening, { kind: 'tool-ended' }>): void {
    const { tools } = this.#quality;
    const known = tools.find((entry) => entry.tool === tool && entry.path === path && entry.outcome === outcome);
    if (!known) return void tools.push({ tool, path, outcome, times: 1, worstMs: durationMs });
    known.times++;
    known.worstMs = Math.max(known.worstMs, durationMs);
  }

  /** One that rings the desk without an announcement has no start. */
  #transferEnded({ department, outcome }: Extract<Happening, { kind: 'transfer-ended' }>): void {
    const { transfers } = this.#quality;
    const open = transfers.find((transfer) => transfer.department === department && transfer.outcome === null);
    if (open) open.outcome = outcome;
    else transfers.push({ department, outcome });
  }

  #used(usage: Usage): void {
    const quality = this.#quality;
    for (const kind of TOKEN_KINDS) quality.tokens[kind] += usage[kind];
    const prices = this.#pricesOf(this.#model.model);
    quality.costUsd = prices && quality.costUsd !== null ? quality.costUsd + costOf(usage, prices) : null;
  }
}

function nothingYet(): CallQuality {
  return {
    firstAudioMs: null,
    turns: { latenciesMs: [], medianMs: null, worstMs: null },
    underruns: { times: 0, silentMs: 0, worstMs: 0 },
    bargeIns: { times: 0, medianReactionMs: null, worstReactionMs: null },
    refusedTruncates: 0,
    reconnects: { losses: 0, gapsMs: [], failedTries: 0, fallbacks: [] },
    tools: [],
    silences: 0,
    fillers: {},
    transfers: [],
    unprovenClaims: 0,
    agentFailures: {},
    tokens: { ...NO_TOKENS },
    cachedShare: null,
    costUsd: 0,
    oddities: {},
  };
}

function count(counts: Record<string, number>, name: string, times = 1): void {
  counts[name] = (counts[name] ?? 0) + times;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));

const worst = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));

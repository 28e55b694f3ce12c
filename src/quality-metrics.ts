/** Prometheus figures of what calls are like, and of what they cost. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { CallEvent } from './call/call-event.ts';
import { costOf, ModelInUse } from './call/token-cost.ts';
import { pricesOf } from './realtime/model-prices.ts';

/** What is to be known of a call that goes on. */
interface OpenCall {
  model: ModelInUse;
  isGreeting: boolean;
}

export class QualityMetrics {
  /** Bound: the calls that go on; each is forgotten with its end. */
  readonly #calls = new Map<string, OpenCall>();
  readonly #gaps: Histogram;
  readonly #reactions: Histogram;
  readonly #refusedTruncates: Counter;
  readonly #transfers: Counter;
  readonly #silences: Counter;
  readonly #claims: Counter;
  readonly #cost: Counter;

  constructor(registry: Registry) {
    const counter = (name: string, help: string, labelNames: string[] = []): Counter =>
      new Counter({ name, help, labelNames, registers: [registry] });
    const histogram = (name: string, help: string, buckets: number[]): Histogram =>
      new Histogram({ name, help, buckets, registers: [registry] });
    const [fast, slow] = [
      [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
      [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    ];
    this.#gaps = histogram('bellhop_audio_gap_seconds', 'Silence in the middle of what the agent says.', slow);
    this.#reactions = histogram(
      'bellhop_barge_in_reaction_seconds',
      'Start of speech over the agent to silence.',
      fast,
    );
    this.#refusedTruncates = counter(
      'bellhop_truncates_refused_total',
      'Cuts that the agent’s side did not take over.',
    );
    this.#transfers = counter('bellhop_transfers_total', 'Transfers that came to their end.', ['outcome']);
    this.#silences = counter('bellhop_silences_total', 'Times that nobody spoke for too long.');
    this.#claims = counter('bellhop_unproven_claims_total', 'Times the agent said done what was not.');
    this.#cost = counter('bellhop_cost_usd_total', 'Tokens in US dollars, of models with a price.', ['model']);
  }

  happened({ callId, happening }: CallEvent): void {
    if (happening.kind === 'ended') return void this.#calls.delete(callId);
    if (happening.kind === 'answered') this.#calls.set(callId, { model: new ModelInUse(), isGreeting: false });
    const call = this.#calls.get(callId);
    if (!call) return;
    call.model.happened(happening);
    switch (happening.kind) {
      case 'phase-changed':
        call.isGreeting = happening.to === 'greeting';
        return;
      case 'audio-gap':
        return this.#gaps.observe(happening.gapMs / 1000);
      case 'barge-in':
        if (happening.reactionMs !== undefined && !call.isGreeting)
          this.#reactions.observe(happening.reactionMs / 1000);
        return;
      case 'truncate-refused':
        return this.#refusedTruncates.inc();
      case 'transfer-ended':
        return this.#transfers.inc({ outcome: happening.outcome });
      case 'silence-noticed':
        return this.#silences.inc();
      case 'claim-unproven':
        return this.#claims.inc();
      case 'tokens-used': {
        const { model } = call.model;
        const prices = pricesOf(model);
        return prices && this.#cost.inc({ model }, costOf(happening.usage, prices));
      }
      default:
    }
  }
}

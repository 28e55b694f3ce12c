/** Prometheus figures of this instance, fed by call events. Names and buckets are an interface: change them with care. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallEvent } from './call/call-event.ts';
import type { EventReader } from './call/ports.ts';
import type { SpoolFigures } from './storage/guest-books.ts';

export class Metrics implements EventReader {
  readonly #registry = new Registry();
  readonly #calls: Counter;
  readonly #firstAudio: Histogram;
  readonly #turns: Histogram;
  readonly #tools: Histogram;
  readonly #bargeIns: Counter;
  readonly #requests: Counter;
  readonly #agentFailures: Counter;
  readonly #oddities: Counter;
  readonly #tokens: Counter;

  /** @param liveCalls calls going on. @param spool requests that are not in the database yet. */
  constructor(liveCalls: () => number, spool: () => SpoolFigures) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    watchSpool(this.#registry, spool);
    const live = new Gauge({
      name: 'bellhop_live_calls',
      help: 'Calls going on.',
      registers,
      collect: function () {
        this.set(liveCalls());
      },
    });
    live.set(0);
    this.#calls = new Counter({ name: 'bellhop_calls_total', help: 'Calls ended.', labelNames: ['reason'], registers });
    const seconds = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];
    this.#firstAudio = new Histogram({
      name: 'bellhop_first_audio_seconds',
      help: 'Media stream to first sound.',
      buckets: seconds,
      registers,
    });
    this.#turns = new Histogram({
      name: 'bellhop_turn_latency_seconds',
      help: 'End of the guest’s turn to the answer.',
      buckets: seconds,
      registers,
    });
    this.#tools = new Histogram({
      name: 'bellhop_tool_seconds',
      help: 'Tool calls.',
      labelNames: ['tool', 'path', 'outcome'],
      buckets: seconds,
      registers,
    });
    this.#bargeIns = new Counter({
      name: 'bellhop_barge_ins_total',
      help: 'Times a guest cut the agent off.',
      registers,
    });
    this.#requests = new Counter({ name: 'bellhop_requests_total', help: 'Service requests created.', registers });
    this.#agentFailures = new Counter({
      name: 'bellhop_agent_failures_total',
      help: 'Problems of the agent’s side.',
      labelNames: ['code'],
      registers,
    });
    this.#oddities = new Counter({
      name: 'bellhop_carrier_oddities_total',
      help: 'Odd things on the carrier’s wire.',
      labelNames: ['kind'],
      registers,
    });
    this.#tokens = new Counter({ name: 'bellhop_tokens_total', help: 'Tokens used.', labelNames: ['kind'], registers });
  }

  /** @returns the text format with its content type. */
  async render(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  words(): void {}

  happened({ happening }: CallEvent): void {
    switch (happening.kind) {
      case 'ended':
        return this.#calls.inc({ reason: happening.reason });
      case 'first-audio':
        return this.#firstAudio.observe(happening.afterMs / 1000);
      case 'turn-answered':
        return this.#turns.observe(happening.latencyMs / 1000);
      case 'tool-ended': {
        const { tool, path, outcome, durationMs } = happening;
        return this.#tools.observe({ tool, path, outcome }, durationMs / 1000);
      }
      case 'barge-in':
        return this.#bargeIns.inc();
      case 'request-created':
      case 'request-noted':
        return this.#requests.inc();
      case 'agent-failed':
        return this.#agentFailures.inc({ code: happening.code });
      case 'agent-lost':
        return this.#agentFailures.inc({ code: 'lost' });
      case 'carrier-oddities':
        for (const [kind, count] of Object.entries(happening.counts)) this.#oddities.inc({ kind }, count);
        return;
      case 'tokens-used':
        for (const [kind, count] of Object.entries(happening.usage)) this.#tokens.inc({ kind }, count);
        return;
      default:
    }
  }
}

/** More than nothing in either asks for somebody: the database is away, or a file waits to be looked into. */
function watchSpool(registry: Registry, figures: () => SpoolFigures): void {
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect: function () {
        this.set(read());
      },
    });
  gauge(
    'bellhop_spool_requests',
    'Requests noted on this machine that are not in the database yet.',
    () => figures().noted,
  );
  gauge(
    'bellhop_spool_files_set_aside',
    'Files with damaged or refused records of the spool.',
    () => figures().filesSetAside,
  );
}

/** Prometheus figures of this instance, fed by call events. Names and buckets are an interface: change them with care. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallEvent } from './call/call-event.ts';
import type { EventReader } from './call/ports.ts';
import type { ServerStatus } from './hotel/tool-servers/ports.ts';
import type { LoopDelay } from './loop-watch.ts';
import { QualityMetrics } from './quality-metrics.ts';
import type { SpoolFigures } from './storage/guest-books.ts';
import { ToolMetrics } from './tool-metrics.ts';

export class Metrics implements EventReader {
  readonly #registry = new Registry();
  readonly #calls: Counter;
  readonly #firstAudio: Histogram;
  readonly #turns: Histogram;
  readonly #tools: ToolMetrics;
  readonly #bargeIns: Counter;
  readonly #requests: Counter;
  readonly #agentFailures: Counter;
  readonly #oddities: Counter;
  readonly #tokens: Counter;
  readonly #quality: QualityMetrics;
  readonly #agentAway: Histogram;
  readonly #fallbacks: Counter;
  readonly #fillers: Counter;
  readonly #faults: Counter;

  /**
   * @param liveCalls calls going on. @param spool requests that are not in the database yet. @param loop how late we run.
   * @param statuses how each tool server stands now, by label.
   */
  constructor(
    liveCalls: () => number,
    spool: () => SpoolFigures,
    loop: () => LoopDelay,
    statuses: () => ReadonlyMap<string, ServerStatus['kind']>,
  ) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    watchSpool(this.#registry, spool);
    this.#quality = new QualityMetrics(this.#registry);
    gauge(this.#registry, 'bellhop_live_calls', 'Calls going on.', liveCalls);
    watchLoop(this.#registry, loop);
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
    this.#tools = new ToolMetrics(this.#registry, statuses);
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
    this.#agentAway = new Histogram({
      name: 'bellhop_agent_away_seconds',
      help: 'From losing the agent to the one who goes on.',
      buckets: seconds,
      registers,
    });
    this.#fallbacks = new Counter({
      name: 'bellhop_fallbacks_total',
      help: 'Times the agent was given up for another engine or the desk.',
      labelNames: ['to'],
      registers,
    });
    this.#fillers = new Counter({
      name: 'bellhop_fillers_total',
      help: 'Stored phrases played because a guest would have waited in silence.',
      labelNames: ['clip'],
      registers,
    });
    this.#faults = new Counter({
      name: 'bellhop_faults_total',
      help: 'Faults of our own, by where they were caught.',
      labelNames: ['where'],
      registers,
    });
  }

  /** @returns the text format with its content type. */
  async render(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  /** @param where it was caught: a fault of a call ends that call, of a reader nothing, of the process is nobody's. */
  faulted(where: 'call' | 'reader' | 'process'): void {
    this.#faults.inc({ where });
  }

  words(): void {}

  happened(event: CallEvent): void {
    this.#quality.happened(event);
    const { happening } = event;
    this.#tools.happened(happening);
    switch (happening.kind) {
      case 'ended':
        return this.#calls.inc({ reason: happening.reason });
      case 'first-audio':
        return this.#firstAudio.observe(happening.afterMs / 1000);
      case 'turn-answered':
        return this.#turns.observe(happening.latencyMs / 1000);
      case 'barge-in':
        return this.#bargeIns.inc();
      case 'request-created':
      case 'request-noted':
        return this.#requests.inc();
      case 'agent-failed':
        return this.#agentFailures.inc({ code: happening.code });
      case 'agent-lost':
        return this.#agentFailures.inc({ code: 'lost' });
      case 'agent-back':
        return this.#agentAway.observe(happening.afterMs / 1000);
      case 'fallback':
        return this.#fallbacks.inc({ to: happening.to });
      case 'filler-played':
        return this.#fillers.inc({ clip: happening.clip });
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

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  void new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** More than nothing in either asks for somebody: the database is away, or a file waits to be looked into. */
function watchSpool(registry: Registry, figures: () => SpoolFigures): void {
  const [requests, files] = ['bellhop_spool_requests', 'bellhop_spool_files_set_aside'];
  gauge(registry, requests, 'Requests noted here that are not in the database yet.', () => figures().noted);
  gauge(registry, files, 'Files with damaged or refused records of the spool.', () => figures().filesSetAside);
}

function watchLoop(registry: Registry, delay: () => LoopDelay): void {
  const [p99, longest] = ['bellhop_loop_delay_p99_seconds', 'bellhop_loop_delay_max_seconds'];
  gauge(registry, p99, 'How late the event loop ran, of the last half minute: p99.', () => delay().p99Ms / 1000);
  gauge(registry, longest, 'How late it ran at most, of the last half minute.', () => delay().maxMs / 1000);
}

/** Prometheus figures of tools, ours and those of other servers, of questions to staff, and of how the servers are reached. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Happening } from './call/call-event.ts';
import { OWN_LABEL } from './hotel/tool-servers/definition.ts';
import type { ServerStatus } from './hotel/tool-servers/ports.ts';

/** Names come from models and servers: those beyond the bound are counted together. */
const MAX_NAMES = 300;
const SECONDS = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];
const KINDS: ServerStatus['kind'][] = ['connected', 'connecting', 'error', 'disabled'];

export class ToolMetrics {
  readonly #names = new Set<string>();
  readonly #tools: Histogram;
  readonly #approvals: Counter;
  readonly #paths: Counter;

  /** @param statuses how each tool server stands now, by label. */
  constructor(registry: Registry, statuses: () => ReadonlyMap<string, ServerStatus['kind']>) {
    const registers = [registry];
    this.#tools = new Histogram({
      name: 'bellhop_tool_seconds',
      help: 'Tool calls; `server` is hotel for our own.',
      labelNames: ['server', 'tool', 'path', 'outcome'],
      buckets: SECONDS,
      registers,
    });
    this.#approvals = new Counter({
      name: 'bellhop_approvals_total',
      help: 'Questions to staff about tools, by how they ended.',
      labelNames: ['decision'],
      registers,
    });
    this.#paths = new Counter({
      name: 'bellhop_tool_paths_changed_total',
      help: 'Times a call reached a server another way than before.',
      labelNames: ['server', 'to'],
      registers,
    });
    void new Gauge({
      name: 'bellhop_tool_servers',
      help: 'How tool servers stand: 1 for the status that each has.',
      labelNames: ['server', 'status'],
      registers,
      collect() {
        this.reset();
        for (const [server, now] of statuses())
          for (const status of KINDS) this.set({ server, status }, status === now ? 1 : 0);
      },
    });
  }

  happened(happening: Happening): void {
    switch (happening.kind) {
      case 'tool-ended': {
        const { server = OWN_LABEL, tool, path, outcome, durationMs } = happening;
        return this.#tools.observe({ server, tool: this.#known(tool), path, outcome }, durationMs / 1000);
      }
      case 'approval-ended':
        return this.#approvals.inc({ decision: happening.decision });
      case 'path-changed':
        return this.#paths.inc({ server: happening.server, to: happening.to });
      default:
    }
  }

  #known(tool: string): string {
    if (this.#names.size < MAX_NAMES) this.#names.add(tool);
    return this.#names.has(tool) ? tool : 'other';
  }
}

/** How the tools do, as they are called: counts since we run, times of the last calls. For live figures; the record keeps the rest. */
import type { ToolPath } from '../../call/call-event.ts';
import { visible } from './hidden-text.ts';
import { nativeKey } from './offer.ts';

/** Of one tool: the last ones say how it does now. */
const MAX_TIMES = 200;
/** The tool called longest ago is forgotten. */
const MAX_TOOLS = 1_000;
const MAX_MESSAGE = 200;

export interface ToolFigure {
  /** `hotel`: the hotel's own tools. */
  server: string;
  tool: string;
  calls: number;
  /** Those that failed; a refusal of ours is none. */
  failures: number;
  /** Over the last 200 calls, or those of the record's time; null before the first. */
  p50Ms: number | null;
  p95Ms: number | null;
  /** Of the calls, by the model's side itself: 0 to 1. */
  nativeShare: number;
  lastError: { at: Date; message: string } | null;
}

export interface ToolRun {
  server: string;
  tool: string;
  path: ToolPath;
  outcome: 'ok' | 'refused' | 'failed';
  durationMs: number;
  at: Date;
  error: string | undefined;
}

interface Counted {
  server: string;
  tool: string;
  calls: number;
  failures: number;
  natives: number;
  /** A ring of durations. */
  times: number[];
  lastError: ToolFigure['lastError'];
}

export class FigureBook {
  readonly #tools = new Map<string, Counted>();

  /** A call that came to its end. What was refused before it ran says nothing of the tool and is not counted. */
  count({ server, tool, path, outcome, durationMs, at, error }: ToolRun): void {
    if (outcome === 'refused') return;
    const counted = this.#of(server, tool);
    counted.times[counted.calls % MAX_TIMES] = durationMs;
    counted.calls++;
    if (path === 'native') counted.natives++;
    if (outcome !== 'failed') return;
    counted.failures++;
    counted.lastError = {
      at,
      message: visible(error ?? 'failed')
        .replaceAll(/\s+/g, ' ')
        .slice(0, MAX_MESSAGE),
    };
  }

  all(): ToolFigure[] {
    return [...this.#tools.values()].map(({ server, tool, calls, failures, natives, times, lastError }) => {
      const sorted = times.toSorted((one, other) => one - other);
      return {
        server,
        tool,
        calls,
        failures,
        p50Ms: quantile(sorted, 0.5),
        p95Ms: quantile(sorted, 0.95),
        nativeShare: natives / calls,
        lastError,
      };
    });
  }

  #of(server: string, tool: string): Counted {
    const key = nativeKey(server, tool);
    const counted = this.#tools.get(key) ?? {
      server,
      tool,
      calls: 0,
      failures: 0,
      natives: 0,
      times: [],
      lastError: null,
    };
    this.#tools.delete(key);
    this.#tools.set(key, counted);
    const oldest = this.#tools.keys().next().value;
    if (this.#tools.size > MAX_TOOLS && oldest !== undefined) this.#tools.delete(oldest);
    return counted;
  }
}

/** @param sorted ascending. @returns the nearest-rank quantile. */
const quantile = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;

/** Answers of tools that only read, for as long as their definition says. Pure. */
import type { Clock } from '../../call/ports.ts';
import { canonicalJson, NestedTooDeeplyError } from '../../hotel/tool-servers/tool-hash.ts';
import type { LinkAnswer } from './result-text.ts';

/** The oldest gives way. */
const MAX_ENTRIES = 200;

export class ResultCache {
  readonly #clock: Clock;
  readonly #entries = new Map<string, { answer: LinkAnswer; untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  find(tool: string, input: Record<string, unknown>): LinkAnswer | undefined {
    const key = keyOf(tool, input);
    const entry = key === undefined ? undefined : this.#entries.get(key);
    return entry && this.#clock.nowMs() < entry.untilMs ? entry.answer : undefined;
  }

  keep(tool: string, input: Record<string, unknown>, answer: LinkAnswer, forMs: number): void {
    const key = keyOf(tool, input);
    if (key === undefined) return;
    this.#entries.delete(key);
    this.#entries.set(key, { answer, untilMs: this.#clock.nowMs() + forMs });
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** Undefined: nothing that could be told apart again. */
function keyOf(tool: string, input: Record<string, unknown>): string | undefined {
  try {
    return `${tool} ${canonicalJson(input)}`;
  } catch (error) {
    if (error instanceof NestedTooDeeplyError) return undefined;
    throw error;
  }
}

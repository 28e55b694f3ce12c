/** How often tools of others are called: per tool and minute over all calls, and per tool within one call. Time by the Clock. */
import type { Clock } from '../../call/ports.ts';
import { nativeKey, type OutsideTool } from './offer.ts';

const MINUTE_MS = 60_000;
/** Tools whose last minute is remembered: more than all servers of a hotel have; the one asked longest ago is forgotten. */
const MAX_TOOLS = 2_000;

/** Shared by all calls. */
export class RateLimits {
  readonly #clock: Clock;
  /** Times of the last minute's calls, oldest first; at most `perMinute` each. */
  readonly #times = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns false when the tool was called as often as it may be in the last minute; such a try does not count. */
  take({ server, tool, perMinute }: Pick<OutsideTool, 'server' | 'tool' | 'perMinute'>): boolean {
    const nowMs = this.#clock.nowMs();
    const key = nativeKey(server, tool);
    const times = (this.#times.get(key) ?? []).filter((atMs) => nowMs - atMs < MINUTE_MS);
    const isFree = times.length < perMinute;
    if (isFree) times.push(nowMs);
    this.#times.delete(key);
    this.#times.set(key, times);
    const oldest = this.#times.keys().next().value;
    if (this.#times.size > MAX_TOOLS && oldest !== undefined) this.#times.delete(oldest);
    return isFree;
  }
}

/** Of one call. Bound: as many tools as a call may use at all. */
export class CallLimits {
  readonly #counts = new Map<string, number>();

  /** @returns false when this call used the tool as often as it may. */
  take({ server, tool, perCall }: Pick<OutsideTool, 'server' | 'tool' | 'perCall'>): boolean {
    const key = nativeKey(server, tool);
    const count = this.#counts.get(key) ?? 0;
    if (count >= perCall) return false;
    this.#counts.set(key, count + 1);
    return true;
  }
}

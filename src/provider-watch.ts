/**
 * Whether the hosted provider can be had at all (rule MODEL-20): an error that no redial can mend takes it out of use for new
 * calls and is an alarm; a probe every 30 s brings it back. Reads call events.
 */
import type { Logger } from 'pino';
import type { CallEvent } from './call/call-event.ts';
import type { EventReader } from './call/ports.ts';
import { isFatalError } from './realtime/fatal-errors.ts';

export const PROBE_EVERY_MS = 30_000;

export class ProviderWatch implements EventReader {
  readonly #probe: () => Promise<boolean>;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #outBecause: string | undefined;

  /** @param probe whether a session can be had now. */
  constructor(probe: () => Promise<boolean>, log: Logger) {
    this.#probe = probe;
    this.#log = log;
  }

  /** Why new calls must do without the provider; undefined when they need not. */
  get outBecause(): string | undefined {
    return this.#outBecause;
  }

  words(): void {}

  happened({ happening }: CallEvent): void {
    if (happening.kind !== 'agent-failed' || !happening.isFatal || this.#outBecause !== undefined) return;
    if (!isFatalError(happening.code) && !/^http_40[134]$/.test(happening.code)) return;
    this.#outBecause = happening.code;
    this.#log.error({ code: happening.code }, 'ALARM: the provider refuses calls; new ones go to the fallback');
    this.#timer = setInterval(() => void this.#tryAgain(), PROBE_EVERY_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #tryAgain(): Promise<void> {
    if (!(await this.#probe())) return;
    clearInterval(this.#timer);
    this.#outBecause = undefined;
    this.#log.warn('the provider takes calls again');
  }
}

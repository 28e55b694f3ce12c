/**
 * Whether the database answers. Bounds each piece of work done for a guest, and while the database is away lets none wait
 * for it: what follows a failure fails at once, until a probe gets through again.
 */
import type { Logger } from 'pino';

/** For one piece of work, from asking for a connection to its end. A tool does two at most, and has 3 s. */
const WORK_WITHIN_MS = 1_000;
const PROBE_EVERY_MS = 500;

/** The database does not answer, or not in time. Whether the work was done is not known. */
export class DatabaseAway extends Error {
  override name = 'DatabaseAway';
}

export interface DatabaseReachOptions {
  /** Resolves when the database answers. Must end by itself. */
  probe(): Promise<void>;
  /** Lets go of connections that may hang. */
  renew(): void;
  log: Logger;
}

export class DatabaseReach {
  readonly #options: DatabaseReachOptions;
  readonly #listeners: (() => void)[] = [];
  #isAway = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DatabaseReachOptions) {
    this.#options = options;
  }

  get isAway(): boolean {
    return this.#isAway;
  }

  /** @param listener hears each time the database is back. */
  onBack(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** @throws DatabaseAway when it is away or does not answer in time; else what the work throws. */
  async within<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#isAway) throw new DatabaseAway('the database is away');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new DatabaseAway('the database did not answer in time')), WORK_WITHIN_MS);
    });
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      if (!saysAway(error)) throw error;
      this.#wentAway(error);
      throw error instanceof DatabaseAway ? error : new DatabaseAway('the database is away', { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #wentAway(error: unknown): void {
    if (this.#isAway || this.#isClosed) return;
    this.#isAway = true;
    this.#options.log.error({ err: error }, 'the database is away: requests are noted on this machine');
    this.#options.renew();
    this.#probeLater(0);
  }

  #probeLater(delayMs: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#probe(), delayMs);
    this.#timer.unref();
  }

  async #probe(): Promise<void> {
    try {
      await this.#options.probe();
    } catch {
      return this.#probeLater(PROBE_EVERY_MS);
    }
    if (this.#isClosed) return;
    this.#isAway = false;
    this.#options.log.info('the database is back');
    for (const listener of this.#listeners) listener();
  }
}

/** Classes of SQLSTATE that tell of the server and the way to it, not of what was asked. */
const AWAY = /^(08|53|57|58|25006)/;

function saysAway(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  // Errors of the network have names for codes, or none: a SQLSTATE has five signs.
  return typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || AWAY.test(code);
}

/** @returns whether the database will never take this: its value or a constraint is at fault. */
export const isAboutData = (error: unknown): boolean => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^2[23][0-9A-Z]{3}$/.test(code);
};

/** Hears of changes by LISTEN/NOTIFY on a connection of its own, which is opened again whenever it breaks. Ids only. */
import type { Logger } from 'pino';
import pg from 'pg';

const REOPEN_AFTER_MS = 1_000;

export interface EventFeedOptions {
  url: string;
  channel: string;
  heard(id: string): void;
  missed(): void;
  log: Logger;
}

export class EventFeed {
  readonly #url: string;
  readonly #channel: string;
  readonly #heard: (id: string) => void;
  readonly #missed: () => void;
  readonly #log: Logger;
  #hasListened = false;
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param heard gets the id of what changed. @param missed is told after a break: changes went by unheard. */
  constructor({ url, channel, heard, missed, log }: EventFeedOptions) {
    this.#url = url;
    this.#channel = channel;
    this.#heard = heard;
    this.#missed = missed;
    this.#log = log;
  }

  async open(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url, application_name: 'bellhop feed', keepAlive: true });
    this.#client = client;
    client.on('notification', ({ payload }) => payload && this.#heard(payload));
    client.on('error', () => this.#reopenLater(client));
    client.on('end', () => this.#reopenLater(client));
    try {
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(this.#channel)}`);
      if (this.#hasListened) this.#missed();
      this.#hasListened = true;
    } catch (error) {
      this.#log.warn({ err: error }, 'changes cannot be listened for, trying again');
      this.#reopenLater(client);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => {});
  }

  #reopenLater(client: pg.Client): void {
    if (this.#isClosed || this.#client !== client || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void client.end().catch(() => {});
      void this.open();
    }, REOPEN_AFTER_MS);
    this.#timer.unref();
  }
}

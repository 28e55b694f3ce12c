/** Hears what is told on a channel of the database, on a connection of its own as another instance would. */
import pg from 'pg';

export class Channel {
  readonly heard: string[] = [];
  readonly #client: pg.Client;

  static async open(databaseUrl: string, channel: string): Promise<Channel> {
    const client = new pg.Client({ connectionString: databaseUrl });
    const opened = new Channel(client);
    await client.connect();
    await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    return opened;
  }

  private constructor(client: pg.Client) {
    this.#client = client;
    client.on('notification', ({ payload }) => this.heard.push(payload ?? ''));
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}

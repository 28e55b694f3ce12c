/** The database as the tools of a call use it: connections of their own, with little patience, which can be let go of. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Database } from './database.ts';
import { DatabaseReach } from './database-reach.ts';
import { letGoOfLateConnections } from './late-answers.ts';
import type { Schema } from './schema.ts';

/** For whichever step: connecting, waiting for a connection, a statement. Below what `DatabaseReach` allows for all. */
const STEP_WITHIN_MS = 900;
const MAX_CONNECTIONS = 5;

export interface GuestDatabase {
  database: Database;
  reach: DatabaseReach;
  close(): Promise<void>;
}

/** Opens no connection yet. @param url `postgres://…` of a database that is up to date. */
export function openGuestDatabase(url: string, log: Logger): GuestDatabase {
  const connection = {
    connectionString: url,
    connectionTimeoutMillis: STEP_WITHIN_MS,
    statement_timeout: STEP_WITHIN_MS,
    query_timeout: STEP_WITHIN_MS,
    application_name: 'bellhop guests',
  };
  const pool = new RenewablePool({ ...connection, max: MAX_CONNECTIONS, idleTimeoutMillis: 30_000 });
  const database = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const reach = new DatabaseReach({ probe: () => probe(connection), renew: () => pool.renew(), log });
  return {
    database,
    reach,
    async close() {
      reach.close();
      await database.destroy();
    },
  };
}

/** A connection that hangs stays in its pool, and what comes next waits behind it: then all of the pool is let go of. */
class RenewablePool {
  readonly options: pg.PoolConfig;
  #clients = new Set<pg.PoolClient>();
  #pool: pg.Pool;

  constructor(options: pg.PoolConfig) {
    this.options = options;
    this.#pool = this.#open();
  }

  connect(): Promise<pg.PoolClient> {
    return this.#pool.connect();
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }

  renew(): void {
    const [pool, clients] = [this.#pool, this.#clients];
    this.#clients = new Set();
    this.#pool = this.#open();
    // A client that is at work is cut off; its query is told.
    for (const client of clients) void (client as unknown as pg.Client).end().catch(() => {});
    void pool.end().catch(() => {});
  }

  #open(): pg.Pool {
    const clients = this.#clients;
    const pool = new pg.Pool(this.options);
    pool.on('error', () => {});
    pool.on('connect', (client) => {
      clients.add(client);
      client.on('error', () => {});
    });
    pool.on('remove', (client) => clients.delete(client));
    letGoOfLateConnections(pool);
    return pool;
  }
}

async function probe(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection);
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    // Not waited for: a server that is silent does not say goodbye.
    void client.end().catch(() => {});
  }
}

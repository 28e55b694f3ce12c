/** Opens PostgreSQL, waits for it a bounded time, and brings its schema up to date. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { letGoOfLateConnections } from './late-answers.ts';
import type { Schema } from './schema.ts';

export type Database = Kysely<Schema>;

/** The database cannot be reached, or is not ours. The message is one line for an operator. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
}

const WAIT_MS = 10_000;
/** Any number, the same in all instances: only one migrates at a time. */
const MIGRATION_LOCK = 7_204_118;

// Dates of the calendar stay text: a hotel's day has no time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/**
 * @param url `postgres://…`. @param waitMs how long an unreachable server is waited for.
 * @throws DatabaseError when it stays unreachable or its schema is not ours.
 */
export async function openDatabase(url: string, waitMs: number = WAIT_MS): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 10_000,
    query_timeout: 12_000,
    application_name: 'bellhop',
  });
  // A connection that breaks while idle is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {});
  // The same for one that breaks at work: its query is told, and the pool lets go of it.
  pool.on('connect', (client) => void client.on('error', () => {}));
  letGoOfLateConnections(pool);
  const database = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    await reach(database, waitMs);
    await migrate(database);
  } catch (error) {
    await database.destroy();
    throw error instanceof DatabaseError
      ? error
      : new DatabaseError(`the database failed: ${messageOf(error)}`, { cause: error });
  }
  return database;
}

async function reach(database: Database, waitMs: number): Promise<void> {
  const until = Date.now() + waitMs;
  for (;;) {
    try {
      await sql`select 1`.execute(database);
      return;
    } catch (error) {
      const { code } = error as { code?: string };
      // A wrong password or a missing database will not mend itself.
      if (code?.startsWith('28') || code?.startsWith('3D'))
        throw new DatabaseError(`the database refuses us: ${messageOf(error)}`, { cause: error });
      if (Date.now() >= until)
        throw new DatabaseError(
          `the database could not be reached within ${Math.round(waitMs / 1000)} s: ${messageOf(error)}`,
          { cause: error },
        );
      await sleep(250);
    }
  }
}

async function migrate(database: Database): Promise<void> {
  const folder = new URL('migrations/', import.meta.url);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  await database.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`.execute(connection);
    try {
      await sql`create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())`.execute(
        connection,
      );
      const applied = await sql<{ name: string; checksum: string }>`select name, checksum from migrations`.execute(
        connection,
      );
      const known = new Map(applied.rows.map(({ name, checksum }) => [name, checksum]));
      for (const name of files)
        await apply(connection, name, readFileSync(new URL(name, folder), 'utf8'), known.get(name));
    } finally {
      await sql`select pg_advisory_unlock(${MIGRATION_LOCK})`.execute(connection);
    }
  });
}

async function apply(
  connection: Database,
  name: string,
  text: string,
  knownChecksum: string | undefined,
): Promise<void> {
  const checksum = createHash('sha256').update(text).digest('hex');
  if (knownChecksum === checksum) return;
  if (knownChecksum !== undefined) throw new DatabaseError(`migration ${name} was changed after it had been applied`);
  await connection.transaction().execute(async (transaction) => {
    await sql.raw(text).execute(transaction);
    await sql`insert into migrations (name, checksum) values (${name}, ${checksum})`.execute(transaction);
  });
}

const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
};

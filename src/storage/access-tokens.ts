/** Tokens by which assistants of the hotel use its own tools: shown once, kept as their hash, each use and change known. */
import { createHash, randomBytes } from 'node:crypto';
import { sql, type Selectable } from 'kysely';
import { v7 as uuidv7, validate } from 'uuid';
import type { IssuedToken } from '../hotel/access-scopes.ts';
import { noteAudit } from './audit-rows.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';

const PREFIX = 'bh_';
const FORM = /^bh_[A-Za-z0-9_-]{43}$/;
const MAX_LIVE = 50;
const MAX_LISTED = 100;

export interface NewAccessToken {
  name: string;
  scopes: readonly string[];
  /** From now. */
  days: number;
}

export class AccessTokens {
  readonly #database: Database;
  readonly #hotelId: string;

  constructor(database: Database, hotelId: string) {
    this.#database = database;
    this.#hotelId = hotelId;
  }

  /** @returns the token, this once; `too-many` when 50 are good already. @param member the name of who issues it. */
  issue(
    { name, scopes, days }: NewAccessToken,
    member: string,
  ): Promise<{ token: string; view: IssuedToken } | 'too-many'> {
    const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
    return this.#database.transaction().execute(async (transaction) => {
      // Two that issue wait for each other, so that the count holds.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`access_tokens/${this.#hotelId}`}, 0))`.execute(
        transaction,
      );
      const live = await this.#live(transaction).select('id').execute();
      if (live.length >= MAX_LIVE) return 'too-many';
      const row = await transaction
        .insertInto('access_tokens')
        .values({
          id: uuidv7(),
          hotel_id: this.#hotelId,
          name,
          token_hash: hash(token),
          scopes: [...scopes],
          created_by: member,
          expires_at: sql<Date>`now() + ${days} * interval '1 day'`,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      const details = { name, scopes, expiresAt: row.expires_at };
      await noteAudit(transaction, { who: member, what: 'access token issued', subject: row.id, details });
      return { token, view: viewOf(row) };
    });
  }

  /** @returns whose token this is, and what it is good for; undefined when it is unknown, expired or revoked. */
  async find(token: string): Promise<IssuedToken | undefined> {
    if (!FORM.test(token)) return undefined;
    const row = await this.#live(this.#database).selectAll().where('token_hash', '=', hash(token)).executeTakeFirst();
    if (!row) return undefined;
    await this.#database
      .updateTable('access_tokens')
      .set({ last_used_at: sql<Date>`now()` })
      .where('id', '=', row.id)
      .where(sql<boolean>`coalesce(last_used_at < now() - interval '1 minute', true)`)
      .execute();
    return viewOf(row);
  }

  /** Those that were not revoked, the longest good first. */
  async list(): Promise<IssuedToken[]> {
    const rows = await this.#database
      .selectFrom('access_tokens')
      .selectAll()
      .where('hotel_id', '=', this.#hotelId)
      .where('revoked_at', 'is', null)
      .orderBy('expires_at', 'desc')
      .limit(MAX_LISTED)
      .execute();
    return rows.map(viewOf);
  }

  /** For good, at once. @returns false when there is no such token, or it was revoked before. */
  async revoke(id: string, member: string): Promise<boolean> {
    if (!validate(id)) return false;
    return this.#database.transaction().execute(async (transaction) => {
      const row = await transaction
        .updateTable('access_tokens')
        .set({ revoked_at: sql<Date>`now()` })
        .where('hotel_id', '=', this.#hotelId)
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .returning('name')
        .executeTakeFirst();
      if (!row) return false;
      const details = { name: row.name };
      await noteAudit(transaction, { who: member, what: 'access token revoked', subject: id, details });
      return true;
    });
  }

  #live(database: Database) {
    return database
      .selectFrom('access_tokens')
      .where('hotel_id', '=', this.#hotelId)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', sql<Date>`now()`);
  }
}

const hash = (token: string): string => createHash('sha256').update(token).digest('base64url');

const viewOf = (row: Selectable<Schema['access_tokens']>): IssuedToken => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  createdBy: row.created_by,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
});

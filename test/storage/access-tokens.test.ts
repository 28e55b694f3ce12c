/** Access tokens: shown once, kept as a hash, good until they expire or are revoked. */
import type { IssuedToken } from '../../src/hotel/access-scopes.ts';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AccessTokens } from '../../src/storage/access-tokens.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { seedHotel } from '../../src/storage/hotel-book.ts';
import { exampleHotel } from '../example-hotel.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

let testDatabase: TestDatabase;
let database: Database;
let tokens: AccessTokens;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  tokens = new AccessTokens(database, await seedHotel(database, exampleHotel(), false, new Date()));
});

beforeEach(async () => {
  await sql`truncate access_tokens, audit_log`.execute(database);
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

async function issued(name = 'desk assistant'): Promise<{ token: string; view: IssuedToken }> {
  const outcome = await tokens.issue({ name, scopes: ['requests:read'], days: 30 }, 'Ann');
  if (outcome === 'too-many') throw new Error('too many tokens');
  return outcome;
}
const audit = () => database.selectFrom('audit_log').select(['who', 'what', 'subject']).orderBy('id').execute();

describe('access tokens', () => {
  it('[T12] are known by themselves alone, and stand nowhere in the database', async () => {
    const { token, view } = await issued();
    expect(token).toMatch(/^bh_[A-Za-z0-9_-]{43}$/);
    expect(view.expiresAt.getTime() - view.createdAt.getTime()).toBe(30 * 86_400_000);
    expect(await tokens.find(token)).toEqual(view);
    expect(await tokens.find(`${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`)).toBeUndefined();
    expect(await tokens.find('')).toBeUndefined();
    const { rows } = await sql<{ text: string }>`
      select (select string_agg(access_tokens::text, '') from access_tokens) || (select string_agg(audit_log::text, '') from audit_log) as text`.execute(
      database,
    );
    expect(rows[0]?.text).toContain('desk assistant');
    expect(rows[0]?.text).not.toContain(token.slice(3));
  });

  it('are good for nothing once they expired', async () => {
    const { token } = await issued();
    await sql`update access_tokens set expires_at = now()`.execute(database);
    expect(await tokens.find(token)).toBeUndefined();
  });

  it('[T9] are revoked once, for good, and the log says by whom', async () => {
    const { token, view } = await issued();
    const outcomes = await Promise.all(['Bob', 'Cem', 'Dee'].map((member) => tokens.revoke(view.id, member)));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    const who = ['Bob', 'Cem', 'Dee'][outcomes.indexOf(true)];
    expect([await tokens.find(token), await tokens.list()]).toEqual([undefined, []]);
    expect(await audit()).toEqual([
      { who: 'Ann', what: 'access token issued', subject: view.id },
      { who, what: 'access token revoked', subject: view.id },
    ]);
    expect([await tokens.revoke(uuidv7(), 'Ann'), await tokens.revoke('no id', 'Ann')]).toEqual([false, false]);
  });

  it('show when they were last used, written once a minute', async () => {
    const { token } = await issued();
    const usedAt = async (): Promise<Date | null | undefined> => (await tokens.list())[0]?.lastUsedAt;
    expect(await usedAt()).toBeNull();
    await tokens.find(token);
    const first = await usedAt();
    expect(first).toBeInstanceOf(Date);
    await tokens.find(token);
    expect(await usedAt()).toEqual(first);
    await sql`update access_tokens set last_used_at = now() - interval '61 seconds'`.execute(database);
    await tokens.find(token);
    expect((await usedAt())?.getTime()).toBeGreaterThan(first?.getTime() ?? Infinity);
  });

  it('are at most 50 that are good, counted right when many are issued at once', async () => {
    const issue = () => tokens.issue({ name: 'x', scopes: [], days: 1 }, 'Ann');
    const outcomes = await Promise.all(Array.from({ length: 53 }, issue));
    expect(outcomes.filter((outcome) => outcome === 'too-many')).toHaveLength(3);
    const [first] = await tokens.list();
    await tokens.revoke(first?.id ?? '', 'Ann');
    expect(await issue()).not.toBe('too-many');
    await sql`update access_tokens set expires_at = now()`.execute(database);
    expect(await issue()).not.toBe('too-many');
  });

  it('of another hotel are neither known nor revoked', async () => {
    const { token, view } = await issued();
    const other = new AccessTokens(database, uuidv7());
    expect([await other.find(token), await other.list(), await other.revoke(view.id, 'Eve')]).toEqual([
      undefined,
      [],
      false,
    ]);
    expect(await tokens.find(token)).toBeDefined();
  });
});

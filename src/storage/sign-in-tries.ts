/**
 * Who may try a password. Three bounds, each over 15 minutes and each counted before the slow part, so that tries made at
 * once count like tries made in turn:
 *
 * - 5 tries of one login from one source: who guesses locks out themselves, and nobody who is elsewhere;
 * - 100 tries of one login from all sources together: guessing from many addresses gets no further than that;
 * - 3 000 tries of all logins: bounds the table, and what argon2 may cost us, to about 3 a second.
 *
 * The wide bounds do not hold for a source from which the login was signed in to before: however many strangers guess, staff
 * come in from where they usually do. A source is an IPv4 address or an IPv6 network of 64 bits, which one subscriber has to
 * themselves.
 */
import { isIPv6 } from 'node:net';
import { sql, type Transaction } from 'kysely';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';

const WITHIN_MS = 15 * 60_000;
const TRIES_OF_LOGIN_AND_SOURCE = 5;
const TRIES_OF_LOGIN = 100;
const TRIES_IN_ALL = 3_000;
/** A source that was not used for so long is a stranger's again. */
const KNOWN_FOR_MS = 30 * 24 * 3_600_000;
/** The latest are kept; only a right password adds one. */
const SOURCES_OF_LOGIN = 10;

/** Notes a try. @param source as `sourceOf` gives it. @returns whether the password may be looked at. */
export function takeTry(database: Database, login: string, source: string): Promise<boolean> {
  return database.transaction().execute(async (transaction) => {
    // Tries wait for each other, also in other instances; they are few, and this is quick.
    await sql`select pg_advisory_xact_lock(hashtextextended('sign-in', 0))`.execute(transaction);
    await transaction.deleteFrom('sign_in_tries').where('at', '<', ago(WITHIN_MS)).execute();
    if (!(await isWithinBounds(transaction, login, source))) return false;
    await transaction.insertInto('sign_in_tries').values({ login, source }).execute();
    return true;
  });
}

/** The password was right: its source has no wrong tries any more, and is known from now on. */
export async function noteSignedIn(transaction: Transaction<Schema>, login: string, source: string): Promise<void> {
  await transaction.deleteFrom('sign_in_tries').where('login', '=', login).where('source', '=', source).execute();
  await transaction
    .insertInto('sign_in_sources')
    .values({ login, source })
    .onConflict((conflict) => conflict.columns(['login', 'source']).doUpdateSet({ at: sql<Date>`now()` }))
    .execute();
  await transaction
    .deleteFrom('sign_in_sources')
    .where('login', '=', login)
    .where('source', 'not in', (expression) =>
      expression
        .selectFrom('sign_in_sources')
        .select('source')
        .where('login', '=', login)
        .where('at', '>', ago(KNOWN_FOR_MS))
        .orderBy('at', 'desc')
        .limit(SOURCES_OF_LOGIN),
    )
    .execute();
}

/** @param address of the other side, as the system writes it. @returns under what its tries are counted. */
export function sourceOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail ? tail.split(':') : [];
  const left = tail === undefined ? 0 : Math.max(0, 8 - groups.length - last.length);
  const all = [...groups, ...Array<string>(left).fill('0'), ...last];
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

async function isWithinBounds(transaction: Transaction<Schema>, login: string, source: string): Promise<boolean> {
  const { here, ofLogin, inAll } = await transaction
    .selectFrom('sign_in_tries')
    .select(({ fn, and, eb }) => [
      fn
        .countAll<string>()
        .filterWhere(and([eb('login', '=', login), eb('source', '=', source)]))
        .as('here'),
      fn.countAll<string>().filterWhere('login', '=', login).as('ofLogin'),
      fn.countAll<string>().as('inAll'),
    ])
    .executeTakeFirstOrThrow();
  if (Number(here) >= TRIES_OF_LOGIN_AND_SOURCE) return false;
  if (Number(ofLogin) < TRIES_OF_LOGIN && Number(inAll) < TRIES_IN_ALL) return true;
  const known = await transaction
    .selectFrom('sign_in_sources')
    .select('source')
    .where('login', '=', login)
    .where('source', '=', source)
    .where('at', '>', ago(KNOWN_FOR_MS))
    .executeTakeFirst();
  return known !== undefined;
}

const ago = (ms: number): Date => new Date(Date.now() - ms);

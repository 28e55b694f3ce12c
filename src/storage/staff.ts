/** Staff accounts and their sign-ins: argon2id, hashed tokens, five tries in 15 minutes. */
import { argon2, createHash, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from './database.ts';

export interface StaffAccount {
  id: string;
  login: string;
  name: string;
  role: 'viewer' | 'agent' | 'manager' | 'admin';
}

const MAX_TRIES = 5;
const TRIES_WITHIN_MS = 15 * 60_000;
/** A shift and some more. */
const SIGNED_IN_FOR_MS = 12 * 3_600_000;
/** OWASP's choice for argon2id: 19 MiB, two passes. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2);

export class StaffBook {
  readonly #database: Database;
  readonly #hotelId: string;

  constructor(database: Database, hotelId: string) {
    this.#database = database;
    this.#hotelId = hotelId;
  }

  /** Makes the first account when there is none. @returns its password, this once. */
  async seedFirst(login: string): Promise<string | undefined> {
    const password = randomBytes(9).toString('base64url');
    const id = uuidv7();
    const passwordHash = await hashPassword(password);
    const made = await this.#database.transaction().execute(async (transaction) => {
      await sql`lock table staff in share row exclusive mode`.execute(transaction);
      const anyone = await transaction.selectFrom('staff').select('id').limit(1).executeTakeFirst();
      if (anyone) return false;
      const account = {
        id,
        hotel_id: this.#hotelId,
        login,
        name: 'First manager',
        role: 'admin' as const,
        password_hash: passwordHash,
      };
      await transaction.insertInto('staff').values(account).execute();
      return true;
    });
    return made ? password : undefined;
  }

  /** @returns the account and a new token, `wrong`, or `locked` after too many tries. */
  async signIn(login: string, password: string): Promise<{ member: StaffAccount; token: string } | 'wrong' | 'locked'> {
    const since = new Date(Date.now() - TRIES_WITHIN_MS);
    const { tries } = await this.#database
      .selectFrom('sign_in_tries')
      .select((expression) => expression.fn.countAll<string>().as('tries'))
      .where('login', '=', login)
      .where('at', '>', since)
      .executeTakeFirstOrThrow();
    if (Number(tries) >= MAX_TRIES) return 'locked';
    // Counted before the slow part, so that tries at the same time count too.
    await this.#database.insertInto('sign_in_tries').values({ login }).execute();
    const row = await this.#database.selectFrom('staff').selectAll().where('login', '=', login).executeTakeFirst();
    const isRight = await matches(password, row?.password_hash ?? NO_ACCOUNT);
    if (!row || !isRight) return 'wrong';
    await this.#database.deleteFrom('sign_in_tries').where('login', '=', login).execute();
    await this.#database.deleteFrom('sign_in_tries').where('at', '<', since).execute();
    return { member: accountOf(row), token: await this.#open(row.id) };
  }

  /** @returns whose token this is; undefined when it is unknown or has expired. */
  async memberOf(token: string): Promise<StaffAccount | undefined> {
    const row = await this.#database
      .selectFrom('staff_sessions')
      .innerJoin('staff', 'staff.id', 'staff_sessions.staff_id')
      .select(['staff.id', 'login', 'name', 'role'])
      .where('token_hash', '=', hash(token))
      .where('expires_at', '>', new Date())
      .executeTakeFirst();
    return row && accountOf(row);
  }

  async signOut(token: string): Promise<void> {
    await this.#database.deleteFrom('staff_sessions').where('token_hash', '=', hash(token)).execute();
  }

  async #open(staffId: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const now = Date.now();
    await this.#database.deleteFrom('staff_sessions').where('expires_at', '<', new Date(now)).execute();
    await this.#database
      .insertInto('staff_sessions')
      .values({ token_hash: hash(token), staff_id: staffId, expires_at: new Date(now + SIGNED_IN_FOR_MS) })
      .execute();
    return token;
  }
}

/** Takes as long to refuse an unknown login as a known one. */
const NO_ACCOUNT = `${'0'.repeat(32)}:${'0'.repeat(64)}`;

async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const key = await derive('argon2id', { message: Buffer.from(password), nonce, ...COST });
  return `${nonce.toString('hex')}:${key.toString('hex')}`;
}

async function matches(password: string, stored: string): Promise<boolean> {
  const [nonce = '', key = ''] = stored.split(':').map((part) => Buffer.from(part, 'hex'));
  const given = await derive('argon2id', { message: Buffer.from(password), nonce, ...COST });
  return timingSafeEqual(given, key as Buffer);
}

const hash = (token: string): string => createHash('sha256').update(token).digest('base64url');

function accountOf({ id, login, name, role }: StaffAccount): StaffAccount {
  return { id, login, name, role };
}

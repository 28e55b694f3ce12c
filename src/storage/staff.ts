/** Staff accounts and their sign-ins: argon2id, hashed tokens, tries bounded by login and source. */
import { argon2, createHash, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from './database.ts';
import { noteSignedIn, sourceOf, takeTry } from './sign-in-tries.ts';

export interface StaffAccount {
  id: string;
  login: string;
  name: string;
  role: 'viewer' | 'agent' | 'manager' | 'admin';
}

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
    if (await this.#hasAnyone(this.#database)) return undefined;
    const { password, row } = await this.#newAccount({ login, name: 'First manager', role: 'admin' });
    const isMade = await this.#database.transaction().execute(async (transaction) => {
      await sql`lock table staff in share row exclusive mode`.execute(transaction);
      if (await this.#hasAnyone(transaction)) return false;
      await transaction.insertInto('staff').values(row).execute();
      return true;
    });
    return isMade ? password : undefined;
  }

  /** Makes an account. @returns its password, this once. @throws when the login is taken. */
  async add(account: Omit<StaffAccount, 'id'>): Promise<string> {
    const { password, row } = await this.#newAccount(account);
    await this.#database.insertInto('staff').values(row).execute();
    return password;
  }

  /**
   * @param from the address it comes from.
   * @returns the account and a new token, `wrong`, or `locked` after too many tries.
   */
  async signIn(
    login: string,
    password: string,
    from: string,
  ): Promise<{ member: StaffAccount; token: string } | 'wrong' | 'locked'> {
    const source = sourceOf(from);
    if (!(await takeTry(this.#database, login, source))) return 'locked';
    const row = await this.#database.selectFrom('staff').selectAll().where('login', '=', login).executeTakeFirst();
    const isRight = await matches(password, row?.password_hash ?? NO_ACCOUNT);
    if (!row || !isRight) return 'wrong';
    return { member: accountOf(row), token: await this.#open(row, source) };
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

  #open({ id, login, name }: StaffAccount, source: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const now = Date.now();
    return this.#database.transaction().execute(async (transaction) => {
      await noteSignedIn(transaction, login, source);
      await transaction.deleteFrom('staff_sessions').where('expires_at', '<', new Date(now)).execute();
      await transaction
        .insertInto('staff_sessions')
        .values({ token_hash: hash(token), staff_id: id, expires_at: new Date(now + SIGNED_IN_FOR_MS) })
        .execute();
      await transaction
        .insertInto('audit_log')
        .values({ who: name, what: 'signed in', subject: id, details: '{}' })
        .execute();
      return token;
    });
  }

  async #hasAnyone(database: Database): Promise<boolean> {
    return (await database.selectFrom('staff').select('id').limit(1).executeTakeFirst()) !== undefined;
  }

  async #newAccount({ login, name, role }: Omit<StaffAccount, 'id'>) {
    const password = randomBytes(9).toString('base64url');
    const row = {
      id: uuidv7(),
      hotel_id: this.#hotelId,
      login,
      name,
      role,
      password_hash: await hashPassword(password),
    };
    return { password, row };
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

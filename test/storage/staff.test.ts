/** Signing in: who is locked out after wrong tries, and who is not. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { seedHotel } from '../../src/storage/hotel-book.ts';
import { sourceOf } from '../../src/storage/sign-in-tries.ts';
import { StaffBook } from '../../src/storage/staff.ts';
import { exampleHotel } from '../example-hotel.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

const [HOME, AWAY] = ['192.0.2.1', '203.0.113.9'];
let testDatabase: TestDatabase;
let database: Database;
let staff: StaffBook;
let password: string;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  staff = new StaffBook(database, await seedHotel(database, exampleHotel(), false, new Date()));
  password = await staff.add({ login: 'ann', name: 'Ann', role: 'agent' });
});

beforeEach(async () => {
  await database.deleteFrom('sign_in_tries').execute();
  await database.deleteFrom('sign_in_sources').execute();
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

const tried = (login: string, count: number, minutesAgo = 0) =>
  sql`insert into sign_in_tries (login, source, at)
    select ${login}, '198.51.100.' || n, now() - make_interval(mins => ${minutesAgo}) from generate_series(1, ${count}::int) as n`.execute(
    database,
  );
const signIn = async (from: string, given = password): Promise<string> => {
  const outcome = await staff.signIn('ann', given, from);
  return typeof outcome === 'string' ? outcome : 'in';
};

describe('wrong tries', () => {
  it('[T9] five lock the login for where they came from, at once or in turn, and nobody else', async () => {
    const wrong = await Promise.all([1, 2, 3, 4, 5, 6].map(() => signIn(AWAY, 'wrong')));
    expect(wrong.toSorted()).toEqual(['locked', 'wrong', 'wrong', 'wrong', 'wrong', 'wrong']);
    expect(await signIn(AWAY)).toBe('locked');
    expect(await signIn(HOME)).toBe('in');
  });

  it('[T9] a sign-in somewhere else gives the guesser no more tries', async () => {
    for (let tries = 0; tries < 5; tries++) await signIn(AWAY, 'wrong');
    await signIn(HOME);
    expect(await signIn(AWAY, 'wrong')).toBe('locked');
  });

  it('[T9] guesses from many addresses lock out strangers, and not those who signed in from there before', async () => {
    await signIn(HOME);
    await tried('ann', 100);
    expect(await signIn(AWAY)).toBe('locked');
    expect(await signIn(HOME)).toBe('in');
  });

  it('[T9] guesses at all names together are bounded, also for names that do not exist', async () => {
    await signIn(HOME);
    for (let name = 0; name < 30; name++) await tried(`name${name}`, 100);
    expect(await staff.signIn('nobody', 'x', AWAY)).toBe('locked');
    expect(await signIn(HOME)).toBe('in');
    const { rows } = await sql<{ count: string }>`select count(*) from sign_in_tries`.execute(database);
    expect(Number(rows[0]?.count)).toBe(3_000);
  });

  it('[T9] after a quarter of an hour they are forgotten and gone', async () => {
    await tried('ann', 100, 16);
    expect(await signIn(AWAY)).toBe('in');
    expect(await database.selectFrom('sign_in_tries').selectAll().execute()).toEqual([]);
  });

  it('[T9] of each login the ten latest addresses are known, and only a right password makes one known', async () => {
    await signIn(AWAY, 'wrong');
    for (let i = 1; i <= 11; i++) await signIn(`192.0.2.${i}`);
    const known = await database.selectFrom('sign_in_sources').select('source').orderBy('at').execute();
    expect(known.map(({ source }) => source)).toEqual([...Array(10).keys()].map((i) => `192.0.2.${i + 2}`));
  });
});

it.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:DB8:1:2:a:b:c:d', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('tries from %s count as from %s', (address, source) => {
  expect(sourceOf(address)).toBe(source);
});

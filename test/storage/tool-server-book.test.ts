/** Tool servers of staff in the database: versions, secrets, trust, audit, and who hears of changes. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serverDefinitionSchema, type ServerDefinitionInput } from '../../src/hotel/tool-servers/definition.ts';
import { shown } from '../../src/hotel/tool-servers/shown-definition.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { seedHotel } from '../../src/storage/hotel-book.ts';
import { SecretBox } from '../../src/storage/secret-box.ts';
import { TOOL_SERVERS_CHANNEL, ToolServerBook } from '../../src/storage/tool-server-book.ts';
import { exampleHotel } from '../example-hotel.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { Channel } from './channel.ts';

const newKey = (): string => randomBytes(32).toString('base64');
const KEY = newKey();
let testDatabase: TestDatabase;
let database: Database;
let hotelId: string;
let book: ToolServerBook;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  hotelId = await seedHotel(database, exampleHotel(), false, new Date());
  book = new ToolServerBook(database, hotelId, new SecretBox(KEY));
});

beforeEach(async () => {
  await sql`truncate mcp_servers, mcp_tools, mcp_server_switches, audit_log`.execute(database);
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

const definition = (change: Partial<ServerDefinitionInput> = {}) =>
  serverDefinitionSchema.parse({
    mode: 'native',
    server_url: 'https://spa.example/mcp',
    authorization: 'token-secret-wxyz',
    headers: { 'X-Hotel': 'header-secret-1234' },
    ...change,
  });
const audit = () =>
  database.selectFrom('audit_log').select(['who', 'what', 'subject', 'details']).orderBy('id').execute();
const tool = (name: string, hash = 'aa') => ({
  tool: name,
  hash,
  listed: { name, description: 'Books\u0000 a table.', inputSchema: { type: 'object' } },
});

describe('servers that staff define', () => {
  it('[T12] are read as they were written, while no column and no audit row shows a secret', async () => {
    expect(await book.add('spa', definition(), 'Ann')).toMatchObject({ kind: 'done', server: { version: 1 } });
    const expected = { label: 'spa', source: 'staff', definition: definition(), problem: undefined };
    expect(await book.get('spa')).toMatchObject(expected);
    await book.change('spa', 1, definition({ authorization: 'new-secret-wxyz', priority: 7 }), 'Bob');
    const { rows } = await sql<{ text: string }>`
      select (select string_agg(mcp_servers::text, '') from mcp_servers) || (select string_agg(audit_log::text, '') from audit_log) as text`.execute(
      database,
    );
    expect(rows[0]?.text).toContain('spa.example');
    expect(rows[0]?.text).not.toMatch(/secret-|wxyz|1234/);
    const hex = Buffer.from('secret-').toString('hex');
    expect(rows[0]?.text).not.toContain(hex);
  });

  it('[T12] a change as the page shows it keeps the secrets, and another one replaces its own alone', async () => {
    await book.add('spa', definition(), 'Ann');
    const next = { ...shown(definition()), priority: 5, headers: { 'X-Hotel': 'other-secret-5678' } };
    const changed = await book.change('spa', 1, next, 'Ann');
    const expected = definition({ priority: 5, headers: { 'X-Hotel': 'other-secret-5678' } });
    expect(changed).toMatchObject({ kind: 'done', server: { version: 2, definition: expected } });
    await book.change('spa', 2, { ...expected, authorization: '', headers: { 'X-Hotel': '' } }, 'Ann');
    expect((await book.get('spa'))?.definition).toEqual(expected);
  });

  it('[T12] a change to another address gets no secret that was kept', async () => {
    await book.add('spa', definition(), 'Ann');
    const moved = { ...shown(definition()), server_url: 'https://elsewhere.example/mcp' };
    expect(await book.change('spa', 1, moved, 'Ann')).toMatchObject({ kind: 'mistaken' });
    expect(await book.get('spa')).toMatchObject({ version: 1, definition: definition() });
  });

  it('of two changes to the same version one is done, and the other learns what stands', async () => {
    await book.add('spa', definition(), 'Ann');
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map((priority) => book.change('spa', 1, definition({ priority }), `member ${priority}`)),
    );
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'done']);
    const conflict = outcomes.find(({ kind }) => kind === 'conflict');
    expect(conflict).toMatchObject({ server: { version: 2 } });
    expect((await audit()).map(({ what }) => what)).toEqual(['tool server added', 'tool server changed']);
  });

  it('are known by labels that are taken once, also when two add at the same time', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => book.add('spa', definition(), 'Ann')));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['conflict', 'conflict', 'done']);
  });

  it('[T11] are never a program of this machine, whoever wrote the row', async () => {
    const program = serverDefinitionSchema.parse({ transport: 'stdio', command: '/bin/sh', env: { A: 'b' } });
    expect(await book.add('shell', program, 'Ann')).toMatchObject({ kind: 'mistaken' });
    expect(await book.list()).toEqual([]);
    await book.add('spa', definition(), 'Ann');
    expect(await book.change('spa', 1, program, 'Ann')).toMatchObject({ kind: 'mistaken' });
    await database
      .updateTable('mcp_servers')
      .set({ definition: JSON.stringify(program) })
      .execute();
    expect(await book.list()).toMatchObject([
      { definition: { enabled: false }, problem: expect.stringContaining('bellhop.yaml') as string },
    ]);
  });

  it('are at most 50, counted right when many come at once', async () => {
    const labels = [...Array(54).keys()].map((number) => `server-${number}`);
    const outcomes = await Promise.all(labels.map((label) => book.add(label, definition(), 'Ann')));
    expect(outcomes.filter(({ kind }) => kind === 'mistaken')).toHaveLength(4);
    expect(await book.list()).toHaveLength(50);
  });

  it('are switched off and on with their secrets in place', async () => {
    await book.add('spa', definition(), 'Ann');
    await book.setEnabled('spa', false, 'Ann');
    expect(await book.get('spa')).toMatchObject({ version: 2, definition: definition({ enabled: false }) });
    await book.setEnabled('spa', true, 'Ann');
    expect((await book.get('spa'))?.definition).toEqual(definition());
    expect(await book.setEnabled('pms', true, 'Ann')).toEqual({ kind: 'unknown' });
  });

  it('[T6] once removed leave no trust behind for another server of their label', async () => {
    await book.add('spa', definition(), 'Ann');
    await book.approve('spa', [tool('book')], 'Ann');
    expect(await book.remove('spa', 2, 'Ann')).toMatchObject({ kind: 'conflict' });
    expect(await book.remove('spa', 1, 'Ann')).toEqual({ kind: 'removed' });
    expect(await book.remove('spa', 1, 'Ann')).toEqual({ kind: 'unknown' });
    expect(await book.approved('spa')).toEqual([]);
  });
});

describe('rows whose secrets cannot be opened', () => {
  it('[T12] are told with their problem, switched off, beside those that can', async () => {
    await book.add('old', definition(), 'Ann');
    const other = new ToolServerBook(database, hotelId, new SecretBox(newKey()));
    await other.add('new', definition(), 'Ann');
    const listed = await other.list();
    expect(listed.map(({ label, problem }) => [label, problem])).toEqual([
      ['new', undefined],
      ['old', expect.stringMatching(/^the secrets were sealed with the key [0-9a-f]{8}, which is not set$/)],
    ]);
    expect(listed[1]?.definition).toMatchObject({
      enabled: false,
      authorization: '',
      server_url: 'https://spa.example/mcp',
    });
    expect(await other.change('old', 1, shown(listed[1]?.definition ?? definition()), 'Ann')).toMatchObject({
      kind: 'mistaken',
      mistakes: [expect.stringMatching(/^authorization: /), expect.stringMatching(/^headers.X-Hotel: /)],
    });
    expect(await other.change('old', 1, definition(), 'Ann')).toMatchObject({
      kind: 'done',
      server: { problem: undefined },
    });
  });

  it('[T12] swapped between two rows open in neither', async () => {
    await book.add('one', definition({ authorization: 'secret-of-one' }), 'Ann');
    await book.add('two', definition({ authorization: 'secret-of-two' }), 'Ann');
    await sql`update mcp_servers set secrets = twin.secrets from mcp_servers as twin where twin.label <> mcp_servers.label`.execute(
      database,
    );
    const problems = (await book.list()).map(({ problem }) => problem);
    expect(problems).toEqual(Array(2).fill('the sealed secrets were changed, or belong to something else'));
  });

  it('are read with a key of before', async () => {
    await book.add('spa', definition(), 'Ann');
    const turned = new ToolServerBook(database, hotelId, new SecretBox(newKey(), [KEY]));
    expect((await turned.get('spa'))?.definition).toEqual(definition());
  });
});

describe('tools that staff approved, and servers of the file', () => {
  it('[T6] are kept with the hash that staff saw until they are withdrawn', async () => {
    await book.approve('spa', [tool('book'), tool('cancel')], 'Ann');
    await book.approve('spa', [tool('book', 'bb')], 'Bob');
    expect((await book.approved('spa')).map((one) => [one.tool, one.hash, one.listed.description])).toEqual([
      ['book', 'bb', 'Books a table.'],
      ['cancel', 'aa', 'Books a table.'],
    ]);
    await book.withdraw('spa', ['cancel', 'never approved'], 'Ann');
    expect((await book.approved('spa')).map((one) => one.tool)).toEqual(['book']);
    expect(await book.approved('pms')).toEqual([]);
    expect((await audit()).at(-1)).toMatchObject({
      what: 'approval of tools withdrawn',
      details: { tools: ['cancel'] },
    });
  });

  it('are switched by label', async () => {
    await book.setSwitch('pms', false, 'Ann');
    await book.setSwitch('spa', false, 'Ann');
    await book.setSwitch('spa', true, 'Bob');
    expect(await book.switches()).toEqual(
      new Map([
        ['pms', false],
        ['spa', true],
      ]),
    );
  });
});

describe('each change', () => {
  it('is heard by other instances', async () => {
    const channel = await Channel.open(testDatabase.url, TOOL_SERVERS_CHANNEL);
    await book.add('spa', definition(), 'Ann');
    await book.change('spa', 1, definition(), 'Ann');
    await book.setSwitch('pms', true, 'Ann');
    await book.approve('spa', [tool('book')], 'Ann');
    await book.withdraw('spa', ['book'], 'Ann');
    await book.remove('spa', 2, 'Ann');
    await expect.poll(() => channel.heard).toEqual(['spa', 'spa', 'pms', 'spa', 'spa', 'spa']);
    await channel.close();
  });

  it('[T9] is in the audit log with who and what, or is not done at all', async () => {
    await book.add('spa', definition(), 'Ann');
    await book.change('spa', 1, definition({ priority: 5, authorization: 'another-secret' }), 'Bob');
    expect(await audit()).toEqual([
      {
        who: 'Ann',
        what: 'tool server added',
        subject: 'spa',
        details: { mode: 'native', serverUrl: 'https://spa.example/mcp' },
      },
      {
        who: 'Bob',
        what: 'tool server changed',
        subject: 'spa',
        details: { version: 2, fields: ['authorization', 'priority'] },
      },
    ]);
    await sql`alter table audit_log add constraint nobody check (who <> 'Eve')`.execute(database);
    const changes = [
      () => book.add('pms', definition(), 'Eve'),
      () => book.change('spa', 2, definition(), 'Eve'),
      () => book.remove('spa', 2, 'Eve'),
      () => book.setSwitch('file', true, 'Eve'),
      () => book.approve('spa', [tool('book')], 'Eve'),
    ];
    for (const change of changes) await expect(change()).rejects.toThrow('nobody');
    await sql`alter table audit_log drop constraint nobody`.execute(database);
    expect((await book.list()).map(({ label, version }) => [label, version])).toEqual([['spa', 2]]);
    expect([await book.approved('spa'), await book.switches()]).toEqual([[], new Map()]);
  });
});

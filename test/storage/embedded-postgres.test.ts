import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/storage/database.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';

let home: string;
let dataDir: string;
const folders = new Set<string>();
const children = new Set<ChildProcess>();
const servers = new Set<EmbeddedPostgres>();

beforeAll(() => {
  // As under a 0700 home: for root's sake the data then lie elsewhere.
  home = mkdtempSync(join(tmpdir(), 'bellhop-home-'));
  chmodSync(home, 0o700);
  dataDir = join(home, 'data');
});

afterEach(async () => {
  for (const server of servers) await server.stop();
  servers.clear();
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

afterAll(() => {
  for (const folder of folders) if (!folder.startsWith(home)) rmSync(dirname(folder), { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
});

async function start(isDurable = false): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, isDurable });
  servers.add(server);
  folders.add(server.folder);
  return server;
}

async function ask<Row extends pg.QueryResultRow>(url: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Starts the server from a process of its own. @returns it with what it printed. */
async function startApart(): Promise<{ child: ChildProcess; said: string }> {
  const script = new URL('postgres-owner-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, dataDir]);
  children.add(child);
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  return { child, said };
}

function kill(server: EmbeddedPostgres): void {
  process.kill(Number(readFileSync(join(server.folder, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
}

describe('the embedded database', () => {
  it('keeps what was written over a stop, and is PostgreSQL 18', async () => {
    const first = await start();
    await ask(first.url, 'create table kept as select 412 as room');
    await first.stop();
    const second = await start();
    expect(await ask(second.url, 'select room from kept')).toEqual([{ room: 412 }]);
    const [version] = await ask<{ server_version: string }>(second.url, 'show server_version');
    expect(version?.server_version).toMatch(/^18\./);
  });

  it('is reached only on loopback and with its password, which only we can read', async () => {
    const server = await start();
    const [listening] = await ask<{ listen_addresses: string }>(server.url, 'show listen_addresses');
    expect(listening?.listen_addresses).toBe('127.0.0.1');
    const other = new URL(server.url);
    other.password = 'guessed';
    await expect(ask(other.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect(statSync(join(dataDir, 'postgres-password')).mode & 0o077).toBe(0);
  });

  it('a second one on the same data gets one line that says why', async () => {
    const server = await start();
    await expect(start()).rejects.toThrow(
      /^the database in .* is in use by process \d+: stop it, or set another DATA_DIR$/,
    );
    const { said } = await startApart();
    expect(said).toContain(`in use by process ${process.pid}`);
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('ends when its owner is killed, and starts again with what was written', async () => {
    const { child, said } = await startApart();
    const { url, folder } = JSON.parse(said) as EmbeddedPostgres;
    folders.add(folder);
    await ask(url, "create table survived as select 'yes' as it");
    child.kill('SIGKILL');
    await once(child, 'close');
    await expect.poll(() => existsSync(join(folder, 'postmaster.pid')), { timeout: 5_000 }).toBe(false);
    const again = await start();
    expect(await ask(again.url, 'select it from survived')).toEqual([{ it: 'yes' }]);
  });

  it('when the server itself is killed and we stop, it recovers at the next start', async () => {
    const server = await start(true);
    await ask(server.url, 'create table recovered as select 1 as it');
    kill(server);
    await server.stop();
    const again = await start();
    expect(await ask(again.url, 'select it from recovered')).toEqual([{ it: 1 }]);
  });

  it('a server that is killed runs again under the same address, each time, and pools go on with it', async () => {
    const server = await start(true);
    const database = await openDatabase(server.url);
    await sql`create table kept_on as select 1 as it`.execute(database);
    for (let times = 0; times < 2; times++) {
      // One connection is at work, the others are idle: neither may take us along.
      const atWork = sql`select pg_sleep(30)`.execute(database);
      await sql`select 1`.execute(database);
      kill(server);
      await expect(atWork).rejects.toThrow();
      const rows = async () =>
        (await sql<{ it: number }>`select it from kept_on`.execute(database).catch(() => undefined))?.rows;
      await expect.poll(rows, { timeout: 15_000 }).toEqual([{ it: 1 }]);
    }
    await database.destroy();
  });

  it('a server that cannot be started again does not hold up the stop', async () => {
    const server = await start();
    const away = `${server.folder}.away`;
    renameSync(server.folder, away);
    const pid = Number(readFileSync(join(away, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    await sleep(500);
    await server.stop();
    renameSync(away, server.folder);
    expect(await ask((await start()).url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('a number left behind that is now another program’s is neither killed nor minded', async () => {
    const server = await start();
    const file = join(server.folder, 'postmaster.pid');
    await server.stop();
    const innocent = spawn('sleep', ['60']);
    children.add(innocent);
    writeFileSync(file, `${innocent.pid}\n${server.folder}\n1\n5432\n\n127.0.0.1\n`);
    writeFileSync(join(dirname(server.folder), 'owner'), `${innocent.pid}\nlong ago\n`);
    await start();
    expect(innocent.exitCode).toBeNull();
  });

  it('a set-up that was broken off half way is done again', async () => {
    const server = await start();
    await server.stop();
    rmSync(server.folder, { recursive: true });
    mkdirSync(`${server.folder}.new`);
    writeFileSync(join(`${server.folder}.new`, 'PG_VERSION'), '18\n');
    const again = await start();
    expect(await ask(again.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('when the data folder is thrown away the data begin anew', async () => {
    const server = await start();
    await ask(server.url, 'create table gone as select 1');
    await server.stop();
    rmSync(dataDir, { recursive: true });
    const again = await start();
    await expect(ask(again.url, 'select from gone')).rejects.toThrow('does not exist');
  });
});

/**
 * A real PostgreSQL of our own for when no DATABASE_URL is given: started on loopback with a password, as another user when
 * we are root, and stopped with us. Survives kill -9 of either.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ownFile, ownFolder, serverFolder, serverUser, stageBinaries, type ServerUser } from './postgres-folders.ts';

export interface EmbeddedPostgres {
  /** `postgres://…` of a database named `bellhop`. */
  url: string;
  /** Where the data are. */
  folder: string;
  stop(): Promise<void>;
}

const START_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 10_000;
const READY = 'database system is ready to accept connections';

/**
 * @param dataDir absolute. @param isDurable false only where data may be lost: tests.
 * @throws Error with one line that says what is wrong.
 */
export async function startEmbeddedPostgres({
  dataDir,
  isDurable = true,
}: {
  dataDir: string;
  isDurable?: boolean;
}): Promise<EmbeddedPostgres> {
  mkdirSync(dataDir, { recursive: true });
  const user = serverUser();
  const folder = serverFolder(dataDir, user);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const bin = join(stageBinaries(folder), 'bin');
  const data = join(folder, 'data');
  const password = passwordIn(join(dataDir, 'postgres-password'));
  claim(folder);
  await endOrphan(data);
  if (!existsSync(join(data, 'PG_VERSION'))) initialise(bin, data, password, folder, user);
  const port = await freePort();
  const child = await start(bin, data, port, isDurable, user);
  const stopWithUs = (): void => void child.kill('SIGINT');
  process.once('exit', stopWithUs);
  const serverUrl = `postgres://bellhop:${password}@127.0.0.1:${port}`;
  await createDatabase(serverUrl);
  return {
    url: `${serverUrl}/bellhop`,
    folder: data,
    async stop() {
      process.off('exit', stopWithUs);
      await stop(child);
      rmSync(join(folder, 'owner.pid'), { force: true });
    },
  };
}

function passwordIn(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, password, { mode: 0o600 });
  return password;
}

/** One of us at a time: a second one gets one clear line. */
function claim(folder: string): void {
  const file = join(folder, 'owner.pid');
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (owner > 0 && owner !== process.pid && isAlive(owner))
    throw new Error(`the database in ${folder} is in use by process ${owner}: stop it, or set another DATA_DIR`);
  writeFileSync(file, String(process.pid));
}

/** A server whose owner was killed is stopped, so that the data have one opener. */
async function endOrphan(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return;
  process.kill(pid, 'SIGINT');
  for (let waited = 0; isAlive(pid) && waited < STOP_WITHIN_MS; waited += 50) await sleep(50);
}

function initialise(bin: string, data: string, password: string, folder: string, user: ServerUser | undefined): void {
  ownFolder(data, user);
  const passwordFile = join(folder, `password.${process.pid}`);
  ownFile(passwordFile, password, user);
  const settings = [
    '-D',
    data,
    '-U',
    'bellhop',
    '-E',
    'UTF8',
    '--locale=C',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  const result = spawnSync(join(bin, 'initdb'), settings, {
    ...user,
    encoding: 'utf8',
    env: serverEnvironment(),
    cwd: folder,
  });
  rmSync(passwordFile, { force: true });
  if (result.status === 0) return;
  rmSync(data, { recursive: true, force: true });
  throw new Error(
    `the embedded PostgreSQL could not be set up: ${lastLine(result.stderr ?? '') || String(result.error)}`,
  );
}

async function start(
  bin: string,
  data: string,
  port: number,
  isDurable: boolean,
  user: ServerUser | undefined,
): Promise<ChildProcess> {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '60',
    shared_buffers: '32MB',
    ...(isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
    ...user,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: serverEnvironment(),
    cwd: data,
  });
  let said = '';
  const ready = new Promise<void>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
      if (said.includes(READY)) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the embedded PostgreSQL ended with ${code}: ${lastLine(said)}`)));
  });
  const late = sleep(START_WITHIN_MS, undefined, { ref: false }).then(() => {
    throw new Error(`the embedded PostgreSQL was not ready within ${START_WITHIN_MS / 1000} s: ${lastLine(said)}`);
  });
  try {
    await Promise.race([ready, late]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return child;
}

/** `initdb` makes no database of our name; the first start does. */
async function createDatabase(serverUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${serverUrl}/postgres` });
  await client.connect();
  const { rowCount } = await client.query("select from pg_database where datname = 'bellhop'");
  if (rowCount === 0) await client.query('create database bellhop');
  await client.end();
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Nothing of our environment belongs into the server's. */
const serverEnvironment = (): NodeJS.ProcessEnv => ({ LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

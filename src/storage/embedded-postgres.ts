/**
 * A real PostgreSQL of our own for when no DATABASE_URL is given: started on loopback with a password, as another user when
 * we are root, and stopped with us. Survives kill -9 of either.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  ownFile,
  ownFolder,
  serverPlaces,
  stageBinaries,
  type ServerPlaces,
  type ServerUser,
} from './postgres-folders.ts';
import { claimFolder, endOrphan, watchOver } from './postgres-owner.ts';

export interface EmbeddedPostgres {
  /** `postgres://…` of a database named `bellhop`. */
  url: string;
  /** Where the data are. */
  folder: string;
  stop(): Promise<void>;
}

const START_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 10_000;
/** A free port may be taken by another before the server has it. */
const PORT_TRIES = 3;
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
  const places = serverPlaces(dataDir);
  const { folder, user } = places;
  const data = join(folder, 'data');
  const password = passwordIn(join(dataDir, 'postgres-password'));
  const giveBack = claimFolder(folder);
  try {
    const bin = join(stageBinaries(places), 'bin');
    prepare(bin, data, password, places, isDurable);
    await endOrphan(data);
    const { child, port } = await startOnFreePort(bin, data, isDurable, user);
    const callOff = watchOver(child.pid ?? 0, user);
    const stopWithUs = (): void => void child.kill('SIGINT');
    process.once('exit', stopWithUs);
    const stop = async (): Promise<void> => {
      process.off('exit', stopWithUs);
      callOff();
      await stopServer(child);
      giveBack();
    };
    const serverUrl = `postgres://bellhop:${password}@127.0.0.1:${port}`;
    await createDatabase(serverUrl).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { url: `${serverUrl}/bellhop`, folder: data, stop };
  } catch (error) {
    giveBack();
    throw error;
  }
}

function passwordIn(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, password, { mode: 0o600 });
  return password;
}

/** Sets the data up unless they are there. Done aside first: what was broken off half way is never taken for data. */
function prepare(bin: string, data: string, password: string, places: ServerPlaces, isDurable: boolean): void {
  const { folder, user } = places;
  if (existsSync(data)) {
    if (!user && !isOurs(data))
      throw new Error(`the data in ${data} belong to another user: start Bellhop as before, or set another DATA_DIR`);
    return;
  }
  const half = `${data}.new`;
  rmSync(half, { recursive: true, force: true });
  ownFolder(half, user);
  const passwordFile = join(folder, 'password.new');
  ownFile(passwordFile, password, user);
  const settings = ['-D', half, '-U', 'bellhop', '-E', 'UTF8', '--locale=C', '--auth=scram-sha-256'];
  if (!isDurable) settings.push('--no-sync');
  const result = spawnSync(join(bin, 'initdb'), [...settings, `--pwfile=${passwordFile}`], {
    ...user,
    encoding: 'utf8',
    env: serverEnvironment(),
    cwd: folder,
    timeout: START_WITHIN_MS,
  });
  rmSync(passwordFile, { force: true });
  if (result.status !== 0) {
    rmSync(half, { recursive: true, force: true });
    const why = mainLine(result.stderr ?? '') || String(result.error);
    throw new Error(`the embedded PostgreSQL could not be set up in ${folder}: ${why}`);
  }
  renameSync(half, data);
}

async function startOnFreePort(bin: string, data: string, isDurable: boolean, user: ServerUser | undefined) {
  for (let tried = 1; ; tried++) {
    const port = await freePort();
    try {
      return { port, child: await start(bin, data, port, isDurable, user) };
    } catch (error) {
      if (tried === PORT_TRIES || !String(error).includes('could not create any TCP/IP sockets')) throw error;
    }
  }
}

async function start(
  bin: string,
  data: string,
  port: number,
  isDurable: boolean,
  user: ServerUser | undefined,
): Promise<ChildProcess> {
  const child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...serverSettings(isDurable)], {
    ...user,
    // A session of its own: Ctrl-C is for us, who still have to write what happened.
    detached: process.platform !== 'win32',
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
    child.once('close', (code) => reject(new Error(`the embedded PostgreSQL ended with ${code}: ${mainLine(said)}`)));
  });
  const late = sleep(START_WITHIN_MS, undefined, { ref: false }).then(() => {
    throw new Error(`the embedded PostgreSQL was not ready within ${START_WITHIN_MS / 1000} s: ${mainLine(said)}`);
  });
  try {
    await Promise.race([ready, late]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return child;
}

function serverSettings(isDurable: boolean): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '60',
    shared_buffers: '32MB',
    ...(isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** `initdb` makes no database of our name; the first start does. */
async function createDatabase(serverUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${serverUrl}/postgres`, connectionTimeoutMillis: STOP_WITHIN_MS });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = 'bellhop'");
    if (rowCount === 0) await client.query('create database bellhop');
  } finally {
    await client.end();
  }
}

async function stopServer(child: ChildProcess): Promise<void> {
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

function isOurs(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The line that says why: the last ones only say that it is over. */
function mainLine(text: string): string {
  const lines = text.trim().split('\n');
  return lines.find((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? '';
}

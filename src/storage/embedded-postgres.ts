/**
 * A real PostgreSQL of our own for when no DATABASE_URL is given: started on loopback with a password, as another user when
 * we are root, started again when it dies, and stopped with us. Survives kill -9 of either.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import { ownFile, ownFolder, serverPlaces, stageBinaries, type ServerPlaces } from './postgres-folders.ts';
import { claimFolder, endOrphan } from './postgres-owner.ts';
import {
  mainLine,
  serverEnvironment,
  START_WITHIN_MS,
  startOnFreePort,
  startServer,
  type ServerLaunch,
} from './postgres-process.ts';
import { PostgresSupervisor } from './postgres-supervisor.ts';

export interface EmbeddedPostgres {
  /** `postgres://…` of a database named `bellhop`. */
  url: string;
  /** Where the data are. */
  folder: string;
  stop(): Promise<void>;
}

const CONNECT_WITHIN_MS = 10_000;

/**
 * @param dataDir absolute. @param isDurable false only where data may be lost: tests. @param log hears when the server died.
 * @throws Error with one line that says what is wrong.
 */
export async function startEmbeddedPostgres({
  dataDir,
  isDurable = true,
  log,
}: {
  dataDir: string;
  isDurable?: boolean;
  log?: Logger;
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
    const server = new PostgresSupervisor(launcher({ bin, data, isDurable, user }), user, log);
    const port = await server.start();
    const stopWithUs = (): void => server.interrupt();
    process.once('exit', stopWithUs);
    const stop = async (): Promise<void> => {
      process.off('exit', stopWithUs);
      await server.stop();
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

/** @returns a function that starts the server, always on the port that it got the first time. */
function launcher(launch: ServerLaunch) {
  let port: number | undefined;
  return async () => {
    await endOrphan(launch.data);
    const started =
      port === undefined ? await startOnFreePort(launch) : { port, child: await startServer(launch, port) };
    ({ port } = started);
    return started;
  };
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

/** `initdb` makes no database of our name; the first start does. */
async function createDatabase(serverUrl: string): Promise<void> {
  const client = new pg.Client({
    connectionString: `${serverUrl}/postgres`,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
  });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = 'bellhop'");
    if (rowCount === 0) await client.query('create database bellhop');
  } finally {
    await client.end();
  }
}

function isOurs(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

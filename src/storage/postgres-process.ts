/** One process of the embedded PostgreSQL server: started until it is ready, and stopped. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerUser } from './postgres-folders.ts';

/** How a server is started; the same each time. */
export interface ServerLaunch {
  /** Folder of the programs. */
  bin: string;
  data: string;
  /** False only where data may be lost: tests. */
  isDurable: boolean;
  user: ServerUser | undefined;
}

export const START_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 10_000;
/** A free port may be taken by another before the server has it. */
const PORT_TRIES = 3;
const READY = 'database system is ready to accept connections';
/** PostgreSQL's word for servants of a killed server that are still at work on the data. They end by themselves. */
const STILL_IN_USE = 'pre-existing shared memory block';

/** @throws Error with one line that says what is wrong. */
export async function startOnFreePort(launch: ServerLaunch): Promise<{ port: number; child: ChildProcess }> {
  for (let tried = 1; ; tried++) {
    const port = await freePort();
    try {
      return { port, child: await startServer(launch, port) };
    } catch (error) {
      if (tried === PORT_TRIES || !String(error).includes('could not create any TCP/IP sockets')) throw error;
    }
  }
}

/** @returns the server once it takes connections. @throws Error with one line that says what is wrong. */
export async function startServer(launch: ServerLaunch, port: number): Promise<ChildProcess> {
  const until = Date.now() + START_WITHIN_MS;
  for (;;) {
    try {
      return await start(launch, port);
    } catch (error) {
      if (Date.now() > until || !String(error).includes(STILL_IN_USE)) throw error;
      await sleep(200);
    }
  }
}

async function start({ bin, data, isDurable, user }: ServerLaunch, port: number): Promise<ChildProcess> {
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
    max_connections: '200',
    shared_buffers: '32MB',
    ...(isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Ends the server in an orderly way, and within 10 s in any. */
export async function stopServer(child: ChildProcess): Promise<void> {
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

/** The line that says why: the last ones only say that it is over. */
export function mainLine(text: string): string {
  const lines = text.trim().split('\n');
  return lines.find((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? '';
}

/** Nothing of our environment belongs into the server's. */
export const serverEnvironment = (): NodeJS.ProcessEnv => ({ LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' });

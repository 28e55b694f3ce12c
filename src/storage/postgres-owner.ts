/** One Bellhop per data folder, and no server that outlives its Bellhop for long: who owns the server, and who watches it. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerUser } from './postgres-folders.ts';

const ORPHAN_ENDS_WITHIN_MS = 10_000;
const ANY_TIME = 'alive';

/**
 * Takes the folder for this process. @param what is in it. @returns a function that gives it back.
 * @throws Error with one line when another process has it.
 */
export function claimFolder(folder: string, what = 'database'): () => void {
  const file = join(folder, 'owner');
  const [pid = '', began = ''] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  if (pid !== '' && began !== '' && beganAt(Number(pid)) === began)
    throw new Error(`the ${what} in ${folder} is in use by process ${pid}: stop it, or set another DATA_DIR`);
  writeFileSync(file, `${process.pid}\n${beganAt(process.pid) ?? ANY_TIME}\n`);
  return () => rmSync(file, { force: true });
}

/** Ends a server whose owner was killed, so that the data have one opener, and forgets a number that is another's now. */
export async function endOrphan(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  // A number that is now another program's is not touched; PostgreSQL would take that program for a server.
  const isServer = (): boolean => Number.isInteger(pid) && pid > 1 && (commandOf(pid)?.includes(data) ?? false);
  if (!isServer()) {
    // While the number is nobody's, PostgreSQL finds out from this file whether servants of that server are still at work.
    if (isAlive(pid)) rmSync(file, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  for (let waited = 0; isServer() && waited < ORPHAN_ENDS_WITHIN_MS; waited += 50) await sleep(50);
  if (isServer()) process.kill(pid, 'SIGKILL');
}

/**
 * Ends the server when this process is gone, however it went: a shell waits for the end of a pipe that we hold.
 * @returns a function that calls it off.
 */
export function watchOver(serverPid: number, user: ServerUser | undefined): () => void {
  if (process.platform === 'win32') return () => {};
  const watcher = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'sh', String(serverPid)], {
    ...user,
    // A session of its own: Ctrl-C is for us alone.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    cwd: '/',
  });
  watcher.on('error', () => {});
  watcher.unref();
  (watcher.stdin as Socket).unref();
  return () => void watcher.kill('SIGKILL');
}

/** When a process began, in whatever form the system says it: with its number that names it for good. */
function beganAt(pid: number): string | undefined {
  // Windows does not tell without a program of its own: a number alone has to do.
  if (process.platform === 'win32') return isAlive(pid) && pid !== process.pid ? ANY_TIME : undefined;
  if (process.platform !== 'linux') return ask('lstart', pid);
  try {
    // The 22nd field; the 2nd, a name in brackets, may hold spaces (proc_pid_stat(5)).
    const ticks = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`;
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  if (process.platform !== 'linux') return ask('command', pid);
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return undefined;
  }
}

function ask(column: string, pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' });
  return stdout?.trim() || undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

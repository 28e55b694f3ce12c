/** Starts a whole Bellhop as a child process, listens to what it tells, and ends it. For the demonstration and the bench. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ToParent } from '../src/main.ts';

export interface Installation {
  url: string;
  pid: number;
  firstLogin: string;
  firstPassword: string | undefined;
  /** Settles when it ended by itself or was ended. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

export interface InstallationOptions {
  environment: Record<string, string>;
  /** Its log goes there. */
  logFile: string;
  heard?: (message: ToParent) => void;
  /** Ignores the person's own keys and database: what is shown or measured is always the same. */
  isIsolated: boolean;
  /** Put before the program, such as `taskset -c 1`. */
  prefix?: readonly string[];
}

/** The installation did not come up; the message is its own last line. */
export class InstallationError extends Error {
  override name = 'InstallationError';
}

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;
const ROOT = resolve(import.meta.dirname, '..');
/** An empty value means: not set. */
export const BLANK = Object.fromEntries(
  ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'DATABASE_URL', 'PUBLIC_URL', 'TWILIO_AUTH_TOKEN', 'METRICS_TOKEN'].map(
    (name) => [name, ''],
  ),
);

/** @throws InstallationError */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const child = launch(options);
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const ready = new Promise<Extract<ToParent, { kind: 'ready' }>>((found) => {
    child.on('message', (message: ToParent) => {
      if (message.kind === 'ready') found(message);
      options.heard?.(message);
    });
  });
  const late = sleep(READY_WITHIN_MS, undefined, { ref: false });
  const first = await Promise.race([ready, ended, late]);
  if (!first) {
    child.kill('SIGKILL');
    throw new InstallationError(lastLineOf(options.logFile) || 'Bellhop did not come up in time');
  }
  const { url, firstLogin, firstPassword } = first;
  await waitUntilReady(url);
  return { url, pid: child.pid ?? 0, firstLogin, firstPassword, ended, stop: () => stop(child, ended) };
}

function launch({ environment, logFile, isIsolated, prefix = [] }: InstallationOptions): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w', 0o600);
  const program = [process.execPath, '--disable-warning=ExperimentalWarning', 'src/main.ts'];
  const [command, ...rest] = [...prefix, ...program] as [string, ...string[]];
  const child = spawn(command, rest, {
    cwd: ROOT,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, ...(isIsolated ? BLANK : {}), ...environment },
    // A group of its own: Ctrl-C in the terminal reaches us alone, and we end it in order.
    detached: true,
  });
  closeSync(log);
  return child;
}

async function waitUntilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await sleep(50);
  }
  throw new InstallationError(`${url}/readyz does not say that it is ready`);
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

/** Log lines are JSON; what matters when it does not come up is plain. */
function lastLineOf(file: string): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.findLast((line) => line.trim() !== '' && !line.startsWith('{')) ?? '';
}

/** @returns the wanted port when it is free, else 0: any. */
export async function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  const isFree = await new Promise<boolean>((found) => {
    probe.once('error', () => found(false));
    probe.listen(wanted, '127.0.0.1', () => found(true));
  });
  if (isFree) {
    probe.close();
    await once(probe, 'close');
  }
  return isFree ? wanted : 0;
}

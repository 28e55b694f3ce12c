/** What the bench measures: bare forwarders and Bellhop, each started anew as a process of its own, without a channel to us. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRuntime } from '../../src/local-secrets.ts';
import { BLANK } from '../installation.ts';

export interface RunningTarget {
  pid: number;
  url: string;
  authToken: string;
  stop(): Promise<void>;
}

export interface Target {
  name: string;
  /** The forwarder that the cost is compared with; undefined for the forwarders themselves. */
  comparedWith?: string;
  start(realtimeUrl: string, pin: readonly string[]): Promise<RunningTarget>;
}

const ROOT = resolve(import.meta.dirname, '../..');
const DATA_DIR = resolve(ROOT, '.data/bench');
const READY_WITHIN_MS = 60_000;
const QUIET = '--disable-warning=ExperimentalWarning';

export const TARGETS: readonly Target[] = [
  { name: 'forwarder, passthrough', start: (url, pin) => startForwarder('pcmu', url, pin) },
  { name: 'forwarder, transcoding', start: (url, pin) => startForwarder('pcm24', url, pin) },
  {
    name: 'Bellhop, passthrough',
    comparedWith: 'forwarder, passthrough',
    start: (url, pin) => startBellhop('passthrough', url, pin),
  },
  {
    name: 'Bellhop, transcode',
    comparedWith: 'forwarder, transcoding',
    start: (url, pin) => startBellhop('transcode', url, pin),
  },
];

async function startForwarder(mode: string, realtimeUrl: string, pin: readonly string[]): Promise<RunningTarget> {
  const child = launch(pin, ['scripts/bench/forwarder.ts', mode, realtimeUrl], {}, [
    'ignore',
    'inherit',
    'inherit',
    'ipc',
  ]);
  const url = await new Promise<string>((found, failed) => {
    child.once('message', (message: { url: string }) => found(message.url));
    child.once('exit', () => failed(new Error('the forwarder ended')));
  });
  return { pid: child.pid ?? 0, url, authToken: 'none', stop: () => stop(child) };
}

/** As `npm start` runs it. */
const NURSERY = '--max-semi-space-size=16';

/** @param pin empty: Bellhop with its local engine when there is no `realtimeUrl`. */
export async function startBellhop(
  audioMode: string,
  realtimeUrl: string | undefined,
  pin: readonly string[],
): Promise<RunningTarget> {
  mkdirSync(DATA_DIR, { recursive: true });
  const log = openSync(resolve(DATA_DIR, 'bellhop.log'), 'w', 0o600);
  const hosted = { OPENAI_API_KEY: 'sk-of-the-bench', OPENAI_BASE_URL: realtimeUrl ?? '' };
  const environment = {
    ...BLANK,
    ...(realtimeUrl === undefined ? {} : hosted),
    AUDIO_MODE: audioMode,
    BELLHOP_CONFIG: resolve(ROOT, 'bellhop.example.yaml'),
    DATA_DIR,
    HOST: '127.0.0.1',
    PORT: '0',
    MAX_CALLS: '2000',
    LOG_LEVEL: 'info',
    TWILIO_ACCOUNT_SID: '',
    TWILIO_BASE_URL: '',
  };
  const child = launch(pin, [NURSERY, 'src/main.ts'], environment, ['ignore', log, log]);
  closeSync(log);
  for (let waitedMs = 0; waitedMs < READY_WITHIN_MS && child.exitCode === null; waitedMs += 50) {
    const runtime = readRuntime(DATA_DIR);
    if (runtime && runtime.pid === child.pid) {
      const { url, twilioAuthToken } = runtime;
      return { pid: child.pid ?? 0, url, authToken: twilioAuthToken, stop: () => stop(child) };
    }
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`Bellhop did not come up: see ${DATA_DIR}/bellhop.log`);
}

/** `taskset` replaces itself by the program, so the process is the program's. */
function launch(
  pin: readonly string[],
  program: readonly string[],
  environment: Record<string, string>,
  stdio: ('ignore' | 'inherit' | 'ipc' | number)[],
): ChildProcess {
  const [command, ...rest] = [...pin, process.execPath, QUIET, ...program] as [string, ...string[]];
  return spawn(command, rest, { cwd: ROOT, stdio, env: { ...process.env, NODE_ENV: 'production', ...environment } });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((done) => void child.once('exit', () => done()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(timer);
}

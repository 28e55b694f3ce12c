/** One round of the bench: one fresh target under load, and what it cost. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Samples } from './bench-caller.ts';
import { costOf, type Cost } from './figures.ts';
import type { FromLoad, ToLoad } from './load.ts';
import type { Target } from './targets.ts';

export interface Round {
  samples: Samples;
  cpuMsPerCallSecond: number;
  mibPerCall: number;
}

const ROOT = resolve(import.meta.dirname, '../..');
const CAN_PIN = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;
/** The load on one core, the target on another. */
const LOAD_PIN = CAN_PIN ? ['taskset', '-c', '0'] : [];
export const TARGET_PIN = CAN_PIN ? ['taskset', '-c', '1'] : [];

/** @throws Error when the target or the load fails. */
export async function runRound(target: Target, calls: number, seconds: number): Promise<Round> {
  const load = startLoad();
  try {
    const { url: realtimeUrl } = await next(load, 'provider');
    const running = await target.start(realtimeUrl, TARGET_PIN);
    try {
      const idle = costOf(running.pid);
      load.send({ url: running.url, authToken: running.authToken, calls, seconds } satisfies ToLoad);
      await next(load, 'window');
      const before = { cost: costOf(running.pid), atMs: performance.now() };
      await next(load, 'window');
      const after = { cost: costOf(running.pid), atMs: performance.now() };
      const { samples } = await next(load, 'result');
      return { samples, ...perCall(idle, before, after, calls) };
    } finally {
      await running.stop();
    }
  } finally {
    load.kill();
  }
}

function perCall(idle: Cost, before: { cost: Cost; atMs: number }, after: { cost: Cost; atMs: number }, calls: number) {
  const callSeconds = ((after.atMs - before.atMs) / 1000) * calls;
  return {
    cpuMsPerCallSecond: (after.cost.cpuMs - before.cost.cpuMs) / callSeconds,
    mibPerCall: (after.cost.residentMib - idle.residentMib) / calls,
  };
}

function startLoad(): ChildProcess {
  const program = [process.execPath, '--disable-warning=ExperimentalWarning', 'scripts/bench/load.ts'];
  const [command, ...rest] = [...LOAD_PIN, ...program] as [string, ...string[]];
  return spawn(command, rest, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

function next<Kind extends FromLoad['kind']>(
  load: ChildProcess,
  kind: Kind,
): Promise<Extract<FromLoad, { kind: Kind }>> {
  return new Promise((found, failed) => {
    load.once('message', (message: FromLoad) => {
      if (message.kind === kind) found(message as Extract<FromLoad, { kind: Kind }>);
      else failed(new Error(message.kind === 'failed' ? message.why : `the load told ${message.kind}, not ${kind}`));
    });
    load.once('exit', () => failed(new Error('the load ended')));
  });
}

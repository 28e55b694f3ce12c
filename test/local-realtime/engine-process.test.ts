import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LocalRealtimeFailed, startLocalRealtime } from '../../src/local-realtime/engine-process.ts';

const fake = fileURLToPath(new URL('fake-engine.ts', import.meta.url));
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const pidsIn = (lines: string[]) => lines.flatMap((line) => /^pid (\d+)$/.exec(line)?.[1] ?? []).map(Number);

test('an engine that dies is started again on the same port, and closing leaves none behind', async () => {
  const lines: string[] = [];
  const engine = await startLocalRealtime({ log: (line) => lines.push(line), mainFile: fake });
  expect(engine.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v1$/);
  const [first] = pidsIn(lines);
  process.kill(first!, 'SIGKILL');
  await expect.poll(() => pidsIn(lines).length, { timeout: 5000 }).toBe(2);
  expect(lines.some((line) => line.includes('SIGKILL') && line.includes('100 ms'))).toBe(true);
  await engine.close();
  expect(pidsIn(lines).filter(isAlive)).toEqual([]);
});

test('an engine that cannot start is a named error that says why', async () => {
  const starting = startLocalRealtime({ log: () => undefined, mainFile: '/nowhere/main.ts' });
  await expect(starting).rejects.toThrow(LocalRealtimeFailed);
  await expect(starting).rejects.toThrow(/did not come up.*Cannot find module/s);
});

test('[END-38] signals to the whole group leave the engine to its parent, with whom it ends', async () => {
  const main = fileURLToPath(new URL('../../src/local-realtime/main.ts', import.meta.url));
  const child = fork(main, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const exited = once(child, 'exit');
  await new Promise<void>((listening) => {
    child.on('message', ({ kind }: { kind: string }) => kind === 'listening' && listening());
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGTERM'] as const) child.kill(signal);
  await sleep(300);
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  child.disconnect();
  expect(await exited).toEqual([0, null]);
}, 40_000);

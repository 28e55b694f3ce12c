/** Stalls of the event loop are told with their length. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LoopWatch } from '../src/loop-watch.ts';

let logged: { level: number; stalledMs?: number }[];
let watch: LoopWatch;

beforeEach(() => {
  logged = [];
  const log = pino(
    { level: 'trace' },
    { write: (line: string) => void logged.push(JSON.parse(line) as { level: number }) },
  );
  watch = new LoopWatch(log);
});

afterEach(() => watch.close());

function standStill(forMs: number): void {
  const untilMs = performance.now() + forMs;
  while (performance.now() < untilMs);
}

const WARN = 40;

it('a stall of more than 200 ms is one warning with its length, and shows in the figures', async () => {
  await sleep(50);
  standStill(320);
  await expect.poll(() => logged.length, { timeout: 3_000 }).toBe(1);
  expect(logged[0]?.level).toBe(WARN);
  expect(logged[0]?.stalledMs).toBeGreaterThanOrEqual(290);
  expect(logged[0]?.stalledMs).toBeLessThan(600);
  expect(watch.delay.maxMs).toBeGreaterThanOrEqual(290);
  expect(watch.delay.p99Ms).toBeLessThanOrEqual(watch.delay.maxMs);
});

it('a shorter one is in the figures alone', async () => {
  await sleep(50);
  standStill(100);
  await sleep(1_100);
  expect(watch.delay.maxMs).toBeGreaterThanOrEqual(80);
  expect(logged.filter(({ stalledMs = 0 }) => stalledMs <= 200)).toEqual([]);
});

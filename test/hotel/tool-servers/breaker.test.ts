import { expect, test } from 'vitest';
import { Breaker } from '../../../src/hotel/tool-servers/breaker.ts';
import { FakeClock } from '../../fake-clock.ts';

function stage(): { clock: FakeClock; breaker: Breaker; fail: (times: number) => void } {
  const clock = new FakeClock();
  const breaker = new Breaker(clock);
  return {
    clock,
    breaker,
    fail(times) {
      for (let time = 0; time < times; time++) breaker.begin()?.('failed');
    },
  };
}

test('[TOOL-41] three failures within 60 s open it for 30 s', () => {
  const { clock, breaker, fail } = stage();
  fail(2);
  clock.advance(59_000);
  expect(breaker.isOpen).toBe(false);
  fail(1);
  expect(breaker.begin()).toBeUndefined();
  clock.advance(29_999);
  expect(breaker.begin()).toBeUndefined();
  clock.advance(1);
  expect(breaker.begin()).toBeDefined();
});

test('[TOOL-41] failures that are more than 60 s apart do not open it', () => {
  const { clock, breaker, fail } = stage();
  fail(2);
  clock.advance(60_001);
  fail(2);
  expect(breaker.isOpen).toBe(false);
});

test('[TOOL-41] half open it lets one try through at a time, whose failure opens it again at once', () => {
  const { clock, breaker, fail } = stage();
  fail(3);
  clock.advance(30_000);
  const end = breaker.begin();
  expect(breaker.begin()).toBeUndefined();
  end?.('failed');
  expect(breaker.begin()).toBeUndefined();
  clock.advance(30_000);
  expect(breaker.begin()).toBeDefined();
});

test('[TOOL-41] a try that works closes it, and failures of before count no more', () => {
  const { clock, breaker, fail } = stage();
  fail(3);
  clock.advance(30_000);
  breaker.begin()?.('worked');
  fail(2);
  expect(breaker.isOpen).toBe(false);
  fail(1);
  expect(breaker.isOpen).toBe(true);
});

test('[TOOL-41] a try that says nothing of the server leaves the next one to decide', () => {
  const { clock, breaker, fail } = stage();
  fail(3);
  clock.advance(30_000);
  breaker.begin()?.('none');
  const next = breaker.begin();
  expect(next).toBeDefined();
  next?.('worked');
  expect(breaker.isOpen).toBe(false);
});

test('[TOOL-41] slow tries of before that fail once it is open do not prolong it', () => {
  const { clock, breaker, fail } = stage();
  const slow = breaker.begin();
  fail(3);
  clock.advance(29_000);
  slow?.('failed');
  clock.advance(1_000);
  expect(breaker.begin()).toBeDefined();
});

test('a try is counted once, however often its end is told', () => {
  const { breaker } = stage();
  const end = breaker.begin();
  for (let time = 0; time < 5; time++) end?.('failed');
  expect(breaker.isOpen).toBe(false);
});

import { expect, test } from 'vitest';
import { ResultCache } from '../../../src/mcp/tool-servers/result-cache.ts';
import type { LinkAnswer } from '../../../src/mcp/tool-servers/result-text.ts';
import { FakeClock } from '../../fake-clock.ts';

const answer: LinkAnswer = { kind: 'answered', text: '21 degrees', isError: false, resultBytes: 10 };

test('an answer is found for equal arguments in any order, and no other', () => {
  const cache = new ResultCache(new FakeClock());
  cache.keep('climate', { room: '204', unit: { name: 'C', digits: 1 } }, answer, 1_000);
  expect(cache.find('climate', { unit: { digits: 1, name: 'C' }, room: '204' })).toBe(answer);
  expect(cache.find('climate', { room: '205', unit: { name: 'C', digits: 1 } })).toBeUndefined();
  expect(cache.find('lights', { room: '204', unit: { name: 'C', digits: 1 } })).toBeUndefined();
});

test('an answer is kept for its time and not longer', () => {
  const clock = new FakeClock();
  const cache = new ResultCache(clock);
  cache.keep('climate', {}, answer, 1_000);
  clock.advance(999);
  expect(cache.find('climate', {})).toBe(answer);
  clock.advance(1);
  expect(cache.find('climate', {})).toBeUndefined();
});

test('of more than 200 answers the oldest is forgotten', () => {
  const cache = new ResultCache(new FakeClock());
  for (let room = 0; room <= 200; room++) cache.keep('climate', { room }, answer, 1_000);
  expect(cache.find('climate', { room: 0 })).toBeUndefined();
  expect(cache.find('climate', { room: 1 })).toBe(answer);
  cache.clear();
  expect(cache.find('climate', { room: 1 })).toBeUndefined();
});

test('arguments nested too deeply to be told apart are not kept', () => {
  const cache = new ResultCache(new FakeClock());
  let deep: Record<string, unknown> = {};
  for (let level = 0; level < 100; level++) deep = { deep };
  cache.keep('climate', deep, answer, 1_000);
  expect(cache.find('climate', deep)).toBeUndefined();
});

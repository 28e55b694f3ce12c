import { expect, test } from 'vitest';
import { ByteQueue } from '../../src/telephony/byte-queue.ts';

test('bytes come out in the order they went in, whatever the pieces, over many turns of the memory', () => {
  const queue = new ByteQueue();
  const into = new Uint8Array(20_000);
  let pushed = 0;
  let taken = 0;
  for (let round = 0; round < 400; round++) {
    const pieces = 1 + ((round * 7919) % 3_000);
    queue.push(Uint8Array.from({ length: pieces }, () => pushed++ % 251));
    const count = Math.min(queue.length, 1 + ((round * 104_729) % 3_100));
    queue.take(count, into);
    for (let i = 0; i < count; i++) expect(into[i]).toBe(taken++ % 251);
    expect(queue.length).toBe(pushed - taken);
  }
  expect(pushed).toBeGreaterThan(500_000);
});

test('it grows while bytes wrap around its end', () => {
  const queue = new ByteQueue();
  const into = new Uint8Array(40_000);
  queue.push(new Uint8Array(8_000).fill(1));
  queue.take(7_000, into);
  queue.push(new Uint8Array(5_000).fill(2));
  queue.push(new Uint8Array(30_000).fill(3));
  queue.take(36_000, into);
  expect([into[0], into[999], into[1_000], into[5_999], into[6_000], into[35_999]]).toEqual([1, 1, 2, 2, 3, 3]);
});

test('what was pushed may change afterwards; more than there is cannot be taken', () => {
  const queue = new ByteQueue();
  const piece = Uint8Array.of(1, 2, 3);
  queue.push(piece);
  piece.fill(9);
  const into = new Uint8Array(8);
  expect(() => queue.take(4, into)).toThrow(RangeError);
  queue.take(3, into);
  expect([...into.subarray(0, 3)]).toEqual([1, 2, 3]);
  queue.push(piece);
  queue.clear();
  expect(queue.length).toBe(0);
});

/** The ring of guest audio that waits for the agent. */
import { expect, test } from 'vitest';
import { EarlyAudio } from '../../src/realtime/early-audio.ts';

test('[MODEL-16] what was taken is gone: it is handed on once, and the ring has its whole room again', () => {
  const ring = new EarlyAudio(8);
  for (let index = 0; index < 250; index++) ring.keep(new Uint8Array(160));
  expect(ring.take()).toHaveLength(250);
  expect(ring.take()).toEqual([]);
  for (let index = 0; index < 250; index++) ring.keep(new Uint8Array(160).fill(1));
  expect(ring.take()).toHaveLength(250);
});

/** How long running calls are waited for when Bellhop is stopped. */
import { describe, expect, it } from 'vitest';
import { callsFinished } from '../src/drain.ts';
import { FakeClock } from './fake-clock.ts';

const MINUTE = 60_000;

async function waiting() {
  const clock = new FakeClock();
  const hurry = new AbortController();
  const state = { calls: 2, isOver: false };
  void callsFinished(() => state.calls, clock, hurry.signal).then(() => (state.isOver = true));
  const pass = async (ms: number): Promise<boolean> => {
    clock.advance(ms);
    await Promise.resolve();
    return state.isOver;
  };
  return { state, hurry, pass };
}

describe('when Bellhop is stopped', () => {
  it('[END-38] running calls may go on for 30 minutes, and no longer', async () => {
    const { pass } = await waiting();
    expect(await pass(30 * MINUTE - 1)).toBe(false);
    expect(await pass(1)).toBe(true);
  });

  it('[END-38] nobody waits once the last call is over', async () => {
    const { state, pass } = await waiting();
    expect(await pass(MINUTE)).toBe(false);
    state.calls = 0;
    expect(await pass(200)).toBe(true);
  });

  it('[END-38] a second signal ends the waiting at once', async () => {
    const { hurry, pass } = await waiting();
    await pass(MINUTE);
    hurry.abort();
    expect(await pass(0)).toBe(true);
  });
});

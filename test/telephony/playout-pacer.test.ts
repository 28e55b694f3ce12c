import { describe, expect, it } from 'vitest';
import { PlayoutPacer } from '../../src/telephony/playout-pacer.ts';
import { FakeClock } from '../fake-clock.ts';

const source = { itemId: 'a', contentIndex: 0 };
const audio = (ms: number) => new Uint8Array(ms * 8).fill(1);

function setUp() {
  const clock = new FakeClock();
  const late = { byMs: 0 };
  const slow = {
    nowMs: () => clock.nowMs() + late.byMs,
    wallTime: () => clock.wallTime(),
    after: (ms: number, task: () => void) => clock.after(ms, task),
  };
  const log: { atMs: number; what: string; ms?: number; mark?: string }[] = [];
  const gaps: { itemId: string; gapMs: number }[] = [];
  const pacer = new PlayoutPacer(slow, {
    audio: (slice) => void log.push({ atMs: clock.nowMs(), what: 'audio', ms: slice.length / 8 }),
    mark: (name) => void log.push({ atMs: clock.nowMs(), what: 'mark', mark: name }),
    sent: () => {},
    ranDry: ({ itemId }, gapMs) => void gaps.push({ itemId, gapMs }),
  });
  const sentMs = () => log.reduce((sum, entry) => sum + (entry.ms ?? 0), 0);
  return { clock, late, log, gaps, pacer, sentMs };
}

describe('playout pacer', () => {
  it('[AUDIO-11] first audio leaves at once, then slices of 20 to 100 ms, never more than 400 ms ahead', () => {
    const { clock, log, pacer, sentMs } = setUp();
    pacer.play(source, audio(3000));
    pacer.finish(source);
    expect(log[0]).toMatchObject({ atMs: 0, what: 'audio' });
    for (let ms = 0; ms < 3000; ms += 10) {
      expect(sentMs() - clock.nowMs()).toBeLessThanOrEqual(400);
      clock.advance(10);
    }
    expect(sentMs()).toBe(3000);
    for (const { what, ms } of log) if (what === 'audio') expect(ms).toSatisfy((n: number) => n >= 20 && n <= 100);
  });

  it('[AUDIO-11] the guest never waits for audio that is there: playout does not run dry', () => {
    const { clock, pacer, sentMs } = setUp();
    pacer.play(source, audio(2000));
    for (let ms = 0; ms < 1900; ms += 5) {
      expect(sentMs()).toBeGreaterThan(clock.nowMs());
      clock.advance(5);
    }
  });

  it('[PLAY-3] a mark at least every 200 ms of audio, each with a name of its own', () => {
    const { clock, log, pacer } = setUp();
    for (const ms of [60, 60, 60, 110, 230, 500]) pacer.play(source, audio(ms));
    pacer.finish(source);
    clock.advance(3000);
    let sinceMark = 0;
    for (const entry of log) {
      sinceMark = entry.what === 'mark' ? 0 : sinceMark + (entry.ms ?? 0);
      expect(sinceMark).toBeLessThanOrEqual(200);
    }
    const names = log.flatMap(({ mark }) => mark ?? []);
    expect(new Set(names).size).toBe(names.length);
    expect(log.at(-1)?.what).toBe('mark');
  });

  it('[AUDIO-10] padding comes only at the end of an item', () => {
    const { clock, pacer, sentMs } = setUp();
    for (let i = 0; i < 10; i++) pacer.play(source, audio(33));
    clock.advance(1000);
    expect(sentMs()).toBe(320);
    pacer.finish(source);
    expect(sentMs()).toBe(340);
  });

  it('[PLAY-1] after a clear nothing of the old audio leaves, and marks are of a new generation', () => {
    const { clock, log, pacer } = setUp();
    pacer.play(source, audio(2000));
    const before = log.flatMap(({ mark }) => mark ?? []);
    pacer.clear();
    log.length = 0;
    clock.advance(3000);
    expect(log).toEqual([]);
    pacer.play(source, audio(300));
    pacer.finish(source);
    clock.advance(500);
    for (const name of log.flatMap(({ mark }) => mark ?? [])) expect(before).not.toContain(name);
  });

  it('[AUDIO-11] after a stall it catches up by the clock and not by counting timers', () => {
    const { clock, pacer, sentMs } = setUp();
    pacer.play(source, audio(5000));
    clock.advance(100);
    clock.advance(700);
    expect(sentMs()).toBeGreaterThanOrEqual(1000);
  });

  it('a guest who hears nothing in the middle of an item has a gap, told with its length when the rest leaves', () => {
    const { clock, gaps, pacer } = setUp();
    pacer.play(source, audio(200));
    clock.advance(450);
    pacer.play(source, audio(200));
    expect(gaps).toEqual([{ itemId: 'a', gapMs: 250 }]);
    clock.advance(100);
    pacer.play(source, audio(200));
    pacer.finish(source);
    clock.advance(1_000);
    expect(gaps).toHaveLength(1);
  });

  it('a stall of our own is a gap although the audio was there', () => {
    const { clock, gaps, pacer, late } = setUp();
    pacer.play(source, audio(2_000));
    late.byMs = 700;
    clock.advance(150);
    expect(gaps.map(({ itemId }) => itemId)).toEqual(['a']);
    expect(gaps[0]?.gapMs).toBeGreaterThan(300);
  });

  it('a pause between two items, after a clear, or before the last bit of one is no gap', () => {
    const { clock, gaps, pacer } = setUp();
    pacer.play(source, audio(105));
    clock.advance(600);
    pacer.finish(source);
    clock.advance(600);
    pacer.play({ itemId: 'b', contentIndex: 0 }, audio(100));
    clock.advance(600);
    pacer.clear();
    pacer.play({ itemId: 'b', contentIndex: 0 }, audio(100));
    expect(gaps).toEqual([]);
  });
});

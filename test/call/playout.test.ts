import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Playout } from '../../src/call/playout.ts';

const item = (itemId: string) => ({ itemId, contentIndex: 0 });
const ms = (milliseconds: number) => milliseconds * 8;

/** Receives and sends `lengthMs` of one item at once, with a mark every 200 ms. */
function sendItem(playout: Playout, itemId: string, lengthMs: number, nowMs = 0): string[] {
  const marks: string[] = [];
  playout.received(item(itemId), ms(lengthMs), lengthMs);
  for (let at = 0; at < lengthMs; at += 200) {
    const mark = `${itemId}-${at}`;
    playout.sent(item(itemId), ms(Math.min(200, lengthMs - at)), mark, nowMs);
    marks.push(mark);
  }
  return marks;
}

describe('playout ledger', () => {
  it('[PLAY-1] a mark that comes back after a cut does not count as heard', () => {
    const playout = new Playout();
    const [first = ''] = sendItem(playout, 'a', 400);
    playout.cut(0);
    sendItem(playout, 'b', 400);
    expect(playout.markReturned(first, 0)).toEqual([]);
    expect(playout.cut(0).discard).toEqual([item('b')]);
  });

  it('[PLAY-2] audio that was queued and not sent is not heard, however long ago it came', () => {
    const playout = new Playout();
    playout.received(item('a'), ms(3000), 3000);
    expect(playout.cut(60_000)).toEqual({ truncate: [], discard: [item('a')] });
  });

  it('[PLAY-2] between two marks the clock counts, but never past the next mark', () => {
    const playout = new Playout();
    const [first = ''] = sendItem(playout, 'a', 600);
    playout.markReturned(first, 200);
    expect(playout.heardMs(item('a'), 260)).toBe(260);
    expect(playout.heardMs(item('a'), 5_000)).toBe(400);
  });

  it('[PLAY-2] time that passed while nothing was sent does not count', () => {
    const playout = new Playout();
    const [first = ''] = sendItem(playout, 'a', 200, 0);
    playout.markReturned(first, 200);
    playout.received(item('a'), ms(200), 200);
    playout.sent(item('a'), ms(200), 'late', 10_000);
    expect(playout.heardMs(item('a'), 10_050)).toBe(250);
  });

  it('[PLAY-3] a mark that was lost is made good by the next one', () => {
    const playout = new Playout();
    const [, second = ''] = sendItem(playout, 'a', 600);
    playout.markReturned(second, 400);
    expect(playout.heardMs(item('a'), 400)).toBe(400);
  });

  it('[PLAY-4] a cut truncates what was heard in part and discards what was never heard', () => {
    const playout = new Playout();
    const marks = sendItem(playout, 'a', 400);
    playout.finished(item('a'));
    for (const mark of marks) playout.markReturned(mark, 400);
    const [b1 = ''] = sendItem(playout, 'b', 400, 400);
    playout.received(item('c'), ms(1000), 1000);
    playout.markReturned(b1, 600);
    const cut = playout.cut(600);
    expect(cut.truncate.map(({ source, heardMs }) => [source.itemId, heardMs])).toEqual([['b', 200]]);
    expect(cut.discard).toEqual([item('c')]);
  });

  it('[PLAY-5] the milliseconds of a truncation are whole and never more than the agent sent', () => {
    const playout = new Playout();
    // The codec's tail makes the caller's audio a little longer than the agent's.
    playout.received(item('a'), ms(103), 100.7);
    playout.sent(item('a'), ms(103), 'm', 0);
    expect(playout.cut(500).truncate[0]?.heardMs).toBe(100);
  });

  it('tells once when an item was heard to its end', () => {
    const playout = new Playout();
    const marks = sendItem(playout, 'a', 400);
    playout.finished(item('a'));
    expect(marks.flatMap((mark) => playout.markReturned(mark, 400))).toEqual([{ source: item('a'), heardMs: 400 }]);
    expect(playout.isPlaying).toBe(false);
  });

  it('tells that an item was heard when its end is known only after its audio was played', () => {
    const playout = new Playout();
    const [mark = ''] = sendItem(playout, 'a', 200);
    expect(playout.markReturned(mark, 200)).toEqual([]);
    expect(playout.finished(item('a'))).toEqual({ source: item('a'), heardMs: 200 });
  });

  it('[PLAY-5] whatever the order of events, heard never passes received and never shrinks', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('received' as const), ms: fc.integer({ min: 1, max: 500 }) }),
      fc.record({ kind: fc.constant('sent' as const), ms: fc.integer({ min: 1, max: 200 }), marked: fc.boolean() }),
      fc.record({ kind: fc.constant('mark' as const), index: fc.nat(30) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 300 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const playout = new Playout();
        let [nowMs, receivedMs, sentMs, marks, heardMs] = [0, 0, 0, 0, 0];
        for (const s of steps) {
          if (s.kind === 'received') {
            playout.received(item('a'), ms(s.ms), s.ms);
            receivedMs += s.ms;
          } else if (s.kind === 'sent' && sentMs + s.ms <= receivedMs) {
            playout.sent(item('a'), ms(s.ms), s.marked ? `m${marks++}` : undefined, nowMs);
            sentMs += s.ms;
          } else if (s.kind === 'mark') playout.markReturned(`m${s.index}`, nowMs);
          else if (s.kind === 'wait') nowMs += s.ms;
          const now = playout.heardMs(item('a'), nowMs) ?? 0;
          expect(now).toBeLessThanOrEqual(sentMs);
          expect(now).toBeGreaterThanOrEqual(heardMs);
          heardMs = now;
        }
      }),
    );
  });
});

/** Questions to staff: who answers first, and that everything else means no. */
import { describe, expect, it } from 'vitest';
import { ApprovalDesk } from '../../../src/hotel/tool-servers/approval-desk.ts';
import type { ApprovalDecision } from '../../../src/hotel/tool-servers/ports.ts';
import { FakeClock } from '../../fake-clock.ts';
import { settled } from '../hotel-stage.ts';
import { MemoryApprovals } from './outside-stage.ts';

function stage() {
  const clock = new FakeClock();
  const book = new MemoryApprovals();
  let count = 0;
  const desk = new ApprovalDesk({ book, clock, newId: () => `q${++count}` });
  const call = new AbortController();
  const seen: string[] = [];
  const ask = (argumentsJson = '{"table":4}'): { decision: ApprovalDecision | undefined } => {
    const told: { decision: ApprovalDecision | undefined } = { decision: undefined };
    const wish = { callId: 'A', server: 's', tool: 'book', argumentsJson, path: 'client' } as const;
    void desk
      .ask({ ...wish, signal: call.signal, asked: (id) => seen.push(id) })
      .then((decision) => (told.decision = decision));
    return told;
  };
  return { clock, book, desk, call, seen, ask };
}

describe('a question', () => {
  it('is bound to call, tool and arguments, and open for 20 s', async () => {
    const { book, desk, seen, ask } = stage();
    ask();
    await settled();
    const question = { id: 'q1', callId: 'A', server: 's', tool: 'book', argumentsJson: '{"table":4}', path: 'client' };
    expect(book.opened).toMatchObject([question]);
    expect(desk.pending()).toMatchObject([question]);
    expect(Number(book.opened[0]?.expiresAt) - Number(book.opened[0]?.askedAt)).toBe(20_000);
    expect(seen).toEqual(['q1']);
  });

  it('the first answer stands, for this question alone and once', async () => {
    const { clock, desk, ask, book } = stage();
    const [one, other] = [ask(), ask()];
    await settled();
    desk.heard('q1', 'approved');
    desk.heard('q1', 'denied');
    await settled();
    expect([one.decision, other.decision]).toEqual(['approved', undefined]);
    desk.heard('q2', 'denied');
    const third = ask();
    await settled();
    expect([other.decision, third.decision]).toEqual(['denied', undefined]);
    clock.advance(20_000);
    await settled();
    expect(third.decision).toBe('expired');
    // Answered ones are not closed again.
    expect(book.closed).toEqual([['q3', 'expired']]);
    expect(desk.pending()).toEqual([]);
  });

  it('nobody answers: it is closed and means no', async () => {
    const { clock, book, desk, ask } = stage();
    const told = ask();
    await settled();
    clock.advance(19_999);
    await settled();
    expect(told.decision).toBeUndefined();
    clock.advance(1);
    await settled();
    expect(told.decision).toBe('expired');
    expect(book.closed).toEqual([['q1', 'expired']]);
    desk.heard('q1', 'approved');
  });

  it('an answer that reached the book just before the end stands', async () => {
    const { clock, book, ask } = stage();
    const told = ask();
    await settled();
    book.answers.set('q1', 'approved');
    clock.advance(20_000);
    await settled();
    expect(told.decision).toBe('approved');
  });

  it.each(['isAway', 'isSilent'] as const)('the book %s at the end: no', async (fault) => {
    const { clock, book, ask } = stage();
    const told = ask();
    await settled();
    book[fault] = true;
    book.answers.set('q1', 'approved');
    clock.advance(20_000);
    await settled();
    clock.advance(1_000);
    await settled();
    expect(told.decision).toBe('expired');
  });

  it('that cannot be kept is denied, and nobody is told of it', async () => {
    const { book, seen, desk, ask } = stage();
    book.isAway = true;
    const told = ask();
    await settled();
    expect(told.decision).toBe('denied');
    expect(seen).toEqual([]);
    expect(desk.pending()).toEqual([]);
  });

  it('[END-35] one that was answered is not cancelled when the call ends', async () => {
    const { book, desk, call, ask } = stage();
    const told = ask();
    await settled();
    desk.heard('q1', 'approved');
    call.abort();
    await settled();
    expect(told.decision).toBe('approved');
    expect(book.closed).toEqual([]);
  });

  it('[END-35] the end of the call cancels it, and one after that is not asked', async () => {
    const { book, call, ask, desk } = stage();
    const told = ask();
    await settled();
    book.answers.set('q1', 'approved');
    call.abort();
    desk.heard('q1', 'approved');
    await settled();
    expect(told.decision).toBe('cancelled');
    expect(book.closed).toEqual([['q1', 'cancelled']]);
    const after = ask();
    await settled();
    expect(after.decision).toBe('cancelled');
    expect(book.opened).toHaveLength(1);
  });

  it('that reached the book after its end is closed there', async () => {
    const { book, call, seen, ask } = stage();
    const opening = Promise.withResolvers<void>();
    book.open = () => opening.promise;
    ask();
    call.abort();
    await settled();
    opening.resolve();
    await settled();
    expect(book.closed).toEqual([
      ['q1', 'cancelled'],
      ['q1', 'cancelled'],
    ]);
    expect(seen).toEqual([]);
  });

  it('beyond 200 open ones the next is denied', async () => {
    const { ask, book } = stage();
    for (let i = 0; i < 200; i++) ask();
    const told = ask();
    await settled();
    expect(told.decision).toBe('denied');
    expect(book.opened).toHaveLength(200);
  });
});

/** Calls that wait for an approval, as the one owner of asking for responses sees them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ResponseQueue, type ResponseRequest } from '../../src/realtime/response-queue.ts';
import { ModelServer } from './model-server.ts';

const answer: ResponseRequest = { kind: 'answer', text: undefined };
const saying = (text: string): ResponseRequest => ({ kind: 'saying', text });

/** A queue whose last response, done, asked for approvals and called functions. */
function after({ approvals, calls = [] }: { approvals: string[]; calls?: string[] }): ResponseQueue {
  const queue = new ResponseQueue();
  queue.responseCreated('r0');
  queue.sawOutput('r0');
  for (const id of approvals) queue.approvalOpened(id);
  for (const id of calls) queue.callOpened(id);
  queue.responseDone('r0', 'completed');
  return queue;
}

function speaks(queue: ResponseQueue, responseId: string): void {
  queue.responseCreated(responseId);
  queue.sawOutput(responseId);
  queue.responseDone(responseId, 'completed');
}

describe('an approval', () => {
  test('[MODEL-18] that is open brings nothing; denied, one follow-up', () => {
    const queue = after({ approvals: ['a1'] });
    expect(queue.next()).toBeUndefined();
    queue.approvalClosed('a1', true);
    queue.approvalClosed('a1', true);
    expect(queue.next()?.request).toEqual(answer);
    speaks(queue, 'r1');
    expect(queue.next()).toBeUndefined();
  });

  test('[MODEL-18] that was given: one follow-up, after the call', () => {
    const queue = after({ approvals: ['a1'] });
    queue.callOpened('m1');
    queue.approvalClosed('a1', false);
    expect(queue.next()).toBeUndefined();
    queue.nativeCallClosed('m1');
    expect(queue.next()?.request).toEqual(answer);
    speaks(queue, 'r1');
    expect(queue.next()).toBeUndefined();
  });

  test('[MODEL-18] holds what its response brought besides: one follow-up for all', () => {
    const queue = after({ approvals: ['a1'], calls: ['c1'] });
    queue.callClosed('c1', true);
    expect(queue.next()).toBeUndefined();
    queue.approvalClosed('a1', true);
    expect(queue.next()?.request).toEqual(answer);
    speaks(queue, 'r1');
    expect(queue.next()).toBeUndefined();
  });

  test('lets sayings and answers pass: the guest is spoken with meanwhile', () => {
    const queue = after({ approvals: ['a1'] });
    queue.ask(saying('One moment.'));
    expect(queue.next()?.request).toEqual(saying('One moment.'));
    speaks(queue, 'r1');
    queue.ask({ kind: 'answer', text: 'Be brief.' });
    expect(queue.next()?.request).toEqual({ kind: 'answer', text: 'Be brief.' });
  });

  test('does not hold what a later turn of the guest brings', () => {
    const queue = after({ approvals: ['a1'] });
    queue.turnWillBeAnswered();
    queue.responseCreated('automatic');
    queue.sawOutput('automatic');
    queue.callOpened('c1');
    queue.responseDone('automatic', 'completed');
    queue.callClosed('c1', true);
    expect(queue.next()?.request).toEqual(answer);
  });

  test('a saying is no such turn: what is held stays held', () => {
    const queue = after({ approvals: ['a1'], calls: ['c1'] });
    queue.ask(saying('One moment.'));
    queue.next();
    speaks(queue, 'r1');
    queue.callClosed('c1', true);
    expect(queue.next()).toBeUndefined();
  });

  test('that is open is no rest', () => {
    const queue = after({ approvals: ['a1'] });
    expect(queue.isAtRest).toBe(false);
    queue.approvalClosed('a1', false);
    expect(queue.isAtRest).toBe(true);
  });
});

type Step =
  | { do: 'deliver' | 'answer turn' | 'result' | 'approve' | 'deny' | 'say' }
  | { do: 'end'; calls: number; approvals: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom(...(['deliver', 'answer turn', 'result', 'approve', 'deny', 'say'] as const)),
  }),
  fc.record({ do: fc.constant('end' as const), calls: fc.nat({ max: 2 }), approvals: fc.nat({ max: 2 }) }),
);

describe('whatever happens in whatever order', () => {
  test('[MODEL-18] never two active, every decision is spoken of, follow-ups at most one for each that is due', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const server = new ModelServer();
        for (const next of steps) {
          if (next.do === 'say') server.queue.ask(saying('One moment.'));
          else if (next.do === 'deliver') server.deliver();
          else if (next.do === 'answer turn') server.answerTurn();
          else if (next.do === 'result') server.giveResult();
          else if (next.do === 'end') server.end(next.calls, next.approvals);
          else server.decide(next.do === 'approve');
          server.pump();
        }
        server.drain();
        expect([server.openCalls, server.openApprovals]).toEqual([[], []]);
        expect(server.queue.isAtRest).toBe(true);
        const answers = server.opened.filter((one) => one !== 'automatic' && one.kind === 'answer');
        expect(answers.length).toBeLessThanOrEqual(server.followUpsDue);
      }),
      { numRuns: 400 },
    );
  });

  test('[MODEL-18] without another turn: exactly one response for all that a response asked for', () => {
    const decision = fc.constantFrom('approve' as const, 'deny' as const, 'result' as const);
    fc.assert(
      fc.property(fc.nat({ max: 3 }), fc.integer({ min: 1, max: 3 }), fc.array(decision), (calls, approvals, order) => {
        const server = new ModelServer();
        server.answerTurn();
        server.end(calls, approvals);
        for (const next of order) {
          server.pump();
          expect(server.openApprovals.length === 0 || server.opened.length === 1).toBe(true);
          if (next === 'result') server.giveResult();
          else server.decide(next === 'approve');
        }
        server.drain();
        expect(server.opened).toEqual(['automatic', answer]);
      }),
      { numRuns: 300 },
    );
  });
});

/** The one owner of asking for responses, by example and against a small model of the server. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ResponseQueue, type ResponseRequest } from '../../src/realtime/response-queue.ts';
import { ModelServer } from './model-server.ts';

const answer = (text?: string): ResponseRequest => ({ kind: 'answer', text });
const saying = (text: string): ResponseRequest => ({ kind: 'saying', text });

describe('one response at a time', () => {
  test('[MODEL-18] what is asked for while a response is active waits for its end', () => {
    const queue = new ResponseQueue();
    queue.ask(saying('Good evening.'));
    expect(queue.next()?.request).toEqual(saying('Good evening.'));
    queue.ask(answer('Be brief.'));
    expect(queue.next()).toBeUndefined();
    queue.responseCreated('r1');
    expect(queue.next()).toBeUndefined();
    queue.sawOutput('r1');
    queue.responseDone('r1', 'completed');
    expect(queue.next()?.request).toEqual(answer('Be brief.'));
  });

  test('[MODEL-18] sayings are said in order, before an answer', () => {
    const queue = new ResponseQueue();
    queue.ask(answer());
    queue.ask(saying('one'));
    queue.ask(saying('two'));
    expect(said(queue, 3)).toEqual([saying('one'), saying('two'), answer()]);
  });

  test('[MODEL-18] of more sayings than may wait the oldest goes', () => {
    const queue = new ResponseQueue();
    for (const text of ['1', '2', '3', '4', '5']) queue.ask(saying(text));
    expect(said(queue, 5).map(({ text }) => text)).toEqual(['2', '3', '4', '5']);
  });

  test('[MODEL-18] nothing is asked for while the server’s own answer is on its way', () => {
    const queue = new ResponseQueue();
    queue.turnWillBeAnswered();
    queue.ask(answer());
    expect(queue.next()).toBeUndefined();
    queue.responseCreated('automatic');
    queue.sawOutput('automatic');
    expect(queue.next()).toBeUndefined();
    queue.responseDone('automatic', 'completed');
    expect(queue.next()?.request).toEqual(answer());
  });

  test('[MODEL-18] an answer that the server announced and missed is asked for', () => {
    const queue = new ResponseQueue();
    queue.turnWillBeAnswered();
    queue.automaticAnswerMissed();
    expect(said(queue, 2)).toEqual([answer()]);
  });

  test('[MODEL-18] an answer that came is not missed', () => {
    const queue = new ResponseQueue();
    queue.turnWillBeAnswered();
    queue.responseCreated('automatic');
    queue.sawOutput('automatic');
    queue.responseDone('automatic', 'completed');
    queue.automaticAnswerMissed();
    expect(queue.next()).toBeUndefined();
  });

  test('[MODEL-18] whoever lost the race against the server’s own answer is asked for after it', () => {
    const queue = new ResponseQueue();
    queue.ask(saying('We are closing.'));
    const eventId = queue.next()?.eventId ?? '';
    queue.responseCreated('automatic');
    expect(queue.refused(eventId, 'conversation_already_has_active_response')).toBe(true);
    expect(queue.activeResponseId).toBe('automatic');
    expect(queue.next()).toBeUndefined();
    queue.responseDone('automatic', 'completed');
    expect(said(queue, 2)).toEqual([saying('We are closing.')]);
  });

  test('[MODEL-18] an error that names another event leaves the active response alone', () => {
    const queue = new ResponseQueue();
    queue.ask(answer());
    queue.next();
    expect(queue.refused('update-1', 'invalid_value')).toBe(false);
    expect(queue.isActive).toBe(true);
  });

  test('a guest who takes the word takes what was still to be said', () => {
    const queue = new ResponseQueue();
    queue.ask(answer());
    queue.ask(saying('one'));
    queue.interrupted();
    expect(queue.next()).toBeUndefined();
  });
});

describe('what follows tool calls', () => {
  test('[MODEL-18] all outputs of a response bring one follow-up, after the last of them', () => {
    const queue = afterCalls('c1', 'c2');
    queue.callClosed('c2', true);
    expect(queue.next()).toBeUndefined();
    queue.callClosed('c1', true);
    expect(said(queue, 2)).toEqual([answer()]);
  });

  test('[MODEL-18] an output that is told twice brings no second follow-up', () => {
    const queue = afterCalls('c1');
    queue.callClosed('c1', true);
    expect(said(queue, 1)).toEqual([answer()]);
    queue.callClosed('c1', true);
    expect(queue.next()).toBeUndefined();
  });

  test('outputs that nobody is to speak about bring none', () => {
    const queue = afterCalls('c1');
    queue.callClosed('c1', false);
    expect(queue.next()).toBeUndefined();
  });

  test('[MODEL-18] the server’s own answer, begun after the outputs, is the follow-up', () => {
    const queue = afterCalls('c1');
    queue.turnWillBeAnswered();
    queue.callClosed('c1', true);
    queue.responseCreated('automatic');
    queue.sawOutput('automatic');
    queue.responseDone('automatic', 'completed');
    expect(queue.next()).toBeUndefined();
  });

  test('[MODEL-18] a saying is no follow-up: the guest still hears what the tool found', () => {
    const queue = afterCalls('c1');
    queue.ask(saying('Are you still there?'));
    queue.next();
    queue.callClosed('c1', true);
    end(queue, 'r-saying');
    expect(said(queue, 2)).toEqual([answer()]);
  });
});

describe('responses that come to nothing', () => {
  test.each(['failed', 'completed', 'incomplete'])('[MODEL-21] %s and empty: asked for once more', (status) => {
    const queue = new ResponseQueue();
    queue.ask(saying('Good evening.'));
    queue.next();
    queue.responseCreated('r1');
    expect(queue.responseDone('r1', status)).toBe('retried');
    expect(queue.next()?.request).toEqual(saying('Good evening.'));
    queue.responseCreated('r2');
    expect(queue.responseDone('r2', status)).toBe('exhausted');
    expect(queue.next()).toBeUndefined();
  });

  test('[MODEL-21] a response that failed half way is asked for once more', () => {
    const queue = new ResponseQueue();
    queue.responseCreated('automatic');
    queue.sawOutput('automatic');
    expect(queue.responseDone('automatic', 'failed')).toBe('retried');
    expect(queue.next()?.request).toEqual(answer());
  });

  test('[MODEL-21] a cancelled response is over, empty or not', () => {
    const queue = new ResponseQueue();
    queue.ask(answer());
    queue.next();
    queue.responseCreated('r1');
    expect(queue.responseDone('r1', 'cancelled')).toBe('ended');
    expect(queue.next()).toBeUndefined();
  });

  test.each(['failed', 'incomplete'])(
    '[BARGE-7] one that %s after the guest took the word is not repeated',
    (status) => {
      for (const isCommitted of [false, true]) {
        const queue = new ResponseQueue();
        queue.ask(saying('Good evening.'));
        queue.next();
        queue.responseCreated('r1');
        queue.interrupted();
        if (isCommitted) queue.turnWillBeAnswered();
        expect(queue.responseDone('r1', status)).toBe('ended');
        expect(queue.next()).toBeUndefined();
      }
    },
  );

  test('[MODEL-21] after a good response the next bad one has its second try again', () => {
    const queue = new ResponseQueue();
    for (const id of ['r1', 'r2']) {
      queue.ask(answer());
      queue.next();
      queue.responseCreated(id);
      expect(queue.responseDone(id, 'failed')).toBe('retried');
      queue.next();
      end(queue, `${id}-again`);
    }
  });

  test('the end of a response that is not the active one changes nothing', () => {
    const queue = new ResponseQueue();
    queue.responseCreated('r2');
    expect(queue.responseDone('r1', 'failed')).toBe('ended');
    expect(queue.activeResponseId).toBe('r2');
  });
});

type Step =
  | { do: 'say' | 'deliver' | 'answer turn' | 'result' }
  | { do: 'respond'; text: string }
  | { do: 'end'; calls: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('say' as const, 'deliver' as const, 'answer turn' as const, 'result' as const) }),
  fc.record({ do: fc.constant('respond' as const), text: fc.constantFrom('a', 'b') }),
  fc.record({ do: fc.constant('end' as const), calls: fc.nat({ max: 2 }) }),
);

describe('whatever happens in whatever order', () => {
  test('[MODEL-18] never two active, no saying lost or said twice, no result left unspoken, follow-ups at most one each', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const server = new ModelServer();
        const sayings: string[] = [];
        let [asked, waiting] = [0, 0];
        for (const next of steps) {
          waiting = sayings.length - server.opened.filter(isSaying).length;
          if (next.do === 'say' && waiting < 4) {
            sayings.push(`saying ${sayings.length}`);
            server.queue.ask(saying(sayings.at(-1) ?? ''));
          } else if (next.do === 'respond') {
            asked++;
            server.queue.ask(answer(next.text));
          } else if (next.do === 'deliver') server.deliver();
          else if (next.do === 'answer turn') server.answerTurn();
          else if (next.do === 'result') server.giveResult();
          else if (next.do === 'end') server.end(next.calls);
          server.pump();
        }
        server.drain();
        expect(server.openCalls).toEqual([]);
        expect(server.queue.isActive).toBe(false);
        expect(server.opened.filter(isSaying).map(({ text }) => text)).toEqual(sayings);
        const answers = server.opened.filter((one) => one !== 'automatic' && one.kind === 'answer');
        expect(answers.length).toBeLessThanOrEqual(asked + server.followUpsDue);
      }),
      { numRuns: 300 },
    );
  });

  test('[MODEL-18] after the last output somebody answers: exactly one response when nothing else asks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.nat({ max: 3 }),
        fc.array(fc.nat({ max: 5 })),
        (calls, count, at) => {
          const server = new ModelServer();
          server.answerTurn();
          server.end(calls);
          for (let index = 0; index < calls; index++) {
            if (at.includes(index) && count > 0) server.queue.ask(saying(`saying ${index}`));
            server.pump();
            if (index % 2 === 0) server.deliver();
            server.giveResult();
          }
          server.drain();
          expect(server.opened.filter((one) => one !== 'automatic' && one.kind === 'answer')).toEqual([answer()]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('[BARGE-7] nothing that was asked for before the guest took the word is heard after it, and the queue goes on', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(step, fc.constant({ do: 'interrupt' as const })), { maxLength: 40 }), (steps) => {
        const server = new ModelServer();
        let [number, stale] = [0, 0];
        for (const next of steps) {
          if (next.do === 'say') server.queue.ask(saying(String(++number)));
          else if (next.do === 'respond') server.queue.ask(answer(String(++number)));
          else if (next.do === 'deliver') server.deliver();
          else if (next.do === 'answer turn') server.answerTurn();
          else if (next.do === 'result') server.giveResult();
          else if (next.do === 'end') server.end(next.calls);
          else {
            stale = number;
            server.interrupt();
          }
          const heard = server.opened.splice(0).map((one) => (one === 'automatic' ? undefined : one.text));
          for (const text of heard) if (text !== undefined) expect(Number(text)).toBeGreaterThan(stale);
          server.pump();
        }
        server.queue.ask(saying('last'));
        server.drain();
        expect(server.opened).toContainEqual(saying('last'));
        expect(server.queue.isActive).toBe(false);
        expect(server.openCalls).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

const isSaying = (one: ResponseRequest | 'automatic'): one is ResponseRequest =>
  one !== 'automatic' && one.kind === 'saying';

/** A queue whose last response called these functions and is done. */
function afterCalls(...callIds: string[]): ResponseQueue {
  const queue = new ResponseQueue();
  queue.responseCreated('r0');
  queue.sawOutput('r0');
  for (const callId of callIds) queue.callOpened(callId);
  queue.responseDone('r0', 'completed');
  expect(queue.next()).toBeUndefined();
  return queue;
}

/** The response that was asked for begins, sounds and ends. */
function end(queue: ResponseQueue, responseId: string): void {
  queue.responseCreated(responseId);
  queue.sawOutput(responseId);
  expect(queue.responseDone(responseId, 'completed')).toBe('ended');
}

/** @returns what is asked for, at most so many, each response ending well. */
function said(queue: ResponseQueue, atMost: number): ResponseRequest[] {
  const requests: ResponseRequest[] = [];
  for (let index = 0; index < atMost; index++) {
    const next = queue.next();
    if (!next) break;
    requests.push(next.request);
    end(queue, `said-${index}`);
  }
  return requests;
}

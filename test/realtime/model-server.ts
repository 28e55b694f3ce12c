/** A Realtime server, as small as the response queue can tell: what is under way, what is active, what was opened. */
import { expect } from 'vitest';
import { ResponseQueue, type ResponseRequest } from '../../src/realtime/response-queue.ts';

/** A server as the queue meets it: one response at a time, events in order. */
export class ModelServer {
  readonly queue = new ResponseQueue();
  /** Requests that are heard, in the order in which the server opened responses for them; `automatic` are its own. */
  readonly opened: (ResponseRequest | 'automatic')[] = [];
  readonly openCalls: string[] = [];
  /** Calls that staff are asked about. */
  readonly openApprovals: string[] = [];
  /** Our request that is under way to the server. */
  #sent: { request: ResponseRequest; eventId: string } | undefined;
  #active: string | undefined;
  #number = 0;
  #followUpsDue = 0;

  /** What the client does after every event. */
  pump(): void {
    const next = this.queue.next();
    if (!next) return;
    expect(this.#sent, 'asked for a second response').toBeUndefined();
    expect(this.#active, 'asked while a response was active').toBeUndefined();
    if (next.request.kind === 'answer') expect(this.openCalls, 'answered before all outputs were in').toEqual([]);
    this.#sent = next;
  }

  /** Our request reaches the server. */
  deliver(): void {
    const sent = this.#sent;
    if (!sent) return;
    this.#sent = undefined;
    if (this.#active !== undefined) this.queue.refused(sent.eventId, 'conversation_already_has_active_response');
    else this.#open(sent.request);
  }

  /** The guest's turn is answered by the server itself. */
  answerTurn(): void {
    if (this.#active !== undefined) return;
    this.queue.turnWillBeAnswered();
    this.#open('automatic');
  }

  /**
   * A request is under way for a shorter time than a response lasts. @param calls how many functions it called.
   * @param approvals how many calls it made that have to be approved.
   */
  end(calls: number, approvals = 0): void {
    this.deliver();
    const responseId = this.#active;
    if (responseId === undefined) return;
    this.queue.sawOutput(responseId);
    for (let call = 0; call < calls; call++) {
      const callId = `call-${++this.#number}`;
      this.queue.callOpened(callId);
      this.openCalls.push(callId);
    }
    for (let approval = 0; approval < approvals; approval++) {
      const approvalId = `approval-${++this.#number}`;
      this.queue.approvalOpened(approvalId);
      this.openApprovals.push(approvalId);
    }
    this.#active = undefined;
    if (calls > 0) this.#followUpsDue++;
    this.#followUpsDue += approvals;
    this.queue.responseDone(responseId, 'completed');
  }

  /** The guest speaks: the server cancels what it was saying. */
  interrupt(): void {
    const responseId = this.#active;
    if (responseId !== undefined) this.deliver();
    this.queue.interrupted();
    if (responseId === undefined) return;
    this.#active = undefined;
    this.queue.responseDone(responseId, 'cancelled');
  }

  giveResult(): void {
    const callId = this.openCalls.shift();
    if (callId !== undefined) this.queue.callClosed(callId, true);
  }

  /** Staff decide about the oldest call; an approved one runs from now on. */
  decide(isApproved: boolean): void {
    const approvalId = this.openApprovals.shift();
    if (approvalId === undefined) return;
    if (isApproved) {
      const callId = `approved-${approvalId}`;
      this.queue.callOpened(callId);
      this.openCalls.push(callId);
    }
    this.queue.approvalClosed(approvalId, !isApproved);
  }

  /** Lets everything come to rest. */
  drain(): void {
    for (let round = 0; round < 200; round++) {
      this.pump();
      this.deliver();
      this.end(0);
      this.giveResult();
      this.decide(round % 2 === 0);
    }
  }

  get followUpsDue(): number {
    return this.#followUpsDue;
  }

  #open(request: ResponseRequest | 'automatic'): void {
    this.#active = `response-${++this.#number}`;
    if (this.queue.responseCreated(this.#active) === 'wanted') return void this.opened.push(request);
    this.queue.responseDone(this.#active, 'cancelled');
    this.#active = undefined;
  }
}

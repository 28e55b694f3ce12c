/**
 * The one owner of asking for responses (rules MODEL-18 to MODEL-21). Pure: it takes what happened and returns what to
 * send. Never two responses at a time; after all function outputs of a response, or all its native tool calls and
 * approvals, exactly one follow-up; what was asked while a response was active waits for its end.
 */

/** What a `response.create` is to contain. */
export interface ResponseRequest {
  kind: 'saying' | 'answer';
  /** The exact text, or extra instructions; undefined: go on as configured. */
  text: string | undefined;
}

interface Active {
  responseId: string | undefined;
  request: ResponseRequest | undefined;
  /** Sent by us and not confirmed yet: the event id that an error would name. */
  eventId: string | undefined;
  hasOutput: boolean;
  /** The guest took the word since: it is neither heard nor repeated. */
  isUnwanted: boolean;
}

/** Sayings that may wait. More is a fault of ours: the oldest goes. */
const MAX_SAYINGS = 4;

/** To go on after native calls: a response that the server opened by itself saw their results too. */
const AFTER_NATIVE_CALLS: ResponseRequest = { kind: 'answer', text: undefined };

export class ResponseQueue {
  #active: Active | undefined;
  #sayings: ResponseRequest[] = [];
  #answer: ResponseRequest | undefined;
  /** Tool calls of ended or active responses whose result is not in the conversation yet. */
  readonly #openCalls = new Set<string>();
  #followUp: ResponseRequest | undefined;
  /** Calls that wait for somebody's approval. */
  readonly #openApprovals = new Set<string>();
  /** Those among them that the last response asked for: what it brought is spoken of once they are decided. */
  readonly #holding = new Set<string>();
  #hasRetried = false;
  /** Asked for a second time since the server said nothing to the first: it may have opened that one. */
  #repeated: ResponseRequest | undefined;
  #eventNumber = 0;
  /** A guest's turn that the server answers by itself is on its way. */
  #automaticAnswerComes = false;

  get isActive(): boolean {
    return this.#active !== undefined;
  }

  get activeResponseId(): string | undefined {
    return this.#active?.responseId;
  }

  /** Asks for a response. */
  ask(request: ResponseRequest): void {
    if (request.kind === 'answer') {
      this.#answer = request;
      return;
    }
    this.#sayings.push(request);
    if (this.#sayings.length > MAX_SAYINGS) this.#sayings.shift();
  }

  /** A tool call began whose result the agent waits for. @param callId function call id, or item of a native call. */
  callOpened(callId: string): void {
    this.#openCalls.add(callId);
  }

  /** Our output of the call is in the conversation. @param followUp whether the agent is to speak about it. */
  callClosed(callId: string, followUp: boolean): void {
    if (this.#openCalls.delete(callId) && followUp) this.#followUp = { kind: 'answer', text: undefined };
  }

  /** The server made the call itself and has its result. */
  nativeCallClosed(itemId: string): void {
    if (this.#openCalls.delete(itemId)) this.#followUp ??= AFTER_NATIVE_CALLS;
  }

  /** A call waits for an approval, which may take long: the conversation goes on, but nothing follows the call yet. */
  approvalOpened(id: string): void {
    this.#openApprovals.add(id);
    this.#holding.add(id);
  }

  /** @param followUp whether the agent is to speak about it; false: the approved call itself follows, or nothing. */
  approvalClosed(id: string, followUp: boolean): void {
    this.#holding.delete(id);
    if (this.#openApprovals.delete(id) && followUp) this.#followUp ??= AFTER_NATIVE_CALLS;
  }

  /** No response is active or coming, and no call or approval is open. */
  get isAtRest(): boolean {
    const isOpen = this.#openCalls.size > 0 || this.#openApprovals.size > 0;
    return !this.#active && !isOpen && !this.#automaticAnswerComes;
  }

  /** The guest's turn was committed and the server will open a response by itself. */
  turnWillBeAnswered(): void {
    this.#automaticAnswerComes = true;
    this.#answer = undefined;
    // Ours would have been opened by now: the next one is the answer to the guest.
    if (this.#active && this.#active.responseId === undefined) this.#active.isUnwanted = false;
  }

  /** @returns `unwanted` when it was asked for before the guest took the word: it is to be cancelled. */
  responseCreated(responseId: string): 'wanted' | 'unwanted' {
    this.#automaticAnswerComes = false;
    // What was asked for before a result came in, or only says a given text, does not tell the guest about the result.
    if (this.#active && this.#active.responseId === undefined) {
      this.#active.responseId = responseId;
      return this.#active.isUnwanted ? 'unwanted' : 'wanted';
    }
    this.#active = { responseId, request: undefined, eventId: undefined, hasOutput: false, isUnwanted: false };
    // Whatever results are in the conversation by now are before the eyes of the server's own answer.
    this.#followUp = undefined;
    this.#holding.clear();
    return 'wanted';
  }

  /** The active response brought audio, text or a tool call. */
  sawOutput(responseId: string): void {
    if (this.#active?.responseId === responseId) this.#active.hasOutput = true;
  }

  /** @returns `exhausted` when it came to nothing twice in a row. */
  responseDone(responseId: string, status: string): 'ended' | 'retried' | 'exhausted' {
    const active = this.#active;
    if (active?.responseId !== responseId) return 'ended';
    this.#active = undefined;
    const isWhole = status === 'completed' && active.hasOutput;
    const cameToNothing = status !== 'cancelled' && !active.isUnwanted && !isWhole;
    if (!cameToNothing) {
      this.#hasRetried = false;
      return 'ended';
    }
    if (this.#hasRetried) {
      this.#hasRetried = false;
      return 'exhausted';
    }
    this.#askOnceMore(active.request ?? { kind: 'answer', text: undefined });
    return 'retried';
  }

  /** An error that names one of our requests. @returns whether it was about a response we asked for. */
  refused(eventId: string, code: string): boolean {
    const active = this.#active;
    if (active?.eventId === undefined || active.eventId !== eventId) return false;
    const { request, responseId } = active;
    const isBusy = code === 'conversation_already_has_active_response';
    if (responseId === undefined) {
      this.#active = undefined;
      if (request && isBusy && !this.#hasRetried) this.#askOnceMore(request);
      return true;
    }
    // The server was answering somebody else: that response was told before the error, and its end is waited for.
    this.#active = { responseId, request: undefined, eventId: undefined, hasOutput: true, isUnwanted: false };
    const isAnsweredByIt = request === AFTER_NATIVE_CALLS || request === this.#repeated;
    if (request && isBusy && !isAnsweredByIt) this.#askAgain(request);
    return true;
  }

  /** The server neither opened nor refused this one in time. @returns false when it did, or when it is asked once more. */
  unanswered(eventId: string): boolean {
    const active = this.#active;
    if (active?.eventId !== eventId || active.responseId !== undefined) return false;
    this.#active = undefined;
    if (!active.request) return false;
    if (this.#hasRetried) return true;
    this.#repeated = active.request;
    this.#askOnceMore(active.request);
    return false;
  }

  /** The guest has the word: what was still to be said is not said any more. */
  interrupted(): void {
    this.#followUp = undefined;
    this.#answer = undefined;
    this.#sayings = [];
    if (this.#active) this.#active = { ...this.#active, request: undefined, isUnwanted: true };
  }

  /** The server did not open the response that it announced: we ask for it. */
  automaticAnswerMissed(): void {
    if (!this.#automaticAnswerComes) return;
    this.#automaticAnswerComes = false;
    this.#answer ??= { kind: 'answer', text: undefined };
  }

  /** @returns the response to ask for now with the id to send it under, or undefined when it is not the time. */
  next(): { request: ResponseRequest; eventId: string } | undefined {
    if (this.#active) return undefined;
    const request = this.#take();
    if (!request) return undefined;
    const eventId = `response-${++this.#eventNumber}`;
    this.#active = { responseId: undefined, request, eventId, hasOutput: false, isUnwanted: false };
    return { request, eventId };
  }

  #take(): ResponseRequest | undefined {
    const saying = this.#sayings.shift();
    if (saying) return saying;
    // The server's own answer will see all results that are in by then.
    if (this.#openCalls.size > 0 || this.#automaticAnswerComes) return undefined;
    const request = this.#answer ?? (this.#holding.size > 0 ? undefined : this.#followUp);
    if (!request) return undefined;
    this.#answer = undefined;
    this.#followUp = undefined;
    this.#holding.clear();
    return request;
  }

  #askOnceMore(request: ResponseRequest): void {
    this.#hasRetried = true;
    this.#askAgain(request);
  }

  #askAgain(request: ResponseRequest): void {
    if (request.kind === 'saying') this.#sayings.unshift(request);
    else this.#answer ??= request;
  }
}

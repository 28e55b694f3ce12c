/**
 * The one owner of asking for responses (rules MODEL-18 to MODEL-21). Pure: it takes what happened and returns what to
 * send. Never two responses at a time; after all function outputs of a response, or all its native tool calls, exactly
 * one follow-up; what was asked while a response was active waits for its end.
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
}

/** Sayings that may wait. More is a fault of ours: the oldest goes. */
const MAX_SAYINGS = 4;

export class ResponseQueue {
  #active: Active | undefined;
  #sayings: ResponseRequest[] = [];
  #answer: ResponseRequest | undefined;
  /** Tool calls of ended or active responses whose result is not in the conversation yet. */
  readonly #openCalls = new Set<string>();
  #needsFollowUp = false;
  #hasRetried = false;
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

  /** Its result is in the conversation. @param followUp whether the agent is to speak about it. */
  callClosed(callId: string, followUp: boolean): void {
    if (this.#openCalls.delete(callId) && followUp) this.#needsFollowUp = true;
  }

  /** The guest's turn was committed and the server will open a response by itself. */
  turnWillBeAnswered(): void {
    this.#automaticAnswerComes = true;
    this.#answer = undefined;
  }

  responseCreated(responseId: string): void {
    this.#automaticAnswerComes = false;
    // What was asked for before a result came in, or only says a given text, does not tell the guest about the result.
    if (this.#active && this.#active.responseId === undefined) {
      this.#active.responseId = responseId;
      return;
    }
    this.#active = { responseId, request: undefined, eventId: undefined, hasOutput: false };
    // Whatever results are in the conversation by now are before the eyes of the server's own answer.
    this.#needsFollowUp = false;
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
    const cameToNothing = status === 'failed' || (status !== 'cancelled' && !active.hasOutput);
    if (!cameToNothing) {
      this.#hasRetried = false;
      return 'ended';
    }
    if (this.#hasRetried) {
      this.#hasRetried = false;
      return 'exhausted';
    }
    this.#hasRetried = true;
    const again = active.request ?? { kind: 'answer', text: undefined };
    if (again.kind === 'saying') this.#sayings.unshift(again);
    else this.#answer ??= again;
    return 'retried';
  }

  /** An error that names one of our requests. @returns whether it was about a response we asked for. */
  refused(eventId: string, code: string): boolean {
    const active = this.#active;
    if (active?.eventId === undefined || active.eventId !== eventId) return false;
    const { request, responseId } = active;
    // The server was answering somebody else: that response was told before the error, and its end is waited for.
    this.#active =
      responseId === undefined ? undefined : { responseId, request: undefined, eventId: undefined, hasOutput: true };
    const mayRetry =
      code === 'conversation_already_has_active_response' && (responseId !== undefined || !this.#hasRetried);
    if (!request || !mayRetry) return true;
    if (responseId === undefined) this.#hasRetried = true;
    if (request.kind === 'saying') this.#sayings.unshift(request);
    else this.#answer ??= request;
    return true;
  }

  /** The guest has the word: what was still to be said is not said any more. */
  interrupted(): void {
    this.#needsFollowUp = false;
    this.#answer = undefined;
    this.#sayings = [];
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
    this.#active = { responseId: undefined, request, eventId, hasOutput: false };
    return { request, eventId };
  }

  #take(): ResponseRequest | undefined {
    const saying = this.#sayings.shift();
    if (saying) return saying;
    // The server's own answer will see all results that are in by then.
    if (this.#openCalls.size > 0 || this.#automaticAnswerComes) return undefined;
    if (this.#answer) {
      const answer = this.#answer;
      this.#answer = undefined;
      this.#needsFollowUp = false;
      return answer;
    }
    if (!this.#needsFollowUp) return undefined;
    this.#needsFollowUp = false;
    return { kind: 'answer', text: undefined };
  }
}

/** The responses of one connection: one at a time in its conversation, a few more outside of it. */
import type { InputItem } from './item-schema.ts';
import type { ResponseParameters } from './client-event.ts';
import type { StoredItem } from './conversation.ts';
import { storedItemOf } from './created-item.ts';
import { checkToolOffers } from './mcp-rules.ts';
import { RequestError } from './request-error.ts';
import { ResponseRun, type ResponseEnd, type ResponseParts } from './response-run.ts';
import type { Session } from './session.ts';
import type { ContextPiece } from './usage.ts';

const MAX_OUT_OF_BAND = 8;

export class Responses {
  readonly #parts: ResponseParts;
  readonly #done: (run: ResponseRun, end: ResponseEnd) => void;
  #active: ResponseRun | undefined;
  readonly #outOfBand = new Set<ResponseRun>();
  #lastPieces: ContextPiece[] = [];

  constructor(parts: ResponseParts, done: (run: ResponseRun, end: ResponseEnd) => void) {
    this.#parts = parts;
    this.#done = done;
  }

  /** Starts a response. @throws RequestError when one is active already, or its parameters are wrong. */
  create(session: Session, parameters: ResponseParameters): void {
    const isOutOfBand = parameters.conversation === 'none';
    if (!isOutOfBand && this.#active)
      throw new RequestError(
        'conversation_already_has_active_response',
        `Conversation already has an active response in progress: ${this.#active.id}. Wait until the response is finished before creating a new one.`,
      );
    if (isOutOfBand && this.#outOfBand.size >= MAX_OUT_OF_BAND)
      throw new RequestError('invalid_value', 'Too many responses are in progress.', 'response');
    if (parameters.tools) {
      checkToolOffers(parameters.tools, this.#parts.mcp.labels, 'response.tools');
      this.#parts.mcp.import(parameters.tools.filter((tool) => tool.type === 'mcp'));
    }
    const input = parameters.input?.map((item) => this.#inputItem(item, session));
    const run = new ResponseRun(this.#parts, session, parameters, input, this.#lastPieces, (ended, end) =>
      this.#ended(ended, end),
    );
    if (isOutOfBand) this.#outOfBand.add(run);
    else this.#active = run;
    void run.run();
  }

  /** @throws RequestError when there is nothing to cancel. */
  cancel(responseId: string | undefined): void {
    const named = [this.#active, ...this.#outOfBand].find((run) => run && run.id === responseId);
    const run = responseId === undefined ? this.#active : named;
    if (!run) throw new RequestError('response_cancel_not_active', 'Cancellation failed: no active response found.');
    run.cancel('client_cancelled');
  }

  /** The guest spoke. Only the conversation's own response is interrupted. */
  interrupt(): void {
    this.#active?.cancel('turn_detected');
  }

  close(): void {
    this.#active?.cancel('client_cancelled');
    for (const run of this.#outOfBand) run.cancel('client_cancelled');
  }

  #ended(run: ResponseRun, end: ResponseEnd): void {
    this.#outOfBand.delete(run);
    if (this.#active === run) {
      this.#active = undefined;
      this.#lastPieces = run.pieces;
    }
    this.#done(run, end);
  }

  #inputItem(item: InputItem, session: Session): StoredItem {
    if (item.type === 'item_reference') return this.#parts.conversation.get(item.id);
    return storedItemOf(item, session, this.#parts.speech);
  }
}

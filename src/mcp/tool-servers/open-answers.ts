/**
 * Answers of an HTTP server that are still coming. The MCP client waits for good when a stream ends without its answer, and
 * leaves a stream open when its call is given up; both are ended here.
 */
import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';

/** More than are ever asked at once; the oldest is forgotten. */
const MAX_ANSWERS = 128;
const EVENT_ID = /(?:^|\n)id: ?([^\r\n]+)/g;

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

export interface OpenAnswer {
  readonly id: number;
  readonly abort: AbortController;
  /** The server may end the stream and go on in another one that begins after this event. */
  lastEventId?: string;
  isGivenUp: boolean;
}

export class OpenAnswers {
  readonly #answers = new Map<number, OpenAnswer>();

  begin(id: number): OpenAnswer {
    const answer: OpenAnswer = { id, abort: new AbortController(), isGivenUp: false };
    this.#answers.set(id, answer);
    const oldest = this.#answers.keys().next().value;
    if (this.#answers.size > MAX_ANSWERS && oldest !== undefined) this.#answers.delete(oldest);
    return answer;
  }

  end({ id }: OpenAnswer): void {
    this.#answers.delete(id);
  }

  /** Nobody waits for it any more: its stream is closed. */
  giveUp(id: unknown): void {
    const answer = typeof id === 'number' ? this.#answers.get(id) : undefined;
    if (!answer) return;
    answer.isGivenUp = true;
    answer.abort.abort();
    // Kept while the client may still come back for the rest, to tell it that there is none.
    if (answer.lastEventId === undefined) this.#answers.delete(answer.id);
  }

  /** @returns the answer whose rest is asked for after this event. */
  after(lastEventId: string | null): OpenAnswer | undefined {
    if (lastEventId === null) return undefined;
    return [...this.#answers.values()].find((answer) => answer.lastEventId === lastEventId);
  }

  /** @returns the stream, which ends with an error for the client when it broke off, and quietly when it was given up. */
  completed(body: Bytes, answer: OpenAnswer): Bytes {
    const reader = body.getReader();
    const finish = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      if (answer.isGivenUp) controller.enqueue(events(result(answer.id)));
      else if (answer.lastEventId === undefined) {
        this.end(answer);
        controller.enqueue(events(brokenOff(answer.id)));
      }
      controller.close();
    };
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const next = await reader.read().catch(() => undefined);
        if (!next || next.done) return finish(controller);
        answer.lastEventId = lastIdIn(next.value) ?? answer.lastEventId;
        controller.enqueue(next.value);
      },
      cancel: (reason) => reader.cancel(reason),
    });
  }
}

/** What the client gets that comes back for an answer nobody waits for. */
export function nothingMore({ id }: OpenAnswer): Response {
  return new Response(events(result(id)), { headers: { 'content-type': 'text/event-stream' } });
}

function lastIdIn(bytes: Uint8Array): string | undefined {
  return [...Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').matchAll(EVENT_ID)].at(
    -1,
  )?.[1];
}

/** The client knows the request no longer and drops it, and the stream counts as complete. */
const result = (id: number): object => ({ jsonrpc: '2.0', id, result: {} });
/** Nothing happens when the answer was there already. */
const brokenOff = (id: number): object => ({
  jsonrpc: '2.0',
  id,
  error: { code: ErrorCode.ConnectionClosed, message: 'Connection closed' },
});

/** Begins with an empty line: half an event may stand before it. */
function events(message: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`\n\ndata: ${JSON.stringify(message)}\n\n`);
}

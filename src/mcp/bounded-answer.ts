/** An answer that cannot fill our memory: bounded as a whole, a stream of events by each of its events. */

/** An answer of a server of others that is longer than we read. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';

  constructor(maxBytes: number) {
    super(`the answer is longer than ${maxBytes} bytes`);
  }
}

const WITHOUT_BODY = new Set([101, 204, 205, 304]);
const [LINE_FEED, CARRIAGE_RETURN] = [10, 13];

/**
 * @param response its body is read by nobody else.
 * @returns the same answer; reading its body fails with AnswerTooLargeError past the bound. It is decompressed already.
 * @throws AnswerTooLargeError when its length says so beforehand.
 */
export function boundedAnswer(response: Response, maxBytes: number): Response {
  const { status, statusText } = response;
  const headers = new Headers([...response.headers]);
  const isCompressed = headers.has('content-encoding');
  if (!isCompressed && Number(headers.get('content-length') ?? 0) > maxBytes) {
    void response.body?.cancel();
    throw new AnswerTooLargeError(maxBytes);
  }
  if (isCompressed) for (const name of ['content-encoding', 'content-length']) headers.delete(name);
  const isEvents = headers.get('content-type')?.toLowerCase().startsWith('text/event-stream') ?? false;
  const body = WITHOUT_BODY.has(status) ? null : (response.body?.pipeThrough(meter(maxBytes, isEvents)) ?? null);
  return new Response(body, { status, statusText, headers });
}

function meter(maxBytes: number, isEvents: boolean): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  let last = 0;
  return new TransformStream({
    transform(chunk, controller) {
      for (const byte of isEvents ? chunk : []) {
        // An empty line ends an event, however lines end.
        const isEnd = isLineEnd(byte) && isLineEnd(last) && !(byte === LINE_FEED && last === CARRIAGE_RETURN);
        bytes = isEnd ? 0 : bytes + 1;
        last = byte;
        if (bytes > maxBytes) throw new AnswerTooLargeError(maxBytes);
      }
      if (!isEvents) bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new AnswerTooLargeError(maxBytes);
      controller.enqueue(chunk);
    },
  });
}

const isLineEnd = (byte: number): boolean => byte === LINE_FEED || byte === CARRIAGE_RETURN;

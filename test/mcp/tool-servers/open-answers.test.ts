import { expect, test } from 'vitest';
import { nothingMore, OpenAnswers } from '../../../src/mcp/tool-servers/open-answers.ts';

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** @param end how the stream ends after these chunks. */
function stream(chunks: string[], end: 'closed' | 'broken'): ReadableStream<Uint8Array<ArrayBuffer>> {
  const rest = [...chunks];
  return new ReadableStream({
    pull(controller) {
      const next = rest.shift();
      if (next !== undefined) return controller.enqueue(bytes(next));
      if (end === 'closed') return controller.close();
      controller.error(new Error('reset'));
    },
  });
}

const read = (body: ReadableStream<Uint8Array>): Promise<string> => new Response(body).text();

test.for(['closed', 'broken'] as const)('a stream that is %s ends with an error for who waits for it', async (end) => {
  const answers = new OpenAnswers();
  const text = await read(answers.completed(stream(['data: {"hal'], end), answers.begin(5)));
  expect(text).toBe(
    'data: {"hal\n\ndata: {"jsonrpc":"2.0","id":5,"error":{"code":-32000,"message":"Connection closed"}}\n\n',
  );
});

test('a stream whose events have ids may be gone on with, so nothing is added', async () => {
  const answers = new OpenAnswers();
  const answer = answers.begin(5);
  expect(await read(answers.completed(stream(['id: a\ndata:\n\n', 'id: b\ndata:\n\n'], 'closed'), answer))).toBe(
    'id: a\ndata:\n\nid: b\ndata:\n\n',
  );
  expect(answers.after('b')).toBe(answer);
  expect(answers.after('a')).toBeUndefined();
  expect(answers.after(null)).toBeUndefined();
});

test('an answer that is given up is called off, and whoever comes back for it gets an end', async () => {
  const answers = new OpenAnswers();
  const answer = answers.begin(5);
  await read(answers.completed(stream(['id: a\ndata:\n\n'], 'closed'), answer));
  answers.giveUp(5);
  expect(answer.abort.signal.aborted).toBe(true);
  expect(answers.after('a')).toMatchObject({ isGivenUp: true });
  expect(await nothingMore(answer).text()).toContain('"id":5,"result":{}');
});

test('what is not known is not given up, and of very many the oldest is forgotten', () => {
  const answers = new OpenAnswers();
  answers.giveUp('x');
  answers.giveUp(7);
  const first = answers.begin(0);
  for (let id = 1; id <= 128; id++) answers.begin(id);
  answers.giveUp(0);
  expect(first.abort.signal.aborted).toBe(false);
});

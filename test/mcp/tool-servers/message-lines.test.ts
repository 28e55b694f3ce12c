import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { MessageLines } from '../../../src/mcp/tool-servers/message-lines.ts';

function reading(): { lines: MessageLines; messages: JSONRPCMessage[]; tooLong: (number | undefined)[] } {
  const messages: JSONRPCMessage[] = [];
  const tooLong: (number | undefined)[] = [];
  const lines = new MessageLines({ message: (message) => messages.push(message), tooLong: (id) => tooLong.push(id) });
  return { lines, messages, tooLong };
}

const answer = (id: number, text: string): Buffer =>
  Buffer.from(`${JSON.stringify({ result: { text }, jsonrpc: '2.0', id })}\n`);

test('a message may come in pieces, also within a character, and two may come at once', () => {
  const { lines, messages } = reading();
  const bytes = Buffer.concat([answer(1, 'Grüße'), answer(2, 'b')]);
  for (const byte of bytes.subarray(0, -20)) lines.push(Buffer.from([byte]));
  lines.push(bytes.subarray(-20));
  expect(messages).toMatchObject([{ id: 1, result: { text: 'Grüße' } }, { id: 2 }]);
});

test('[TOOL-47] what is no message is counted and dropped; empty lines and carriage returns are nothing', () => {
  const { lines, messages } = reading();
  lines.push(Buffer.from(`hello\n\r\n{"jsonrpc":"1.0"}\nnull\n${String(answer(3, 'a')).trim()}\r\n`));
  expect(lines.junk).toBe(3);
  expect(messages).toMatchObject([{ id: 3 }]);
});

test('[TOOL-43] of an over-long line only the request it answered is told', () => {
  const { lines, messages, tooLong } = reading();
  const text = 'x'.repeat(2_000_000);
  lines.push(answer(7, text));
  lines.push(Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', id: 8, result: { text } })}\n`));
  const inPieces = answer(9, text);
  for (let from = 0; from < inPieces.length; from += 65_536) lines.push(inPieces.subarray(from, from + 65_536));
  lines.push(Buffer.from(`${text}\n`));
  lines.push(answer(10, 'fine'));
  expect(tooLong).toEqual([7, 8, 9, undefined]);
  expect(messages).toMatchObject([{ id: 10 }]);
});

test('a line of exactly 1 MiB is read', () => {
  const { lines, messages } = reading();
  const around = answer(1, '').length - 1;
  lines.push(answer(1, 'x'.repeat(1024 * 1024 - around)));
  expect(messages).toHaveLength(1);
});

import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  AnswerError,
  failureOf,
  ForgottenError,
  isOurFault,
  NotSentError,
} from '../../../src/mcp/tool-servers/link-errors.ts';

const cases: [string, unknown, 'transport' | 'protocol', boolean][] = [
  ['nothing was sent', new NotSentError('no connection'), 'transport', false],
  ['the server forgot us', new ForgottenError('404'), 'transport', false],
  ['refused by its status', new AnswerError('401', true), 'transport', false],
  ['broken by its status', new AnswerError('502'), 'transport', true],
  ['the connection closed meanwhile', new McpError(-32_000, 'Connection closed'), 'transport', true],
  ['an error of the server with the same code', new McpError(-32_000, 'no rooms'), 'protocol', true],
  ['an internal error', new McpError(-32_603, 'oh'), 'protocol', true],
  ['arguments it does not take', new McpError(-32_602, 'room?'), 'protocol', false],
  ['a tool it does not know', new McpError(-32_601, 'what?'), 'protocol', false],
  ['a result of a strange form', z.number().safeParse('x').error, 'protocol', true],
  ['a socket that broke', new TypeError('terminated'), 'transport', true],
  ['no error at all', 'oops', 'transport', true],
];

test.for(cases)('[TOOL-42] %s: what it is and whether it may have run', ([, error, why, mayHaveRun]) => {
  expect(failureOf(error)).toMatchObject({ kind: 'failed', why, mayHaveRun });
});

test('[TOOL-41] what was asked wrongly says nothing against the server', () => {
  expect(isOurFault(new McpError(-32_602, 'room?'))).toBe(true);
  expect(isOurFault(new McpError(-32_603, 'oh'))).toBe(false);
});

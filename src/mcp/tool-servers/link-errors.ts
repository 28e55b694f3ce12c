/** What goes wrong on the way to a tool server, and what a call is told of it. */
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { LinkResult } from '../../hotel/tool-servers/ports.ts';

/** Nothing reached the server. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

/** The server answered our session with 404: it knows nothing of us, so it did nothing (rule TOOL-47). */
export class ForgottenError extends Error {
  override readonly name = 'ForgottenError';
}

/** The server answered with a status that carries no answer, or with a body that cannot be one. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  /** The status says that the request was refused before anything was done. */
  readonly isRefusal: boolean;

  constructor(message: string, isRefusal = false) {
    super(message);
    this.isRefusal = isRefusal;
  }
}

/** We gave up waiting, and told the server so. */
export class EndedError extends Error {
  override readonly name = 'EndedError';
  readonly why: 'timeout' | 'cancelled';

  constructor(why: 'timeout' | 'cancelled', withinMs: number) {
    super(why === 'timeout' ? `no answer within ${withinMs / 1_000} s` : 'nobody waits for it any more');
    this.why = why;
  }
}

export type LinkFailure = Extract<LinkResult, { kind: 'failed' }>;

/** Codes that say: this was asked wrongly, and nothing was done. The last one is of resources. */
const NOT_DONE: readonly number[] = [
  ErrorCode.MethodNotFound,
  ErrorCode.InvalidParams,
  ErrorCode.InvalidRequest,
  -32_002,
];

const CLOSED: number = ErrorCode.ConnectionClosed;
/** A connection that closed, in the client's own words; a server may use the code for something else. */
const isClosing = (error: McpError): boolean => error.code === CLOSED && error.message.endsWith('Connection closed');

/** @returns whether the request itself was at fault: the server is well. */
export function isOurFault(error: unknown): boolean {
  return error instanceof McpError && NOT_DONE.includes(error.code);
}

/** @returns whether the server may still be at it: it neither answered, nor is it sure that it was not reached. */
export function isHalfDone(error: unknown): boolean {
  const { why, mayHaveRun } = failureOf(error);
  return why === 'transport' && mayHaveRun && !(error instanceof McpError);
}

/** @returns an error as its failure. The message is not free of secrets. */
export function failureOf(error: unknown): LinkFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof EndedError) return { kind: 'failed', why: error.why, message, mayHaveRun: true };
  if (error instanceof NotSentError || error instanceof ForgottenError)
    return { kind: 'failed', why: 'transport', message, mayHaveRun: false };
  if (error instanceof McpError && !isClosing(error))
    return { kind: 'failed', why: 'protocol', message, mayHaveRun: !NOT_DONE.includes(error.code) };
  // A result that is not of the protocol's form.
  if (error instanceof Error && /^\$?ZodError$/.test(error.name))
    return { kind: 'failed', why: 'protocol', message: 'the answer has not the form of a result', mayHaveRun: true };
  return { kind: 'failed', why: 'transport', message, mayHaveRun: !(error instanceof AnswerError && error.isRefusal) };
}

/** `fetch` as the MCP client gets it for one server: our headers and token, errors by name, bounded answers, no redirects. */
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Clock } from '../../call/ports.ts';
import { boundedAnswer } from '../bounded-answer.ts';
import { OutsideAddressError } from '../outside-address.ts';
import { AnswerError, ForgottenError, NotSentError } from './link-errors.ts';
import { nothingMore, OpenAnswers, type OpenAnswer } from './open-answers.ts';

/** Of an answer, or of one event of a stream. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** A server may tell the client to come back for its stream at once, for ever. */
const STREAM_EVERY_MS = 1_000;
const NOTICE_WITHIN_MS = 5_000;
/** Nothing was sent when the connection failed like this. */
const NO_CONNECTION =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|DEPTH_ZERO_.*|ERR_TLS_.*)$/;

export interface ServerFetchOptions {
  fetch: FetchLike;
  clock: Clock;
  kind: 'http' | 'sse';
  headers: Record<string, string>;
  /** @returns the bearer token; asked for each request. */
  authorization?: (() => Promise<string | undefined>) | undefined;
  /** The server refused this token. */
  rejected?: ((token: string | undefined) => void) | undefined;
  /** A token that is in use from now on. */
  using(token: string): void;
}

/** What of a message of ours counts here. */
interface Sent {
  id?: unknown;
  method?: unknown;
  params?: { requestId?: unknown };
}

/**
 * @returns a `fetch` that rejects with NotSentError, ForgottenError or AnswerError for POST; what the client handles itself
 * of other methods is left to it.
 */
export function serverFetch(options: ServerFetchOptions): FetchLike {
  const answers = new OpenAnswers();
  let streamAtMs = -Infinity;
  return async (url, init = {}) => {
    if (init.method === 'POST') return post(url, init);
    if (init.method === 'DELETE') return request(options, url, init);
    const resumed = answers.after(new Headers(init.headers).get('last-event-id'));
    if (resumed?.isGivenUp) {
      answers.end(resumed);
      return nothingMore(resumed);
    }
    const waitMs = streamAtMs + STREAM_EVERY_MS - options.clock.nowMs();
    streamAtMs = options.clock.nowMs() + Math.max(0, waitMs);
    if (waitMs > 0) await new Promise<void>((resolve) => options.clock.after(waitMs, resolve));
    const response = await request(options, url, resumed ? withAbort(init, resumed.abort) : init);
    return resumed ? completedIfEvents(response, resumed) : response;
  };

  async function post(url: string | URL, init: RequestInit): Promise<Response> {
    const sent = messageOf(init);
    if (sent.method === 'notifications/cancelled') answers.giveUp(sent.params?.requestId);
    const answer = typeof sent.id === 'number' && sent.method !== undefined ? answers.begin(sent.id) : undefined;
    // Requests have limits of their own; nobody waits for what comes of a notification.
    const abort = answer?.abort ?? new AbortController();
    const callOff = answer ? () => {} : options.clock.after(NOTICE_WITHIN_MS, () => abort.abort());
    try {
      const response = await request(options, url, withAbort(init, abort));
      if (!response.ok) throw errorOf(options, init, response);
      return answer ? completedIfEvents(response, answer) : response;
    } catch (error) {
      if (answer) answers.end(answer);
      throw error;
    } finally {
      callOff();
    }
  }

  function completedIfEvents(response: Response, answer: OpenAnswer): Response {
    const isEvents = response.headers.get('content-type')?.toLowerCase().startsWith('text/event-stream') ?? false;
    if (!isEvents || !response.body) return response;
    const { status, statusText, headers } = response;
    return new Response(answers.completed(response.body, answer), { status, statusText, headers });
  }
}

/** One request; a token that was refused is asked for once more, since nothing was done. */
async function request(options: ServerFetchOptions, url: string | URL, init: RequestInit): Promise<Response> {
  const token = await tokenOf(options);
  const response = await requestWith(options, url, init, token);
  if (response.status !== 401 || !options.rejected) return response;
  options.rejected(token);
  const fresh = await tokenOf(options);
  if (fresh === undefined || fresh === token) return response;
  void response.body?.cancel();
  return requestWith(options, url, init, fresh);
}

async function requestWith(
  { fetch, headers: own }: ServerFetchOptions,
  url: string | URL,
  init: RequestInit,
  token: string | undefined,
): Promise<Response> {
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(own)) headers.set(name, value);
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  const response = await fetch(url, { ...init, headers, redirect: 'manual' }).catch((error: unknown) => {
    throw nothingSentBy(error) ?? error;
  });
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    void response.body?.cancel();
    throw new AnswerError('the server answers with a redirect, and redirects are not followed', true);
  }
  return boundedAnswer(response, MAX_ANSWER_BYTES);
}

async function tokenOf({ authorization, using }: ServerFetchOptions): Promise<string | undefined> {
  const token = await authorization?.().catch((cause: unknown) => {
    throw new NotSentError(`no token for the server: ${cause instanceof Error ? cause.message : 'unknown'}`, { cause });
  });
  if (token !== undefined) using(token);
  return token;
}

function nothingSentBy(error: unknown): NotSentError | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (cause instanceof OutsideAddressError) return new NotSentError(cause.message, { cause: error });
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (NO_CONNECTION.test(code)) return new NotSentError(`no connection: ${code}`, { cause: error });
  }
  return undefined;
}

function errorOf(options: ServerFetchOptions, init: RequestInit, response: Response): Error {
  const { status } = response;
  void response.body?.cancel();
  if (status === 404 && isOfSession(options, init))
    return new ForgottenError('the server does not know our session any more (HTTP 404)');
  if (status === 401 || status === 403) return new AnswerError(`the server refuses our token (HTTP ${status})`, true);
  return new AnswerError(`the server answers with HTTP ${status}`, status < 500);
}

/** The older transport has its session in the address. */
function isOfSession({ kind }: ServerFetchOptions, init: RequestInit): boolean {
  return kind === 'sse' ? init.method === 'POST' : new Headers(init.headers).has('mcp-session-id');
}

function withAbort(init: RequestInit, abort: AbortController): RequestInit {
  return { ...init, signal: init.signal ? AbortSignal.any([init.signal, abort.signal]) : abort.signal };
}

function messageOf({ body }: RequestInit): Sent {
  const message: unknown = typeof body === 'string' ? JSON.parse(body) : undefined;
  return typeof message === 'object' && message !== null ? message : {};
}

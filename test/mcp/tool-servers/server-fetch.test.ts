import { expect, test, vi } from 'vitest';
import { AnswerTooLargeError } from '../../../src/mcp/bounded-answer.ts';
import { OutsideAddressError } from '../../../src/mcp/outside-address.ts';
import { AnswerError, ForgottenError, NotSentError } from '../../../src/mcp/tool-servers/link-errors.ts';
import { serverFetch, type ServerFetchOptions } from '../../../src/mcp/tool-servers/server-fetch.ts';
import { FakeClock } from '../../fake-clock.ts';

const URL_OF_SERVER = 'https://rooms.example/mcp';
const CALL = { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call' }) };

interface Stage {
  clock: FakeClock;
  fetch: ReturnType<typeof serverFetch>;
  /** Headers of the requests, in order. */
  requests: Headers[];
  inits: RequestInit[];
}

function stage(answer: () => Response | Promise<Response>, more: Partial<ServerFetchOptions> = {}): Stage {
  const clock = new FakeClock();
  const requests: Headers[] = [];
  const inits: RequestInit[] = [];
  const fetch = serverFetch({
    clock,
    kind: 'http',
    headers: {},
    using: () => {},
    fetch: async (_url, init = {}) => {
      requests.push(new Headers(init.headers));
      inits.push(init);
      return answer();
    },
    ...more,
  });
  return { clock, fetch, requests, inits };
}

const status =
  (code: number, headers: Record<string, string> = {}): (() => Response) =>
  () =>
    new Response(null, { status: code, headers });

function refusing(error: Error): () => Promise<Response> {
  return async () => {
    throw error;
  };
}

test('a request carries the headers of the definition and the token, and follows no redirect', async () => {
  const using: string[] = [];
  const { fetch, requests, inits } = stage(status(202), {
    headers: { 'x-hotel': 'seaview', accept: 'text/plain' },
    authorization: () => Promise.resolve('token-1'),
    using: (token) => using.push(token),
  });
  await fetch(URL_OF_SERVER, { ...CALL, headers: { accept: 'application/json', 'mcp-session-id': 's' } });
  expect(Object.fromEntries(requests[0] ?? [])).toEqual({
    accept: 'text/plain',
    authorization: 'Bearer token-1',
    'mcp-session-id': 's',
    'x-hotel': 'seaview',
  });
  expect(inits[0]?.redirect).toBe('manual');
  expect(using).toEqual(['token-1']);
});

test.for([
  [401, true],
  [403, true],
  [400, true],
  [429, true],
  [302, true],
  [404, true],
  [500, false],
  [503, false],
] as const)(
  '[TOOL-42] a POST that is answered with %i: whether it was refused before it ran is %s',
  async ([code, isRefusal]) => {
    const { fetch } = stage(status(code, { location: 'https://elsewhere.example/' }));
    await expect(fetch(URL_OF_SERVER, CALL)).rejects.toMatchObject({ name: 'AnswerError', isRefusal });
  },
);

test('[TOOL-47] 404 on a session is its end; without one it is an answer', async () => {
  const { fetch } = stage(status(404));
  const inSession = { ...CALL, headers: { 'mcp-session-id': 's' } };
  await expect(fetch(URL_OF_SERVER, inSession)).rejects.toThrow(ForgottenError);
  await expect(fetch(URL_OF_SERVER, CALL)).rejects.toThrow(AnswerError);
  await expect(stage(status(404), { kind: 'sse' }).fetch(URL_OF_SERVER, CALL)).rejects.toThrow(ForgottenError);
});

test.for([
  [
    'refused',
    Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
  ],
  ['an address that is not allowed', new OutsideAddressError('10.0.0.1 is not allowed')],
] as const)('[TOOL-42] a connection that was %s sent nothing', async ([, error]) => {
  await expect(stage(refusing(error)).fetch(URL_OF_SERVER, CALL)).rejects.toThrow(NotSentError);
});

test('[TOOL-42] a connection that broke may have sent it', async () => {
  const broke = Object.assign(new TypeError('terminated'), { code: 'ECONNRESET' });
  await expect(stage(refusing(broke)).fetch(URL_OF_SERVER, CALL)).rejects.toBe(broke);
});

test('[TOOL-46] a refused token is asked for once more, and the same one is not sent again', async () => {
  const tokens = ['old', 'new', 'new'];
  let rejections = 0;
  const { fetch, requests } = stage(status(401), {
    authorization: () => Promise.resolve(tokens.shift()),
    rejected: () => rejections++,
  });
  await expect(fetch(URL_OF_SERVER, CALL)).rejects.toThrow('refuses our token (HTTP 401)');
  expect(requests.map((headers) => headers.get('authorization'))).toEqual(['Bearer old', 'Bearer new']);
  const same = stage(status(401), { authorization: () => Promise.resolve('same'), rejected: () => rejections++ });
  await expect(same.fetch(URL_OF_SERVER, CALL)).rejects.toThrow(AnswerError);
  expect(same.requests).toHaveLength(1);
  expect(rejections).toBe(2);
});

test('[TOOL-43] an answer of more than 4 MiB is not read', async () => {
  const { fetch } = stage(
    () => new Response('x'.repeat(5_000_000), { headers: { 'content-type': 'application/json' } }),
  );
  const response = await fetch(URL_OF_SERVER, CALL);
  await expect(response.text()).rejects.toThrow(AnswerTooLargeError);
});

test('a server that sends the client back to its stream at once is asked once a second', async () => {
  const { fetch, clock, requests } = stage(status(200));
  await fetch(URL_OF_SERVER, { method: 'GET' });
  const again = fetch(URL_OF_SERVER, { method: 'GET' });
  clock.advance(999);
  expect(requests).toHaveLength(1);
  clock.advance(1);
  await again;
  expect(requests).toHaveLength(2);
});

test('a notice that nobody takes is given up after 5 s', async () => {
  const { fetch, clock, inits } = stage(() => new Promise<Response>(() => {}));
  void fetch(URL_OF_SERVER, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled' }),
  });
  await vi.waitFor(() => expect(inits).toHaveLength(1));
  clock.advance(5_000);
  expect(inits[0]?.signal?.aborted).toBe(true);
});

test('a call that is cancelled is not waited for any more', async () => {
  const { fetch, inits } = stage(() => new Promise<Response>(() => {}));
  void fetch(URL_OF_SERVER, CALL);
  await vi.waitFor(() => expect(inits).toHaveLength(1));
  const body = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
  void fetch(URL_OF_SERVER, { method: 'POST', body });
  expect(inits[0]?.signal?.aborted).toBe(true);
});

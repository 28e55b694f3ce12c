/** Where the bearer of a tool server comes from, and how long it is kept. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bearer, type BearerOptions } from '../../src/mcp/bearer.ts';
import { BearerError } from '../../src/mcp/client-credentials.ts';
import { outsideFetch } from '../../src/mcp/outside-fetch.ts';
import { FakeClock } from '../fake-clock.ts';
import { tokenServer, type TokenServer } from './token-server.ts';

const SECRET = 'hunter2-hunter2';
const BASIC = `Basic ${Buffer.from(`bellhop:${SECRET}`).toString('base64')}`;
const MINUTE = 60_000;

let server: TokenServer;
let clock: FakeClock;
let told: string[];
const bearers: Bearer[] = [];

beforeEach(async () => {
  server = await tokenServer();
  clock = new FakeClock();
  told = [];
});
afterEach(async () => {
  for (const bearer of bearers.splice(0)) bearer.close();
  await server.close();
});

function bearerOf(oauth: Partial<NonNullable<BearerOptions['definition']['oauth']>> = {}): Bearer {
  const bearer = new Bearer({
    definition: { oauth: { client_id: 'bellhop', client_secret: SECRET, ...oauth } },
    serverUrl: server.serverUrl,
    fetch: outsideFetch({ isLoopbackAllowed: true, trustedHosts: [], maxBytes: 100_000, connectWithinMs: 2_000 }),
    clock,
    failed: ({ message }) => told.push(message),
  });
  bearers.push(bearer);
  return bearer;
}

const failureOf = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error('no failure'),
    (error: unknown) => error as Error,
  );

/** Time passes; what that brings about over the socket is waited for. */
async function pass(byMs: number, isDone: () => boolean): Promise<void> {
  clock.advance(byMs);
  await vi.waitFor(() => expect(isDone()).toBe(true), { interval: 5 });
}

describe('a pasted token', () => {
  it('is the bearer, whatever happens; none is none', async () => {
    const fetch = () => Promise.reject(new Error('asked'));
    const pasted = new Bearer({ definition: { authorization: 'abc' }, serverUrl: server.serverUrl, fetch, clock });
    pasted.rejected();
    expect([await pasted.get(), pasted.current]).toEqual(['abc', 'abc']);
    const none = new Bearer({ definition: {}, serverUrl: server.serverUrl, fetch, clock });
    expect([await none.get(), none.current]).toEqual([undefined, undefined]);
  });
});

describe('client credentials', () => {
  it('are sent where the server’s metadata says, for this server alone', async () => {
    const bearer = bearerOf({ scope: 'rooms:read' });
    expect(bearer.current).toBeUndefined();
    expect(await bearer.get()).toBe('token-1');
    expect(bearer.current).toBe('token-1');
    expect(server.paths).toEqual([
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-authorization-server/login',
      '/token',
    ]);
    const form = { grant_type: 'client_credentials', scope: 'rooms:read', resource: server.serverUrl };
    expect(server.requests).toEqual([{ authorization: BASIC, form }]);
  });

  it('go to the token_url when the definition names one, and nothing else is asked', async () => {
    expect(await bearerOf({ token_url: server.tokenUrl }).get()).toBe('token-1');
    expect(server.paths).toEqual(['/token']);
    expect(server.requests[0]).toMatchObject({ authorization: BASIC, form: { resource: server.serverUrl } });
  });

  it('stand in the body when the metadata wants them there', async () => {
    server.state.authMethods = ['client_secret_post'];
    await bearerOf().get();
    expect(server.requests[0]).toMatchObject({
      authorization: undefined,
      form: { client_id: 'bellhop', client_secret: SECRET },
    });
  });

  it.each<[string, (state: TokenServer['state']) => void]>([
    ['another issuer than was named', (state) => (state.issuer = 'https://elsewhere.example')],
    ['metadata for another server', (state) => (state.resource = 'https://elsewhere.example/mcp')],
    ['no metadata at all', (state) => (state.hasMetadata = false)],
  ])('are not sent on account of %s', async (_, change) => {
    change(server.state);
    expect(await failureOf(bearerOf().get())).toBeInstanceOf(BearerError);
    expect(server.requests).toEqual([]);
  });

  it('[T10] are not sent to an address that is not allowed', async () => {
    const failure = await failureOf(bearerOf({ token_url: 'https://169.254.169.254/token' }).get());
    expect(failure.message).toContain('169.254.169.254 is no public address');
  });

  it.each([
    [{ status: 401, body: `{"error":"invalid_client","error_description":"${SECRET}"}` }, 'invalid_client'],
    [{ status: 500, body: `<p>${SECRET}</p>` }, 'server_error'],
    [{ status: 200, body: SECRET }, 'its answer is no token'],
    [{ status: 200, body: `{"access_token":"a b\\n${SECRET}","token_type":"bearer"}` }, 'cannot be sent'],
    [{ status: 200, body: `{"access_token":"${SECRET}","token_type":"mac"}` }, 'another type than bearer'],
  ])('an answer such as %j is told without its words', async (answer, told1) => {
    server.state.answer = answer;
    const failure = await failureOf(bearerOf().get());
    expect(failure).toBeInstanceOf(BearerError);
    expect(failure.message).toContain(told1);
    expect(told).toEqual([failure.message]);
    expect(`${failure.stack} ${JSON.stringify(failure)} ${String(failure.cause)}`).not.toContain(SECRET);
  });
});

describe('a fetched token', () => {
  it('is fetched once, however many ask meanwhile', async () => {
    const bearer = bearerOf();
    expect(await Promise.all([bearer.get(), bearer.get(), bearer.get()])).toEqual(['token-1', 'token-1', 'token-1']);
    expect(server.requests).toHaveLength(1);
  });

  it('is renewed at 80 % of its life, and whoever listens hears of it', async () => {
    server.state.lifeS = 600;
    const bearer = bearerOf();
    const heard: string[] = [];
    const stop = bearer.refreshed((token) => heard.push(token));
    await bearer.get();
    clock.advance(8 * MINUTE - 1);
    expect(server.requests).toHaveLength(1);
    await pass(1, () => bearer.current === 'token-2');
    stop();
    await pass(8 * MINUTE, () => bearer.current === 'token-3');
    expect(heard).toEqual(['token-1', 'token-2']);
    // Where tokens come from was asked once.
    expect(server.paths.filter((path) => path !== '/token')).toHaveLength(2);
  });

  it.each([
    [200, 140_000],
    [30, 15_000],
    [0, 5_000],
  ])('of %s s is renewed after %s ms', async (lifeS, afterMs) => {
    server.state.lifeS = lifeS;
    const bearer = bearerOf();
    await bearer.get();
    clock.advance(afterMs - 1);
    expect(server.requests).toHaveLength(1);
    await pass(1, () => bearer.current === 'token-2');
  });

  it('without a told end lives until it is rejected; then the next who asks gets another', async () => {
    server.state.lifeS = undefined;
    const bearer = bearerOf();
    await bearer.get();
    clock.advance(100 * 24 * 60 * MINUTE);
    expect(await bearer.get()).toBe('token-1');
    bearer.rejected('token-1');
    expect(bearer.current).toBeUndefined();
    expect(await bearer.get()).toBe('token-2');
    bearer.rejected('token-1');
    expect(bearer.current).toBe('token-2');
  });

  it('that is refused as soon as it is given is not asked for again at once', async () => {
    const bearer = bearerOf();
    await bearer.get();
    bearer.rejected();
    expect((await failureOf(bearer.get())).message).toBe('the server refuses the token that it was given');
    expect(server.requests).toHaveLength(1);
    clock.advance(1_000);
    expect(await bearer.get()).toBe('token-2');
  });

  it('outlives a renewal that fails; after its end there is none', async () => {
    server.state.lifeS = 600;
    const bearer = bearerOf();
    await bearer.get();
    server.state.answer = { status: 503, body: '{}' };
    await pass(8 * MINUTE, () => told.length === 1);
    expect(bearer.current).toBe('token-1');
    await pass(1_000, () => told.length === 2);
    await pass(2_000, () => told.length === 3);
    clock.stall(2 * MINUTE);
    expect(bearer.current).toBeUndefined();
    server.state.answer = undefined;
    await pass(1, () => bearer.current === 'token-5');
  });
});

describe('failures', () => {
  it('are answered at once until the pause is over, and the pause doubles up to a minute', async () => {
    server.state.answer = { status: 503, body: '{}' };
    const bearer = bearerOf();
    for (const [tries, pauseMs] of [1, 2, 4, 8, 16, 32, 60, 60].map((s, i) => [i + 1, s * 1_000] as const)) {
      await failureOf(bearer.get());
      clock.advance(pauseMs - 1);
      await failureOf(bearer.get());
      expect(server.requests).toHaveLength(tries);
      clock.advance(1);
    }
  });

  it('an authorization server that does not answer is given up after 10 s', async () => {
    server.state.held = [];
    const bearer = bearerOf();
    const failure = failureOf(bearer.get());
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    clock.advance(10_000);
    expect((await failure).message).toBe('no token from the authorization server: it took too long');
  });

  it('nothing is fetched after the end, and a request under way is dropped', async () => {
    server.state.held = [];
    const bearer = bearerOf();
    const failure = failureOf(bearer.get());
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    bearer.close();
    bearer.close();
    expect(await failure).toBeInstanceOf(BearerError);
    expect(await failureOf(bearer.get())).toBeInstanceOf(BearerError);
    expect([server.requests.length, told]).toEqual([1, []]);
  });
});

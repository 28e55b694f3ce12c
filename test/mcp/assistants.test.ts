/** Assistants of the hotel at `/mcp`: who is let in, what their tokens open, how much they may ask. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settled } from '../hotel/hotel-stage.ts';
import { assistantStage, METADATA, RESOURCE, type AssistantStage } from './assistant-stage.ts';
import { rpc } from './mcp-stage.ts';

const ALL = 'requests:read requests:write information:read';
const LAMP = { summary: 'The lamp in the lobby is broken' };
const create = { name: 'create_service_request', arguments: LAMP };

let stage: AssistantStage;
beforeEach(async () => {
  stage = await assistantStage();
});
afterEach(() => stage.close());

interface Answer {
  status: number;
  challenge: string | null;
  retryAfter: string | null;
  body: {
    result?: { tools?: { name: string }[]; content?: { text: string }[]; isError?: boolean };
    error?: { message: string };
  };
}

async function send(token: string | undefined, body = rpc('tools/list')): Promise<Answer> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(stage.url, { method: 'POST', headers, body });
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    retryAfter: response.headers.get('retry-after'),
    body: (await response.json()) as Answer['body'],
  };
}
const call = (name: string, input: unknown = {}): string => rpc('tools/call', { name, arguments: input });

describe('who is let in', () => {
  it('the holder of a token, to the tools it opens, with the protocol’s own client', async () => {
    const client = await stage.connect(stage.issue());
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'create_service_request',
      'get_service_requests',
      'update_service_request_priority',
      'get_hotel_information',
    ]);
    expect((await client.listTools()).tools).toEqual(tools);
    expect(await client.callTool(create)).toMatchObject({
      content: [{ text: 'Recorded for maintenance as request 101.' }],
      structuredContent: { request_number: 101 },
    });
    expect(stage.book.rows).toMatchObject([{ callId: null }]);
    expect(stage.audited).toEqual(['Night assistant create_service_request ok']);
  });

  it('nobody without a token: 401 says where tokens are for, and what scopes there are', async () => {
    const { status, challenge } = await send(undefined);
    expect(status).toBe(401);
    expect(challenge).toBe(`Bearer scope="${ALL}", resource_metadata="${METADATA}"`);
  });

  it.each<[string, () => string]>([
    ['unknown', () => `bh_${'a'.repeat(43)}`],
    ['cut short', () => stage.issue().slice(0, -1)],
    ['without its mark', () => stage.issue().slice(3)],
    [
      'revoked',
      () => {
        const token = stage.issue();
        stage.revoke(token);
        return token;
      },
    ],
    [
      'expired',
      () => {
        const token = stage.issue();
        stage.accessClock.advance(3_600_000);
        return token;
      },
    ],
  ])('nobody whose token is %s', async (_, tokenOf) => {
    const { status, challenge } = await send(tokenOf());
    expect(status).toBe(401);
    expect(challenge).toBe(`Bearer error="invalid_token", scope="${ALL}", resource_metadata="${METADATA}"`);
  });

  it('only what has the form of a token is looked up', async () => {
    for (const token of ['a'.repeat(43), 'bh_short-short-short', `bh_${'a'.repeat(44)}`]) await send(token);
    expect(stage.lookups.count).toBe(0);
  });

  it('nobody while tokens cannot be looked up, and nothing of the reason is told', async () => {
    const token = stage.issue();
    stage.lookups.isAway = true;
    const { status, body } = await send(token);
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('10.0.0.7');
  });

  it('the token of a call opens the tools of that call, as before', async () => {
    const { body } = await send(stage.callArrives('A'));
    expect(body.result?.tools?.map(({ name }) => name)).toContain('verify_guest');
  });

  it('the metadata of the resource says what it is and what scopes there are', async () => {
    const response = await fetch(new URL('/.well-known/oauth-protected-resource/mcp', stage.url));
    expect(await response.json()).toEqual({
      resource: RESOURCE,
      resource_name: stage.hotel.name,
      scopes_supported: ALL.split(' '),
      bearer_methods_supported: ['header'],
    });
  });
});

describe('the protocol', () => {
  it.each(['2025-03-26', '2025-06-18', '2025-11-25'])('revision %s is spoken with who asks for it', async (version) => {
    const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'test', version: '1' } };
    const { body } = await send(stage.issue(), rpc('initialize', params));
    expect(body.result).toMatchObject({ protocolVersion: version, capabilities: { tools: {} } });
  });

  it('a restart between two calls goes unnoticed', async () => {
    const client = await stage.connect(stage.issue());
    await client.callTool(create);
    await stage.restart();
    // The old connection is found to be gone by whoever uses it next.
    await vi.waitFor(() => client.ping());
    expect(await client.callTool(create)).toMatchObject({
      structuredContent: { request_number: 101, duplicate: true },
    });
  });
});

describe('scopes', () => {
  it('a tool outside of them is not listed, and calling it is 403 with what is lacking', async () => {
    const token = stage.issue(['requests:read']);
    const { body } = await send(token);
    expect(body.result?.tools?.map(({ name }) => name)).toEqual(['get_service_requests']);
    const { status, challenge } = await send(token, call('create_service_request', LAMP));
    expect(status).toBe(403);
    expect(challenge).toBe(
      `Bearer error="insufficient_scope", scope="requests:write", resource_metadata="${METADATA}"`,
    );
    expect(stage.book.rows).toEqual([]);
    expect(stage.audited).toEqual(['Night assistant create_service_request refused']);
  });

  it('of two calls in one request the allowed one is answered, the other refused in its result', async () => {
    const [allowed, other] = [call('get_service_requests'), call('create_service_request', LAMP)];
    const token = stage.issue(['requests:read']);
    const { status, body } = await send(token, `[${allowed},${other.replace('"id":1', '"id":2')}]`);
    expect(status).toBe(200);
    const results = body as unknown as { id: number; result: { isError: boolean; content: { text: string }[] } }[];
    expect(Object.fromEntries(results.map(({ id, result }) => [id, result.isError]))).toEqual({ 1: false, 2: true });
    expect(JSON.stringify(body)).toContain('This token lacks the scope requests:write.');
    expect(stage.book.rows).toEqual([]);
  });

  it('an unknown tool is a result that says so, not a question of scope', async () => {
    const { status, body } = await send(stage.issue([]), call('open_safe'));
    expect(status).toBe(200);
    expect(body.result).toMatchObject({ isError: true, content: [{ text: 'There is no tool open_safe.' }] });
  });
});

describe('how much', () => {
  it('120 requests at once in a row, then two a second', async () => {
    const token = stage.issue();
    for (let i = 0; i < 120; i++) expect((await send(token)).status).toBe(200);
    expect(await send(token)).toMatchObject({ status: 429, retryAfter: '1' });
    expect((await send(stage.issue())).status).toBe(200);
    stage.accessClock.advance(500);
    expect((await send(token)).status).toBe(200);
    expect((await send(token)).status).toBe(429);
  });

  it('eight at once, and again when one is over', async () => {
    const token = stage.issue();
    stage.book.hold();
    const running = Array.from({ length: 8 }, () => send(token, call('get_service_requests')));
    await vi.waitFor(() => expect(stage.lookups.count).toBe(8));
    await settled();
    const [ninth, other] = await Promise.all([send(token), send(stage.issue())]);
    expect([ninth.status, other.status]).toEqual([429, 200]);
    stage.book.release();
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual(Array(8).fill(200));
    await vi.waitFor(async () => expect((await send(token)).status).toBe(200));
  });

  it('an asker who goes away gives their place back', async () => {
    const token = stage.issue();
    stage.book.hold();
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    const stop = new AbortController();
    const gone = Array.from({ length: 8 }, () =>
      fetch(stage.url, { method: 'POST', headers, body: call('get_service_requests'), signal: stop.signal }).catch(
        () => {},
      ),
    );
    await vi.waitFor(() => expect(stage.lookups.count).toBe(8));
    await settled();
    expect((await send(token)).status).toBe(429);
    stop.abort();
    await Promise.all(gone);
    await vi.waitFor(async () => expect((await send(token)).status).toBe(200));
    stage.book.release();
  });
});

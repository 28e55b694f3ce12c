/** What comes to `/mcp` over the bare wire: who is let in, what is refused and in which words. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settled, TOWELS } from '../hotel/hotel-stage.ts';
import { mcpStage, rpc, type McpStage } from './mcp-stage.ts';

let stage: McpStage;
let token: string;
beforeEach(async () => {
  stage = await mcpStage();
  token = stage.callArrives('A');
});
afterEach(() => stage.close());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: { jsonrpc?: string; result?: Record<string, unknown>; error?: { code: number; message: string } };
}

/** Sends one request as it is; node:http lets a test name its own Host. */
async function send(headers: Record<string, string> = {}, body = rpc('tools/list'), method = 'POST'): Promise<Answer> {
  const outgoing = httpRequest(stage.url, {
    method,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
      ...headers,
    },
  });
  outgoing.end(method === 'POST' ? body : undefined);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part as string;
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Answer['body']),
  };
}

describe('who is let in', () => {
  it('the holder of a live token, without any handshake before', async () => {
    const { status, headers, body } = await send();
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('application/json');
    expect(headers['mcp-session-id']).toBeUndefined();
    expect(body.result?.tools).toHaveLength(5);
  });

  it.each([
    ['a foreign page', { origin: 'https://evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['a page whose name begins like ours', { origin: 'https://bellhop.example.evil.example' }],
    ['a name that was rebound to us', { host: 'evil.example' }],
    ['our name on another port', { host: 'bellhop.example:8080' }],
  ])('not %s, even with a token', async (_who, headers) => {
    const { status, body } = await send(headers);
    expect(status).toBe(403);
    expect(body).toEqual({
      jsonrpc: '2.0',
      error: { code: -32_000, message: 'Not for this origin or host.' },
      id: null,
    });
  });

  it('our own page and our public name, in any case of letters', async () => {
    expect((await send({ origin: `http://${stage.host()}` })).status).toBe(200);
    expect((await send({ host: 'Bellhop.Example', origin: 'https://bellhop.example' })).status).toBe(200);
  });

  it.each([
    ['a wrong token', `Bearer ${'a'.repeat(43)}`],
    ['another scheme', `Basic ${'a'.repeat(43)}`],
    ['an empty token', 'Bearer '],
    ['names of every object', 'Bearer constructor__proto__toString'],
  ])('not %s: 401 with a challenge', async (_what, authorization) => {
    const { status, headers, body } = await send({ authorization });
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    expect(body.error?.message).toBe('The token of a live call is needed.');
  });

  it('not without a token: 401 with a bare challenge', async () => {
    const response = await fetch(stage.url, { method: 'POST', body: rpc('tools/list') });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('not with the token of a call that is over', async () => {
    stage.callEnds('A');
    expect((await send()).status).toBe(401);
  });

  it('a token in the address counts for nothing', async () => {
    const response = await fetch(`${stage.url}?token=${token}&authorization=${token}`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
  });
});

describe('what is refused', () => {
  it.each(['GET', 'DELETE'])('%s: there is no stream and no session', async (method) => {
    const { status, headers } = await send({}, '', method);
    expect(status).toBe(405);
    expect(headers.allow).toBe('POST');
  });

  it('a body above 64 KiB, and not one below', async () => {
    const padded = (bytes: number): string => rpc('tools/list', { _meta: { pad: 'x'.repeat(bytes) } });
    expect((await send({}, padded(60 * 1024))).status).toBe(200);
    const { status, body } = await send({}, padded(66 * 1024));
    expect(status).toBe(413);
    expect(body.error?.message).toMatch(/larger than 65536 bytes/);
  });

  it('a body above 64 KiB that does not say its length', async () => {
    const { status } = await send({ 'transfer-encoding': 'chunked' }, rpc('x', { pad: 'x'.repeat(70_000) }));
    expect(status).toBe(413);
  });

  it('what is no JSON, or says to be something else', async () => {
    const broken = await send({}, '{"jsonrpc": ');
    expect(broken.status).toBe(400);
    expect(broken.body.error).toEqual({ code: -32_700, message: 'The body is not JSON.' });
    expect((await send({ 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('JSON that is no JSON-RPC, and methods that do not exist', async () => {
    expect((await send({}, '{"hello":"world"}')).body.error).toBeDefined();
    expect((await send({}, rpc('resources/list'))).body.error?.code).toBe(-32_601);
    expect((await send({}, rpc('tools/call', { name: 7 }))).body.error).toBeDefined();
  });

  it('one that wants no answer we can give', async () => {
    expect((await send({ accept: 'text/html' })).status).toBe(406);
  });
});

describe('an asker who goes away', () => {
  it('[END-35] loses the reply; the write finishes and the next asker is served', async () => {
    stage.requests.hold();
    const body = rpc('tools/call', { name: 'create_service_request', arguments: TOWELS });
    const socket = connect(Number(new URL(stage.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST /mcp HTTP/1.1\r\nhost: ${stage.host()}\r\nauthorization: Bearer ${token}\r\n` +
        `content-type: application/json\r\naccept: application/json, text/event-stream\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    while (!stage.onStage('A').kinds().includes('tool-started')) await settled();
    socket.destroy();
    await once(socket, 'close');
    stage.requests.release();
    while (stage.ledger.entries.length === 0) await settled();
    expect(stage.requests.rows).toHaveLength(1);
    expect(stage.ledger.entries).toMatchObject([{ outcome: 'ok' }]);
    expect((await send()).status).toBe(200);
  });
});

it('a fault of ours is answered without its words', async () => {
  const broken = await mcpStage((app) => {
    app.addHook('preHandler', async () => Promise.reject(new Error('password=hunter2 at /srv/bellhop')));
  });
  const response = await fetch(broken.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${broken.callArrives('A')}`, 'content-type': 'application/json' },
    body: rpc('tools/list'),
  });
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({
    jsonrpc: '2.0',
    error: { code: -32_603, message: 'The request could not be served.' },
    id: null,
  });
  await broken.close();
});

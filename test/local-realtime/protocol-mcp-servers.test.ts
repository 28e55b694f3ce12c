/** Several MCP servers in one session, and what goes wrong on the way to them, as the protocol tells it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { concierge } from '../../src/local-realtime/concierge.ts';
import type { Move } from '../../src/local-realtime/ports.ts';
import { startMcpStage, type McpStage } from './mcp-stage.ts';
import { setStage, type MindInput, type ServerEvent, type Stage, type TestClient } from './realtime-stage.ts';

let moves: (input: MindInput) => Move[];
let stage: Stage;
let client: TestClient;
const toClose: (() => Promise<void>)[] = [];
beforeEach(async () => {
  stage = await setStage({ reply: (input) => moves(input) });
  client = await stage.connect();
});
afterEach(async () => {
  await stage.close();
  for (const close of toClose.splice(0)) await close();
});

async function startServer(options?: Parameters<typeof startMcpStage>[0]): Promise<McpStage> {
  const server = await startMcpStage(options);
  toClose.push(() => server.close());
  return server;
}

const mcp = (label: string, { url }: { url: string }, more: object = {}) => ({
  type: 'mcp',
  server_label: label,
  server_url: `${url}/mcp`,
  require_approval: 'never',
  ...more,
});

/** Everything is listed, or has failed. */
async function listed(count: number): Promise<string[]> {
  const ends: string[] = [];
  const isEnd = ({ type }: ServerEvent): boolean => /^mcp_list_tools\.(completed|failed)$/.test(type);
  for (const deadline = Date.now() + 5_000; Date.now() < deadline; await delay(10)) {
    ends.splice(0, ends.length, ...client.events.filter(isEnd).map(({ type }) => type));
    if (ends.length >= count) break;
  }
  return ends;
}

const calls =
  (name: string, args: Record<string, unknown> = {}) =>
  ({ turns }: MindInput): Move[] => {
    const last = turns.at(-1);
    return last?.kind === 'tool' ? [{ kind: 'say', text: last.output }] : [{ kind: 'call', name, arguments: args }];
  };

async function errorOfCall(): Promise<unknown> {
  client.send({ type: 'response.create' });
  await client.next('response.mcp_call.failed');
  const { item } = await client.next(
    'conversation.item.done',
    ({ item: it }) => (it as { type: string }).type === 'mcp_call',
  );
  return (item as { error: unknown }).error;
}

describe('several servers', () => {
  test('are listed each with its own token and headers, and called where the tool is', async () => {
    const [spa, taxi] = [await startServer({ names: ['find_slot'] }), await startServer({ names: ['order_taxi'] })];
    await client.update({
      tools: [
        mcp('spa', spa, { authorization: 'token-of-spa', headers: { 'X-House': 'one' } }),
        mcp('taxi', taxi, { headers: { 'X-House': 'two', Authorization: 'Basic abc' } }),
      ],
    });
    await listed(2);
    moves = calls('order_taxi');
    client.send({ type: 'response.create' });
    await client.next('response.mcp_call.completed');
    const about = ({ requests }: McpStage) => [
      ...new Set(requests.map(({ authorization, house }) => `${authorization} ${house}`)),
    ];
    expect([about(spa), about(taxi)]).toEqual([['Bearer token-of-spa one'], ['Basic abc two']]);
    expect(spa.requests.map(({ method }) => method)).not.toContain('tools/call');
    expect(taxi.requests.map(({ method }) => method)).toContain('tools/call');
  });

  test('fail apart: the others go on, with their label told from the first item on', async () => {
    const spa = await startServer();
    await client.update({ tools: [mcp('gone', { url: 'http://127.0.0.1:1' }), mcp('spa', spa)] });
    expect((await listed(2)).toSorted()).toEqual(['mcp_list_tools.completed', 'mcp_list_tools.failed']);
    const labels = client.events
      .filter(({ type }) => type === 'conversation.item.added')
      .map(({ item }) => (item as { server_label: string }).server_label);
    expect(labels).toEqual(['gone', 'spa']);
    moves = calls('order_towels', { count: 2 });
    client.send({ type: 'response.create' });
    await client.next('response.mcp_call.completed');
  });

  test('one that is replaced by functions leaves the others as they are, and is not listed again', async () => {
    const [spa, taxi] = [await startServer(), await startServer({ names: ['order_taxi'] })];
    await client.update({ tools: [mcp('spa', spa), mcp('taxi', taxi)] });
    await listed(2);
    await client.update({ tools: [mcp('taxi', taxi), { type: 'function', name: 'spa_order_towels' }] });
    moves = calls('order_taxi');
    client.send({ type: 'response.create' });
    await client.next('response.mcp_call.completed');
    expect(stage.asked.at(-1)?.tools.map(({ name }) => name)).toEqual(['order_taxi', 'spa_order_towels']);
    expect(taxi.requests.filter(({ method }) => method === 'tools/list')).toHaveLength(1);
  });

  test('the order of names decides between two tools of the same name', async () => {
    const [first, second] = [await startServer(), await startServer()];
    await client.update({ tools: [mcp('first', first), mcp('second', second)] });
    await listed(2);
    moves = calls('order_towels', { count: 1 });
    client.send({ type: 'response.create' });
    await client.next('response.mcp_call.completed');
    expect(second.requests.map(({ method }) => method)).not.toContain('tools/call');
  });
});

describe('what goes wrong', () => {
  test('in the tool is a tool_execution_error without a code', async () => {
    await client.update({ tools: [mcp('spa', await startServer())] });
    await listed(1);
    moves = calls('read_menu');
    expect(await errorOfCall()).toEqual({ type: 'tool_execution_error', message: 'The menu could not be found.' });
  });

  test.each([
    ['a status', 503, 'text/plain', 'away', { type: 'http_error', code: 503 }],
    ['a refused token', 401, 'text/plain', 'no', { type: 'http_error', code: 401 }],
    ['a redirect', 307, 'text/plain', '', { type: 'http_error', code: 307 }],
    ['an answer that is no JSON', 200, 'application/json', 'hello', { type: 'protocol_error' }],
    ['JSON that is no answer', 200, 'application/json', '{"hello":1}', { type: 'protocol_error' }],
    ['an answer of another kind', 200, 'text/html', '<p>hello</p>', { type: 'protocol_error' }],
    [
      'an error of the protocol',
      200,
      'application/json',
      '{"jsonrpc":"2.0","id":"ID","error":{"code":-32602,"message":"No such tool."}}',
      { type: 'protocol_error', code: -32602 },
    ],
  ])('on the way: %s', async (_what, status, contentType, body, error) => {
    const spa = await startServer();
    const proxy = await breakingAfterLists(spa.url, { status, contentType, body });
    await client.update({ tools: [mcp('spa', { url: proxy })] });
    expect(await listed(1)).toEqual(['mcp_list_tools.completed']);
    moves = calls('order_towels', { count: 2 });
    expect(await errorOfCall()).toMatchObject(error);
  });
});

describe('approvals of several servers', () => {
  test('each by its own rules; the answers come in any order', async () => {
    const [spa, taxi] = [await startServer(), await startServer({ names: ['order_taxi'] })];
    await client.update({
      tools: [
        mcp('spa', spa, {
          require_approval: { always: { tool_names: ['order_towels'] }, never: { tool_names: ['read_menu'] } },
        }),
        mcp('taxi', taxi, { require_approval: 'always' }),
      ],
    });
    await listed(2);
    moves = () => [
      { kind: 'call', name: 'order_towels', arguments: { count: 1 } },
      { kind: 'call', name: 'read_menu', arguments: {} },
      { kind: 'call', name: 'order_taxi', arguments: {} },
    ];
    client.send({ type: 'response.create' });
    await client.next('response.done');
    const asked = client.events
      .filter(({ type }) => type === 'response.output_item.done')
      .map(({ item }) => item as { id: string; type: string; name: string })
      .filter(({ type }) => type === 'mcp_approval_request');
    expect(asked.map(({ name }) => name)).toEqual(['order_towels', 'order_taxi']);
    for (const { id } of asked.toReversed())
      client.send({
        type: 'conversation.item.create',
        item: { id: `answer ${id.slice(-8)}`, type: 'mcp_approval_response', approval_request_id: id, approve: true },
      });
    const ended = async (id: string | undefined) =>
      client.next(
        'conversation.item.done',
        ({ item }) =>
          (item as { approval_request_id?: string }).approval_request_id === id &&
          (item as { type: string }).type === 'mcp_call',
      );
    const done = [await ended(asked[1]?.id), await ended(asked[0]?.id)];
    expect(done.map(({ item }) => (item as { error: unknown }).error)).toEqual([null, null]);
  });
});

describe('the concierge, while staff are asked', () => {
  const says = async (text: string): Promise<string> => {
    const item = { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
    client.send({ type: 'conversation.item.create', item });
    return speaks();
  };
  const speaks = async (): Promise<string> => {
    client.send({ type: 'response.create' });
    const { response } = await client.next('response.done');
    return client.said((response as { id: string }).id).transcript;
  };
  const requests = () =>
    client.events
      .filter(({ type }) => type === 'response.output_item.done')
      .map(({ item }) => item as { id: string; type: string })
      .filter(({ type }) => type === 'mcp_approval_request');
  const decide = (approve: boolean) =>
    client.send({
      type: 'conversation.item.create',
      item: {
        type: 'mcp_approval_response',
        approval_request_id: requests()[0]?.id,
        approve,
        reason: approve ? null : 'Nobody is there',
      },
    });

  beforeEach(async () => {
    moves = (input) => concierge.reply(input);
    await client.update({
      tools: [mcp('facts', await startServer({ names: ['get_hotel_information'] }), { require_approval: 'always' })],
    });
    await listed(1);
    expect(await says('what is the wifi password')).toBe('');
    expect(requests()).toHaveLength(1);
  });

  test('speaks on, asks for the same once only, and tells nothing that it does not know', async () => {
    expect(await says('hello')).toContain('One moment');
    expect(await says('two towels please')).toMatch(/can't record requests.*One moment/);
    expect(requests()).toHaveLength(1);
  });

  test('tells what was found once it was approved', async () => {
    await says('hello');
    decide(true);
    await client.next('response.mcp_call.completed');
    await client.next('conversation.item.done');
    expect(await speaks()).toMatch(/information is done/);
  });

  test('tells that it was not approved, and that nothing was found', async () => {
    await says('hello');
    decide(false);
    const said = await speaks();
    expect(said).toMatch(/not approved/);
    expect(said).not.toMatch(/is done/);
  });
});

/** A proxy that lets listing through and answers calls of tools as it is told. @returns its address. */
async function breakingAfterLists(
  target: string,
  answer: { status: number; contentType: string; body: string },
): Promise<string> {
  const server: Server = createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const text = Buffer.concat(pieces).toString('utf8');
      if (!text.includes('"tools/call"')) {
        const { method = 'POST', headers } = request;
        const passed = await fetch(`${target}${request.url}`, {
          method,
          headers: { 'content-type': 'application/json', accept: headers.accept ?? '' },
          ...(method === 'POST' ? { body: text } : {}),
        });
        response.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') ?? 'text/plain' });
        response.end(Buffer.from(await passed.arrayBuffer()));
        return;
      }
      const { id } = JSON.parse(text) as { id: number };
      response.writeHead(answer.status, { 'content-type': answer.contentType, location: '/elsewhere' });
      response.end(answer.body.replace('"ID"', String(id)));
    })();
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  toClose.push(
    () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

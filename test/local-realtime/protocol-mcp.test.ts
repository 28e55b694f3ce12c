import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Move } from '../../src/local-realtime/ports.ts';
import { startMcpStage, type McpStage } from './mcp-stage.ts';
import { setStage, type MindInput, type Stage, type TestClient } from './realtime-stage.ts';

let hotel: McpStage;
let stage: Stage;
let client: TestClient;
beforeEach(async () => {
  hotel = await startMcpStage();
  stage = await setStage({ reply });
  client = await stage.connect();
});
afterEach(async () => {
  await stage.close();
  await hotel.close();
});

/** Orders towels once; then says what came of it. */
function reply({ turns, tools }: MindInput): Move[] {
  const last = turns.at(-1);
  if (last?.kind === 'tool' && last.output) return [{ kind: 'say', text: last.output }];
  const name = tools.find((tool) => tool.name === 'order_towels') ? 'order_towels' : 'read_menu';
  return [
    { kind: 'say', text: 'One moment.' },
    { kind: 'call', name, arguments: name === 'order_towels' ? { count: 2 } : {} },
  ];
}

const server = (more: Record<string, unknown> = {}) => ({
  type: 'mcp',
  server_label: 'hotel',
  server_url: `${hotel.url}/mcp`,
  authorization: 'secret-token',
  require_approval: 'never',
  ...more,
});
const refusedTools = (tools: unknown[]) =>
  client.refused({ type: 'session.update', session: { type: 'realtime', tools } });
const lists = () => hotel.requests.filter(({ method }) => method === 'tools/list').length;

test('a server in the tools is listed with its token, and its tools come as an item', async () => {
  const updated = await client.update({ tools: [server()] });
  expect(JSON.stringify(updated)).not.toContain('secret-token');
  const inProgress = await client.next('mcp_list_tools.in_progress');
  expect(await client.next('mcp_list_tools.completed')).toMatchObject({ item_id: inProgress.item_id });
  const done = await client.next('conversation.item.done');
  expect(done.item).toMatchObject({
    id: inProgress.item_id,
    type: 'mcp_list_tools',
    server_label: 'hotel',
    tools: [
      { name: 'order_towels', description: 'Orders towels.', input_schema: { type: 'object', required: ['count'] } },
      { name: 'read_menu', annotations: { readOnlyHint: true } },
    ],
  });
  expect(new Set(hotel.requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer secret-token']));
});

test('a native call runs after its arguments, may outlast its response, and nothing follows by itself', async () => {
  await hotel.close();
  hotel = await startMcpStage({ delayMs: 100 });
  await client.update({ tools: [server()] });
  await client.next('mcp_list_tools.completed');
  client.send({ type: 'response.create' });
  const added = await client.next(
    'response.output_item.added',
    (event) => (event.item as { type: string }).type === 'mcp_call',
  );
  const completed = await client.next('response.mcp_call.completed');
  const done = await client.next('conversation.item.done');
  expect(client.typesSince(added).filter((type, at, all) => type !== all[at - 1])).toEqual([
    'response.output_item.added',
    'conversation.item.added',
    'response.mcp_call_arguments.delta',
    'response.mcp_call_arguments.done',
    'response.mcp_call.in_progress',
    'response.done',
    'response.mcp_call.completed',
    'response.output_item.done',
    'conversation.item.done',
  ]);
  expect(completed).toMatchObject({ output_index: 1, item_id: (added.item as { id: string }).id });
  expect(completed).not.toHaveProperty('response_id');
  expect(done.item).toMatchObject({
    type: 'mcp_call',
    server_label: 'hotel',
    name: 'order_towels',
    arguments: '{"count":2}',
    output: '2 towels are on their way.',
    error: null,
    approval_request_id: null,
  });
  await delay(100);
  expect(client.events.at(-1)).toBe(done);
  client.send({ type: 'response.create' });
  await client.next('response.done');
  expect(stage.asked[1]?.turns.at(-1)).toEqual({
    kind: 'tool',
    name: 'order_towels',
    arguments: { count: 2 },
    output: '2 towels are on their way.',
    isError: false,
  });
});

test('while a call runs, the mind sees it without output; its result stands after what was said meanwhile', async () => {
  await hotel.close();
  hotel = await startMcpStage({ delayMs: 300 });
  await client.update({ tools: [server()] });
  await client.next('mcp_list_tools.completed');
  client.send({ type: 'response.create' });
  await client.next('response.mcp_call.in_progress');
  const hello = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello?' }] };
  client.send({ type: 'conversation.item.create', item: hello });
  client.send({ type: 'response.create', response: { tool_choice: 'none' } });
  await client.next('response.mcp_call.completed');
  expect(stage.asked[1]?.turns.map(({ kind }) => kind)).toEqual(['agent', 'tool', 'guest']);
  expect(stage.asked[1]?.turns[1]).toMatchObject({ output: '' });
  client.send({ type: 'response.create' });
  await client.next('response.done');
  expect(stage.asked[2]?.turns.at(-1)).toMatchObject({ kind: 'tool', output: '2 towels are on their way.' });
});

describe('calls that fail', () => {
  test('in the tool are a tool_execution_error', async () => {
    await client.update({ tools: [server({ allowed_tools: ['read_menu'] })] });
    await client.next('mcp_list_tools.completed');
    client.send({ type: 'response.create' });
    await client.next('response.mcp_call.failed');
    expect((await client.next('conversation.item.done')).item).toMatchObject({
      output: null,
      error: { type: 'tool_execution_error', message: 'The menu could not be found.' },
    });
    client.send({ type: 'response.create' });
    await client.next('response.done');
    expect(stage.asked[1]?.turns.at(-1)).toMatchObject({
      kind: 'tool',
      isError: true,
      output: 'The menu could not be found.',
    });
  });

  test('because the server is gone are an http_error', async () => {
    await client.update({ tools: [server()] });
    await client.next('mcp_list_tools.completed');
    await hotel.close();
    client.send({ type: 'response.create' });
    await client.next('response.mcp_call.failed');
    expect((await client.next('conversation.item.done')).item).toMatchObject({
      output: null,
      error: { type: 'http_error' },
    });
    hotel = await startMcpStage();
  });
});

test.each(['/moved', '/forbidden', '/nowhere'])(
  'a server at %s cannot be listed: failed, and the session goes on',
  async (path) => {
    await client.update({
      tools: [server({ server_url: path === '/nowhere' ? 'http://127.0.0.1:1/' : `${hotel.url}${path}` })],
    });
    const inProgress = await client.next('mcp_list_tools.in_progress');
    expect(await client.next('mcp_list_tools.failed')).toMatchObject({ item_id: inProgress.item_id });
    expect(hotel.requests).toEqual([]);
    await client.update({ instructions: 'still here' });
  },
);

test('the same tools again are not listed again; another token is', async () => {
  await client.update({ tools: [server()] });
  await client.next('mcp_list_tools.completed');
  await client.update({ tools: [server()] });
  await client.update({ instructions: 'new' });
  await client.update({ tools: [server({ require_approval: 'always' })] });
  await delay(100);
  expect(lists()).toBe(1);
  await client.update({ tools: [server({ authorization: 'another' })] });
  await client.next('mcp_list_tools.completed');
  expect(lists()).toBe(2);
  expect(hotel.requests.at(-1)?.authorization).toBe('Bearer another');
});

test('a label alone means the server imported before', async () => {
  await client.update({ tools: [server()] });
  await client.next('mcp_list_tools.completed');
  await client.update({ tools: [] });
  client.send({ type: 'response.create', response: { tools: [{ type: 'mcp', server_label: 'hotel' }] } });
  await client.next('response.mcp_call.completed');
  expect(lists()).toBe(1);
});

test.each([
  ['allowed_tools as names', { allowed_tools: ['read_menu'] }, ['read_menu']],
  ['allowed_tools as a filter', { allowed_tools: { read_only: true } }, ['read_menu']],
  ['allowed_tools as both', { allowed_tools: { tool_names: ['order_towels'], read_only: true } }, []],
])('%s limits what is listed and offered', async (_name, more, names) => {
  await client.update({ tools: [server(more)] });
  const done = await client.next('conversation.item.done');
  expect((done.item as { tools: { name: string }[] }).tools.map(({ name }) => name)).toEqual(names);
});

test.each([
  [
    'the same label twice',
    () => [server(), server()],
    { code: 'invalid_value', param: 'session.tools[1].server_label' },
  ],
  ['url and connector', () => [server({ connector_id: 'connector_gmail' })], { code: 'invalid_value' }],
  [
    'neither url nor connector',
    () => [server({ server_url: undefined })],
    { code: 'missing_required_parameter', param: 'session.tools[0].server_url' },
  ],
  [
    'both forms of authorization',
    () => [server({ headers: { Authorization: 'Bearer x' } })],
    { code: 'invalid_value', param: 'session.tools[0].authorization' },
  ],
  [
    'a url that is none',
    () => [server({ server_url: 'ftp://x' })],
    { code: 'invalid_value', param: 'session.tools[0].server_url' },
  ],
])('%s is refused and nothing is listed', async (_name, tools, error) => {
  expect(await refusedTools(tools())).toMatchObject(error);
  await delay(50);
  expect(hotel.requests).toEqual([]);
});

describe('approval', () => {
  const asked = async (require_approval?: unknown) => {
    await client.update({ tools: [server({ require_approval })] });
    await client.next('mcp_list_tools.completed');
    client.send({ type: 'response.create' });
    const added = await client.next('response.output_item.added', (event) =>
      (event.item as { type: string }).type.startsWith('mcp'),
    );
    await client.next('response.done');
    return added.item as { id: string; type: string };
  };
  const answer = (requestId: string, approve: boolean) =>
    client.send({
      type: 'conversation.item.create',
      item: { type: 'mcp_approval_response', approval_request_id: requestId, approve },
    });

  test('is needed by default: the call runs only once it is approved', async () => {
    const request = await asked();
    expect(request).toMatchObject({
      type: 'mcp_approval_request',
      server_label: 'hotel',
      name: 'order_towels',
      arguments: '{"count":2}',
    });
    expect(hotel.requests.map(({ method }) => method)).not.toContain('tools/call');
    answer(request.id, true);
    await client.next('response.mcp_call.in_progress');
    await client.next('response.mcp_call.completed');
    expect((await client.next('conversation.item.done')).item).toMatchObject({
      type: 'mcp_call',
      approval_request_id: request.id,
    });
    client.send({ type: 'response.create' });
    await client.next('response.done');
    expect(stage.asked[1]?.turns.filter(({ kind }) => kind === 'tool')).toHaveLength(1);
  });

  test('refused: the call never runs, the mind learns it; answered once only', async () => {
    const request = await asked('always');
    answer(request.id, false);
    await client.next('conversation.item.done');
    answer(request.id, true);
    expect((await client.next('error')).error).toMatchObject({ code: 'invalid_value' });
    client.send({ type: 'response.create' });
    await client.next('response.done');
    expect(hotel.requests.map(({ method }) => method)).not.toContain('tools/call');
    expect(stage.asked[1]?.turns.at(-1)).toMatchObject({ kind: 'tool', isError: true });
  });

  test.each([
    [{ never: { tool_names: ['order_towels'] } }, 'mcp_call'],
    [{ never: { read_only: true } }, 'mcp_approval_request'],
    [{ always: { tool_names: ['order_towels'] }, never: { tool_names: ['order_towels'] } }, 'mcp_approval_request'],
  ])('per tool: %j', async (policy, type) => {
    expect((await asked(policy)).type).toBe(type);
  });

  test('of an unknown request is refused', async () => {
    answer('nope', true);
    expect((await client.next('error')).error).toMatchObject({
      code: 'item_not_found',
      param: 'item.approval_request_id',
    });
  });
});

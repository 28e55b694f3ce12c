/** A session and its lists with a server in the same process: no sockets, the test's own time. */
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { EmptyResultSchema, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { listAll } from '../../../src/mcp/tool-servers/listing.ts';
import { Session } from '../../../src/mcp/tool-servers/session.ts';
import { FakeClock } from '../../fake-clock.ts';

type Answers = Record<string, (params: { cursor?: string }) => object | undefined>;

interface Stage {
  clock: FakeClock;
  session: Session;
  server: InMemoryTransport;
  seen: { method?: string; params?: Record<string, unknown> }[];
  told: string[];
}

async function stage(answers: Answers, capabilities: object = { tools: {} }): Promise<Stage> {
  const [client, server] = InMemoryTransport.createLinkedPair();
  const seen: Stage['seen'] = [];
  const told: string[] = [];
  const initialize = (): object => ({
    protocolVersion: '2025-06-18',
    capabilities,
    serverInfo: { name: 'rooms', version: '2' },
  });
  const all: Answers = { initialize, ...answers };
  const onmessage = (message: JSONRPCMessage): void => {
    const { id, method = '', params = {} } = message as { id?: number; method?: string; params?: object };
    seen.push({ method, params: params as Record<string, unknown> });
    const result = id === undefined ? undefined : all[method]?.(params);
    if (id !== undefined && result)
      void server.send({ jsonrpc: '2.0', id, ...('error' in result ? result : { result }) } as JSONRPCMessage);
  };
  Object.assign(server, { onmessage });
  await server.start();
  const clock = new FakeClock();
  const session = new Session(client, clock);
  await session.open({
    closed: () => told.push('closed'),
    listChanged: () => told.push('changed'),
    trouble: () => told.push('trouble'),
  });
  return { clock, session, server, seen, told };
}

const tool = (name: string): object => ({ name, inputSchema: { type: 'object' } });
const methods = ({ seen }: Stage): (string | undefined)[] => seen.map(({ method }) => method);

test('a session knows whom it talks to, and in which version', async () => {
  const { session } = await stage({});
  expect(session.server).toEqual({ name: 'rooms', version: '2' });
  expect(session.protocolVersion).toBe('2025-06-18');
  expect(session.offers).toEqual({ tools: true, resources: false, prompts: false });
});

test('[TOOL-41] a request ends with its time, by the clock it was given, and the server is told', async () => {
  const own = await stage({});
  const asked = own.session.request({ method: 'ping' }, EmptyResultSchema, { withinMs: 3_000 });
  own.clock.advance(2_999);
  expect(methods(own)).not.toContain('notifications/cancelled');
  own.clock.advance(1);
  await expect(asked).rejects.toMatchObject({ name: 'EndedError', why: 'timeout' });
  expect(methods(own)).toContain('notifications/cancelled');
});

test('a request that was answered, well or badly, is never called off', async () => {
  const own = await stage({ ping: () => ({}), 'tools/list': () => ({ error: { code: -32_603, message: 'oh' } }) });
  const ending = new AbortController();
  await own.session.request({ method: 'ping' }, EmptyResultSchema, { withinMs: 3_000, signal: ending.signal });
  await expect(own.session.request({ method: 'tools/list' }, EmptyResultSchema, { withinMs: 3_000 })).rejects.toThrow(
    'oh',
  );
  ending.abort();
  own.clock.advance(10_000);
  expect(methods(own)).not.toContain('notifications/cancelled');
});

test('a session that is retired ends once what runs over it has ended', async () => {
  const own = await stage({});
  const asked = own.session.request({ method: 'ping' }, EmptyResultSchema, { withinMs: 3_000 });
  own.session.retire();
  await Promise.resolve();
  let isClosed = false;
  Object.assign(own.server, { onclose: () => (isClosed = true) });
  expect(isClosed).toBe(false);
  own.clock.advance(3_000);
  await asked.catch(() => {});
  await Promise.resolve();
  expect(isClosed).toBe(true);
});

test('a server that goes is told once, a session that we close is not', async () => {
  const one = await stage({});
  await one.server.close();
  expect(one.told).toEqual(['closed']);
  const other = await stage({});
  await other.session.close();
  expect(other.told).toEqual([]);
});

test('[TOOL-43] all pages of all lists are read, and only lists that the server has', async () => {
  const own = await stage(
    {
      'tools/list': ({ cursor }) =>
        cursor === undefined ? { tools: [tool('a')], nextCursor: 'x' } : { tools: [tool('b')] },
      'prompts/list': () => ({ prompts: [{ name: 'welcome', arguments: [{ name: 'guest', required: true }] }] }),
    },
    { tools: {}, prompts: {} },
  );
  const { capabilities, leftOut } = await listAll(own.session, own.clock);
  expect(capabilities).toEqual({
    name: 'rooms',
    version: '2',
    protocolVersion: '2025-06-18',
    tools: ['a', 'b'].map((name) => ({ name, description: '', inputSchema: { type: 'object' } })),
    resources: [],
    prompts: [{ name: 'welcome', arguments: [{ name: 'guest', isRequired: true }] }],
  });
  expect(leftOut).toEqual([]);
  expect(methods(own)).not.toContain('resources/list');
});

test('a list that a server declares and does not have is empty, its tools are listed all the same', async () => {
  const refused = { error: { code: -32_601, message: 'Method not found' } };
  const own = await stage(
    {
      'tools/list': () => ({ tools: [tool('a')] }),
      'resources/list': () => ({ resources: [{ uri: 'room://204', name: 'Room' }] }),
      'resources/templates/list': () => refused,
    },
    { tools: {}, resources: {} },
  );
  const { capabilities, leftOut } = await listAll(own.session, own.clock);
  expect(capabilities.resources).toEqual([{ uri: 'room://204', name: 'Room', isTemplate: false }]);
  expect(leftOut).toHaveLength(1);
});

test('a tool whose name nobody could write down is left out', async () => {
  const names = ['__proto__', 'n'.repeat(129), 'a\u0000b', '', 'constructor', '🍽️', 'n'.repeat(128)];
  const own = await stage({ 'tools/list': () => ({ tools: names.map((name) => tool(name)) }) });
  const { capabilities, leftOut } = await listAll(own.session, own.clock);
  expect(capabilities.tools.map(({ name }) => name)).toEqual(['constructor', '🍽️', 'n'.repeat(128)]);
  expect(leftOut).toEqual(['tools that cannot be read']);
});

test('[TOOL-43] a tool larger than 64 kB is left out, and so is one that is listed a second time', async () => {
  const own = await stage({
    'tools/list': () => ({
      tools: [{ ...tool('big'), description: 'x'.repeat(70_000) }, tool('a')],
      nextCursor: 'same',
    }),
  });
  const { capabilities, leftOut } = await listAll(own.session, own.clock);
  expect(capabilities.tools.map(({ name }) => name)).toEqual(['a']);
  expect(leftOut).toEqual(['tools that cannot be read', 'tools that are listed twice']);
});

test('equal listings have equal fingerprints, whatever the order of their fields', async () => {
  const listing = async (fields: object): Promise<string> => {
    const own = await stage({ 'tools/list': () => ({ tools: [fields] }) });
    return (await listAll(own.session, own.clock)).fingerprint;
  };
  const one = await listing({ name: 'a', description: 'x', inputSchema: { type: 'object', required: [] } });
  expect(await listing({ inputSchema: { required: [], type: 'object' }, description: 'x', name: 'a' })).toBe(one);
  expect(await listing({ name: 'a', description: 'y', inputSchema: { type: 'object', required: [] } })).not.toBe(one);
});

/** The link with servers that misbehave over HTTP. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LinkResult } from '../../../src/hotel/tool-servers/ports.ts';
import { HostileHttpServer } from '../../peers/hostile-mcp.ts';
import { closeLinks, open, type OpenedLink } from './opened-link.ts';

let server: HostileHttpServer;

beforeEach(async () => {
  server = new HostileHttpServer();
  await server.listen();
});

afterEach(async () => {
  await closeLinks();
  await server.close();
});

async function connected(
  more: Parameters<typeof open>[0] = {},
  options: Parameters<typeof open>[1] = {},
): Promise<OpenedLink> {
  const opened = open({ transport: 'http', url: server.url, ...more }, options);
  await opened.connected();
  return opened;
}

const until = (what: () => void): Promise<void> => vi.waitFor(what, { timeout: 5_000, interval: 10 });

const clumsy: [string, Partial<LinkResult>][] = [
  ['slow', { why: 'timeout', mayHaveRun: true }],
  ['slow-stream', { why: 'timeout', mayHaveRun: true }],
  ['progress', { why: 'timeout', mayHaveRun: true }],
  ['wrong-id-json', { why: 'timeout', mayHaveRun: true }],
  ['wrong-id', { why: 'transport', mayHaveRun: true }],
  ['broken-off', { why: 'transport', mayHaveRun: true }],
  ['ended-early', { why: 'transport', mayHaveRun: true }],
  ['huge', { why: 'transport', mayHaveRun: true }],
  ['huge-stream', { why: 'transport', mayHaveRun: true }],
  ['not-json', { why: 'transport', mayHaveRun: true }],
  ['strange-result', { why: 'protocol', mayHaveRun: true }],
  ['broken', { why: 'transport', mayHaveRun: true, message: 'the server answers with HTTP 500' }],
  ['loop', { why: 'transport', mayHaveRun: false }],
];

test.for(clumsy)(
  '[TOOL-41] a tool that is %s: a clear outcome in time, and the next call works',
  async ([name, outcome]) => {
    const { call } = await connected();
    const limitMs = 'why' in outcome && outcome.why === 'timeout' ? 500 : 6_000;
    const startedAt = performance.now();
    expect(await call(name, {}, limitMs)).toMatchObject({ kind: 'failed', ...outcome });
    // What is broken is not waited for until its time is over.
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect(await call('fine')).toMatchObject({ kind: 'answered', text: 'did fine', isError: false });
  },
);

test('an answer that nobody waits for is not read on', async () => {
  const { call } = await connected();
  for (const name of ['slow', 'slow-stream']) await call(name, {}, 50);
  await until(() => expect(server.closedByClient).toBe(2));
  // Nor is the rest of it asked for in another stream.
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  expect(server.asked.filter((name) => name === 'GET')).toHaveLength(1);
});

test('[TOOL-42] ending a call tells the server; a call that was over before is never sent', async () => {
  const { call } = await connected();
  const ending = new AbortController();
  const slow = call('slow', {}, 5_000, ending.signal);
  await until(() => expect(server.asked).toContain('slow'));
  ending.abort();
  expect(await slow).toMatchObject({ why: 'cancelled', mayHaveRun: true });
  await until(() => expect(server.asked).toContain('notifications/cancelled'));
  expect(await call('fine', {}, 5_000, ending.signal)).toMatchObject({ why: 'cancelled', mayHaveRun: false });
  expect(server.asked).not.toContain('fine');
});

test('[TOOL-41] three failures open the breaker; calls fail at once and the server is left alone', async () => {
  const { call } = await connected();
  for (let time = 0; time < 3; time++) await call('broken');
  expect(await call('fine')).toMatchObject({ why: 'breaker-open', mayHaveRun: false });
  expect(server.asked).not.toContain('fine');
});

test('[TOOL-41] the 33rd call at once is refused, and a slow server delays no other', async () => {
  const other = new HostileHttpServer();
  await other.listen();
  const { call } = await connected();
  const elsewhere = open({ transport: 'http', url: other.url });
  await elsewhere.connected();
  const slow = Array.from({ length: 32 }, () => call('slow', {}, 400));
  expect(await call('fine')).toMatchObject({ why: 'not-connected', mayHaveRun: false });
  const startedAt = performance.now();
  expect(await elsewhere.call('fine')).toMatchObject({ kind: 'answered' });
  expect(performance.now() - startedAt).toBeLessThan(300);
  expect((await Promise.all(slow)).every((result) => result.kind === 'failed' && result.why === 'timeout')).toBe(true);
  await elsewhere.link.close();
  await other.close();
});

test('[TOOL-47] a session that the server forgot is opened anew and the call is done once, without being noticed', async () => {
  const { call, told, listed } = await connected();
  server.forget();
  const results = await Promise.all([call('fine'), call('fine')]);
  expect(results).toMatchObject([{ text: 'did fine' }, { text: 'did fine' }]);
  // Each twice: refused, then done.
  expect(server.asked.filter((name) => name === 'fine')).toHaveLength(4);
  expect(server.asked.filter((name) => name === 'initialize')).toHaveLength(2);
  expect(told.map(({ kind }) => kind)).toEqual(['connecting', 'connected', 'connecting', 'connected']);
  expect(listed).toHaveLength(1);
});

test('[TOOL-47] a server that forgets us again and again is not asked again and again', async () => {
  const { call, becomes } = await connected();
  server.forget();
  await call('fine');
  server.forget();
  expect(await call('fine')).toMatchObject({ why: 'transport', mayHaveRun: false });
  await becomes('error');
});

test('[TOOL-47] a server that answers 404 to its stream alone stays connected', async () => {
  server.hasNoStream = true;
  const { told, call } = await connected();
  await until(() => expect(server.asked).toContain('ping'));
  expect(await call('fine')).toMatchObject({ text: 'did fine' });
  expect(told.map(({ kind }) => kind)).toEqual(['connecting', 'connected']);
});

test('[TOOL-47] a server that was started anew and forgot us is noticed by its stream, before anybody calls', async () => {
  const { becomes, told } = await connected();
  await until(() => expect(server.streams).toBe(1));
  server.forget();
  server.endStreams();
  await vi.waitFor(() => expect(told).toHaveLength(4), { timeout: 5_000 });
  await becomes('connected');
});

test('[TOOL-45] changes that the server tells of are listed once, and told only when there are any', async () => {
  const { listed } = await connected();
  await until(() => expect(server.streams).toBe(1));
  server.description = 'Another tool altogether';
  server.tellOfChange(500);
  await vi.waitFor(() => expect(listed).toHaveLength(2), { timeout: 8_000 });
  expect(listed[1]?.tools[0]?.description).toBe('Another tool altogether');
  expect(server.asked.filter((method) => method === 'tools/list')).toHaveLength(2);
});

test('[TOOL-46] the token is asked for each request, once more when it was refused, and never told', async () => {
  const tokens = ['first-token'];
  const authorization = (): Promise<string | undefined> => Promise.resolve(tokens.at(-1));
  server.token = 'first-token';
  const rejected = (): void => void tokens.push('second-token');
  const { call, told, becomes } = await connected({}, { authorization, rejected });
  server.token = 'second-token';
  expect(await call('fine')).toMatchObject({ kind: 'answered' });
  server.token = 'nobody has it';
  expect(await call('fine')).toMatchObject({ why: 'transport', mayHaveRun: false });
  await becomes('error');
  expect(JSON.stringify(told)).not.toMatch(/first-token|second-token/);
});

test('[TOOL-43] lists that are malformed, monstrous or endless are cut, and what is fine in them works', async () => {
  server.lists = 'malformed';
  expect((await connected()).link.capabilities?.tools.map(({ name }) => name)).toEqual(['fine', 'slow', 'huge']);
  server.lists = 'deep';
  expect((await connected()).link.capabilities?.tools.map(({ name }) => name)).toEqual(['fine', 'slow', 'huge']);
  server.lists = 'huge';
  expect((await connected()).link.capabilities?.tools).toHaveLength(256);
  server.lists = 'endless';
  expect((await connected()).link.capabilities?.tools).toHaveLength(20);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeClock } from '../../fake-clock.ts';
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

const until = (what: () => void): Promise<void> => vi.waitFor(what, { timeout: 5_000, interval: 10 });

async function inFakeTime(): Promise<OpenedLink & { clock: FakeClock }> {
  const clock = new FakeClock();
  const opened = open({ transport: 'http', url: server.url }, { clock });
  await opened.connected();
  return { ...opened, clock };
}

const countOf = (method: string): number => server.asked.filter((name) => name === method).length;

test('a server that is switched off is not reached', async () => {
  const { link, call, told } = open({ transport: 'http', url: server.url, enabled: false });
  expect(link.status).toMatchObject({ kind: 'disabled' });
  expect(await call('fine')).toMatchObject({ why: 'not-connected', mayHaveRun: false });
  expect(server.asked).toEqual([]);
  expect(told).toEqual([]);
});

test('what a server lists is known before it counts as connected', async () => {
  const order: string[] = [];
  const opened = open({ transport: 'http', url: server.url });
  opened.told.push = (...statuses) => order.push(...statuses.map(({ kind }) => kind));
  opened.listed.push = () => order.push('listed');
  await opened.connected();
  expect(order).toEqual(['listed', 'connected']);
});

test('[TOOL-41] a server that does not answer within 10 s is given up, and dialled again', async () => {
  server.isSilent = true;
  const clock = new FakeClock();
  const { link, becomes, connected } = open({ transport: 'http', url: server.url }, { clock });
  await until(() => expect(server.silentlyTaken).toBe(1));
  clock.advance(9_999);
  expect(link.status.kind).toBe('connecting');
  clock.advance(1);
  await becomes('error');
  expect(link.status.lastError?.message).toBe('no answer within 10 s');
  server.isSilent = false;
  clock.advance(500);
  await connected();
});

test('[TOOL-47] a connection is asked every 30 s whether it is there, and opened again when it does not answer in 5 s', async () => {
  const { clock, link, becomes, connected } = await inFakeTime();
  clock.advance(30_000);
  await until(() => expect(countOf('ping')).toBe(1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  server.isSilent = true;
  clock.advance(30_000);
  clock.advance(5_000);
  await becomes('error');
  expect(link.status.lastError?.message).toBe('no answer to a ping: no answer within 5 s');
  expect(link.capabilities?.tools).toHaveLength(3);
  server.isSilent = false;
  clock.advance(500);
  await connected();
  expect(countOf('initialize')).toBe(2);
});

test('a connection that refuses is dialled again, and its last error names why', async () => {
  const { url } = server;
  await server.close();
  const { link, becomes } = open({ transport: 'http', url });
  await becomes('error');
  expect(link.status.lastError?.message).toBe('no connection: ECONNREFUSED');
  server = new HostileHttpServer();
  await server.listen();
});

test('results of a tool that only reads are kept for as long as its definition says', async () => {
  const clock = new FakeClock();
  const { call, connected } = open({ transport: 'http', url: server.url, cache: { fine: 20 } }, { clock });
  await connected();
  await call('fine', { room: '204', day: 1 });
  expect(await call('fine', { day: 1, room: '204' })).toMatchObject({ text: 'did fine' });
  expect(countOf('fine')).toBe(1);
  await call('fine', { room: '205', day: 1 });
  expect(countOf('fine')).toBe(2);
  clock.advance(20_000);
  await call('fine', { room: '204', day: 1 });
  expect(countOf('fine')).toBe(3);
});

test('headers of the definition go with each request', async () => {
  const seen: (string | null)[] = [];
  const { call, connected } = open(
    { transport: 'http', url: server.url, headers: { 'x-hotel': 'seaview' } },
    {
      fetch: (url, init) => {
        seen.push(new Headers(init?.headers).get('x-hotel'));
        return fetch(url, init);
      },
    },
  );
  await connected();
  await call('fine');
  expect(new Set(seen)).toEqual(new Set(['seaview']));
});

test('[TOOL-42] without a token nothing is sent', async () => {
  const { becomes, link } = open(
    { transport: 'http', url: server.url },
    { authorization: () => Promise.reject(new Error('the token server is away')) },
  );
  await becomes('error');
  expect(link.status.lastError?.message).toBe('no token for the server: the token server is away');
  expect(server.asked).toEqual([]);
});

test('closing ends the session at the server, ends calls that run, and opens nothing any more', async () => {
  const { link, call, told } = open({ transport: 'http', url: server.url });
  await until(() => expect(link.status.kind).toBe('connected'));
  const slow = call('slow');
  await until(() => expect(server.asked).toContain('slow'));
  await Promise.all([link.close(), link.close()]);
  expect(await slow).toMatchObject({ why: 'transport', mayHaveRun: true });
  expect(server.asked.at(-1)).toBe('DELETE');
  expect(link.status.kind).toBe('disabled');
  expect(told.at(-1)?.kind).toBe('disabled');
});

test('closing while it connects leaves nothing open', async () => {
  server.isSilent = true;
  const { link } = open({ transport: 'http', url: server.url });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await link.close();
  expect(link.status.kind).toBe('disabled');
  await until(() => expect(server.closedByClient).toBe(1));
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { setStage, type Stage } from './realtime-stage.ts';

let stage: Stage;
beforeAll(async () => void (stage = await setStage()));
afterAll(() => stage.close());

describe('the upgrade', () => {
  const statusOf = (path: string, headers: Record<string, string> = {}) =>
    new Promise((resolve) => {
      const socket = new WebSocket(stage.url.replace('/v1/realtime', path), { headers });
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.once('open', () => (socket.terminate(), resolve('open')));
      socket.on('error', () => undefined);
    });

  test('needs the right path, knows no calls, and refuses pages of other sites', async () => {
    expect(await statusOf('/v1/else?model=x')).toBe(404);
    expect(await statusOf('/v1/realtime?call_id=rtc_1')).toBe(404);
    expect(await statusOf('/v1/realtime?model=x', { origin: 'https://evil.example' })).toBe(403);
    expect(await statusOf('/v1/realtime?model=x', { origin: 'http://localhost:3000' })).toBe('open');
  });

  test.each([
    ['no model', '', {}, 'missing_model'],
    ['the beta header', '?model=x', { 'openai-beta': 'realtime=v1' }, 'beta_api_shape_disabled'],
  ])('with %s is told in an error event, then closed', async (_name, query, headers, code) => {
    const socket = new WebSocket(`${stage.url}${query}`, { headers: headers as Record<string, string> });
    const first = new Promise<string>((resolve) =>
      socket.once('message', (data) => resolve((data as Buffer).toString('utf8'))),
    );
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    expect(JSON.parse(await first)).toMatchObject({ type: 'error', error: { code } });
    expect(await closed).toBe(1008);
  });

  test('beyond the most connections is refused with 503', async () => {
    const small = await setStage({ maxConnections: 1 });
    await small.connect();
    const socket = new WebSocket(`${small.url}?model=x`);
    const status = await new Promise((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('error', () => undefined);
    });
    expect(status).toBe(503);
    await small.close();
  });
});

test('a session that is too old is told so and closed', async () => {
  const short = await setStage({ sessionLifetimeMs: 50 });
  const old = await short.connect();
  const closed = new Promise<number>((resolve) => old.socket.once('close', resolve));
  expect((await old.next('error')).error).toMatchObject({ code: 'session_expired' });
  expect(await closed).toBe(1001);
  await short.close();
});

/** A server whose tokens are fetched by client credentials and live shortly: calls that go on are given each new one. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSmartRoom, type RunningSmartRoom } from './peers/smart-room.ts';
import { PlatformHotel } from './platform-hotel.ts';

const SECRET = 'secret-of-the-client';
/** The shortest life that is believed; tokens are renewed half-way. */
const LIFE_S = 10;

/** All tokens, oldest first, and those that the server takes. */
const issued: string[] = [];
const valid = new Set<string>();
let authority: Server;
let hotel: PlatformHotel;
let rooms: RunningSmartRoom;
beforeAll(async () => {
  authority = createServer((_request, response) => {
    const token = `token-${issued.length}-${'x'.repeat(20)}`;
    issued.push(token);
    valid.add(token);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: LIFE_S }));
  });
  await new Promise<void>((listening) => authority.listen(0, '127.0.0.1', listening));
  [hotel, rooms] = await Promise.all([PlatformHotel.open(), startSmartRoom({}, { token: valid })]);
  const { port } = authority.address() as AddressInfo;
  const token_url = `http://127.0.0.1:${port}/token`;
  const oauth = { token_url, client_id: 'bellhop', client_secret: SECRET };
  await hotel.add('rooms', rooms.url, { mode: 'native', require_approval: 'never', oauth });
});
afterAll(async () => {
  await hotel.close();
  await rooms.close();
  authority.close();
});

it('[TOOL-46] a renewed token reaches a native session in a pause; no token is ever told or logged', async () => {
  const call = await hotel.call();
  const shows = (): string => call.model.server('rooms')?.authorization ?? '';
  const first = shows();
  expect(issued).toContain(first);
  await call.model.offering(() => shows() !== first, 8_000);
  expect(shows()).toBe(issued.at(-1));
  await expect.poll(async () => (await hotel.server('rooms')).callsBehind).toEqual([]);
  valid.delete(first);
  await expect(call.model.callNatively('rooms', 'set_lights', { room: '412', state: 'on' })).resolves.toMatch(/are on/);
  expect(await call.next('tool-ended')).toMatchObject({ path: 'native', outcome: 'ok' });
  // What the model's side says of it repeats the token of before.
  const message = `The server refused ${first}.`;
  hotel.agent.connections[0]?.emit({ type: 'error', error: { type: 'server_error', code: 'odd', message } });
  await call.next('agent-failed');
  const shown = await (await hotel.staff.get('mcp/servers')).text();
  await call.hangUp();
  const told = [shown, ...hotel.logged, JSON.stringify(hotel.events)].join('');
  for (const secret of [...issued, SECRET]) expect(told).not.toContain(secret);
  expect(told).toContain('The server refused');
});

/** What goes wrong around a tool of somebody else in the middle of a call: lost answers, a lost agent, a guest who hangs up. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ModelSide } from './peers/model-side.ts';
import { startSmartRoom, type RunningSmartRoom } from './peers/smart-room.ts';
import { PlatformHotel } from './platform-hotel.ts';

const ON = { room: '412', state: 'on' };
const ADDRESS = 'https://rooms.example.com/mcp';

let hotel: PlatformHotel;
let rooms: RunningSmartRoom;
beforeAll(async () => {
  [hotel, rooms] = await Promise.all([PlatformHotel.open(), startSmartRoom()]);
  await hotel.add('rooms', rooms.url, { mode: 'auto', require_approval: 'never', timeout: 600 });
});
beforeEach(() => void hotel.addresses.delete(ADDRESS));
afterEach(() => {
  Object.assign(rooms.smartRoom, { trouble: 'none', delayMs: 0 });
  rooms.smartRoom.effects.splice(0);
});
afterAll(async () => {
  await hotel.close();
  await rooms.close();
});

/** A call whose model's side cannot reach the server, so that we call it. */
async function fallen() {
  const call = await hotel.call();
  await call.model.offering((model) => model.function('set_lights'));
  return call;
}

it('[TOOL-42] done, and the answer is lost: told as uncertain, refused when asked again', async () => {
  const call = await fallen();
  rooms.smartRoom.trouble = 'lost';
  expect(await call.model.callFunction('set_lights', ON)).toMatch(/may or may not have been done/);
  rooms.smartRoom.trouble = 'none';
  expect(await call.model.callFunction('set_lights', ON)).toMatch(/may have been done already/);
  expect(rooms.smartRoom.effects).toHaveLength(1);
  await call.hangUp();
});

it('[TOOL-42] the guest hangs up meanwhile: it goes on to its end, and the record has it', async () => {
  const call = await fallen();
  rooms.smartRoom.delayMs = 400;
  call.model.beginFunction('set_lights', ON);
  await call.next('tool-started');
  await call.hangUp();
  await expect.poll(() => rooms.smartRoom.effects.length).toBe(1);
  const shown = async (): Promise<string> => (await hotel.staff.get(`calls/${call.callId}`)).text();
  await expect.poll(shown).toMatch(/"tool":"set_lights","server":"rooms","path":"client","outcome":"ok"/);
});

it('[TOOL-42] the agent is lost: the next one has the path that works, and what is in doubt stays in doubt', async () => {
  const call = await fallen();
  rooms.smartRoom.trouble = 'lost';
  await call.model.callFunction('set_lights', ON);
  rooms.smartRoom.trouble = 'none';
  const { connections } = hotel.agent;
  const { length } = connections;
  connections.at(-1)?.drop();
  const next = new ModelSide(await hotel.agent.connection(length), { addresses: hotel.addresses });
  await next.offering((model) => model.function('set_lights'));
  expect(next.offers[0]?.map(({ server_label: label }) => label)).not.toContain('rooms');
  await call.next('agent-back');
  expect(await next.callFunction('set_lights', ON)).toMatch(/may have been done already/);
  expect(await next.callFunction('set_lights', { room: '412', state: 'dim' })).toBe('The lights are dim.');
  expect(call.of('path-changed')).toHaveLength(1);
  await call.hangUp();
});

it('[TOOL-45] staff withdraw a tool of a server whose path broke, and switch it off: its functions go as well', async () => {
  const call = await fallen();
  await hotel.staff.post('mcp/servers/rooms/tools/withdraw', { tools: ['set_lights'] });
  await call.model.offering((model) => !model.function('set_lights'));
  expect(call.model.function('open_curtains')).toBeDefined();
  expect(await call.model.callFunction('set_lights', ON)).toMatch(/no tool/);
  await hotel.staff.post('mcp/servers/rooms/disable', {});
  await call.model.offering((model) => !model.function('open_curtains'));
  await hotel.staff.post('mcp/servers/rooms/enable', {});
  await hotel.approve('rooms');
  await call.model.offering((model) => model.function('set_lights'));
  expect(call.model.server('rooms')).toBeUndefined();
  expect(await call.model.callFunction('set_lights', ON)).toBe('The lights are on.');
  await call.hangUp();
});

it('[TOOL-50] staff want to be asked from now on: the session says so, and nothing is connected anew', async () => {
  hotel.addresses.set(ADDRESS, rooms.url);
  const call = await hotel.call();
  expect(call.model.server('rooms')?.require_approval).toBe('never');
  const { version } = await hotel.server('rooms');
  const definition = {
    mode: 'auto',
    server_url: ADDRESS,
    transport: 'http',
    url: rooms.url,
    require_approval: 'always',
  };
  const changed = await hotel.staff.send('PUT', 'mcp/servers/rooms', { version, definition });
  expect(changed.status).toBe(200);
  await call.model.offering((model) => model.server('rooms')?.require_approval === 'always');
  await expect.poll(async () => (await hotel.server('rooms')).callsBehind).toEqual([]);
  await call.hangUp();
});

/** What staff change about tool servers while guests are on the line. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSmartRoom, type RunningSmartRoom } from './peers/smart-room.ts';
import { PlatformHotel, type RunningCall } from './platform-hotel.ts';

const ON = { room: '412', state: 'on' };
const REFUSED = /switched off/;

let hotel: PlatformHotel;
let rooms: RunningSmartRoom;
let call: RunningCall;
beforeAll(async () => {
  [hotel, rooms] = await Promise.all([PlatformHotel.open(), startSmartRoom()]);
});
afterEach(async () => {
  await call.hangUp();
  rooms.smartRoom.delayMs = 0;
  const { version } = await hotel.server('rooms');
  await hotel.staff.send('DELETE', `mcp/servers/rooms?version=${version}`);
  rooms.smartRoom.effects.splice(0);
});
afterAll(async () => {
  await hotel.close();
  await rooms.close();
});

const withMode = (mode: string) => hotel.add('rooms', rooms.url, { mode, require_approval: 'never' });
const offersLights = ({ model }: RunningCall): boolean =>
  model.function('set_lights') !== undefined || model.server('rooms')?.allowed_tools?.includes('set_lights') === true;
const behind = async (): Promise<string[]> => (await hotel.server('rooms')).callsBehind;

describe.for(['client', 'auto'])('[TOOL-45] staff change a server in mode %s while a call goes on', (mode) => {
  it('switched off under a tool that runs: it ends as it began, then the call holds the new set', async () => {
    await withMode(mode);
    call = await hotel.call();
    rooms.smartRoom.delayMs = 700;
    const running =
      mode === 'client'
        ? call.model.callFunction('set_lights', ON)
        : call.model.callNatively('rooms', 'set_lights', ON);
    await call.next('tool-started');
    await hotel.staff.post('mcp/servers/rooms/disable', {});
    await pause(200);
    expect(offersLights(call)).toBe(true);
    expect(await behind()).toEqual([call.callId]);
    expect(await running).toBe('The lights are on.');
    expect(rooms.smartRoom.effects).toHaveLength(1);
    await call.model.offering(() => !offersLights(call));
    expect(call.of('tools-changed')).toHaveLength(1);
    await expect.poll(behind).toEqual([]);
  });

  it('another tool approved: offered between two turns, and to be used', async () => {
    await withMode(mode);
    await hotel.staff.post('mcp/servers/rooms/tools/withdraw', { tools: ['open_curtains'] });
    call = await hotel.call();
    expect(JSON.stringify(call.model.offered)).not.toContain('open_curtains');
    await hotel.approve('rooms', ['open_curtains']);
    await call.model.offering((model) => JSON.stringify(model.offered).includes('open_curtains'));
    await expect.poll(behind).toEqual([]);
    const input = { room: '412', position: 'open' };
    const done =
      mode === 'client'
        ? call.model.callFunction('open_curtains', input)
        : call.model.callNatively('rooms', 'open_curtains', input);
    expect(await done).toMatch(/curtains are open/);
  });

  it('switched on again: the call that was there all the time uses it', async () => {
    await withMode(mode);
    call = await hotel.call();
    await hotel.staff.post('mcp/servers/rooms/disable', {});
    await call.model.offering(() => !offersLights(call));
    await hotel.staff.post('mcp/servers/rooms/enable', {});
    await call.model.offering(() => offersLights(call));
    const done =
      mode === 'client'
        ? call.model.callFunction('set_lights', ON)
        : call.model.callNatively('rooms', 'set_lights', ON);
    expect(await done).toBe('The lights are on.');
  });
});

describe('[TOOL-45] what a call still holds of an older set', () => {
  it('is refused in words once staff switched it off, though the agent was offered it', async () => {
    await withMode('client');
    call = await hotel.call();
    rooms.smartRoom.delayMs = 600;
    const first = call.model.callFunction('set_lights', ON);
    await call.next('tool-started');
    await hotel.staff.post('mcp/servers/rooms/disable', {});
    expect(offersLights(call)).toBe(true);
    expect(await call.model.callFunction('open_curtains', { room: '412', position: 'open' })).toMatch(REFUSED);
    await first;
    expect(rooms.smartRoom.effects).toHaveLength(1);
    await call.model.offering(() => !offersLights(call));
    // From memory, after the set was taken away.
    expect(await call.model.callFunction('set_lights', ON)).toMatch(/no tool/);
    expect(rooms.smartRoom.effects).toHaveLength(1);
  });
});

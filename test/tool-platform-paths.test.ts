/** A server that the model's side may call itself: natively first, by us once that does not work, and nothing done twice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSmartRoom, type RunningSmartRoom } from './peers/smart-room.ts';
import { PlatformHotel } from './platform-hotel.ts';

const KEY = 'key-of-the-rooms';
const NEVER = { get_room_state: 'never', set_lights: 'never', open_curtains: 'never' };
const ON = { room: '412', state: 'on' };

let hotel: PlatformHotel;
let rooms: RunningSmartRoom;
beforeAll(async () => {
  [hotel, rooms] = await Promise.all([PlatformHotel.open(), startSmartRoom({}, { token: KEY })]);
  const phrase = 'Let me see to that.';
  await hotel.add('rooms', rooms.url, { mode: 'auto', authorization: KEY, require_approval: NEVER, phrase });
});
afterAll(async () => {
  await hotel.close();
  await rooms.close();
});

describe('a server that is to be called as it can be', () => {
  it('[TOOL-44] natively: named with its tools, its token and what staff are asked about; used by the model’s side', async () => {
    const call = await hotel.call();
    expect(call.model.server('rooms')).toMatchObject({
      type: 'mcp',
      server_url: 'https://rooms.example.com/mcp',
      authorization: KEY,
      allowed_tools: ['set_lights', 'set_temperature', 'open_curtains', 'get_room_state'],
      require_approval: {
        always: { tool_names: ['set_temperature'] },
        never: { tool_names: ['set_lights', 'open_curtains', 'get_room_state'] },
      },
    });
    expect(call.model.function('set_lights')).toBeUndefined();
    await expect(call.model.callNatively('rooms', 'set_lights', ON)).resolves.toBe('The lights are on.');
    expect(await call.next('tool-ended')).toMatchObject({ tool: 'set_lights', path: 'native', outcome: 'ok' });
    expect(rooms.smartRoom.effects.splice(0)).toHaveLength(1);
    await call.hangUp();
    expect(hotel.logged.join('')).not.toContain(KEY);
  });

  it('[TOOL-44] its list fails: the same tools are functions from the next update on, run by us, once', async () => {
    hotel.addresses.delete('https://rooms.example.com/mcp');
    const call = await hotel.call();
    hotel.addresses.set('https://rooms.example.com/mcp', rooms.url);
    await call.model.offering((model) => model.function('set_lights'));
    expect(call.model.server('rooms')).toBeUndefined();
    expect(call.model.server('hotel')).toBeDefined();
    expect(call.of('path-changed')).toMatchObject([{ server: 'rooms', to: 'client' }]);
    rooms.smartRoom.delayMs = 1_600;
    await expect(call.model.callFunction('set_lights', ON)).resolves.toBe('The lights are on.');
    rooms.smartRoom.delayMs = 0;
    expect(rooms.smartRoom.effects.splice(0)).toEqual([{ tool: 'set_lights', room: '412', change: { lights: 'on' } }]);
    const served = { tool: 'set_lights', server: 'rooms', path: 'client', outcome: 'ok' };
    expect(await call.next('tool-ended')).toMatchObject(served);
    expect(call.model.said.filter((text) => text === 'Let me see to that.')).toHaveLength(1);
    expect(call.of('filler-played').length).toBe(0);
    await call.hangUp();
    const shown = async (path: string): Promise<string> => (await hotel.staff.get(path)).text();
    await expect
      .poll(() => shown(`calls/${call.callId}`))
      .toMatch(/"tool":"set_lights","server":"rooms","path":"client"/);
    await expect.poll(() => shown('mcp/figures')).toMatch(/"tool":"set_lights","calls":2.*"nativeShare":0.5/);
  });
});

describe('a native call that failed after it was done', () => {
  it('[TOOL-42] the same function with the same arguments is refused in words; what only reads is done again', async () => {
    const call = await hotel.call();
    rooms.smartRoom.trouble = 'lost';
    await expect(call.model.callNatively('rooms', 'set_lights', ON)).resolves.toBeUndefined();
    rooms.smartRoom.trouble = 'none';
    await call.model.offering((model) => model.function('set_lights'));
    expect(call.of('path-changed')).toMatchObject([{ server: 'rooms', to: 'client' }]);
    const again = await call.model.callFunction('set_lights', { state: 'on', room: '412' });
    expect(again).toMatch(/may have been done already/);
    expect(rooms.smartRoom.effects.splice(0)).toHaveLength(1);
    expect(call.of('tool-ended').map(({ path, outcome }) => [path, outcome])).toEqual([
      ['native', 'failed'],
      ['client', 'refused'],
    ]);
    for (let time = 1; time <= 2; time++)
      await expect(call.model.callFunction('get_room_state', { room: '412' })).resolves.toContain('"lights":"on"');
    // Other arguments are another thing to do.
    await expect(call.model.callFunction('set_lights', { room: '412', state: 'off' })).resolves.toMatch(/are off/);
    expect(rooms.smartRoom.effects.splice(0)).toHaveLength(1);
    await call.hangUp();
  });

  it('[TOOL-42] a native read that failed may be repeated by function', async () => {
    const call = await hotel.call();
    hotel.addresses.delete('https://rooms.example.com/mcp');
    await expect(call.model.callNatively('rooms', 'get_room_state', { room: '318' })).resolves.toBeUndefined();
    hotel.addresses.set('https://rooms.example.com/mcp', rooms.url);
    await call.model.offering((model) => model.function('get_room_state'));
    await expect(call.model.callFunction('get_room_state', { room: '318' })).resolves.toContain('celsius');
    await call.hangUp();
  });
});

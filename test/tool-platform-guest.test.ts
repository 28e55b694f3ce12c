/** Tools that act on the guest's own room: which one it is follows from the call, whatever the model says. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSmartRoom, type RunningSmartRoom } from './peers/smart-room.ts';
import { PlatformHotel } from './platform-hotel.ts';

let hotel: PlatformHotel;
let rooms: RunningSmartRoom;
beforeAll(async () => {
  [hotel, rooms] = await Promise.all([PlatformHotel.open(), startSmartRoom()]);
  await hotel.add('rooms', rooms.url, { mode: 'auto', require_approval: 'never', from_call: { room: 'room' } });
});
afterAll(async () => {
  await hotel.close();
  await rooms.close();
});

it('[TOOL-45] the room is not the model’s to say: not offered, refused before the guest is verified, their own after', async () => {
  const { model, of, hangUp } = await hotel.call();
  // The model's side could leave it out or make it up, so the server is ours to call.
  expect(model.server('rooms')).toBeUndefined();
  const lights = model.function('set_lights');
  expect(Object.keys(lights?.parameters?.properties ?? {})).toEqual(['state']);
  expect(JSON.stringify(lights?.parameters)).not.toContain('room');
  for (const input of [{ state: 'on' }, { state: 'on', room: '318' }])
    expect(await model.callFunction('set_lights', input)).toMatch(/verify the guest first/);
  expect(await model.callFunction('get_room_state', { room: '318' })).toMatch(/verify the guest first/);
  expect(rooms.smartRoom.effects).toEqual([]);
  await model.callFunction('verify_guest', { room_number: '412', last_name: 'Miller' });
  expect(of('guest-verified')).toMatchObject([{ room: '412' }]);
  expect(await model.callFunction('set_lights', { state: 'on', room: '318' })).toBe('The lights are on.');
  expect(await model.callFunction('set_temperature', { celsius: 22 })).toMatch(/22/);
  expect(rooms.smartRoom.effects).toMatchObject([{ room: '412' }, { room: '412' }]);
  expect(rooms.smartRoom.stateOf('318').lights).toBe('off');
  await hangUp();
});

it('[TOOL-50] staff who are asked see the room that it will be', async () => {
  await hotel.add('suites', rooms.url, { mode: 'client', priority: 1, from_call: { room: 'room' } });
  const { model, next, hangUp } = await hotel.call();
  await model.callFunction('verify_guest', { room_number: '412', last_name: 'Miller' });
  model.beginFunction('set_lights', { state: 'dim', room: '318' });
  expect(JSON.parse((await next('approval-asked')).arguments)).toEqual({ state: 'dim', room: '412' });
  await hangUp();
});

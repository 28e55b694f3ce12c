/** Two instances on one database: what staff do at one of them is in effect at the other. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSmartRoom, type RunningSmartRoom } from './peers/smart-room.ts';
import { PlatformHotel } from './platform-hotel.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const KEY = 'key-of-the-rooms';
const ON = { room: '318', state: 'on' };
const WITHIN = { timeout: 2_000, interval: 20 };

let database: TestDatabase;
let here: PlatformHotel;
let there: PlatformHotel;
let rooms: RunningSmartRoom;
beforeAll(async () => {
  [database, rooms] = await Promise.all([createTestDatabase(), startSmartRoom({}, { token: KEY })]);
  here = await PlatformHotel.open({ database });
  there = await PlatformHotel.open({ database, password: here.password });
});
afterAll(async () => {
  await there.close();
  await here.close();
  await rooms.close();
  await database.drop();
});

it('[TOOL-44] a server that is added at one is connected and offered by the other within 2 s, also to a call that goes on', async () => {
  const going = await there.call();
  const require_approval = { set_lights: 'always' };
  await here.add('rooms', rooms.url, { mode: 'client', authorization: KEY, require_approval });
  await expect.poll(async () => (await there.server('rooms')).status.kind, WITHIN).toBe('connected');
  await expect.poll(() => going.model.function('set_lights')?.name, WITHIN).toBe('set_lights');
  const next = await there.call();
  expect(next.model.function('set_lights')).toBeDefined();
  await Promise.all([going.hangUp(), next.hangUp()]);
});

it('[TOOL-50] what a call at one asks is seen and answered at the other', async () => {
  const ear = await here.staff.listen();
  const call = await there.call();
  const asked = call.model.beginFunction('set_lights', ON);
  const { approvalId } = await call.next('approval-asked');
  expect((await ear.next('approval')).data).toMatchObject({ kind: 'asked', approval: { id: approvalId } });
  const answer = await here.staff.post(`approvals/${approvalId}`, { decision: 'approved' });
  expect(answer.status).toBe(200);
  expect(await call.model.outputOf(asked, 2_000)).toBe('The lights are on.');
  expect(rooms.smartRoom.effects).toHaveLength(1);
  const second = await there.staff.post(`approvals/${approvalId}`, { decision: 'denied' });
  expect(second.status).toBe(409);
  ear.close();
  await call.hangUp();
});

it('[TOOL-45] what is withdrawn and removed at one is refused at once and gone at the other', async () => {
  const call = await there.call();
  await here.staff.post('mcp/servers/rooms/tools/withdraw', { tools: ['set_lights'] });
  await expect.poll(() => call.model.function('set_lights'), WITHIN).toBeUndefined();
  expect(call.model.function('open_curtains')).toBeDefined();
  const { version } = await here.server('rooms');
  await here.staff.send('DELETE', `mcp/servers/rooms?version=${version}`);
  await expect.poll(() => call.model.function('open_curtains'), WITHIN).toBeUndefined();
  await expect.poll(() => there.server('rooms')).toBeUndefined();
  await call.hangUp();
});

/** What the model's side asks before it calls a tool itself: staff see it, and one of them decides, or nobody in time. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FeedEar } from './dashboard/staff-client.ts';
import { startSmartRoom, type RunningSmartRoom } from './peers/smart-room.ts';
import { PlatformHotel } from './platform-hotel.ts';

const WAIT_MS = 3_000;
const WARMER = { room: '318', celsius: 23 };

let hotel: PlatformHotel;
let rooms: RunningSmartRoom;
let ear: FeedEar;
beforeAll(async () => {
  [hotel, rooms] = await Promise.all([PlatformHotel.open({ approvalWaitMs: WAIT_MS }), startSmartRoom()]);
  await hotel.add('rooms', rooms.url, { mode: 'native', require_approval: 'always' });
  ear = await hotel.staff.listen();
});
afterEach(() => void rooms.smartRoom.effects.splice(0));
afterAll(async () => {
  ear.close();
  await hotel.close();
  await rooms.close();
});

interface Asked {
  kind: string;
  approval: { id: string; argumentsJson: string };
}

const waiting = async (): Promise<{ id: string }[]> =>
  ((await (await hotel.staff.get('approvals')).json()) as { approvals: { id: string }[] }).approvals;

/** What the feed tells of the question that a call asked now. */
async function heard(kind: 'asked' | 'ended'): Promise<unknown> {
  for (;;) {
    const { data } = await ear.next('approval');
    if ((data as Asked).kind === kind) return data;
  }
}

/** A call whose model's side has asked. */
async function asking() {
  const call = await hotel.call();
  const requestId = call.model.askApproval('rooms', 'set_temperature', WARMER);
  const { approvalId } = await call.next('approval-asked');
  return { call, requestId, approvalId };
}

describe('[TOOL-50] a question of the model’s side', () => {
  it('is seen over the feed and in the list; allowed, it is answered with yes, and the second answer comes too late', async () => {
    const { call, requestId, approvalId } = await asking();
    const asked = { id: approvalId, callId: call.callId, server: 'rooms', tool: 'set_temperature', path: 'native' };
    const told = (await heard('asked')) as Asked;
    expect(told).toMatchObject({ kind: 'asked', approval: asked });
    expect(JSON.parse(told.approval.argumentsJson)).toEqual(WARMER);
    expect(await waiting()).toMatchObject([asked]);
    expect(call.model.said).toContainEqual(expect.stringMatching(/ask a colleague/i));
    const first = await hotel.staff.post(`approvals/${approvalId}`, { decision: 'approved' });
    expect(first.status).toBe(200);
    expect(await call.model.answerTo(requestId)).toMatchObject({ approve: true });
    const second = await hotel.staff.post(`approvals/${approvalId}`, { decision: 'denied' });
    expect([second.status, await second.json()]).toMatchObject([409, { decision: 'approved' }]);
    await call.model.callNatively('rooms', 'set_temperature', WARMER, requestId);
    expect(rooms.smartRoom.effects).toHaveLength(1);
    expect(await call.next('tool-ended')).toMatchObject({ path: 'native', outcome: 'ok' });
    expect(await heard('ended')).toMatchObject({ id: approvalId, decision: 'approved' });
    expect(await waiting()).toEqual([]);
    await call.hangUp();
  });

  it('is denied: the answer is no, with words for the guest, and the agent goes on', async () => {
    const { call, requestId, approvalId } = await asking();
    await hotel.staff.post(`approvals/${approvalId}`, { decision: 'denied' });
    expect(await call.model.answerTo(requestId)).toMatchObject({
      approve: false,
      reason: expect.stringMatching(/not allow/),
    });
    expect(await call.next('approval-ended')).toMatchObject({ approvalId, decision: 'denied' });
    await call.next('agent-said', 2);
    await call.hangUp();
  });

  it('finds nobody in time: the answer is no, and whoever answers then is told that it is over', async () => {
    const { call, requestId, approvalId } = await asking();
    expect(await call.model.answerTo(requestId)).toMatchObject({ approve: false });
    expect(await call.next('approval-ended')).toMatchObject({ approvalId, decision: 'expired' });
    const late = await hotel.staff.post(`approvals/${approvalId}`, { decision: 'approved' });
    expect([late.status, await late.json()]).toMatchObject([410, { decision: 'expired' }]);
    expect(await waiting()).toEqual([]);
    await call.hangUp();
  });

  it('is of nobody’s interest once the guest has hung up', async () => {
    const { call, approvalId } = await asking();
    await call.hangUp();
    expect(await call.next('approval-ended')).toMatchObject({ approvalId, decision: 'cancelled' });
    const late = await hotel.staff.post(`approvals/${approvalId}`, { decision: 'approved' });
    expect([late.status, await late.json()]).toMatchObject([410, { decision: 'cancelled' }]);
    expect(rooms.smartRoom.effects).toEqual([]);
  });

  it('about a tool that is switched off meanwhile is answered with no, though staff allow it', async () => {
    const { call, requestId, approvalId } = await asking();
    await hotel.staff.post('mcp/servers/rooms/disable', {});
    await hotel.staff.post(`approvals/${approvalId}`, { decision: 'approved' });
    expect(await call.model.answerTo(requestId)).toMatchObject({ approve: false });
    await hotel.staff.post('mcp/servers/rooms/enable', {});
    await hotel.seen('rooms', ({ tools }) => tools.every(({ offeredAs }) => offeredAs !== undefined));
    await call.hangUp();
  });
});

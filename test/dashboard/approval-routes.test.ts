import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeToolServers } from './fake-tool-servers.ts';
import { staffClient, type StaffClient } from './staff-client.ts';
import { openStaffDesk, type StaffDeskStage } from './staff-desk.ts';

const tools = new FakeToolServers();
let stage: StaffDeskStage;
let ann: StaffClient;
let bob: StaffClient;
let boss: StaffClient;

beforeAll(async () => {
  stage = await openStaffDesk(undefined, tools);
  ann = await staffClient(stage.url, 'ann', await stage.hire('ann', 'Ann', 'agent'));
  bob = await staffClient(stage.url, 'bob', await stage.hire('bob', 'Bob', 'agent'));
  boss = await staffClient(stage.url, 'boss', await stage.hire('boss', 'Boss', 'admin'));
});

afterAll(() => stage.close());

const answer = (client: StaffClient, id: string, decision: string) => client.post(`approvals/${id}`, { decision });

describe('an approval', () => {
  it('waits for all who look, with exactly what the tool would get', async () => {
    const { id } = tools.ask({ argumentsJson: '{"day":"Friday","note":"<b>two</b>"}' });
    const { approvals, now } = (await (await ann.get('approvals')).json()) as { approvals: unknown[]; now: string };
    expect(approvals).toContainEqual(
      expect.objectContaining({ id, room: '412', argumentsJson: '{"day":"Friday","note":"<b>two</b>"}' }),
    );
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(5_000);
    const ear = await ann.listen();
    expect((await ear.next('snapshot')).data).toMatchObject({ approvals: [{ id }] });
    ear.close();
    tools.waiting.clear();
  });

  it('the first answer counts: the second one is told whose that was', async () => {
    const { id } = tools.ask();
    expect(await (await answer(ann, id, 'approved')).json()).toEqual({ decision: 'approved' });
    const late = await answer(bob, id, 'denied');
    expect(late.status).toBe(409);
    expect(await late.json()).toEqual({ error: 'Ann already allowed it.', decision: 'approved', by: 'Ann' });
  });

  it.each([
    ['expired', 'Too late: its time is over.'],
    ['cancelled', 'Too late: the call does not need it any more.'],
  ] as const)('one that is %s is answered no more', async (decision, words) => {
    const { id } = tools.ask();
    tools.waiting.delete(id);
    tools.answered.set(id, { decision, by: '' });
    const late = await answer(ann, id, 'approved');
    expect(late.status).toBe(410);
    expect(await late.json()).toEqual({ error: words, decision });
  });

  it('is told as it is asked and as it ends', async () => {
    const ear = await bob.listen();
    await ear.next('snapshot');
    const approval = tools.ask();
    stage.news?.asked(approval);
    expect((await ear.next('approval')).data).toMatchObject({ kind: 'asked', approval: { id: approval.id } });
    await answer(ann, approval.id, 'denied');
    expect((await ear.next('approval')).data).toEqual({
      kind: 'ended',
      id: approval.id,
      decision: 'denied',
      by: 'Ann',
    });
    ear.close();
  });

  it('[T14] shows no card number', async () => {
    const approval = tools.ask({ argumentsJson: '{"card":"4111 1111 1111 1111"}' });
    const ear = await bob.listen();
    await ear.next('snapshot');
    stage.news?.asked(approval);
    const shown = '{"card":"[card number]"}';
    expect((await ear.next('approval')).data).toMatchObject({ approval: { argumentsJson: shown } });
    expect(await (await ann.get('approvals')).json()).toMatchObject({ approvals: [{ argumentsJson: shown }] });
    ear.close();
    tools.waiting.clear();
  });

  it.each([{}, { decision: 'expired' }, { decision: 1 }])('%j is no answer', async (body) => {
    expect((await ann.post(`approvals/${tools.ask().id}`, body)).status).toBe(400);
  });

  it('one that nobody asked is not found', async () => {
    expect((await answer(ann, '0190b1f0-0000-7000-8000-000000000000', 'approved')).status).toBe(404);
  });
});

describe('access tokens', () => {
  it('a token is told once, listed without itself, and revoked', async () => {
    const asked = { name: 'Night assistant', scopes: ['requests:read'], days: 30 };
    const issued = await boss.post('access-tokens', asked);
    expect(issued.status).toBe(201);
    const { token, view } = (await issued.json()) as { token: string; view: { id: string } };
    const listed = await (await ann.get('access-tokens')).text();
    expect(listed).toContain('Night assistant');
    expect(listed).not.toContain(token);
    expect((await boss.send('DELETE', `access-tokens/${view.id}`)).status).toBe(204);
    expect((await boss.send('DELETE', `access-tokens/${view.id}`)).status).toBe(404);
  });

  it.each([
    ['nothing', []],
    ['what there is not', ['requests:delete']],
  ])('a token is not good for %s', async (_name, scopes) => {
    expect((await boss.post('access-tokens', { name: 'x', scopes, days: 30 })).status).toBe(400);
    expect(tools.kept).toEqual([]);
  });

  it.each([0, 366, 1.5])('a token does not last %d days', async (days) => {
    expect((await boss.post('access-tokens', { name: 'x', scopes: ['requests:read'], days })).status).toBe(400);
  });
});

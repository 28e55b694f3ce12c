import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from 'node:net';
import { once } from 'node:events';
import { staffClient, type StaffClient } from './staff-client.ts';
import { openStaffDesk, type StaffDeskStage } from './staff-desk.ts';

let stage: StaffDeskStage;
let ann: StaffClient;

beforeAll(async () => {
  stage = await openStaffDesk();
  ann = await staffClient(stage.url, 'ann', await stage.hire('ann', 'Ann', 'agent'));
});

afterAll(() => stage.close());

const answered = { kind: 'answered', carrier: 'test', from: '+15550199', to: '+15550100', agent: 'local' } as const;

describe('the live feed', () => {
  it('begins with how things stand, then tells what changes', async () => {
    const before = await stage.request({ summary: 'A second pillow please' });
    const ear = await ann.listen();
    const { data } = await ear.next('snapshot');
    expect(data).toMatchObject({ requests: expect.arrayContaining([expect.objectContaining({ id: before.id })]) });
    const after = await stage.request({ summary: 'The shower is cold' });
    expect((await ear.next('request', after.id)).data).toMatchObject({ number: after.number, status: 'new' });
    await ann.post(`requests/${after.id}/status`, { version: 1, status: 'accepted' });
    expect((await ear.next('request', after.id)).data).toMatchObject({ status: 'accepted', version: 2 });
    ear.close();
  });

  it('a viewer that comes back gets what it missed, and no snapshot', async () => {
    const ear = await ann.listen();
    const { id } = await ear.next('snapshot');
    ear.close();
    const callId = uuidv7();
    stage.happen(callId, answered, { kind: 'phase-changed', from: 'ringing', to: 'greeting' });
    const again = await ann.listen(id);
    expect((await again.next('call')).data).toMatchObject({ callId, phase: 'ringing' });
    expect((await again.next('call')).data).toMatchObject({ callId, phase: 'greeting' });
    again.close();
    stage.happen(callId, { kind: 'ended', reason: 'caller-hung-up', durationMs: 1 });
  });

  it.each(['1', '99999999999999', 'x'])('a viewer that saw %s last gets a snapshot', async (lastSeenId) => {
    const ear = await ann.listen(lastSeenId);
    expect((await ear.next('snapshot')).data).toHaveProperty('liveCalls');
    ear.close();
  });

  it('tells a call’s words while they are said, then its line, then its end', async () => {
    const ear = await ann.listen();
    await ear.next('snapshot');
    const callId = uuidv7();
    stage.happen(callId, answered);
    stage.live.words({ callId, speaker: 'guest', turnId: 'g', text: 'Two tow' });
    stage.happen(callId, { kind: 'guest-said', turnId: 'g', order: 1, text: 'Two towels' });
    stage.happen(callId, { kind: 'ended', reason: 'caller-hung-up', durationMs: 900 });
    expect((await ear.next('words')).data).toMatchObject({ callId, text: 'Two tow' });
    expect((await ear.next('line')).data).toMatchObject({ callId, line: { speaker: 'guest', text: 'Two towels' } });
    expect((await ear.next('call-ended')).data).toMatchObject({ callId, endReason: 'caller-hung-up' });
    expect(stage.live.snapshot().map((call) => call.callId)).not.toContain(callId);
    ear.close();
  });

  it('[T14] a card number is not shown, neither while it is said nor afterwards', async () => {
    const ear = await ann.listen();
    await ear.next('snapshot');
    const callId = uuidv7();
    const text = 'it is 4111 1111 1111 1111';
    stage.happen(callId, answered);
    stage.live.words({ callId, speaker: 'guest', turnId: 'g', text });
    stage.happen(callId, { kind: 'guest-said', turnId: 'g', order: 1, text });
    expect((await ear.next('words')).data).toMatchObject({ text: 'it is [card number]' });
    expect((await ear.next('line')).data).toMatchObject({ line: { text: 'it is [card number]' } });
    stage.happen(callId, { kind: 'ended', reason: 'caller-hung-up', durationMs: 1 });
    ear.close();
  });

  it('what staff are asked, what came of it and another language stand among a call’s lines', () => {
    const callId = uuidv7();
    stage.happen(
      callId,
      answered,
      { kind: 'approval-asked', approvalId: 'x', server: 'tables', tool: 'book_table', arguments: '{}' },
      { kind: 'approval-ended', approvalId: 'x', decision: 'expired' },
      { kind: 'path-changed', server: 'tables', to: 'client', why: 'it was not reached' },
      { kind: 'language-switched', toolCallId: 't', from: 'en', to: 'fr', told: 'Go on in it.' },
    );
    const call = stage.live.snapshot().find((live) => live.callId === callId);
    expect(call?.lines.map(({ text }) => text)).toEqual([
      'staff are asked · book_table · tables',
      'staff were asked · expired',
      'tools of tables · now client · it was not reached',
      'the guest asked for French · spoken from here on',
    ]);
    stage.happen(callId, { kind: 'ended', reason: 'caller-hung-up', durationMs: 1 });
  });

  it('lines stand in the order they were spoken, however late they came', () => {
    const callId = uuidv7();
    stage.happen(
      callId,
      answered,
      { kind: 'agent-said', turnId: 'a', order: 2, text: 'Which room?', heardMs: 1, wasCutOff: false },
      { kind: 'guest-said', turnId: 'g', order: 1, text: 'Two towels' },
    );
    const call = stage.live.snapshot().find((live) => live.callId === callId);
    expect(call?.lines.map(({ turnId }) => turnId)).toEqual(['g', 'a']);
    stage.happen(callId, { kind: 'ended', reason: 'caller-hung-up', durationMs: 1 });
  });

  it('a viewer that does not read is dropped, and the others hear on', async () => {
    const { host, hostname, port } = new URL(stage.url);
    const deaf = connect(Number(port), hostname);
    deaf.write(`GET /staff/api/feed HTTP/1.1\r\nhost: ${host}\r\ncookie: ${ann.cookie}\r\n\r\n`);
    await once(deaf, 'readable');
    deaf.pause();
    const ear = await ann.listen();
    await ear.next('snapshot');
    const droppedBefore = stage.feed.dropped;
    const callId = uuidv7();
    const text = 'x'.repeat(100_000);
    const listening = ear.next('line');
    for (let i = 0; i < 200 && stage.feed.dropped === droppedBefore; i++) {
      stage.feed.publish('line', {
        callId,
        line: { turnId: String(i), order: i, speaker: 'guest', text, wasCutOff: false },
      });
      // Lets the viewer that reads do so.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(stage.feed.dropped).toBeGreaterThan(droppedBefore);
    expect((await listening).data).toHaveProperty('line');
    deaf.destroy();
    ear.close();
  });

  it('after a break of its own every viewer is sent for a snapshot', async () => {
    const ear = await ann.listen();
    const { id } = await ear.next('snapshot');
    stage.feed.startAfresh();
    await expect(ear.next('request')).rejects.toThrow('ended');
    const again = await ann.listen(id);
    expect((await again.next('snapshot')).data).toHaveProperty('requests');
    again.close();
  });
});

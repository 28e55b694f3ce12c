/** Native calls of servers of others: what the witness hears of them, and approvals that staff are asked for. */
import { describe, expect, test } from 'vitest';
import type { FakeClock } from '../fake-clock.ts';
import type { ScriptedConnection } from '../peers/scripted-realtime.ts';
import { created, done, setReadyStage, withNative } from './realtime-stage.ts';
import {
  added,
  conversationItemAdded,
  conversationItemDone,
  itemDone,
  listOf,
  nativeCall,
  outside,
  stagedWitness,
  type Item,
} from './witness-stage.ts';

async function setCallStage() {
  const witness = stagedWitness();
  const stage = await setReadyStage({ tools: withNative(outside('spa')), witness });
  stage.peer.emit(...listOf('hotel'), ...listOf('spa'));
  return { ...stage, witness };
}

/** Pings are answered in real time, so the time of the test passes in steps. */
async function pass20s(peer: ScriptedConnection, clock: FakeClock): Promise<void> {
  for (let second = 0; second < 20; second += 5) {
    clock.advance(5_000);
    await peer.settled();
  }
}

const argumentsDone = (id: string, argumentsJson: string) => ({
  type: 'response.mcp_call_arguments.done',
  response_id: 'r1',
  item_id: id,
  output_index: 0,
  arguments: argumentsJson,
});
const completed = (id: string) => ({ type: 'response.mcp_call.completed', item_id: id, output_index: 0 });
const failed = (id: string) => ({ type: 'response.mcp_call.failed', item_id: id, output_index: 0 });

describe('a native call', () => {
  test('is told when its arguments are known, and when it ended with its result, each once', async () => {
    const { peer, witness } = await setCallStage();
    peer.emit(created('r1'), added('r1', nativeCall('m1')));
    await peer.settled();
    expect(witness.of('started')).toEqual([]);
    peer.emit(argumentsDone('m1', '{"day":"today"}'));
    await peer.settled();
    expect(witness.of('started')).toEqual([['m1', 'spa', 'find', '{"day":"today"}']]);
    const over = nativeCall('m1', { arguments: '{"day":"today"}', output: 'At five.' });
    peer.emit(completed('m1'), itemDone('r1', over), conversationItemDone(over), done('r1'));
    await peer.next('response.create');
    expect(witness.of('started')).toHaveLength(1);
    expect(witness.of('ended')).toEqual([['m1', { outcome: 'ok', result: 'At five.' }]]);
  });

  test.each([
    ['tool_execution_error', { outcome: 'failed', result: 'No slot.' }],
    ['http_error', { outcome: 'unreachable', result: 'http_error: No slot.' }],
    ['protocol_error', { outcome: 'unreachable', result: 'protocol_error: No slot.' }],
  ])('that ended with %s is told as such', async (type, end) => {
    const { peer, witness } = await setCallStage();
    const item = nativeCall('m1', { arguments: '{}', error: { type, code: 1, message: 'No slot.' } });
    peer.emit(created('r1'), added('r1', nativeCall('m1')), failed('m1'), itemDone('r1', item), done('r1'));
    await peer.next('response.create');
    expect(witness.of('started')).toEqual([['m1', 'spa', 'find', '{}']]);
    expect(witness.of('ended')).toEqual([['m1', end]]);
  });

  test('of our own server is not told: it tells by itself', async () => {
    const { peer, witness } = await setCallStage();
    const item = nativeCall('m1', { server_label: 'hotel', arguments: '{}', output: 'ok' });
    peer.emit(created('r1'), added('r1', item), completed('m1'), itemDone('r1', item), done('r1'));
    await peer.next('response.create');
    expect([witness.of('started'), witness.of('ended')]).toEqual([[], []]);
  });

  test('[MODEL-18] that does not end in 20 s is lost: the guest is spoken to, a late end changes nothing', async () => {
    const { peer, witness, clock } = await setCallStage();
    peer.emit(created('r1'), added('r1', nativeCall('m1')), argumentsDone('m1', '{}'), done('r1'));
    await peer.settled();
    await pass20s(peer, clock);
    await peer.next('response.create');
    expect(witness.of('ended')).toEqual([['m1', { outcome: 'unreachable', result: 'No answer in time.' }]]);
    peer.emit(completed('m1'), itemDone('r1', nativeCall('m1', { output: 'At five.' })));
    await peer.settled();
    expect(witness.of('ended')).toHaveLength(1);
    expect(peer.of('response.create')).toHaveLength(1);
  });

  test('whose item never follows its end is over all the same', async () => {
    const { peer, witness, clock } = await setCallStage();
    peer.emit(created('r1'), added('r1', nativeCall('m1')), argumentsDone('m1', '{}'), done('r1'), completed('m1'));
    await peer.next('response.create');
    expect(witness.of('ended')).toEqual([]);
    clock.advance(2_000);
    expect(witness.of('ended')).toEqual([['m1', { outcome: 'ok', result: '' }]]);
  });

  test('that runs when the connection ends is told as unreachable: nobody knows what becomes of it', async () => {
    const { peer, leg, witness } = await setCallStage();
    peer.emit(created('r1'), added('r1', nativeCall('m1')), argumentsDone('m1', '{}'));
    await peer.settled();
    leg.close();
    leg.close();
    expect(witness.of('ended')).toEqual([['m1', { outcome: 'unreachable', result: 'The connection was closed.' }]]);
  });
});

describe('an approval', () => {
  const request: Item = {
    id: 'a1',
    type: 'mcp_approval_request',
    server_label: 'spa',
    name: 'book',
    arguments: '{"at":"17:00"}',
  };
  /** A response that asks for it, done. */
  const asks = (item = request) => [
    created('r1'),
    added('r1', item),
    itemDone('r1', item),
    conversationItemDone(item),
    done('r1', 'completed', { output: [item] }),
  ];
  const approvedCall = nativeCall('m1', { name: 'book', arguments: '{"at":"17:00"}', approval_request_id: 'a1' });
  const answers = (peer: ScriptedConnection) => peer.of('conversation.item.create');

  test('is asked once, and nothing is asked of the model while it is open', async () => {
    const { peer, leg, witness } = await setCallStage();
    peer.emit(...asks());
    await peer.settled();
    expect(witness.of('approve')).toEqual([['spa', 'book', '{"at":"17:00"}']]);
    expect(answers(peer)).toEqual([]);
    expect(peer.of('response.create')).toEqual([]);
    // Words to the guest go through.
    leg.sayExactly('I have to ask a colleague.');
    await peer.next('response.create');
    peer.emit(created('r2'), added('r2', { id: 's2', type: 'message' }), done('r2'));
    await peer.settled();
    expect(peer.of('response.create')).toHaveLength(1);
  });

  test('that is denied is answered with its reason, and one response follows', async () => {
    const { peer, witness } = await setCallStage();
    peer.emit(...asks());
    await peer.settled();
    witness.answer({ isApproved: false, reason: 'Not today.' });
    await peer.next('response.create');
    await peer.settled();
    expect(answers(peer).map(({ item }) => item)).toEqual([
      {
        id: 'approval 1',
        type: 'mcp_approval_response',
        approval_request_id: 'a1',
        approve: false,
        reason: 'Not today.',
      },
    ]);
    expect(peer.of('response.create')).toHaveLength(1);
  });

  test.each(['named by the call', 'not named'])(
    'that is given: one response follows, after the call, the approval being %s',
    async (how) => {
      const { peer, witness } = await setCallStage();
      const call = how === 'not named' ? { ...approvedCall, approval_request_id: null } : approvedCall;
      peer.emit(...asks());
      await peer.settled();
      witness.answer({ isApproved: true, reason: '' });
      await peer.next('conversation.item.create');
      expect(answers(peer)[0]?.item).toEqual({
        id: 'approval 1',
        type: 'mcp_approval_response',
        approval_request_id: 'a1',
        approve: true,
      });
      peer.emit(conversationItemAdded(call), { type: 'response.mcp_call.in_progress', item_id: 'm1', output_index: 0 });
      await peer.settled();
      expect(witness.of('started')).toEqual([['m1', 'spa', 'book', '{"at":"17:00"}']]);
      expect(peer.of('response.create')).toEqual([]);
      peer.emit(completed('m1'), conversationItemDone({ ...call, output: 'Booked.' }));
      await peer.next('response.create');
      await peer.settled();
      expect(peer.of('response.create')).toHaveLength(1);
      expect(witness.of('ended')).toEqual([['m1', { outcome: 'ok', result: 'Booked.' }]]);
    },
  );

  test('whose call is told at its end alone brings one response too', async () => {
    const { peer, witness } = await setCallStage();
    peer.emit(...asks());
    await peer.settled();
    witness.answer({ isApproved: true, reason: '' });
    await peer.next('conversation.item.create');
    peer.emit(conversationItemDone({ ...approvedCall, output: 'Booked.' }));
    await peer.next('response.create');
    await peer.settled();
    expect(peer.of('response.create')).toHaveLength(1);
    expect(witness.told.map(([what]) => what)).toEqual(['listed', 'approve', 'started', 'ended']);
  });

  test('whose call never comes is given up after 20 s: the guest hears something', async () => {
    const { peer, witness, clock } = await setCallStage();
    peer.emit(...asks());
    await peer.settled();
    witness.answer({ isApproved: true, reason: '' });
    await peer.next('conversation.item.create');
    await pass20s(peer, clock);
    await peer.next('response.create');
  });

  test('that nobody can be asked for is denied', async () => {
    const { peer, witness } = await setCallStage();
    peer.emit(...asks());
    await peer.settled();
    witness.refuse(new Error('the database is away'));
    await peer.next('conversation.item.create');
    expect(answers(peer)[0]?.item).toMatchObject({ approve: false, reason: 'Nobody could be asked.' });
  });

  test('for a server that is not in use is denied without asking', async () => {
    const { peer, witness } = await setCallStage();
    peer.emit(...asks({ ...request, server_label: 'other' }));
    await peer.next('conversation.item.create');
    expect(witness.of('approve')).toEqual([]);
    expect(answers(peer)[0]?.item).toMatchObject({ approve: false });
  });

  test('whose answer comes after the connection was closed is not sent', async () => {
    const { peer, leg, witness } = await setCallStage();
    peer.emit(...asks());
    await peer.settled();
    leg.close();
    witness.answer({ isApproved: true, reason: '' });
    await peer.closed();
    expect(answers(peer)).toEqual([]);
  });

  test('whose answer the server does not take is over', async () => {
    const { peer, witness } = await setCallStage();
    peer.emit(...asks());
    await peer.settled();
    witness.answer({ isApproved: true, reason: '' });
    const { event_id: eventId } = await peer.next('conversation.item.create');
    const error = { type: 'invalid_request_error', code: 'item_not_found', message: 'Unknown.', event_id: eventId };
    peer.emit({ type: 'error', error });
    await peer.next('response.create');
  });

  test('that is open lets the conversation go on: what a later turn brings is spoken of', async () => {
    const { peer, leg, witness } = await setCallStage();
    leg.setTurnTaking('automatic');
    peer.emit(...asks());
    await peer.settled();
    const other = nativeCall('m9', { server_label: 'hotel', arguments: '{}', output: 'ok' });
    peer.emit({ type: 'input_audio_buffer.committed', item_id: 'g1', previous_item_id: null });
    peer.emit(created('r2'), added('r2', other), completed('m9'), itemDone('r2', other), done('r2'));
    await peer.next('response.create');
    peer.emit(created('r3'), added('r3', { id: 's3', type: 'message' }), done('r3'));
    witness.answer({ isApproved: false, reason: '' });
    await peer.next('response.create', 1);
    await peer.settled();
    expect(peer.of('response.create')).toHaveLength(2);
  });
});

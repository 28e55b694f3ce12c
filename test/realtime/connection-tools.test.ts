/** Tools over the model's wire: functions of ours, native calls, and what becomes of native tools that do not work. */
import { describe, expect, test } from 'vitest';
import type { ScriptedConnection } from '../peers/scripted-realtime.ts';
import { created, done, functionCall, NATIVE, setReadyStage, withNative } from './realtime-stage.ts';

type Item = { id: string; type: string; [field: string]: unknown };

const added = (responseId: string, item: Item) => ({
  type: 'response.output_item.added',
  response_id: responseId,
  output_index: 0,
  item,
});
const itemDone = (responseId: string, item: Item) => ({
  type: 'response.output_item.done',
  response_id: responseId,
  output_index: 0,
  item,
});
const conversationItemDone = (item: Item) => ({ type: 'conversation.item.done', previous_item_id: null, item });

const nativeCall = (id: string, more: object = {}): Item => ({
  id,
  type: 'mcp_call',
  server_label: 'hotel',
  name: 'create_service_request',
  arguments: '{}',
  output: null,
  error: null,
  ...more,
});

/** A response that calls these functions, up to and without its end. */
function call(peer: ScriptedConnection, responseId: string, ...items: Item[]): void {
  peer.emit(created(responseId));
  for (const item of items) {
    peer.emit(added(responseId, { ...item, status: 'in_progress', arguments: '' }));
    peer.emit(itemDone(responseId, item), conversationItemDone(item));
  }
}

describe('functions', () => {
  test('[MODEL-19] a function is told once, and only when its response is done', async () => {
    const { peer, of, until } = await setReadyStage();
    const item = functionCall('c1', 'hang_up', '{"reason":"done"}');
    call(peer, 'r1', item);
    await peer.settled();
    expect(of('toolRequested')).toEqual([]);
    peer.emit(done('r1', 'completed', { output: [item] }));
    await until('toolRequested');
    peer.emit(conversationItemDone(item), done('r1', 'completed', { output: [item] }));
    await peer.settled();
    expect(of('toolRequested')).toEqual([['c1', 'hang_up', '{"reason":"done"}']]);
  });

  test('[MODEL-19] the output names its call, and one response follows it', async () => {
    const { peer, leg, until } = await setReadyStage();
    call(peer, 'r1', functionCall('c1', 'hang_up'));
    peer.emit(done('r1'));
    await until('toolRequested');
    leg.giveToolResult('c1', 'Done.', true);
    await peer.next('response.create');
    await peer.settled();
    expect(peer.sent.slice(1).map(({ type }) => type)).toEqual(['conversation.item.create', 'response.create']);
    expect(peer.of('conversation.item.create')[0]?.item).toEqual({
      type: 'function_call_output',
      call_id: 'c1',
      output: 'Done.',
    });
  });

  test('[MODEL-18] several functions: exactly one response, after the last output', async () => {
    const { peer, leg, until } = await setReadyStage();
    call(peer, 'r1', functionCall('c1', 'a'), functionCall('c2', 'b'), functionCall('c3', 'c'));
    peer.emit(done('r1'));
    await until('toolRequested', 3);
    leg.giveToolResult('c2', 'two', true);
    leg.giveToolResult('c3', 'three', true);
    await peer.settled();
    expect(peer.of('response.create')).toEqual([]);
    leg.giveToolResult('c1', 'one', true);
    leg.giveToolResult('c1', 'one', true);
    await peer.settled();
    expect(peer.of('response.create')).toHaveLength(1);
  });

  test('[MODEL-18] an output that comes while another response is active waits with its follow-up', async () => {
    const { peer, leg, until } = await setReadyStage();
    call(peer, 'r1', functionCall('c1', 'a'));
    peer.emit(done('r1'));
    await until('toolRequested');
    leg.sayExactly('One moment.');
    await peer.next('response.create');
    peer.emit(created('r2'), added('r2', { id: 'm2', type: 'message' }));
    leg.giveToolResult('c1', 'one', true);
    await peer.settled();
    expect(peer.of('response.create')).toHaveLength(1);
    peer.emit(done('r2'));
    await peer.next('response.create', 1);
    await peer.settled();
    expect(peer.of('response.create')).toHaveLength(2);
  });

  test('a result that nobody is to speak about brings no response', async () => {
    const { peer, leg, until } = await setReadyStage();
    call(peer, 'r1', functionCall('c1', 'hang_up'));
    peer.emit(done('r1'));
    await until('toolRequested');
    leg.giveToolResult('c1', 'The call ends now.', false);
    await peer.settled();
    expect(peer.of('conversation.item.create')).toHaveLength(1);
    expect(peer.of('response.create')).toEqual([]);
  });

  test.each([
    ['bad JSON', 'hang_up', '{"reason":'],
    ['an unknown name', 'launch_rocket', '{}'],
    ['no name', '', '{}'],
    ['no arguments', 'hang_up', ''],
  ])('[TOOL-19] %s is told as it is and can be answered', async (_what, name, argumentsJson) => {
    const { peer, leg, until, of } = await setReadyStage();
    call(peer, 'r1', functionCall('c1', name, argumentsJson));
    peer.emit(done('r1'));
    await until('toolRequested');
    expect(of('toolRequested')).toEqual([['c1', name, argumentsJson]]);
    leg.giveToolResult('c1', 'There is no such tool.', true);
    await peer.next('response.create');
  });

  test('[MODEL-19] a function that only the end of its response names is told all the same', async () => {
    const { peer, until, of } = await setReadyStage();
    peer.emit(created('r1'), done('r1', 'completed', { output: [functionCall('c1', 'hang_up')] }));
    await until('toolRequested');
    expect(of('toolRequested')).toHaveLength(1);
    expect(peer.of('response.create')).toEqual([]);
  });

  test.each(['cancelled', 'failed', 'incomplete'])(
    '[MODEL-19] a function of a response that was %s may be half written and is not run',
    async (status) => {
      const { peer, until, of } = await setReadyStage();
      call(peer, 'r1', functionCall('c1', 'hang_up', '{"rea'));
      peer.emit(done('r1', status, { output: [functionCall('c1', 'hang_up', '{"rea')] }));
      await until('responseEnded');
      await peer.settled();
      expect(of('toolRequested')).toEqual([]);
      // Nothing waits for it: what is asked for next goes out.
      expect(peer.of('response.create')).toHaveLength(status === 'cancelled' ? 0 : 1);
    },
  );
});

describe('native tools', () => {
  test('are offered with the token of the call and nothing to approve', async () => {
    const { peer, of, until } = await setReadyStage({ tools: withNative() });
    const session = peer.of('session.update')[0]?.session as { tools: object[] };
    expect(session.tools).toEqual([
      {
        type: 'mcp',
        server_label: 'hotel',
        server_url: NATIVE.url,
        server_description: 'The hotel.',
        authorization: NATIVE.authorization,
        allowed_tools: ['create_service_request'],
        require_approval: 'never',
      },
      expect.objectContaining({ type: 'function', name: 'hang_up' }),
    ]);
    peer.emit({ type: 'mcp_list_tools.in_progress', item_id: 'l1' });
    peer.emit({ type: 'mcp_list_tools.completed', item_id: 'l1' });
    await until('toolsOffered');
    expect(of('toolsOffered')).toEqual([['native']]);
  });

  test.each(['completed', 'failed'])('[MODEL-18] after a call that %s: exactly one response', async (end) => {
    const { peer } = await setReadyStage({ tools: withNative() });
    peer.emit(created('r1'), added('r1', nativeCall('m1')), done('r1', 'completed', { output: [nativeCall('m1')] }));
    await peer.settled();
    expect(peer.of('response.create')).toEqual([]);
    peer.emit({ type: `response.mcp_call.${end}`, item_id: 'm1', output_index: 0 });
    peer.emit(itemDone('r1', nativeCall('m1', { output: 'ok' })), conversationItemDone(nativeCall('m1')));
    await peer.next('response.create');
    await peer.settled();
    expect(peer.of('response.create')).toHaveLength(1);
    expect(peer.of('response.create')[0]).not.toHaveProperty('response');
  });

  test('[MODEL-18] calls that end before their response: one response, after it', async () => {
    const { peer } = await setReadyStage({ tools: withNative() });
    peer.emit(created('r1'));
    for (const id of ['m1', 'm2'])
      peer.emit(
        added('r1', nativeCall(id)),
        { type: 'response.mcp_call.completed', item_id: id, output_index: 0 },
        itemDone('r1', nativeCall(id, { output: 'ok' })),
      );
    await peer.settled();
    expect(peer.of('response.create')).toEqual([]);
    peer.emit(done('r1'));
    await peer.settled();
    expect(peer.of('response.create')).toHaveLength(1);
  });

  test('[MODEL-18] a guest’s turn that the server answers after the call needs no other response', async () => {
    const { peer, leg } = await setReadyStage({ tools: withNative() });
    leg.setTurnTaking('automatic');
    await peer.next('session.update', 1);
    peer.emit(created('r1'), added('r1', nativeCall('m1')), done('r1'));
    peer.emit({ type: 'input_audio_buffer.committed', item_id: 'g1', previous_item_id: null });
    peer.emit({ type: 'response.mcp_call.completed', item_id: 'm1', output_index: 0 });
    peer.emit(created('r2'), added('r2', { id: 'a2', type: 'message' }), done('r2'));
    await peer.settled();
    expect(peer.of('response.create')).toEqual([]);
  });

  test('[MODEL-18] a server that goes on by itself while it is asked is not asked again', async () => {
    const { peer } = await setReadyStage({ tools: withNative() });
    peer.emit(created('r1'), added('r1', nativeCall('m1')), done('r1'));
    peer.emit({ type: 'response.mcp_call.completed', item_id: 'm1', output_index: 0 });
    const { event_id } = await peer.next('response.create');
    peer.emit(created('r2'));
    const error = { type: 'invalid_request_error', code: 'conversation_already_has_active_response', message: 'Busy.' };
    peer.emit({ type: 'error', error: { ...error, event_id } });
    peer.emit(added('r2', { id: 'a2', type: 'message' }), done('r2'));
    await peer.settled();
    expect(peer.of('response.create')).toHaveLength(1);
  });

  test.each([
    ['the list fails', { type: 'mcp_list_tools.failed', item_id: 'l1' }],
    [
      'a call cannot be made',
      itemDone('r1', nativeCall('m1', { error: { type: 'http_error', code: 502, message: '' } })),
    ],
    ['a call is not understood', conversationItemDone(nativeCall('m1', { error: { type: 'protocol_error' } }))],
  ])('the same tools become functions, once, when %s', async (_what, event) => {
    const { peer, of } = await setReadyStage({ tools: withNative() });
    peer.emit(event, event);
    const { session } = await peer.next('session.update', 1);
    await peer.settled();
    const { tools } = session as { tools: { type: string; name: string }[] };
    expect(tools.map(({ type, name }) => `${type} ${name}`)).toEqual([
      'function create_service_request',
      'function hang_up',
    ]);
    expect(peer.of('session.update')).toHaveLength(2);
    expect(of('toolsOffered').map(([path]) => path)).toEqual(['function']);
  });

  test('a tool that failed in its own right stays native', async () => {
    const { peer } = await setReadyStage({ tools: withNative() });
    const error = { type: 'tool_execution_error', message: 'No such room.' };
    peer.emit(created('r1'), added('r1', nativeCall('m1')), itemDone('r1', nativeCall('m1', { error })), done('r1'));
    await peer.next('response.create');
    expect(peer.of('session.update')).toHaveLength(1);
  });

  test('tools that were listed in time stay native, and are told once', async () => {
    const { peer, clock, of } = await setReadyStage({ tools: withNative() });
    const listed = { type: 'mcp_list_tools.completed', item_id: 'l1' };
    peer.emit(listed, listed);
    await peer.settled();
    clock.advance(2_000);
    await peer.settled();
    expect(of('toolsOffered')).toEqual([['native']]);
    expect(peer.of('session.update')).toHaveLength(1);
  });

  test('tools that are not listed in time become functions', async () => {
    const { peer, clock, of, until } = await setReadyStage({ tools: withNative() });
    clock.advance(1_999);
    expect(of('toolsOffered')).toEqual([]);
    clock.advance(1);
    await until('toolsOffered');
    await peer.next('session.update', 1);
    peer.emit({ type: 'mcp_list_tools.completed', item_id: 'l1' });
    await peer.settled();
    expect(of('toolsOffered')).toEqual([['function', 'no list of tools in time']]);
  });
});

/** Native servers over the model's wire: how they are configured, whose list is believed, and what becomes of one that breaks. */
import { describe, expect, test } from 'vitest';
import type { ScriptedConnection } from '../peers/scripted-realtime.ts';
import { NATIVE, setReadyStage, setStage, tool, withNative } from './realtime-stage.ts';
import {
  conversationItemDone,
  failedListOf,
  LISTED,
  listOf,
  nativeCall,
  outside,
  stagedWitness,
} from './witness-stage.ts';

type Tool = { type: string; name?: string; server_label?: string };

/** The tools of the update with this index, shortly. */
const toolsOf = (peer: ScriptedConnection, index: number): string[] =>
  ((peer.of('session.update')[index]?.session as { tools?: Tool[] } | undefined)?.tools ?? []).map(
    ({ type, name, server_label: label }) => `${type} ${name ?? label}`,
  );
const lastTools = (peer: ScriptedConnection): string[] => toolsOf(peer, peer.of('session.update').length - 1);

describe('a session with several servers', () => {
  test('names for each what the model’s side needs, and nothing more', async () => {
    const spa = outside('spa', { headers: { 'X-House': 'one' } });
    const taxi = outside('taxi', { authorization: undefined, needApproval: ['find', 'book'], description: '' });
    const { peer } = await setReadyStage({ tools: withNative(spa, taxi) });
    const session = peer.of('session.update')[0]?.session as { tools?: object[] } | undefined;
    expect(session?.tools?.slice(1, 3)).toEqual([
      {
        type: 'mcp',
        server_label: 'spa',
        server_url: 'https://spa.example/mcp',
        server_description: 'Things of spa.',
        authorization: 'token-of-spa',
        headers: { 'X-House': 'one' },
        allowed_tools: ['find', 'book'],
        require_approval: { always: { tool_names: ['book'] }, never: { tool_names: ['find'] } },
      },
      {
        type: 'mcp',
        server_label: 'taxi',
        server_url: 'https://taxi.example/mcp',
        allowed_tools: ['find', 'book'],
        require_approval: 'always',
      },
    ]);
  });

  test('leaves out a server without a tool, and a name that stands twice', async () => {
    const tools = {
      version: 1,
      functions: [tool('hang_up'), { ...tool('hang_up'), description: 'Another.' }],
      native: [outside('spa', { allowedTools: [] })],
    };
    const { peer } = await setReadyStage({ tools });
    expect(toolsOf(peer, 0)).toEqual(['function hang_up']);
  });
});

describe('a list', () => {
  test('is shown to the witness, but for our own', async () => {
    const witness = stagedWitness();
    const { peer, of } = await setReadyStage({ tools: withNative(outside('spa')), witness });
    peer.emit(...listOf('hotel'), ...listOf('spa', [LISTED, { name: 'book', input_schema: {} }]));
    await peer.settled();
    expect(witness.told).toEqual([
      [
        'listed',
        'spa',
        [
          {
            name: 'find',
            description: 'Finds.',
            inputSchema: { type: 'object', properties: {} },
            annotations: { readOnlyHint: true },
          },
          { name: 'book', description: '', inputSchema: {} },
        ],
      ],
    ]);
    expect(of('toolsOffered')).toEqual([['native']]);
    expect(peer.of('session.update')).toHaveLength(1);
  });

  test.each([
    ['is not what staff approved', { spa: false }, [LISTED]],
    ['cannot be read', {}, [LISTED, { name: 7 }]],
  ])('that %s takes its server out, without a fallback, and for good', async (_what, trusts, tools) => {
    const witness = stagedWitness(trusts);
    const { peer, clock } = await setReadyStage({ tools: withNative(outside('spa')), witness });
    peer.emit(...listOf('hotel'), ...listOf('spa', tools));
    await peer.next('session.update', 1);
    expect(lastTools(peer)).toEqual(['mcp hotel', 'function hang_up']);
    clock.advance(5_000);
    peer.emit(...listOf('spa'), ...failedListOf('spa'));
    await peer.settled();
    expect(witness.of('pathBroke')).toEqual([]);
    expect(peer.of('session.update')).toHaveLength(2);
  });
});

describe('a server that breaks', () => {
  const broken: [string, string, (peer: ScriptedConnection) => void][] = [
    ['its list fails', 'the list of tools failed', (peer) => peer.emit(...failedListOf('spa'))],
    ...(['http_error', 'protocol_error'] as const).map((type): [string, string, (peer: ScriptedConnection) => void] => [
      `a call of it ends with ${type}`,
      `a native call failed: ${type}`,
      (peer) =>
        peer.emit(
          ...listOf('spa'),
          conversationItemDone(nativeCall('m1', { error: { type, code: 502, message: 'Gone.' } })),
        ),
    ]),
  ];

  test.each(broken)('when %s, it alone is replaced by its functions, and told once', async (_what, why, breakIt) => {
    const witness = stagedWitness();
    const { peer, clock, of } = await setReadyStage({
      tools: withNative(outside('spa'), outside('taxi')),
      witness,
    });
    peer.emit(...listOf('hotel'), ...listOf('taxi'));
    breakIt(peer);
    await peer.next('session.update', 1);
    expect(lastTools(peer)).toEqual([
      'mcp hotel',
      'mcp taxi',
      'function spa_find',
      'function spa_book',
      'function hang_up',
    ]);
    peer.emit(...failedListOf('spa'), ...listOf('spa'));
    clock.advance(2_000);
    await peer.settled();
    expect(witness.of('pathBroke')).toEqual([['spa', why]]);
    expect(of('toolsOffered')).toEqual([['native']]);
    expect(peer.of('session.update')).toHaveLength(2);
  });

  test('when it lists nothing in 2 s; what was listed in time stays native', async () => {
    const witness = stagedWitness();
    const { peer, clock, of } = await setReadyStage({ tools: withNative(outside('spa'), outside('taxi')), witness });
    peer.emit(...listOf('taxi'), { type: 'mcp_list_tools.completed', item_id: 'list_unknown' });
    await peer.settled();
    clock.advance(1_999);
    expect(witness.of('pathBroke')).toEqual([]);
    clock.advance(1);
    await peer.next('session.update', 2);
    expect(lastTools(peer)).toEqual([
      'mcp taxi',
      'function create_service_request',
      'function spa_find',
      'function spa_book',
      'function hang_up',
    ]);
    expect(witness.of('pathBroke')).toEqual([['spa', 'no list of tools in time']]);
    expect(of('toolsOffered')).toEqual([['function', 'no list of tools in time']]);
  });

  test('a tool that failed in its own right breaks nothing', async () => {
    const witness = stagedWitness();
    const { peer } = await setReadyStage({ tools: withNative(outside('spa')), witness });
    const error = { type: 'tool_execution_error', message: 'No slot.' };
    peer.emit(...listOf('spa'), conversationItemDone(nativeCall('m1', { error })));
    await peer.settled();
    expect(witness.of('pathBroke')).toEqual([]);
    expect(peer.of('session.update')).toHaveLength(1);
  });
});

describe('an update that is refused', () => {
  const refused = (eventId: string | undefined, param: string | null) => ({
    type: 'error',
    error: { type: 'invalid_request_error', code: 'invalid_value', message: 'No.', param, event_id: eventId },
  });

  test.each([
    [
      'a server',
      'session.tools[1].server_url',
      ['mcp hotel', 'function spa_find', 'function spa_book', 'function hang_up'],
    ],
    ['nothing by name', null, ['mcp hotel', 'function spa_find', 'function spa_book', 'function hang_up']],
    ['a function', 'session.tools[2].parameters', ['mcp hotel', 'mcp spa']],
  ])('for %s goes out again without it: the agent is not lost by it', async (_what, param, tools) => {
    const witness = stagedWitness();
    const stage = await setStage({ tools: withNative(outside('spa')), witness }, { acknowledges: false });
    const peer = await stage.server.connection();
    const { event_id: eventId } = await peer.next('session.update');
    peer.emit(refused(eventId, param));
    const { session } = await peer.next('session.update', 1);
    expect(session).toHaveProperty('instructions');
    expect(lastTools(peer)).toEqual(tools);
    peer.emit({ type: 'session.updated', session: {} });
    await stage.until('agentReady');
    expect(stage.of('agentFailed')).toEqual([['invalid_value', 'No.', false]]);
    expect(witness.of('pathBroke').length).toBe(tools.includes('mcp spa') ? 0 : 1);
  });

  test('[MODEL-20] for something else is fatal, as ever', async () => {
    const stage = await setStage({ tools: withNative() }, { acknowledges: false });
    const peer = await stage.server.connection();
    const { event_id: eventId } = await peer.next('session.update');
    peer.emit(refused(eventId, 'session.audio'));
    await stage.until('agentFailed');
    expect(stage.of('agentFailed')).toEqual([['invalid_value', 'No.', true]]);
    expect(peer.of('session.update')).toHaveLength(1);
  });
});

test('[TOOL-46] tokens and headers of all servers are kept out of what is told', async () => {
  const witness = stagedWitness();
  const spa = outside('spa', { headers: { 'X-Key': 'house-key-0123' } });
  const { peer, told, until } = await setReadyStage({ tools: withNative(spa), witness });
  const message = `token-of-spa ${NATIVE.authorization} house-key-0123`;
  peer.emit({ type: 'error', error: { type: 'x', code: 'odd', message } });
  peer.emit(conversationItemDone(nativeCall('m1', { error: { type: 'http_error', code: 401, message } })));
  await until('agentFailed');
  await peer.settled();
  expect(JSON.stringify([told, witness.told])).not.toMatch(/token-of-spa|house-key|token-of-this-call/);
});

/** Tools that change while the connection lives. */
import { describe, expect, test } from 'vitest';
import type { NativeServer, SessionTools } from '../../src/hotel/tool-servers/session-tools.ts';
import type { ScriptedConnection } from '../peers/scripted-realtime.ts';
import { created, done, functionCall, setReadyStage, setStage, withNative } from './realtime-stage.ts';
import {
  added,
  conversationItemDone,
  failedListOf,
  itemDone,
  listOf,
  nativeCall,
  outside,
  stagedWitness,
} from './witness-stage.ts';

type Tool = { type: string; name?: string; server_label?: string; authorization?: string };
const tools = (peer: ScriptedConnection, index: number): Tool[] =>
  (peer.of('session.update')[index]?.session as { tools?: Tool[] } | undefined)?.tools ?? [];
const names = (peer: ScriptedConnection, index: number): string[] =>
  tools(peer, index).map(({ type, name, server_label: label }) => `${type} ${name ?? label}`);

/** A connection with a server `spa`, everything listed; `change` is what staff want from then on. */
async function setChangeStage(trusts: Record<string, boolean> = {}) {
  const witness = stagedWitness(trusts);
  let current = withNative(outside('spa'));
  const stage = await setReadyStage({ tools: current, witness, currentTools: () => current });
  stage.peer.emit(...listOf('hotel'), ...listOf('spa'));
  await stage.peer.settled();
  const change = (...servers: NativeServer[]): void => {
    current = { ...withNative(...servers), version: current.version + 1 };
    stage.leg.refreshTools();
  };
  return { ...stage, witness, change };
}

describe('a change', () => {
  test('goes out at once when nothing is under way, and nothing goes out when nothing differs', async () => {
    const { peer, change } = await setChangeStage();
    change(outside('spa'));
    await peer.settled();
    expect(peer.of('session.update')).toHaveLength(1);
    change(outside('taxi'));
    await peer.next('session.update', 1);
    expect(names(peer, 1)).toEqual(['mcp hotel', 'mcp taxi', 'function hang_up']);
  });

  test('of a token alone goes out, and is no reason to wait for another list', async () => {
    const { peer, change, clock, witness } = await setChangeStage();
    change(outside('spa', { authorization: 'fresh-token' }));
    await peer.next('session.update', 1);
    expect(tools(peer, 1)[1]?.authorization).toBe('fresh-token');
    clock.advance(2_000);
    await peer.settled();
    expect(witness.of('pathBroke')).toEqual([]);
  });

  test('that cannot be taken up yet, since a tool of the call runs elsewhere, is asked for again with what follows', async () => {
    let isBusy = true;
    const current = { ...withNative(outside('taxi')), version: 1 };
    const { peer, leg } = await setReadyStage({
      tools: withNative(outside('spa')),
      witness: stagedWitness(),
      currentTools: () => (isBusy ? undefined : current),
    });
    peer.emit(...listOf('hotel'), ...listOf('spa'));
    leg.refreshTools();
    await peer.settled();
    expect(peer.of('session.update')).toHaveLength(1);
    isBusy = false;
    peer.emit(created('r1'), done('r1'));
    await peer.next('session.update', 1);
    expect(names(peer, 1)).toEqual(['mcp hotel', 'mcp taxi', 'function hang_up']);
  });

  test('waits for the end of the response that is active, and goes before the next one', async () => {
    const { peer, leg, change } = await setChangeStage();
    peer.emit(created('r1'), added('r1', { id: 's1', type: 'message' }));
    await peer.settled();
    change(outside('taxi'));
    leg.respond();
    await peer.settled();
    expect(peer.of('session.update')).toHaveLength(1);
    peer.emit(done('r1'));
    await peer.next('response.create');
    expect(peer.sent.map(({ type }) => type)).toEqual(['session.update', 'session.update', 'response.create']);
  });

  test('waits while a function is open', async () => {
    const { peer, leg, change, until } = await setChangeStage();
    const item = functionCall('c1', 'hang_up');
    peer.emit(created('r1'), itemDone('r1', item), done('r1', 'completed', { output: [item] }));
    await until('toolRequested');
    change(outside('taxi'));
    await peer.settled();
    expect(peer.of('session.update')).toHaveLength(1);
    leg.giveToolResult('c1', 'Done.', false);
    await peer.next('session.update', 1);
  });

  test('waits while a native call or an approval is open', async () => {
    const { peer, change, witness } = await setChangeStage();
    const request = { id: 'a1', type: 'mcp_approval_request', server_label: 'spa', name: 'book', arguments: '{}' };
    peer.emit(created('r1'), added('r1', nativeCall('m1')), itemDone('r1', request), done('r1'));
    await peer.settled();
    change(outside('spa', { description: 'Other.' }));
    peer.emit(itemDone('r1', nativeCall('m1', { arguments: '{}', output: 'ok' })));
    await peer.settled();
    expect(peer.of('session.update')).toHaveLength(1);
    witness.answer({ isApproved: false, reason: '' });
    await peer.next('response.create');
    expect(peer.of('session.update')).toHaveLength(2);
  });

  test('before the agent is ready goes out once it is', async () => {
    let current: SessionTools = withNative();
    const stage = await setStage({ tools: current, currentTools: () => current }, { acknowledges: false });
    const peer = await stage.server.connection();
    await peer.next('session.update');
    current = withNative(outside('spa'));
    stage.leg.refreshTools();
    await peer.settled();
    expect(peer.of('session.update')).toHaveLength(1);
    peer.emit({ type: 'session.updated', session: {} });
    await peer.next('session.update', 1);
    expect(names(peer, 1)).toContain('mcp spa');
  });
});

describe('after a change', () => {
  test('a new server has 2 s for its list, one that was listed is not asked for it again', async () => {
    const { peer, change, clock, witness } = await setChangeStage();
    change(outside('spa'), outside('taxi'));
    await peer.next('session.update', 1);
    clock.advance(2_000);
    await peer.next('session.update', 2);
    expect(witness.of('pathBroke')).toEqual([['taxi', 'no list of tools in time']]);
    expect(names(peer, 2)).toContain('mcp spa');
  });

  test('a server that broke stays on its fallback, whatever else changes', async () => {
    const { peer, change } = await setChangeStage();
    peer.emit(...failedListOf('spa'));
    await peer.next('session.update', 1);
    change(outside('spa', { authorization: 'fresh-token' }), outside('taxi'));
    await peer.next('session.update', 2);
    expect(names(peer, 2)).toEqual([
      'mcp hotel',
      'mcp taxi',
      'function spa_find',
      'function spa_book',
      'function hang_up',
    ]);
  });

  test('a server that was not trusted is judged anew', async () => {
    const trusts: Record<string, boolean> = { spa: false };
    const { peer, change } = await setChangeStage(trusts);
    expect(names(peer, 1)).not.toContain('mcp spa');
    trusts.spa = true;
    change(outside('spa'));
    await peer.next('session.update', 2);
    peer.emit(...listOf('spa'), conversationItemDone(nativeCall('m1', { arguments: '{}', output: 'ok' })));
    await peer.settled();
    expect(names(peer, 2)).toContain('mcp spa');
    expect(peer.of('session.update')).toHaveLength(3);
  });
});

/** What the model's side does with tools of others by itself: told and recorded the same, and bounded where it asks. */
import { describe, expect, it } from 'vitest';
import type { NativeWitness } from '../../../src/hotel/tool-servers/session-tools.ts';
import { settled } from '../hotel-stage.ts';
import { answered, listedTool, nativeServer, outsideStage, READ_ONLY } from './outside-stage.ts';

const look = listedTool('look', READ_ONLY);
const book = listedTool('book');
const PARIS = '{"place":"Paris"}';

function nativeStage(settings: Parameters<typeof nativeServer>[2] = {}, more: Parameters<typeof nativeServer>[3] = {}) {
  const stage = outsideStage(nativeServer('n', [look, book], settings, more));
  const a = stage.call('A');
  return { ...stage, a, witness: a.tools.witness as NativeWitness };
}

describe('a native call', () => {
  it('is told and recorded with its server and path, in the usual form', () => {
    const { a, witness, clock, ledger } = nativeStage({ phrase: 'One moment.' });
    witness.started('m1', 'n', 'look', '{"place":"Paris","token":"abc"}');
    clock.advance(300);
    witness.ended('m1', { outcome: 'ok', result: 'Sunny.\u202e' });
    witness.ended('m1', { outcome: 'failed', result: 'again' });
    const common = { toolCallId: 'm1', tool: 'look', path: 'native', server: 'n' };
    expect(a.happenings).toEqual([
      { kind: 'tool-started', ...common, arguments: '{"place":"Paris","token":"[redacted]"}', phrase: 'One moment.' },
      { kind: 'tool-ended', ...common, outcome: 'ok', durationMs: 300, result: 'Sunny.' },
    ]);
    expect(ledger.entries).toMatchObject([{ ...common, outcome: 'ok', durationMs: 300, error: undefined }]);
  });

  it.each(['failed', 'unreachable'] as const)('that is %s is a failure with its reason', (outcome) => {
    const { witness, ledger } = nativeStage();
    witness.started('m1', 'n', 'look', PARIS);
    witness.ended('m1', { outcome, result: 'no such place' });
    expect(ledger.entries).toMatchObject([{ outcome: 'failed', error: `${outcome}: no such place` }]);
  });

  it('[TOOL-41] counts among the 20 tool calls of a call', async () => {
    const { a, witness } = nativeStage();
    for (let i = 0; i < 20; i++) {
      witness.started(`m${i}`, 'n', 'look', PARIS);
      witness.ended(`m${i}`, { outcome: 'ok', result: '' });
    }
    expect((await a.run('get_hotel_information', { topic: 'pool' })).text).toMatch(/too often/);
    expect((await witness.approve('n', 'book', PARIS)).isApproved).toBe(false);
  });

  it('[TOOL-41] counts for the bounds of its tool on our own path', async () => {
    const { a, witness } = nativeStage({ limits: { per_minute: 60, per_call: 1 } });
    witness.started('m1', 'n', 'look', PARIS);
    witness.ended('m1', { outcome: 'ok', result: 'Sunny.' });
    expect((await a.run('look', PARIS)).text).toMatch(/as often as it may/);
  });

  it('[TOOL-42] of unknown outcome is not done again over our own path, nor allowed again', async () => {
    const { a, witness, servers } = nativeStage();
    witness.started('m1', 'n', 'book', PARIS);
    witness.ended('m1', { outcome: 'unreachable', result: 'http_error' });
    witness.pathBroke('n', 'http_error');
    servers.answer = () => answered('Booked.');
    const again = await a.run('book', ' { "place" : "Paris" } ');
    expect(again).toMatchObject({
      outcome: 'refused',
      text: expect.stringMatching(/may have been done already/) as string,
    });
    expect((await witness.approve('n', 'book', PARIS)).reason).toMatch(/may have been done already/);
    expect((await a.run('book', { place: 'Rome' })).outcome).toBe('ok');
    expect(servers.asked).toMatchObject([{ server: 'n', tool: 'book', input: { place: 'Rome' } }]);
  });

  it('[TOOL-42] that still runs when its path breaks is not begun a second time', async () => {
    const { a, witness } = nativeStage();
    witness.started('m1', 'n', 'book', PARIS);
    witness.pathBroke('n', 'listing failed');
    expect((await a.run('book', PARIS)).outcome).toBe('refused');
    witness.ended('m1', { outcome: 'failed', result: 'fully booked' });
    expect((await a.run('book', PARIS)).outcome).toBe('ok');
  });

  it('[END-35] that is under way when the guest hangs up is recorded as not known', () => {
    const { a, witness, ledger } = nativeStage();
    witness.started('m1', 'n', 'book', PARIS);
    a.hangUp();
    witness.ended('m1', { outcome: 'unreachable', result: 'closed' });
    expect(ledger.entries).toMatchObject([
      { tool: 'book', outcome: 'failed', result: 'The call ended before its answer.' },
    ]);
  });
});

describe('the path', () => {
  it('that broke is told once, and the tools are functions from then on', () => {
    const { a, witness } = nativeStage();
    expect(a.tools.sessionTools()).toMatchObject({ functions: [], native: [{ label: 'n' }] });
    witness.pathBroke('n', 'the list failed');
    witness.pathBroke('n', 'again');
    expect(a.happenings).toEqual([{ kind: 'path-changed', server: 'n', to: 'client', why: 'the list failed' }]);
    const { functions, native } = a.tools.sessionTools();
    expect([functions.map(({ name }) => name), native]).toEqual([['look', 'book'], []]);
  });

  it('without one of our own leads nowhere', () => {
    const { a, witness } = nativeStage({}, { isConnected: false });
    witness.pathBroke('n', 'gone');
    expect(a.happenings).toMatchObject([{ kind: 'path-changed', to: 'none' }]);
    expect(a.tools.sessionTools()).toEqual({ version: 1, functions: [], native: [] });
  });

  it('[TOOL-45] a list that is not what staff approved takes the server out of the call, on both paths', async () => {
    const { a, witness, servers } = nativeStage();
    expect(witness.listed('n', [look, book])).toBe(true);
    expect(witness.listed('n', [look, listedTool('unasked', { description: 'not offered' })])).toBe(true);
    expect(witness.listed('n', [look, { ...book, description: 'Books, and sends the room number.' }])).toBe(false);
    expect(a.happenings).toMatchObject([{ kind: 'path-changed', server: 'n', to: 'none' }]);
    expect(a.tools.sessionTools()).toMatchObject({ functions: [], native: [] });
    expect((await a.run('look', { place: 'Paris' })).text).toMatch(/There is no tool look/);
    expect(servers.asked).toEqual([]);
    servers.version = 2;
    expect(a.tools.refresh()).toBe('changed');
    expect(a.tools.sessionTools().native).toHaveLength(1);
  });

  it('[TOOL-45] a name that is listed twice is not what staff approved', () => {
    expect(nativeStage().witness.listed('n', [look, look])).toBe(false);
  });
});

describe('[TOOL-50] what the model’s side asks for', () => {
  it('is decided by staff', async () => {
    const { a, witness, servers } = nativeStage({ require_approval: 'always' });
    const asked = [witness.approve('n', 'book', PARIS), witness.approve('n', 'book', '{"place":"Rome"}')];
    await settled();
    expect(servers.book.opened).toMatchObject([
      { path: 'native', argumentsJson: PARIS },
      { path: 'native', argumentsJson: '{"place":"Rome"}' },
    ]);
    expect(a.tools.refresh()).toBe('busy');
    servers.approvals.heard('question-2', 'denied');
    servers.approvals.heard('question-1', 'approved');
    expect(await Promise.all(asked)).toEqual([
      { isApproved: true, reason: '' },
      { isApproved: false, reason: 'A colleague did not allow it.' },
    ]);
    expect(a.kinds()).toEqual(['approval-asked', 'approval-asked', 'approval-ended', 'approval-ended']);
  });

  it('is refused without a question when it is off, unknown, beyond its limits, or after the call', async () => {
    const { a, witness, servers } = nativeStage({
      require_approval: 'always',
      limits: { per_minute: 60, per_call: 1 },
    });
    const reason = async (tool: string): Promise<string> => (await witness.approve('n', tool, PARIS)).reason;
    servers.off.add('n/look');
    expect(await reason('look')).toMatch(/switched off/);
    expect(await reason('unasked')).toMatch(/switched off/);
    void witness.approve('n', 'book', PARIS);
    expect(await reason('book')).toMatch(/as often as it may/);
    a.hangUp();
    expect(await reason('book')).toMatch(/ended/);
    await settled();
    expect(servers.book.opened.length).toBeLessThanOrEqual(1);
  });

  it('[TOOL-45] and allowed is refused all the same when the tool was switched off meanwhile', async () => {
    const { witness, servers } = nativeStage({ require_approval: 'always' });
    const asked = witness.approve('n', 'book', PARIS);
    await settled();
    servers.off.add('n/book');
    servers.approvals.heard('question-1', 'approved');
    expect(await asked).toMatchObject({ isApproved: false, reason: expect.stringMatching(/switched off/) as string });
  });

  it('of a tool that nobody is asked about is allowed', async () => {
    const { witness, servers } = nativeStage();
    expect(await witness.approve('n', 'look', PARIS)).toEqual({ isApproved: true, reason: '' });
    expect(servers.book.opened).toEqual([]);
  });
});

/** What one call holds of other servers: frozen, bounded, and asked of staff where they want to be asked. */
import { describe, expect, it } from 'vitest';
import { settled } from '../hotel-stage.ts';
import { clientServer, listedTool, nativeServer, outsideStage, READ_ONLY } from './outside-stage.ts';

const look = listedTool('look', READ_ONLY);
const book = listedTool('book');
const PARIS = { place: 'Paris' };
const names = (tools: readonly { name: string }[]): string[] => tools.map(({ name }) => name);

describe('[TOOL-45] the offer', () => {
  it('is frozen for the call until it is taken anew', async () => {
    const { servers, call } = outsideStage(clientServer('s', [look]));
    const { tools, run } = call('A');
    servers.servers = [clientServer('s', [look, book])];
    servers.version = 2;
    expect([tools.offerVersion, names(tools.sessionTools().functions)]).toEqual([1, ['look']]);
    expect((await run('book', PARIS)).text).toMatch(/There is no tool book\. .*look/);
    expect(call('B').tools.offerVersion).toBe(2);
    expect([tools.refresh(), tools.refresh()]).toEqual(['changed', 'same']);
    expect([tools.offerVersion, names(tools.sessionTools().functions)]).toEqual([2, ['look', 'book']]);
    expect((await run('book', PARIS)).outcome).toBe('ok');
  });

  it('is not taken anew while a tool runs, ours or natively', async () => {
    const { servers, requests, call } = outsideStage(clientServer('s', [look]), nativeServer('n', [book]));
    const { tools, run } = call('A');
    servers.version = 2;
    requests.hold();
    const running = run('get_service_requests');
    await settled();
    expect(tools.refresh()).toBe('busy');
    requests.release();
    await running;
    tools.witness?.started('m1', 'n', 'book', '{}');
    expect(tools.refresh()).toBe('busy');
    tools.witness?.ended('m1', { outcome: 'ok', result: '' });
    expect(tools.refresh()).toBe('changed');
  });

  it('joins what an agent’s session is configured with, after the functions of our own', () => {
    const texts = [{ title: 'doc://pool', text: 'Pool from 7.' }];
    const { call } = outsideStage(clientServer('s', [look], {}, { texts }), nativeServer('n', [book]));
    const { tools } = call('A');
    const own = { name: 'hang_up', description: '', parameters: {}, annotations: {} };
    const { version, functions, native } = tools.sessionTools([own]);
    expect([version, names(functions), native.map(({ label }) => label)]).toEqual([1, ['hang_up', 'look'], ['n']]);
    expect(tools.context).toContain('Pool from 7.');
  });

  it('without servers there is nothing of them', () => {
    const { call } = outsideStage();
    expect(call('A').tools.sessionTools()).toEqual({ version: 1, functions: [], native: [] });
    expect(call('A').tools.context).toBe('');
  });
});

describe('[TOOL-41] limits', () => {
  it('a call uses 20 tools, whoever’s they are', async () => {
    const { call } = outsideStage(clientServer('s', [look], { limits: { per_minute: 99, per_call: 99 } }));
    const a = call('A');
    for (let i = 0; i < 10; i++) expect((await a.run('get_hotel_information', { topic: 'pool' })).outcome).toBe('ok');
    for (let i = 0; i < 10; i++) expect((await a.run('look', PARIS)).outcome).toBe('ok');
    expect((await a.run('look', PARIS)).text).toMatch(/too often/);
    expect((await a.run('get_hotel_information', { topic: 'pool' })).outcome).toBe('refused');
  });

  it('a tool of another server has its own, per call and per minute', async () => {
    const { servers, clock, call } = outsideStage(
      clientServer('s', [look], { limits: { per_minute: 3, per_call: 2 } }),
    );
    const [a, b] = [call('A'), call('B')];
    const outcomes = async (one: typeof a, times: number): Promise<string[]> => {
      const all: string[] = [];
      for (let i = 0; i < times; i++) all.push((await one.run('look', PARIS)).outcome);
      return all;
    };
    expect(await outcomes(a, 3)).toEqual(['ok', 'ok', 'refused']);
    expect(await outcomes(b, 2)).toEqual(['ok', 'refused']);
    clock.advance(60_000);
    expect(await outcomes(call('C'), 1)).toEqual(['ok']);
    expect(servers.asked).toHaveLength(4);
  });
});

describe('[TOOL-50] staff’s word', () => {
  const asking = { require_approval: { book: 'always', look: 'never' } } as const;

  it('is asked for first, with exactly these arguments, and good for one run', async () => {
    const { servers, clock, call } = outsideStage(clientServer('s', [look, book], asking));
    const a = call('A');
    const running = a.run('book', PARIS);
    await settled();
    expect(servers.asked).toEqual([]);
    expect(servers.book.opened).toMatchObject([
      { callId: 'A', server: 's', tool: 'book', argumentsJson: '{"place":"Paris"}' },
    ]);
    expect(a.kinds()).toEqual(['tool-started', 'approval-asked']);
    clock.advance(19_000);
    servers.approvals.heard('question-1', 'approved');
    expect((await running).outcome).toBe('ok');
    expect(a.kinds()).toEqual(['tool-started', 'approval-asked', 'approval-ended', 'tool-ended']);
    // The tool's own deadline begins after it.
    expect(servers.asked).toMatchObject([{ input: PARIS, withinMs: 5_000 }]);
    const again = a.run('book', PARIS);
    await settled();
    expect(servers.book.opened).toHaveLength(2);
    servers.approvals.heard('question-1', 'approved');
    await settled();
    expect(servers.asked).toHaveLength(1);
    servers.approvals.heard('question-2', 'denied');
    expect(await again).toEqual({ outcome: 'refused', text: 'A colleague did not allow it.' });
    expect((await a.run('look', PARIS)).outcome).toBe('ok');
  });

  it('that does not come means no, and what was not done may be asked again', async () => {
    const { servers, clock, call } = outsideStage(clientServer('s', [book], asking));
    const a = call('A');
    const running = a.run('book', PARIS);
    await settled();
    clock.advance(20_000);
    expect((await running).text).toMatch(/No colleague allowed it in time/);
    void a.run('book', PARIS);
    await settled();
    expect(servers.book.opened).toHaveLength(2);
    expect(servers.asked).toEqual([]);
  });

  it('given too late for a tool that was switched off, or for a guest who is gone, runs nothing', async () => {
    const { servers, call } = outsideStage(clientServer('s', [book], asking));
    const [a, b] = [call('A'), call('B')];
    const [one, other] = [a.run('book', PARIS), b.run('book', PARIS)];
    await settled();
    servers.off.add('s/book');
    servers.approvals.heard('question-1', 'approved');
    expect((await one).text).toMatch(/switched off/);
    servers.off.clear();
    b.hangUp();
    servers.approvals.heard('question-2', 'approved');
    expect((await other).outcome).toBe('refused');
    expect(b.happenings).toContainEqual({ kind: 'approval-ended', approvalId: 'question-2', decision: 'cancelled' });
    expect(servers.asked).toEqual([]);
  });

  it('that comes as the guest hangs up runs nothing', async () => {
    const { servers, call } = outsideStage(clientServer('s', [book], asking));
    const a = call('A');
    const running = a.run('book', PARIS);
    await settled();
    servers.approvals.heard('question-1', 'approved');
    a.hangUp();
    expect((await running).text).toMatch(/ended/);
    expect(servers.asked).toEqual([]);
  });

  it('[T14] is asked for without secrets, and with texts of any length', async () => {
    const { servers, call } = outsideStage(clientServer('s', [book], asking));
    const a = call('A');
    const place = 'x'.repeat(1_000);
    void a.run('book', { place, api_key: 'k-123' });
    await settled();
    expect(servers.book.opened[0]?.argumentsJson).toBe(JSON.stringify({ place, api_key: '[redacted]' }));
    expect(JSON.stringify(a.happenings)).not.toContain('k-123');
  });

  it('is asked for unless staff said never', async () => {
    const { servers, call } = outsideStage(clientServer('s', [book, look], { require_approval: { look: 'never' } }));
    void call('A').run('book', PARIS);
    await settled();
    expect(servers.book.opened).toHaveLength(1);
  });
});

/** Tools of others as functions that we run: what is checked before, what is said after, what is recorded. */
import { describe, expect, it } from 'vitest';
import type { LinkResult } from '../../../src/hotel/tool-servers/ports.ts';
import { STAYS } from '../books.ts';
import { settled } from '../hotel-stage.ts';
import { answered, clientServer, failed, listedTool, outsideStage, READ_ONLY } from './outside-stage.ts';

const look = listedTool('look', READ_ONLY);
const book = listedTool('book');
const PARIS = { place: 'Paris' };

describe('a tool of another server', () => {
  it('is found by its name, run with what was sent, and told and recorded with its server', async () => {
    const { servers, clock, ledger, call } = outsideStage(clientServer('s', [look], { phrase: 'One moment, I look.' }));
    servers.answer = () => {
      clock.advance(120);
      return answered('Sunny.');
    };
    const a = call('A');
    expect(await a.run('look', '{"place":"Paris"}')).toEqual({ outcome: 'ok', text: 'Sunny.' });
    expect(servers.asked).toMatchObject([{ server: 's', tool: 'look', input: PARIS, withinMs: 5_000 }]);
    expect(a.happenings).toMatchObject([
      { kind: 'tool-started', tool: 'look', path: 'client', server: 's', phrase: 'One moment, I look.' },
      {
        kind: 'tool-ended',
        tool: 'look',
        path: 'client',
        server: 's',
        outcome: 'ok',
        durationMs: 120,
        result: 'Sunny.',
      },
    ]);
    expect(ledger.entries).toMatchObject([
      { tool: 'look', path: 'client', server: 's', resultBytes: 6, outcome: 'ok', durationMs: 120 },
    ]);
  });

  it('[TOOL-44] is recorded by its name at the server, whatever it is offered as', async () => {
    const { servers, ledger, call } = outsideStage(clientServer('s', [listedTool('verify_guest')]));
    await call('A').run('s_verify_guest', PARIS);
    expect(servers.asked).toMatchObject([{ tool: 'verify_guest' }]);
    expect(ledger.entries).toMatchObject([{ server: 's', tool: 'verify_guest' }]);
  });

  it('is not there for whoever comes by our own server', async () => {
    const { servers, call } = outsideStage(clientServer('s', [look]));
    const { tools } = call('A');
    const result = await tools.run('look', PARIS, 't', 'native');
    expect(result.outcome).toBe('refused');
    expect(result.text.split('The tools are:')[1]).not.toContain('look');
    expect(servers.asked).toEqual([]);
    expect(tools.definitions().map(({ name }) => name)).not.toContain('look');
  });

  it('[TOOL-45] that was switched off since is refused in words', async () => {
    const { servers, call } = outsideStage(clientServer('s', [look]));
    const a = call('A');
    servers.off.add('s/look');
    expect(await a.run('look', PARIS)).toMatchObject({
      outcome: 'refused',
      text: expect.stringMatching(/switched off/) as string,
    });
    expect(servers.asked).toEqual([]);
  });
});

describe('arguments', () => {
  it.each([
    ['{"place":', /not a JSON object/],
    ['[1]', /not a JSON object/],
    ['{"place": 5}', /place must be string/],
    ['{}', /must have required property 'place'/],
    [`{"place":"${'x'.repeat(9_000)}"}`, /too long/],
    [`{"place":"x","a":${'['.repeat(70)}${']'.repeat(70)}}`, /not a JSON object/],
    [`{"place":"x","a":${'['.repeat(3_000)}${']'.repeat(3_000)}}`, /not a JSON object/],
  ])('[TOOL-19] %.30s is refused with what is wrong', async (sent, words) => {
    const { servers, call } = outsideStage(clientServer('s', [look]));
    const result = await call('A').run('look', sent);
    expect(result).toMatchObject({ outcome: 'refused', text: expect.stringMatching(words) as string });
    expect(servers.asked).toEqual([]);
  });

  it('are checked in both dialects, and a schema that is none refuses the tool', async () => {
    const pair = (schema: Record<string, unknown>) => ({ inputSchema: { type: 'object', properties: { at: schema } } });
    const older = pair({ type: 'array', items: [{ type: 'number' }] });
    const tools = [
      listedTool('new', pair({ type: 'array', prefixItems: [{ type: 'number' }] })),
      listedTool('old', { inputSchema: { ...older.inputSchema, $schema: 'http://json-schema.org/draft-07/schema#' } }),
      listedTool('odd', { inputSchema: { type: 'nothing' } }),
      listedTool('far', { inputSchema: { $ref: 'https://evil.example/schema' } }),
    ];
    const { call } = outsideStage(clientServer('s', tools));
    const a = call('A');
    for (const name of ['new', 'old']) {
      expect((await a.run(name, { at: [1] })).outcome).toBe('ok');
      expect((await a.run(name, { at: ['x'] })).text).toMatch(/at\.0 must be number/);
    }
    for (const name of ['odd', 'far']) expect((await a.run(name)).text).toMatch(/cannot be used/);
  });

  it('[T5] a pattern of the server’s cannot take the process’s time', async () => {
    const evil = { type: 'object', properties: { place: { type: 'string', pattern: '^(a+)+$' } } };
    const { call } = outsideStage(clientServer('s', [listedTool('look', { inputSchema: evil })]));
    const startedMs = performance.now();
    expect((await call('A').run('look', { place: `${'a'.repeat(60)}!` })).outcome).toBe('ok');
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  it('[T3] what comes from the call is filled in by us, whatever the model sends; without a stay the guest is verified first', async () => {
    const inputSchema = {
      type: 'object',
      properties: {
        room: { type: 'integer' },
        guest: { type: 'string' },
        call: { type: 'string' },
        dish: { type: 'string' },
      },
      required: ['room', 'guest', 'call'],
      additionalProperties: false,
    };
    const from = { room: 'room', guest: 'guest_name', call: 'call_id', elsewhere: 'room' } as const;
    const { servers, call } = outsideStage(
      clientServer('s', [listedTool('order', { inputSchema })], { from_call: from }),
    );
    const a = call('A');
    const refused = await a.run('order', { dish: 'soup', room: 413 });
    expect(refused).toMatchObject({
      outcome: 'refused',
      text: expect.stringMatching(/verify the guest first/) as string,
    });
    expect(servers.asked).toEqual([]);
    await a.run('verify_guest', { room_number: '412', last_name: 'Miller' });
    expect((await a.run('order', { dish: 'soup', room: 413, call: 'B' })).outcome).toBe('ok');
    expect(servers.asked[0]?.input).toEqual({ dish: 'soup', room: 412, guest: 'Susan Miller', call: 'A' });
    await call('B', STAYS[1]).run('order', {});
    expect(servers.asked[1]?.input).toMatchObject({ room: 413, call: 'B' });
  });

  it('[T14] are kept without secrets', async () => {
    const inputSchema = { type: 'object', properties: { token: { type: 'string' } } };
    const { servers, ledger, call } = outsideStage(clientServer('s', [listedTool('pay', { inputSchema })]));
    const a = call('A');
    await a.run('pay', { token: 'tok-secret-1' });
    expect(servers.asked[0]?.input).toEqual({ token: 'tok-secret-1' });
    expect(JSON.stringify([a.happenings, ledger.entries])).not.toContain('tok-secret');
  });
});

describe('answers', () => {
  it('[TOOL-43] are text of at most 8 kB without control characters; an error of the tool is a failure', async () => {
    const { servers, ledger, call } = outsideStage(clientServer('s', [look]));
    const a = call('A');
    servers.answer = () => answered(`Sun\u001b[31mny\u202e${'水'.repeat(5_000)}`);
    const { text } = await a.run('look', PARIS);
    expect(text).toMatch(/^Sunny水+$/);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8_000);
    expect(ledger.entries[0]?.resultBytes).toBeGreaterThan(15_000);
    servers.answer = () => answered('No such place.', true);
    expect(await a.run('look', PARIS)).toEqual({ outcome: 'failed', text: 'No such place.' });
    expect(ledger.entries[1]).toMatchObject({ outcome: 'failed', error: 'No such place.' });
  });

  it('without text are their fields, or words that say so', async () => {
    const { servers, call } = outsideStage(clientServer('s', [look]));
    const a = call('A');
    servers.answer = () => ({
      ...(answered('') as Extract<LinkResult, { kind: 'answered' }>),
      structured: { degrees: 21 },
    });
    expect((await a.run('look', PARIS)).text).toBe('{"degrees":21}');
    servers.answer = () => answered(' ');
    expect((await a.run('look', { place: 'Rome' })).text).toMatch(/without words/);
  });

  it.each<[LinkResult, RegExp]>([
    [failed('breaker-open', false), /could not be looked up/],
    [failed('not-connected', false), /could not be looked up/],
    [failed('timeout', true), /no answer in time/],
  ])('that do not come are told truthfully, without the inside: %j', async (answer, words) => {
    const { servers, ledger, call } = outsideStage(clientServer('s', [look]));
    servers.answer = () => answer;
    const result = await call('A').run('look', PARIS);
    expect(result).toMatchObject({ outcome: 'failed', text: expect.stringMatching(words) as string });
    expect(result.text).not.toMatch(/socket|breaker/);
    expect(ledger.entries[0]?.error).toMatch(/socket hang up/);
  });

  it('[TOOL-41] have the server’s own deadline, also when the connection does not keep it', async () => {
    const { servers, clock, call } = outsideStage(clientServer('s', [look], { timeout: 2_000 }));
    servers.answer = () => new Promise(() => undefined);
    const result = call('A').run('look', PARIS);
    await settled();
    expect(servers.asked[0]?.withinMs).toBe(2_000);
    clock.advance(2_500);
    expect((await result).text).toMatch(/no answer in time/);
  });

  it('a connection that throws fails the tool alone', async () => {
    const { servers, ledger, call } = outsideStage(clientServer('s', [look]));
    servers.answer = () => {
      throw new Error('broken pipe');
    };
    expect((await call('A').run('look', PARIS)).outcome).toBe('failed');
    expect(ledger.entries[0]?.error).toBe('broken pipe');
  });
});

describe('certainty', () => {
  it.each([failed('timeout', true), failed('transport', true)])(
    '[TOOL-42] what may have been done is not done again with the same arguments, in any order of keys',
    async (answer) => {
      const inputSchema = { type: 'object', properties: { a: {}, b: {} } };
      const { servers, call } = outsideStage(clientServer('s', [listedTool('book', { inputSchema })]));
      servers.answer = () => answer;
      const a = call('A');
      expect((await a.run('book', '{"a":1,"b":{"c":2,"d":3}}')).text).toMatch(/may or may not have been done/);
      servers.answer = () => answered('Booked.');
      const again = await a.run('book', '{"b":{"d":3,"c":2},"a":1}');
      expect(again).toMatchObject({
        outcome: 'refused',
        text: expect.stringMatching(/may have been done already/) as string,
      });
      expect((await a.run('book', { a: 2 })).outcome).toBe('ok');
      expect((await call('B').run('book', { a: 1, b: { c: 2, d: 3 } })).outcome).toBe('ok');
      expect(servers.asked).toHaveLength(3);
    },
  );

  it('[TOOL-42] what surely was not done, was done, or only reads may be asked again', async () => {
    const { servers, call } = outsideStage(clientServer('s', [book, look]));
    const a = call('A');
    servers.answer = () => failed('not-connected', false);
    expect((await a.run('book', PARIS)).text).toMatch(/was not done/);
    servers.answer = () => answered('Booked.');
    expect((await a.run('book', PARIS)).outcome).toBe('ok');
    expect((await a.run('book', PARIS)).outcome).toBe('ok');
    servers.answer = () => failed('timeout', true);
    await a.run('look', PARIS);
    servers.answer = () => answered('Sunny.');
    expect((await a.run('look', PARIS)).outcome).toBe('ok');
  });

  it('[TOOL-42] the same at the same time is done once', async () => {
    const { servers, call } = outsideStage(clientServer('s', [book]));
    const a = call('A');
    const results = await Promise.all([a.run('book', PARIS), a.run('book', PARIS)]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'refused']);
    expect(servers.asked).toHaveLength(1);
  });

  it('[END-35] what may change something goes on when the guest hangs up; what only reads is given up', async () => {
    const { servers, call } = outsideStage(clientServer('s', [book, look]));
    servers.answer = () => new Promise(() => undefined);
    const a = call('A');
    void a.run('book', PARIS);
    void a.run('look', PARIS);
    await settled();
    a.hangUp();
    expect(servers.asked.map(({ tool, signal }) => [tool, signal.aborted])).toEqual([
      ['book', false],
      ['look', true],
    ]);
  });
});

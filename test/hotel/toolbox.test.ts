/** The one door to the tools: what it refuses, limits, records and promises. */
import { describe, expect, it } from 'vitest';
import { hotelStage, MILLER, settled, TOWELS } from './hotel-stage.ts';

describe('what may be called', () => {
  it('[TOOL-19] an unknown tool is refused with the names of those there are', async () => {
    const result = await hotelStage().call('A').run('open_safe');
    expect(result.outcome).toBe('refused');
    expect(result.text).toContain('There is no tool open_safe');
    expect(result.text).toContain('create_service_request');
  });

  it('[TOOL-19] names of every object are no tools', async () => {
    for (const name of ['__proto__', 'constructor', 'toString'])
      expect((await hotelStage().call('A').run(name)).outcome).toBe('refused');
  });

  it('[TOOL-19] arguments that are not JSON are refused in words that say so', async () => {
    const call = hotelStage().call('A');
    expect((await call.run('create_service_request', '{"summary": "Two ex')).text).toMatch(/not JSON/);
    expect((await call.run('create_service_request', '[1, 2]')).outcome).toBe('refused');
    expect((await call.run('create_service_request', 'null')).outcome).toBe('refused');
  });

  it('[TOOL-19] arguments that do not fit are refused with the field and what was expected', async () => {
    const { requests, call } = hotelStage();
    const a = call('A');
    expect((await a.run('create_service_request', { summary: 'towels' })).text).toMatch(/summary: .*12/);
    expect((await a.run('create_service_request', { ...TOWELS, priority: 'now' })).text).toMatch(/priority: .*urgent/);
    expect((await a.run('create_service_request', { ...TOWELS, guest_id: 's-413' })).text).toMatch(/guest_id/);
    expect(requests.rows).toEqual([]);
  });

  it('arguments come as fields or as their JSON text, empty text for none', async () => {
    const call = hotelStage().call('A');
    expect((await call.run('create_service_request', JSON.stringify(TOWELS))).outcome).toBe('ok');
    expect((await call.run('get_service_requests', '')).outcome).toBe('ok');
  });

  it('signs that nobody can say are taken out of the arguments', async () => {
    const { requests, call } = hotelStage();
    const summary = 'Two \u0000extra towels \ud83d';
    expect((await call('A').run('create_service_request', { ...TOWELS, summary })).outcome).toBe('ok');
    expect(requests.rows.map((row) => row.summary)).toEqual(['Two extra towels \ufffd']);
  });

  it('definitions are JSON Schema objects that take nothing unknown, with names a provider allows', () => {
    const definitions = hotelStage().call('A').tools.definitions();
    expect(definitions.map(({ name }) => name)).toEqual([
      'create_service_request',
      'get_service_requests',
      'update_service_request_priority',
      'verify_guest',
      'get_hotel_information',
    ]);
    for (const { name, description, parameters } of definitions) {
      expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(description.length).toBeGreaterThan(20);
      expect(parameters).toMatchObject({ type: 'object', additionalProperties: false });
      expect(parameters).not.toHaveProperty('$schema');
    }
  });

  it('[T3] no tool takes a call, a guest or a stay from the model', () => {
    const fields = hotelStage()
      .call('A')
      .tools.definitions()
      .flatMap(({ parameters }) => Object.keys(parameters.properties as object));
    expect([...new Set(fields)].toSorted()).toEqual(
      ['department', 'details', 'last_name', 'priority', 'reason', 'request_number', 'room_number', 'status']
        .concat('summary', 'topic')
        .toSorted(),
    );
  });
});

describe('limits', () => {
  it('[TOOL-41] the 21st tool call of a call is refused, and other calls are not', async () => {
    const { call } = hotelStage();
    const a = call('A');
    for (let i = 0; i < 20; i++) expect((await a.run('get_hotel_information', { topic: 'pool' })).outcome).toBe('ok');
    expect((await a.run('get_hotel_information', { topic: 'pool' })).outcome).toBe('refused');
    expect((await call('B').run('get_hotel_information', { topic: 'pool' })).outcome).toBe('ok');
  });

  it('[TOOL-41] five requests a call; what was refused or recorded already does not count', async () => {
    const { requests, call } = hotelStage();
    const a = call('A');
    const create = (i: number, room = '412') =>
      a.run('create_service_request', { summary: `Towels, set number ${i}`, room_number: room });
    await create(0, '999');
    for (let i = 0; i < 4; i++) await create(i);
    expect((await create(0)).structured).toMatchObject({ duplicate: true });
    expect((await create(4)).outcome).toBe('ok');
    expect((await create(5)).outcome).toBe('refused');
    expect(requests.rows).toHaveLength(5);
  });

  it('[TOOL-41] six creates at the same time make five requests', async () => {
    const { requests, call } = hotelStage();
    const a = call('A');
    const results = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((i) =>
        a.run('create_service_request', { summary: `Towels, set number ${i}`, room_number: '412' }),
      ),
    );
    expect(results.map(({ outcome }) => outcome).filter((outcome) => outcome === 'ok')).toHaveLength(5);
    expect(requests.rows).toHaveLength(5);
  });

  it.each([
    ['native', 3_000],
    ['function', 5_000],
  ] as const)('[TOOL-41] a tool called as %s has %i ms', async (path, deadlineMs) => {
    const { clock, requests, call } = hotelStage();
    requests.hold();
    let result: unknown;
    void call('A')
      .tools.run('get_service_requests', {}, 't', path)
      .then((r) => (result = r));
    await settled();
    clock.advance(deadlineMs - 1);
    await settled();
    expect(result).toBeUndefined();
    clock.advance(1);
    await settled();
    expect(result).toMatchObject({
      outcome: 'failed',
      text: expect.stringMatching(/could not look that up/) as string,
    });
    requests.release();
  });

  it('[TOOL-42] a create that came too late is not claimed, and asked for again it is the same row', async () => {
    const { clock, requests, ledger, call } = hotelStage();
    const a = call('A');
    requests.hold();
    const late = a.run('create_service_request', TOWELS);
    await settled();
    clock.advance(5_000);
    expect((await late).outcome).toBe('failed');
    expect((await late).text).toMatch(/could not confirm/);
    requests.release();
    await settled();
    const again = await a.run('create_service_request', TOWELS);
    expect(again.structured).toMatchObject({ duplicate: true, request_number: 101 });
    expect(requests.rows).toHaveLength(1);
    expect(ledger.entries.map(({ outcome }) => outcome)).toEqual(['failed', 'ok']);
  });

  it('[TOOL-43] result and record hold at most 8 kB, whatever the letters', async () => {
    const { hotel, ledger, call } = hotelStage();
    hotel.facts.pool = '水'.repeat(4_000);
    const { text } = await call('A').run('get_hotel_information', { topic: 'pool' });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8_000);
    expect(text).toMatch(/^水{2666}$/);
    await call('A').run('get_hotel_information', 'ö'.repeat(30_000));
    expect(Buffer.byteLength(ledger.entries[1]?.argumentsJson ?? '')).toBeLessThanOrEqual(8_000);
  });
});

describe('one tool call, one result', () => {
  it('[TOOL-42] the same tool call id again gives the same result and runs nothing', async () => {
    const { requests, ledger, call } = hotelStage();
    const { tools } = call('A');
    const first = tools.run('create_service_request', TOWELS, 'same', 'function');
    const second = tools.run('create_service_request', TOWELS, 'same', 'function');
    expect(await second).toEqual(await first);
    expect((await second).structured).toMatchObject({ duplicate: false });
    expect(requests.rows).toHaveLength(1);
    expect(ledger.entries).toHaveLength(1);
  });

  it('each tool call is told from start to end and recorded with its path and duration', async () => {
    const { clock, requests, ledger, call } = hotelStage();
    const a = call('A');
    requests.hold();
    const running = a.tools.run('create_service_request', TOWELS, 'x1', 'native');
    await settled();
    clock.advance(250);
    requests.release();
    await running;
    expect(a.happenings).toMatchObject([
      { kind: 'tool-started', toolCallId: 'x1', tool: 'create_service_request', path: 'native' },
      { kind: 'request-created', requestId: 'id-101', number: 101 },
      { kind: 'tool-ended', toolCallId: 'x1', path: 'native', outcome: 'ok', durationMs: 250 },
    ]);
    expect(ledger.entries).toMatchObject([{ callId: 'A', path: 'native', outcome: 'ok', durationMs: 250 }]);
  });

  it('a refused tool call is told and recorded too', async () => {
    const { ledger, call } = hotelStage();
    const a = call('A');
    await a.run('create_service_request', { summary: 'x' });
    expect(a.kinds()).toEqual(['tool-started', 'tool-ended']);
    expect(ledger.entries).toMatchObject([{ outcome: 'refused', argumentsJson: '{"summary":"x"}' }]);
  });
});

describe('when the guest hangs up', () => {
  it('[END-35] a write that is under way finishes, and staff hear of it', async () => {
    const { requests, ledger, call } = hotelStage();
    const a = call('A');
    requests.hold();
    const running = a.run('create_service_request', TOWELS);
    await settled();
    a.hangUp();
    requests.release();
    expect((await running).outcome).toBe('ok');
    expect(requests.rows).toHaveLength(1);
    expect(a.kinds()).toContain('request-created');
    expect(ledger.entries).toHaveLength(1);
  });

  it('[END-35] nothing starts after that', async () => {
    const { requests, call } = hotelStage();
    const a = call('A');
    a.hangUp();
    expect((await a.run('create_service_request', TOWELS)).outcome).toBe('refused');
    expect(requests.rows).toEqual([]);
    expect(a.happenings).toEqual([]);
  });
});

describe('when the database is away', () => {
  it.each([
    ['create_service_request', TOWELS, /could not record/],
    ['get_service_requests', {}, /could not look that up/],
    ['update_service_request_priority', { request_number: 1, priority: 'high', reason: 'waiting' }, /could not change/],
    ['verify_guest', MILLER, /could not check/],
  ])('[TOOL-39] %s says what it could not do, and nothing of the inside', async (name, input, truth) => {
    const { requests, stays, call } = hotelStage();
    Object.assign(requests, { isAway: true });
    Object.assign(stays, { isAway: true });
    const result = await call('A').run(name, input);
    expect(result.outcome).toBe('failed');
    expect(result.text).toMatch(truth);
    expect(JSON.stringify(result)).not.toMatch(/ECONN|10\.0|no requests|not found/i);
  });

  it('[TOOL-39] a noted request is told as such: no number, no promise, and the call’s record says so', async () => {
    const { requests, stays, call } = hotelStage();
    Object.assign(requests, { isNoting: true });
    Object.assign(stays, { isAway: true });
    const a = call('A');
    const result = await a.run('create_service_request', TOWELS);
    expect(result.outcome).toBe('ok');
    expect(result.text).toMatch(/^This is noted for .*, but I cannot confirm it yet\. Tell the guest so/);
    expect(result.structured).toMatchObject({ unconfirmed: true, room_number: '412', duplicate: false });
    expect(result.structured).not.toHaveProperty('request_number');
    expect(a.happenings).toContainEqual({
      kind: 'request-noted',
      requestId: `noted-${TOWELS.summary}`,
      summary: TOWELS.summary,
    });
    expect(a.kinds()).not.toContain('request-created');
    // Whoever stores it looks up the stay of that day.
    expect(requests.noted).toMatchObject([{ stayOn: '2026-06-15' }]);
  });

  it('[TOOL-39] a room that the hotel does not have is refused all the same', async () => {
    const { requests, stays, call } = hotelStage();
    Object.assign(requests, { isNoting: true });
    Object.assign(stays, { isAway: true });
    const result = await call('A').run('create_service_request', { ...TOWELS, room_number: '999' });
    expect(result.text).toMatch(/^There is no room nine nine nine/);
    expect(requests.noted).toEqual([]);
  });

  it('[TOOL-39] noting the same again costs nothing of what the call may ask for', async () => {
    const { requests, call } = hotelStage();
    Object.assign(requests, { isNoting: true });
    const a = call('A');
    for (let i = 0; i < 7; i++) await a.run('create_service_request', TOWELS);
    requests.isNoting = false;
    expect((await a.run('create_service_request', { ...TOWELS, summary: 'An iron, please' })).outcome).toBe('ok');
    expect(a.kinds().filter((kind) => kind === 'request-noted')).toHaveLength(1);
  });
});

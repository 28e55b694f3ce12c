/** What goes wrong on the model's wire and what it may not do: errors, odd messages, lost lines, secrets that come back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact } from '../../src/realtime/redact.ts';
import { audioDelta, created, done, NATIVE, OPTIONS, setReadyStage, setStage, withNative } from './realtime-stage.ts';

const errorOf = (code: string | null, more: object = {}) => ({
  type: 'error',
  error: { type: 'invalid_request_error', code, message: 'No.', param: null, event_id: null, ...more },
});

const FATAL = [
  'invalid_api_key',
  'insufficient_quota',
  'billing_hard_limit_reached',
  'account_deactivated',
  'model_not_found',
  'organization_not_found',
];

describe('errors', () => {
  test.each(FATAL)('[MODEL-20] %s is fatal, before and after the configuration is acknowledged', async (code) => {
    const early = await setStage({}, { acknowledges: false });
    const peer = await early.server.connection();
    peer.emit(errorOf(code));
    await early.until('agentFailed');
    expect(early.told).toEqual([['agentFailed', code, 'No.', true]]);
    const late = await setReadyStage();
    late.peer.emit(errorOf(code));
    await late.until('agentFailed');
    expect(late.of('agentFailed')).toEqual([[code, 'No.', true]]);
  });

  test('[MODEL-20] an error without a code goes by its type', async () => {
    const { peer, of, until } = await setReadyStage();
    peer.emit(errorOf(null, { type: 'insufficient_quota' }), { type: 'error', error: {} });
    await until('agentFailed', 2);
    expect(of('agentFailed')).toEqual([
      ['insufficient_quota', 'No.', true],
      ['unknown', '', false],
    ]);
  });

  test.each(['unknown_parameter', 'invalid_value', 'rate_limit_exceeded', 'server_error', 'something_new'])(
    '[MODEL-20] %s is told and harms nothing',
    async (code) => {
      const { peer, leg, of, until } = await setReadyStage();
      peer.emit(errorOf(code));
      await until('agentFailed');
      expect(of('agentFailed')).toEqual([[code, 'No.', false]]);
      leg.append(new Uint8Array(160));
      leg.respond();
      await peer.next('input_audio_buffer.append');
      await peer.next('response.create');
      expect(of('agentLost')).toEqual([]);
    },
  );

  test('[BARGE-6] a cancel that finds nothing is not worth telling', async () => {
    const { peer, of } = await setReadyStage();
    peer.emit(errorOf('response_cancel_not_active'));
    await peer.settled();
    expect(of('agentFailed')).toEqual([]);
  });
});

describe('messages that are odd', () => {
  const WHOLE = [
    '',
    'hello',
    '{"type":',
    'null',
    '[]',
    '7',
    '{}',
    '{"type":7}',
    '{"type":"response.created"}',
    '{"type":"response.created","response":"r1"}',
    '{"type":"response.output_audio.delta"}',
    '{"type":"response.output_audio.delta","response_id":"r1","item_id":"i1","content_index":0,"delta":"A"}',
    '{"type":"response.output_audio.delta","response_id":"r1","item_id":"i1","content_index":0,"delta":"!!!!"}',
    '{"type":"response.output_audio.delta","response_id":7,"item_id":"i1","content_index":0,"delta":"AAAA"}',
    '{"type":"response.output_audio_transcript.delta","response_id":"r1","item_id":"i1","content_index":0,"delta":4}',
    '{"type":"conversation.item.done","item":null}',
    '{"type":"input_audio_buffer.committed"}',
    '{"type":"error"}',
    '{"type":"response.something_new","response_id":"r1"}',
    '{"type":"rate_limits.updated","rate_limits":[]}',
    '{"type":"__proto__"}',
    '{"type":"constructor"}',
  ];

  test.each(WHOLE)('%s is dropped, and the connection goes on', async (text) => {
    const { peer, told } = await setReadyStage();
    const before = told.length;
    peer.emitText(text);
    peer.emit(created('r1'), audioDelta('r1', [1, 2, 3]));
    await peer.settled();
    expect(told.slice(before).map(([what]) => what)).toEqual(['responseStarted', 'agentAudio']);
  });

  test('whatever a server sends, nothing is thrown and the line stays', async () => {
    const { peer, told } = await setReadyStage();
    const kinds = WHOLE.map((text) => /"type":"([\w.]+)"/.exec(text)?.[1] ?? 'response.done');
    const event = fc.record({
      type: fc.constantFrom(...kinds, 'response.done', 'response.output_item.done', 'session.updated'),
      response: fc.option(fc.object(), { nil: undefined }),
      item: fc.option(fc.object(), { nil: undefined }),
      response_id: fc.jsonValue(),
      item_id: fc.jsonValue(),
      delta: fc.jsonValue(),
    });
    for (const each of fc.sample(event, { numRuns: 300, seed: 7 })) peer.emitText(JSON.stringify(each));
    peer.emit(created('last'), audioDelta('last', [1]));
    await peer.settled();
    expect(told.at(-1)).toEqual(['agentAudio', 'last', { itemId: 'item_1', contentIndex: 0 }, Buffer.from([1])]);
  });

  test('what was not understood is counted by its name and logged once, at the end', async () => {
    const { peer, leg, logged } = await setReadyStage();
    for (const text of ['{"type":"rate_limits.updated"}', '{"type":"rate_limits.updated"}', 'hello'])
      peer.emitText(text);
    peer.emit({ type: 'x'.repeat(10_000) });
    for (let index = 0; index < 200; index++) peer.emit({ type: `tomorrow.${index}` });
    peer.emit({ type: 'rate_limits.updated' });
    await peer.settled();
    expect(logged).toEqual([]);
    leg.close();
    leg.close();
    expect(logged).toHaveLength(1);
    const { kinds } = JSON.parse(logged[0] ?? '') as { kinds: Record<string, number> };
    expect(kinds).toMatchObject({ 'rate_limits.updated': 3, malformed: 2, 'tomorrow.0': 1 });
    expect(Object.keys(kinds)).toHaveLength(100);
  });
});

describe('secrets', () => {
  const SECRETS = [NATIVE.authorization, OPTIONS.apiKey];

  test.each(SECRETS)('[TOOL-46] %s is neither told nor logged, whatever the server echoes', async (secret) => {
    const { peer, leg, told, logged, until } = await setReadyStage({ tools: withNative() });
    const message = `Cannot reach https://bellhop.example/mcp?token=${secret} with "Authorization: Bearer ${secret}"`;
    peer.emit(errorOf('invalid_value', { message, param: `session.tools[0].authorization=${secret}` }));
    peer.emit(errorOf(`refused ${secret}`, { type: secret }));
    const error = { type: 'http_error', code: 401, message };
    const call = {
      id: 'm1',
      type: 'mcp_call',
      server_label: secret,
      name: 'x',
      arguments: '{}',
      output: message,
      error,
    };
    peer.emit({ type: 'mcp_list_tools.failed', item_id: 'l1', message });
    peer.emit({ type: 'response.output_item.done', response_id: 'r1', output_index: 0, item: call });
    peer.emit({ type: secret }, { type: `mcp.${secret}.failed` });
    for (const id of ['r1', 'r2'])
      peer.emit(
        created(id),
        done(id, 'failed', { status_details: { type: 'failed', error: { ...error, code: secret } } }),
      );
    await until('agentFailed', 3);
    await peer.settled();
    leg.close();
    expect(logged).toHaveLength(1);
    expect(JSON.stringify([told, logged])).not.toContain(secret);
    expect(JSON.stringify(told)).toContain('Cannot reach https://bellhop.example/mcp?token=…');
  });

  test('[TOOL-46] what a server says without end is kept in part', async () => {
    const { peer, of, until } = await setReadyStage({ tools: withNative() });
    peer.emit(errorOf('invalid_value', { message: `${'x'.repeat(990)}${NATIVE.authorization}${'y'.repeat(100_000)}` }));
    await until('agentFailed');
    const [[, message] = ['', '']] = of('agentFailed');
    expect(message.length).toBeLessThanOrEqual(1_000);
    expect(message).not.toContain(NATIVE.authorization.slice(0, 8));
  });

  test.each([
    ['Incorrect API key provided: sk-proj-abcdefgh12345.', 'Incorrect API key provided: ….'],
    ['ek_0123456789abcdef has expired', '… has expired'],
    ['Authorization: bearer abc.def-ghi/jk+l== was refused', 'Authorization: Bearer … was refused'],
    ['The task was risky: ask-again', 'The task was risky: ask-again'],
  ])('[TOOL-46] keys of known shapes go, known to us or not: %s', (text, clean) => {
    expect(redact(text, [''])).toBe(clean);
  });

  test('[TOOL-46] no secret survives, however often and wherever it stands', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.array(fc.string(), { minLength: 1 }), (secret, around) => {
        fc.pre(!'…Bearer …'.includes(secret));
        expect(redact(around.join(secret), [secret])).not.toContain(secret);
      }),
    );
  });
});

describe('the line', () => {
  test('one that is cut is told once, and nothing after it', async () => {
    const { peer, leg, told, until, of } = await setReadyStage();
    peer.drop();
    await until('agentLost');
    const count = told.length;
    leg.append(new Uint8Array(160));
    leg.respond();
    leg.close();
    expect(of('agentLost')).toEqual([['closed with 1006']]);
    expect(told).toHaveLength(count);
  });

  test('one that reached the end of its time is lost', async () => {
    const { peer, until, of } = await setReadyStage();
    peer.emit(errorOf('session_expired'));
    await until('agentLost');
    expect(of('agentFailed')).toEqual([]);
    await peer.closed();
  });

  test('[MODEL-26] one that leaves three pings unanswered is lost, and tells for how long it was silent', async () => {
    const { peer, clock, of, until } = await setReadyStage({ isNear: false });
    for (let second = 0; second < 3; second++) {
      clock.advance(400);
      await peer.settled();
    }
    peer.freeze();
    clock.advance(1_599);
    expect(of('agentLost')).toEqual([]);
    clock.advance(1);
    await until('agentLost');
    expect(of('agentLost')).toEqual([['half open', 1_600]]);
  });

  test('[MODEL-26] one that speaks is not pinged; when it falls silent it is lost as soon as any other', async () => {
    const { peer, clock, until, of } = await setReadyStage({ isNear: false });
    await peer.settled();
    const pings = peer.pings;
    for (let second = 0; second < 5; second++) {
      clock.advance(200);
      peer.emit(created(`r${second}`), done(`r${second}`));
      await until('responseEnded', second + 1);
      clock.advance(200);
    }
    expect(peer.pings - pings).toBe(0);
    peer.freeze();
    clock.advance(4 * 400 - 1);
    expect(of('agentLost')).toEqual([]);
    clock.advance(1);
    await until('agentLost');
  });

  test('[MODEL-26] a stall of our own is not taken for silence of the other side', async () => {
    const { peer, clock, of } = await setReadyStage({ isNear: false });
    clock.advance(400);
    await peer.settled();
    clock.stall(9_000);
    clock.advance(0);
    await peer.settled();
    clock.advance(400);
    await peer.settled();
    expect(of('agentLost')).toEqual([]);
  });

  test('[MODEL-26] one that is near is given 10 s, as it may only be busy; one that answers pings is not lost', async () => {
    const alive = await setReadyStage();
    for (let seconds = 0; seconds < 60; seconds += 5) {
      alive.clock.advance(5_000);
      await alive.peer.settled();
    }
    expect(alive.of('agentLost')).toEqual([]);
    const { peer, clock, of, until } = await setReadyStage();
    await peer.settled();
    peer.freeze();
    clock.advance(9_999);
    expect(of('agentLost')).toEqual([]);
    clock.advance(1);
    await until('agentLost');
    expect(of('agentLost')).toEqual([['half open', 10_000]]);
  });

  test('[END-34] one that we close is closed on both sides and tells nothing more', async () => {
    const { peer, leg, told } = await setReadyStage();
    const count = told.length;
    leg.close();
    peer.emit(created('r1'), audioDelta('r1', [1]), errorOf('invalid_api_key'));
    expect(await peer.closed()).toBe(1005);
    expect(told).toHaveLength(count);
  });

  test('[END-34] a server that does not close its side is left after a second', async () => {
    const { peer, leg, clock, told } = await setReadyStage();
    const count = told.length;
    peer.ignoreClosing();
    leg.close();
    clock.advance(999);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(peer.closedWith).toBeUndefined();
    clock.advance(1);
    await peer.closed();
    expect(told).toHaveLength(count);
  });

  test('guest audio is dropped rather than piled up before a server that does not read', async () => {
    const { peer, leg } = await setReadyStage();
    peer.freeze();
    const frame = new Uint8Array(8_000);
    const frames = 4_000;
    for (let index = 0; index < frames; index++) leg.append(frame);
    leg.deleteItem('last');
    peer.thaw();
    await peer.next('conversation.item.delete');
    const arrived = peer.of('input_audio_buffer.append').length;
    expect(arrived).toBeGreaterThan(0);
    expect(arrived).toBeLessThan(frames / 2);
  });
});

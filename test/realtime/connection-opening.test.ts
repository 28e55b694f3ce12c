/** How a connection comes to be: the handshake, its configuration, and what waits until it is acknowledged. */
import { describe, expect, test } from 'vitest';
import type { ClientEvent } from '../peers/scripted-realtime.ts';
import { OPTIONS, setReadyStage, setStage, withNative } from './realtime-stage.ts';

const MU_LAW = { type: 'audio/pcmu' };
const PCM = { type: 'audio/pcm', rate: 24_000 };

interface Session {
  type: string;
  instructions?: string;
  tools?: { type: string; name?: string }[];
  audio: {
    input: { format: object; transcription: object; turn_detection: Record<string, unknown> };
    output: { format: object; voice?: string };
  };
}

const frame = (value: number, bytes = 160): Uint8Array => new Uint8Array(bytes).fill(value);

describe('the handshake', () => {
  test('names the model, brings the key, and asks for nothing of the retired shape', async () => {
    const { server } = await setReadyStage({ model: 'a model/of ours' });
    expect(server.handshakes).toEqual([
      { path: '/v1/realtime?model=a%20model%2Fof%20ours', authorization: `Bearer ${OPTIONS.apiKey}` },
    ]);
  });

  test.each([500, 503, 429, 'drop'] as const)('[MODEL-24] %s once: the second try is the connection', async (first) => {
    const { server, told, until } = await setStage({}, { script: [first] });
    await until('agentReady');
    expect(server.handshakes).toHaveLength(2);
    expect(told.map(([what]) => what)).toEqual(['toolsOffered', 'agentReady']);
  });

  test('[MODEL-24] a server that fails twice is given up, and told once', async () => {
    const { server, told, until } = await setStage({}, { script: [503, 503] });
    await until('agentLost');
    expect(server.handshakes).toHaveLength(2);
    expect(told).toEqual([['agentLost', 'refused with 503']]);
  });

  test('[MODEL-24] a server that does not answer has 3 s, twice', async () => {
    const { server, clock, told, until } = await setStage({}, { script: ['hang', 'hang'] });
    await server.handshaken(1);
    clock.advance(2_999);
    expect(told).toEqual([]);
    clock.advance(1);
    await server.handshaken(2);
    clock.advance(3_000);
    await until('agentLost');
    expect(server.handshakes).toHaveLength(2);
    expect(told).toHaveLength(1);
  });

  test.each([400, 401, 403, 404])('[MODEL-20] %i is fatal and is not tried again', async (status) => {
    const { server, told, until } = await setStage({}, { script: [status] });
    await until('agentFailed');
    expect(told).toEqual([['agentFailed', `http_${status}`, expect.stringContaining(String(status)), true]]);
    expect(server.handshakes).toHaveLength(1);
  });

  test('a connection that is closed while it is dialled tells nothing and is gone', async () => {
    const { server, leg, told, clock } = await setStage({}, { script: ['hang'] });
    await server.handshaken(1);
    leg.close();
    leg.close();
    clock.advance(10_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual([]);
    expect(server.handshakes).toHaveLength(1);
  });
});

describe('the configuration', () => {
  test.each([
    ['audio/pcmu', MU_LAW],
    ['audio/pcm', PCM],
  ] as const)('[MODEL-15] every update names both formats: %s', async (audioFormat, format) => {
    const { peer, leg } = await setReadyStage({ audioFormat, tools: withNative() });
    leg.setTurnTaking('automatic');
    await peer.next('session.update', 1);
    peer.emit({ type: 'mcp_list_tools.failed', item_id: 'list_1' });
    await peer.next('session.update', 2);
    const sessions = peer.of('session.update').map(({ session }) => session as Session);
    expect(sessions.map(({ type }) => type)).toEqual(['realtime', 'realtime', 'realtime']);
    for (const { audio } of sessions) {
      expect(audio.input.format).toEqual(format);
      expect(audio.output.format).toEqual(format);
    }
  });

  test('the first update says everything; the voice is not named again', async () => {
    const { peer, leg } = await setReadyStage();
    const first = peer.of('session.update')[0]?.session as Session;
    expect(first.instructions).toBe(OPTIONS.instructions);
    expect(first.audio.output.voice).toBe(OPTIONS.voice);
    expect(first.audio.input.transcription).toEqual(OPTIONS.transcription);
    expect(first.tools?.map(({ type, name }) => [type, name])).toEqual([
      ['function', 'create_service_request'],
      ['function', 'hang_up'],
    ]);
    leg.setTurnTaking('automatic');
    const second = (await peer.next('session.update', 1)).session as Session;
    expect(second.audio.output).not.toHaveProperty('voice');
    expect(second).not.toHaveProperty('tools');
  });

  test('another language to write down is told once, with the model that was chosen, and stays', async () => {
    const { peer, leg } = await setReadyStage();
    leg.listenIn('fr');
    leg.listenIn('fr');
    leg.setTurnTaking('automatic');
    await peer.next('session.update', 2);
    await peer.settled();
    const heard = peer.of('session.update').map(({ session }) => (session as Session).audio.input.transcription);
    const french = { ...OPTIONS.transcription, language: 'fr' };
    expect(heard).toEqual([OPTIONS.transcription, french, french]);
  });

  test('instructions follow the language: in the session, and in a response that has some of its own', async () => {
    const { peer, leg } = await setReadyStage({ instructionsIn: (language) => `Be kind in ${language}.` });
    leg.listenIn('fr');
    leg.respond('They are back.');
    const { response } = (await peer.next('response.create')) as { response?: { instructions: string } };
    expect(response?.instructions).toBe('Be kind in fr.\n\nThey are back.');
    const told = peer.of('session.update').map(({ session }) => (session as Session).instructions);
    expect(told).toEqual(['Be kind.', 'Be kind in fr.']);
  });

  test('turn taking is held at first; a change is sent once', async () => {
    const { peer, leg } = await setReadyStage();
    leg.setTurnTaking('held');
    leg.setTurnTaking('automatic');
    leg.setTurnTaking('automatic');
    await peer.next('session.update', 1);
    await peer.settled();
    const modes = peer.of('session.update').map(({ session }) => (session as Session).audio.input.turn_detection);
    expect(modes).toEqual([
      expect.objectContaining({ type: 'server_vad', create_response: false, interrupt_response: false }),
      expect.objectContaining({ type: 'server_vad', create_response: true, interrupt_response: true }),
    ]);
    // The documented default of the silence and the served one differ.
    for (const mode of modes) expect(mode).toMatchObject({ silence_duration_ms: 500, prefix_padding_ms: 300 });
  });

  test('a change of turn taking before the first acknowledgement follows it', async () => {
    const { server, leg } = await setStage({}, { acknowledges: false });
    const peer = await server.connection();
    await peer.next('session.update');
    leg.setTurnTaking('automatic');
    await peer.settled();
    expect(peer.of('session.update')).toHaveLength(1);
    peer.emit({ type: 'session.updated', session: {} });
    await peer.next('session.update', 1);
  });

  test('a refused first configuration is fatal: no redial can mend it', async () => {
    const { server, until, of } = await setStage({}, { acknowledges: false });
    const peer = await server.connection();
    const { event_id } = await peer.next('session.update');
    const error = { type: 'invalid_request_error', code: 'invalid_value', message: 'No such voice.', event_id };
    peer.emit({ type: 'error', error });
    await until('agentFailed');
    expect(of('agentFailed')).toEqual([['invalid_value', 'No such voice.', true]]);
  });

  test('[MODEL-20] a refused change later on is not fatal, and the mode before stays in force', async () => {
    const { peer, server, leg, until, of } = await setReadyStage();
    server.acknowledgesUpdates = false;
    leg.setTurnTaking('automatic');
    const { event_id } = await peer.next('session.update', 1);
    peer.emit({ type: 'error', error: { type: 'invalid_request_error', message: 'No.', event_id } });
    peer.emit({ type: 'input_audio_buffer.committed', item_id: 'g1', previous_item_id: null });
    await until('guestTurnCommitted');
    expect(of('agentFailed')).toEqual([['invalid_request_error', 'No.', false]]);
    expect(of('guestTurnCommitted')).toEqual([['g1', false]]);
    // The next acknowledgement belongs to the next update, not to the refused one.
    leg.setTurnTaking('held');
    await peer.next('session.update', 2);
    peer.emit({ type: 'session.updated', session: {} });
    peer.emit({ type: 'input_audio_buffer.committed', item_id: 'g2', previous_item_id: 'g1' });
    await until('guestTurnCommitted', 2);
    expect(of('guestTurnCommitted')).toEqual([
      ['g1', false],
      ['g2', false],
    ]);
  });
});

describe('what waits for the acknowledgement', () => {
  test('[MODEL-17] a greeting is asked for after session.updated and not before', async () => {
    const { server, leg, until } = await setStage({}, { acknowledges: false });
    leg.sayExactly('Good evening.');
    const peer = await server.connection();
    await peer.next('session.update');
    await peer.settled();
    expect(peer.of('response.create')).toEqual([]);
    peer.emit({ type: 'session.updated', session: {} });
    await until('agentReady');
    const { response } = await peer.next('response.create');
    expect(response).toEqual({ instructions: expect.stringContaining('"Good evening."'), tool_choice: 'none' });
  });

  test('[MODEL-17] session.created alone makes nothing ready', async () => {
    const { server, told } = await setStage({}, { acknowledges: false });
    const peer = await server.connection();
    await peer.next('session.update');
    await peer.settled();
    expect(told).toEqual([]);
  });

  test('[MODEL-16] guest audio is taken from the moment the leg is ready; before that its owner keeps it', async () => {
    const { server, leg, until } = await setStage({}, { acknowledges: false });
    leg.append(frame(1));
    const peer = await server.connection();
    await peer.next('session.update');
    leg.append(frame(2));
    peer.emit({ type: 'session.updated', session: {} });
    await until('agentReady');
    const reused = frame(3);
    leg.append(reused);
    reused.fill(4);
    leg.append(reused);
    await peer.settled();
    expect(appended(peer.of('input_audio_buffer.append'))).toEqual([3, 4].map((value) => [value, 160]));
  });

  test('[MODEL-25] what was said and done before is told as items, and then that it is to go on', async () => {
    const { server, leg, until } = await setStage();
    const peer = await server.connection();
    await until('agentReady');
    leg.restore([
      { kind: 'turn', speaker: 'agent', text: 'Hello.' },
      { kind: 'turn', speaker: 'guest', text: 'Two towels, please.' },
      { kind: 'tool', toolCallId: 't1', name: 'create_service_request', argumentsJson: '{}', output: 'Number 101.' },
    ]);
    await peer.settled();
    const items = peer.of('conversation.item.create').map(({ item }) => item);
    expect(items).toEqual([
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello.' }] },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Two towels, please.' }] },
      { type: 'function_call', call_id: 't1', name: 'create_service_request', arguments: '{}' },
      { type: 'function_call_output', call_id: 't1', output: 'Number 101.' },
      expect.objectContaining({ role: 'system' }),
    ]);
  });
});

/** @returns first byte and length of each. */
function appended(events: ClientEvent[]): (number | undefined)[][] {
  return events.map(({ audio }) => {
    const bytes = Buffer.from(typeof audio === 'string' ? audio : '', 'base64');
    return [bytes[0], bytes.length];
  });
}

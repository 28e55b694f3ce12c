import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { setStage, type Stage, type TestClient } from './realtime-stage.ts';

let stage: Stage;
let client: TestClient;
beforeAll(async () => void (stage = await setStage()));
afterAll(() => stage.close());
beforeEach(async () => void (client = await stage.connect()));

const update = (session: unknown, event_id?: string) => ({
  type: 'session.update',
  session,
  ...(event_id ? { event_id } : {}),
});
const audioInput = (input: unknown) => update({ type: 'realtime', audio: { input } });

describe('a client event that is wrong is answered with an error event', () => {
  const wrong: [string, Record<string, unknown>, { code: string; param: string | null }][] = [
    [
      'session.type is required',
      update({ instructions: 'x' }),
      { code: 'missing_required_parameter', param: 'session.type' },
    ],
    [
      'unknown session fields',
      update({ type: 'realtime', temperature: 1 }),
      { code: 'unknown_parameter', param: 'session.temperature' },
    ],
    [
      'the beta shape',
      update({ type: 'realtime', voice: 'marin' }),
      { code: 'unknown_parameter', param: 'session.voice' },
    ],
    [
      'wrong types',
      update({ type: 'realtime', instructions: 7 }),
      { code: 'invalid_type', param: 'session.instructions' },
    ],
    ['a transcription session', update({ type: 'transcription' }), { code: 'invalid_value', param: 'session.type' }],
    [
      'another model',
      update({ type: 'realtime', model: 'gpt-realtime' }),
      { code: 'invalid_value', param: 'session.model' },
    ],
    [
      'both modalities',
      update({ type: 'realtime', output_modalities: ['audio', 'text'] }),
      { code: 'invalid_value', param: 'session.output_modalities' },
    ],
    [
      'a rate on pcmu',
      audioInput({ format: { type: 'audio/pcmu', rate: 8000 } }),
      { code: 'unknown_parameter', param: 'session.audio.input.format.rate' },
    ],
    [
      'pcm at another rate',
      audioInput({ format: { type: 'audio/pcm', rate: 16000 } }),
      { code: 'invalid_value', param: 'session.audio.input.format.rate' },
    ],
    [
      'an unknown format',
      audioInput({ format: { type: 'g711_ulaw' } }),
      { code: 'invalid_value', param: 'session.audio.input.format.type' },
    ],
    [
      'server_vad fields in semantic_vad',
      audioInput({ turn_detection: { type: 'semantic_vad', threshold: 0.5 } }),
      { code: 'unknown_parameter', param: 'session.audio.input.turn_detection.threshold' },
    ],
    [
      'an idle timeout below 5 s',
      audioInput({ turn_detection: { type: 'server_vad', idle_timeout_ms: 100 } }),
      { code: 'invalid_value', param: 'session.audio.input.turn_detection.idle_timeout_ms' },
    ],
    [
      'an unknown voice',
      update({ type: 'realtime', audio: { output: { voice: 'bob' } } }),
      { code: 'invalid_value', param: 'session.audio.output.voice' },
    ],
    [
      'a nested function',
      update({ type: 'realtime', tools: [{ type: 'function', function: { name: 'a' } }] }),
      { code: 'missing_required_parameter', param: 'session.tools[0].name' },
    ],
    [
      'too many output tokens',
      update({ type: 'realtime', max_output_tokens: 5000 }),
      { code: 'invalid_value', param: 'session.max_output_tokens' },
    ],
    ['an unknown event type', { type: 'response.speak' }, { code: 'invalid_value', param: 'type' }],
    [
      'output_audio_buffer.clear, which is not for WebSocket',
      { type: 'output_audio_buffer.clear' },
      { code: 'invalid_value', param: 'type' },
    ],
    ['a missing event type', { audio: '' }, { code: 'missing_required_parameter', param: 'type' }],
    [
      'an unknown event field',
      { type: 'input_audio_buffer.clear', now: true },
      { code: 'unknown_parameter', param: 'now' },
    ],
    ['bad base64', { type: 'input_audio_buffer.append', audio: '***=' }, { code: 'invalid_value', param: 'audio' }],
    [
      'a commit of nothing',
      { type: 'input_audio_buffer.commit' },
      { code: 'input_audio_buffer_commit_empty', param: null },
    ],
    ['a cancel of nothing', { type: 'response.cancel' }, { code: 'response_cancel_not_active', param: null }],
    [
      'beta response options',
      { type: 'response.create', response: { modalities: ['text'] } },
      { code: 'unknown_parameter', param: 'response.modalities' },
    ],
    [
      'metadata that is not text',
      { type: 'response.create', response: { metadata: { a: 1 } } },
      { code: 'invalid_type', param: 'response.metadata.a' },
    ],
    [
      'deleting an unknown item',
      { type: 'conversation.item.delete', item_id: 'nope' },
      { code: 'item_not_found', param: 'item_id' },
    ],
    [
      'a fractional truncation',
      { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 1.5 },
      { code: 'invalid_type', param: 'audio_end_ms' },
    ],
    [
      'a truncation at null, as NaN becomes in JSON',
      { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: null },
      { code: 'invalid_type', param: 'audio_end_ms' },
    ],
    [
      'output of an unknown call',
      { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'nope', output: '' } },
      { code: 'invalid_tool_call_id', param: 'item.call_id' },
    ],
    [
      'output that is not a string',
      { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'nope', output: {} } },
      { code: 'invalid_type', param: 'item.output' },
    ],
    [
      'assistant audio made by the client',
      {
        type: 'conversation.item.create',
        item: { type: 'message', role: 'assistant', content: [{ type: 'output_audio', audio: '' }] },
      },
      { code: 'invalid_value', param: 'item.content[0].type' },
    ],
    [
      'the beta content type',
      {
        type: 'conversation.item.create',
        item: { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'a' }] },
      },
      { code: 'invalid_value', param: 'item.content[0].type' },
    ],
    [
      'an item after an unknown one',
      {
        type: 'conversation.item.create',
        previous_item_id: 'nope',
        item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'a' }] },
      },
      { code: 'item_not_found', param: 'previous_item_id' },
    ],
    [
      'an item id above 32 characters',
      {
        type: 'conversation.item.create',
        item: { id: 'x'.repeat(33), type: 'message', role: 'user', content: [{ type: 'input_text', text: 'a' }] },
      },
      { code: 'string_above_max_length', param: 'item.id' },
    ],
  ];
  test.each(wrong)('%s', async (_name, event, expected) => {
    const error = await client.refused({ ...event, event_id: 'mine' });
    expect(error).toMatchObject({ type: 'invalid_request_error', ...expected, event_id: 'mine' });
    expect(error.message).toEqual(expect.any(String));
  });

  test('text that is not JSON, and binary messages; the connection stays open', async () => {
    client.socket.send('{"type":');
    expect((await client.next('error')).error).toMatchObject({ code: 'invalid_json', event_id: null });
    client.socket.send(Buffer.from([1, 2, 3]));
    expect((await client.next('error')).error).toMatchObject({ type: 'invalid_request_error' });
    await client.update({ instructions: 'still here' });
  });

  test('audio above 15 MiB in one event', async () => {
    const error = await client.refused({ type: 'input_audio_buffer.append', audio: 'A'.repeat(15 * 1024 * 1024 + 4) });
    expect(error).toMatchObject({ code: 'string_above_max_length', param: 'audio' });
  });
});

test('a session begins with session.created, all settings in it, and ends after 60 minutes', async () => {
  const { session } = client.events[0] as unknown as { session: Record<string, unknown> };
  expect(client.events[0]?.type).toBe('session.created');
  expect(session).toMatchObject({
    type: 'realtime',
    object: 'realtime.session',
    model: 'gpt-realtime-2.1',
    output_modalities: ['audio'],
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: 24000 },
        transcription: null,
        turn_detection: { type: 'server_vad', threshold: 0.5 },
      },
      output: { format: { type: 'audio/pcm', rate: 24000 }, speed: 1 },
    },
  });
  expect((session.expires_at as number) * 1000 - Date.now()).toBeGreaterThan(59 * 60_000);
  expect((session.expires_at as number) * 1000 - Date.now()).toBeLessThanOrEqual(60 * 60_000);
});

test('an update merges: absent is unchanged, null and empty clear, a wrong one changes nothing', async () => {
  await client.update({
    instructions: 'be brief',
    tools: [{ type: 'function', name: 'hang_up' }],
    audio: {
      input: {
        format: { type: 'audio/pcmu' },
        transcription: { model: 'gpt-transcribe' },
        turn_detection: { type: 'server_vad', silence_duration_ms: 700 },
      },
    },
  });
  await client.refused(update({ type: 'realtime', instructions: 'lost', audio: { output: { voice: 'bob' } } }));
  const { session } = await client.update({
    audio: { input: { turn_detection: { type: 'server_vad', create_response: false } } },
  });
  expect(session).toMatchObject({
    instructions: 'be brief',
    tools: [{ name: 'hang_up' }],
    audio: {
      input: {
        format: { type: 'audio/pcmu' },
        transcription: { model: 'gpt-transcribe' },
        turn_detection: { silence_duration_ms: 700, create_response: false, interrupt_response: true },
      },
    },
  });
  const cleared = await client.update({
    instructions: '',
    tools: [],
    audio: { input: { transcription: null, turn_detection: null } },
  });
  expect(cleared.session).toMatchObject({
    instructions: '',
    tools: [],
    audio: { input: { transcription: null, turn_detection: null } },
  });
  expect((cleared.session as { audio: { input: { format: unknown } } }).audio.input.format).toEqual({
    type: 'audio/pcmu',
  });
});

test('the voice may change until audio was sent', async () => {
  await client.update({ audio: { output: { voice: 'cedar' } } });
  client.send({ type: 'response.create' });
  await client.next('response.done');
  expect(stage.spoken.at(-1)?.voice).toBe('cedar');
  const error = await client.refused(update({ type: 'realtime', audio: { output: { voice: 'marin' } } }));
  expect(error).toMatchObject({ code: 'cannot_update_voice' });
  await client.update({ audio: { output: { voice: 'cedar' } } });
});

/** Reading the model's wire: the provider's own shapes, the fast path for audio, and fields that are odd. */
import fc from 'fast-check';
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { describe, expect, test } from 'vitest';
import { readServerMessage, readSlowly } from '../../src/realtime/realtime-events.ts';
import { setReadyStage, withNative } from './realtime-stage.ts';

const read = (event: object) => readServerMessage(JSON.stringify(event));

const item = { id: 'a1', object: 'realtime.item', type: 'message', role: 'assistant', status: 'completed' } as const;
const place = { response_id: 'r1', item_id: 'a1', output_index: 0, content_index: 0, event_id: 'e1' };
const call = { id: 'f1', type: 'function_call', call_id: 'c1', name: 'hang_up', arguments: '{}' } as const;
const native = { id: 'm1', type: 'mcp_call', server_label: 'hotel', name: 'x', arguments: '{}', output: 'ok' } as const;

/** One turn, as the provider's own types have it: the guest speaks, the agent answers and calls two tools. */
const TURN: RealtimeServerEvent[] = [
  { type: 'input_audio_buffer.speech_started', event_id: 'e1', audio_start_ms: 1_000, item_id: 'g1' },
  { type: 'input_audio_buffer.speech_stopped', event_id: 'e1', audio_end_ms: 2_800, item_id: 'g1' },
  { type: 'input_audio_buffer.committed', event_id: 'e1', item_id: 'g1', previous_item_id: null },
  {
    type: 'response.created',
    event_id: 'e1',
    response: { id: 'r1', object: 'realtime.response', status: 'in_progress' },
  },
  { type: 'rate_limits.updated', event_id: 'e1', rate_limits: [{ name: 'tokens', limit: 9, remaining: 8 }] },
  {
    type: 'response.output_item.added',
    event_id: 'e1',
    response_id: 'r1',
    output_index: 0,
    item: { ...item, content: [] },
  },
  { type: 'conversation.item.added', event_id: 'e1', previous_item_id: 'g1', item: { ...item, content: [] } },
  { type: 'response.content_part.added', ...place, part: { type: 'audio', transcript: '' } },
  { type: 'response.output_audio_transcript.delta', ...place, delta: 'Good' },
  { type: 'response.output_audio.delta', ...place, delta: 'AQID' },
  {
    type: 'conversation.item.input_audio_transcription.completed',
    event_id: 'e1',
    item_id: 'g1',
    content_index: 0,
    transcript: 'Hello?',
    usage: { type: 'duration', seconds: 2 },
  },
  { type: 'response.output_audio.done', ...place },
  { type: 'response.output_audio_transcript.done', ...place, transcript: 'Good.' },
  { type: 'response.content_part.done', ...place, part: { type: 'audio', transcript: 'Good.' } },
  { type: 'response.output_item.done', event_id: 'e1', response_id: 'r1', output_index: 1, item: call },
  { type: 'response.output_item.added', event_id: 'e1', response_id: 'r1', output_index: 2, item: native },
  { type: 'response.mcp_call.in_progress', event_id: 'e1', item_id: 'm1', output_index: 2 },
  { type: 'response.mcp_call.completed', event_id: 'e1', item_id: 'm1', output_index: 2 },
  {
    type: 'response.done',
    event_id: 'e1',
    response: {
      id: 'r1',
      status: 'completed',
      output: [{ ...item, content: [{ type: 'output_audio', transcript: 'Good.' }] }, call, native],
      usage: {
        input_tokens: 100,
        input_token_details: { text_tokens: 60, audio_tokens: 40, cached_tokens: 0 },
        output_token_details: { text_tokens: 5, audio_tokens: 20 },
      },
    },
  },
];

test('a turn in the provider’s own shapes is told from end to end', async () => {
  const { peer, told, until } = await setReadyStage({ tools: withNative() });
  const before = told.length;
  for (const event of TURN) peer.emitText(JSON.stringify(event));
  await until('toolRequested');
  const source = { itemId: 'a1', contentIndex: 0 };
  expect(told.slice(before)).toEqual([
    ['guestStartedSpeaking'],
    ['guestStoppedSpeaking', 1_000],
    ['guestTurnCommitted', 'g1', false],
    ['responseStarted', 'r1'],
    ['agentTranscript', source, 'Good', false],
    ['agentAudio', 'r1', source, Buffer.from([1, 2, 3])],
    ['guestTranscript', 'g1', 'Hello?', true],
    ['agentAudioDone', 'r1', source],
    ['agentTranscript', source, 'Good.', true],
    ['responseEnded', 'r1', 'completed', expect.objectContaining({ inputTextTokens: 60, outputAudioTokens: 20 })],
    ['toolRequested', 'c1', 'hang_up', '{}'],
  ]);
});

describe('audio, read without JSON', () => {
  const identifier = fc.stringMatching(/^[\w-]{1,30}$/);
  const delta = fc.record({
    type: fc.constant('response.output_audio.delta'),
    event_id: identifier,
    response_id: identifier,
    item_id: identifier,
    output_index: fc.nat(9),
    content_index: fc.nat(9),
    delta: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    /** A field of tomorrow. */
    obfuscation: fc.option(fc.string(), { nil: undefined }),
  });

  const shuffled = delta.chain((event) =>
    fc.shuffledSubarray(Object.entries(event), { minLength: Object.keys(event).length }),
  );

  test('is what JSON says, in any order of the fields', () => {
    fc.assert(
      fc.property(shuffled, (fields) => {
        const text = JSON.stringify(Object.fromEntries(fields));
        expect(readServerMessage(text)).toEqual(readSlowly(text));
        expect(readServerMessage(text).kind).toBe('audio');
      }),
    );
  });

  test.each(['AAA', 'A', 'AA=A', '====', 'AAAA====', '\\u0041AAA'])('%s is no other audio than JSON says', (audio) => {
    const text = `{"type":"response.output_audio.delta","response_id":"r1","item_id":"i1","content_index":0,"delta":"${audio}"}`;
    expect(readServerMessage(text)).toEqual(readSlowly(text));
  });
});

describe('one odd field', () => {
  test('an error keeps what can be read of it', () => {
    const error = { type: 7, code: 'insufficient_quota', message: null, event_id: {} };
    expect(read({ type: 'error', error })).toMatchObject({
      event: { error: { code: 'insufficient_quota', message: '', type: null, event_id: null } },
    });
  });

  test('the end of a response is its end, whatever else it says', () => {
    const odd = {
      id: 'r1',
      status: 7,
      status_details: { error: { code: 401, type: 'x' } },
      output: [7, call],
      usage: 'no',
    };
    const response = { id: 'r1', status: null, output: [expect.objectContaining({ call_id: 'c1' })], usage: null };
    expect(read({ type: 'response.done', response: odd })).toMatchObject({ event: { response } });
  });

  test('a function call without an item id is a function call', () => {
    const { id: _id, ...bare } = call;
    expect(read({ type: 'response.output_item.done', response_id: 'r1', item: bare })).toMatchObject({
      event: { item: { call_id: 'c1', name: 'hang_up' } },
    });
  });

  test('speech without a time is speech, and a transcript without words is settled', () => {
    expect(read({ type: 'input_audio_buffer.speech_started', audio_start_ms: null })).toMatchObject({ kind: 'event' });
    const type = 'conversation.item.input_audio_transcription.completed';
    expect(read({ type, item_id: 'g1', transcript: null })).toMatchObject({ event: { transcript: '' } });
  });
});

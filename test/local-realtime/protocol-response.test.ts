import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Move } from '../../src/local-realtime/ports.ts';
import { MS_PER_CHARACTER, setStage, type MindInput, type ServerEvent, type Stage } from './realtime-stage.ts';

let stage: Stage;
afterEach(() => stage.close());

interface ToldResponse {
  id: string;
  status: string;
  status_details: { type: string; reason?: string } | null;
  output: {
    id: string;
    type: string;
    status: string;
    content: { type: string; transcript?: string; text?: string }[];
  }[];
  usage: {
    total_tokens: number;
    input_tokens: number;
    output_tokens: number;
    input_token_details: { cached_tokens: number; text_tokens: number; audio_tokens: number };
    output_token_details: { audio_tokens: number; text_tokens: number };
  };
  metadata: unknown;
  conversation_id: string | null;
}
const responseOf = (event: ServerEvent): ToldResponse => event.response as ToldResponse;

const userText = (text: string, id?: string) => ({
  type: 'conversation.item.create',
  item: { ...(id ? { id } : {}), type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});
const LONG = 'This is a rather long sentence that takes a while. And here comes a second one after it.';

test('the events of a spoken response come in the documented order', async () => {
  stage = await setStage();
  const client = await stage.connect();
  client.send({ type: 'response.create' });
  const created = await client.next('response.created');
  const done = await client.next('response.done');
  const types = client.typesSince(created);
  const withoutDeltas = types.filter((type) => !type.endsWith('.delta'));
  expect(withoutDeltas).toEqual([
    'response.created',
    'rate_limits.updated',
    'response.output_item.added',
    'conversation.item.added',
    'response.content_part.added',
    'response.output_audio.done',
    'response.output_audio_transcript.done',
    'response.content_part.done',
    'response.output_item.done',
    'conversation.item.done',
    'response.done',
  ]);
  const firstDelta = types.findIndex((type) => type.endsWith('.delta'));
  expect(types.slice(firstDelta, firstDelta + 2)).toContain('response.output_audio_transcript.delta');
  expect(responseOf(created)).toMatchObject({ status: 'in_progress', output: [], usage: null });
  expect(responseOf(done)).toMatchObject({
    status: 'completed',
    status_details: null,
    output: [
      { type: 'message', status: 'completed', content: [{ type: 'output_audio', transcript: 'Good evening.' }] },
    ],
  });
  expect(new Set(client.events.map((event) => event.event_id)).size).toBe(client.events.length);
});

test('the voice is told the language in which the guest is heard', async () => {
  stage = await setStage({ reply: () => [{ kind: 'say', text: 'Entendu.' }] });
  const client = await stage.connect();
  await client.update({ audio: { input: { transcription: { model: 'local', language: 'fr' } } } });
  client.send({ type: 'response.create' });
  await client.next('response.done');
  expect(stage.spoken).toMatchObject([{ text: 'Entendu.', usual: 'fr' }]);
});

test.each([
  ['audio/pcm' as const, 48],
  ['audio/pcmu' as const, 8],
  ['audio/pcma' as const, 8],
])('audio in %s has the duration of what was spoken, and the words of its transcript', async (type, bytesPerMs) => {
  stage = await setStage({ reply: () => [{ kind: 'say', text: LONG }] });
  const client = await stage.connect();
  await client.update({ audio: { output: { format: { type } } } });
  client.send({ type: 'response.create' });
  const done = await client.next('response.done');
  const { transcript, audio } = client.said(responseOf(done).id);
  const sentences = stage.spoken.map(({ text }) => text);
  const spokenMs = sentences.join('').length * MS_PER_CHARACTER;
  expect(transcript).toBe(LONG);
  expect(sentences).toEqual([
    'This is a rather long sentence that takes a while.',
    'And here comes a second one after it.',
  ]);
  expect(audio.length).toBe(spokenMs * bytesPerMs);
  expect(responseOf(done).usage.output_token_details.audio_tokens).toBe(Math.ceil(spokenMs / 50));
});

test('audio comes several times faster than it plays, in pieces of at most 200 ms, the first at once', async () => {
  stage = await setStage({ reply: () => [{ kind: 'say', text: LONG }] });
  const client = await stage.connect();
  const startedAt = performance.now();
  client.send({ type: 'response.create' });
  await client.next('response.output_audio.delta');
  expect(performance.now() - startedAt).toBeLessThan(200);
  const done = await client.next('response.done');
  const tookMs = performance.now() - startedAt;
  const audioMs = client.said(responseOf(done).id).audio.length / 48;
  expect(audioMs / tookMs).toBeGreaterThan(4);
  expect(audioMs / tookMs).toBeLessThan(12);
  const sizes = client.events
    .filter((event) => event.type === 'response.output_audio.delta')
    .map((event) => Buffer.from(event.delta as string, 'base64').length);
  expect(Math.max(...sizes)).toBe(200 * 48);
});

describe('one response at a time', () => {
  test('a second one is refused while the first is active', async () => {
    stage = await setStage({ reply: () => [{ kind: 'say', text: LONG }] });
    const client = await stage.connect();
    client.send({ type: 'response.create' });
    await client.next('response.created');
    const error = await client.refused({ type: 'response.create', event_id: 'second' });
    expect(error).toMatchObject({ code: 'conversation_already_has_active_response', event_id: 'second' });
    expect(responseOf(await client.next('response.done')).status).toBe('completed');
  });

  test('a response outside of the conversation runs beside it, told apart by its metadata, and leaves no items', async () => {
    stage = await setStage({ reply: ({ turns }) => [{ kind: 'say', text: turns.length === 0 ? 'Aside.' : LONG }] });
    const client = await stage.connect();
    client.send(userText('hello'));
    client.send({ type: 'response.create' });
    await client.next('response.output_audio.delta');
    client.send({
      type: 'response.create',
      response: { conversation: 'none', input: [], metadata: { topic: 'aside' }, output_modalities: ['text'] },
    });
    const created = await client.next('response.created');
    expect(responseOf(created)).toMatchObject({ metadata: { topic: 'aside' }, conversation_id: null });
    const done = await client.next('response.done');
    expect(responseOf(done)).toMatchObject({
      metadata: { topic: 'aside' },
      output: [{ content: [{ type: 'output_text', text: 'Aside.' }] }],
    });
    const outputId = responseOf(done).output[0]?.id;
    expect(await client.refused({ type: 'conversation.item.retrieve', item_id: outputId })).toMatchObject({
      code: 'item_not_found',
    });
    expect(responseOf(await client.next('response.done'))).toMatchObject({ status: 'completed', metadata: null });
  });
});

test('a cancelled response closes what is open, keeps only the words said so far, and makes room for the next', async () => {
  stage = await setStage({ reply: () => [{ kind: 'say', text: LONG }] });
  const client = await stage.connect();
  client.send({ type: 'response.create' });
  const first = await client.next('response.output_audio.delta');
  client.send({ type: 'response.cancel' });
  client.send({ type: 'response.create' });
  const audioDone = await client.next('response.output_audio.done');
  expect(client.typesSince(audioDone).slice(0, 7)).toEqual([
    'response.output_audio.done',
    'response.output_audio_transcript.done',
    'response.content_part.done',
    'response.output_item.done',
    'conversation.item.done',
    'response.done',
    'response.created',
  ]);
  const done = responseOf(await client.next('response.done'));
  expect(done).toMatchObject({
    status: 'cancelled',
    status_details: { type: 'cancelled', reason: 'client_cancelled' },
  });
  expect(done.output[0]?.status).toBe('incomplete');
  const said = done.output[0]?.content[0]?.transcript ?? '';
  expect(LONG.startsWith(said)).toBe(true);
  expect(said.length).toBeLessThan(LONG.length);
  await client.next('response.done');
  const late = client.events
    .slice(client.events.indexOf(audioDone))
    .filter((event) => event.response_id === first.response_id && event.type.endsWith('.delta'));
  expect(late).toEqual([]);
});

test('words to be said exactly are said without asking the mind; other instructions are its last turn', async () => {
  stage = await setStage();
  const client = await stage.connect();
  const words = 'He said "good evening", \u00fc, and left.';
  const instructions = `Say exactly this, word for word, and nothing else: ${JSON.stringify(words)}`;
  client.send({ type: 'response.create', response: { instructions } });
  expect(responseOf(await client.next('response.done')).output[0]?.content[0]?.transcript).toBe(words);
  expect(stage.asked).toEqual([]);
  await client.update({ instructions: 'You answer the phone.' });
  client.send({ type: 'response.create', response: { instructions: 'Ask whether they are still there.' } });
  await client.next('response.done');
  expect(stage.asked[0]?.instructions).toBe('You answer the phone.');
  expect(stage.asked[0]?.turns.at(-1)).toEqual({ kind: 'instruction', text: 'Ask whether they are still there.' });
});

test('max_output_tokens cuts the audio and makes the response incomplete', async () => {
  stage = await setStage({ reply: () => [{ kind: 'say', text: LONG }] });
  const client = await stage.connect();
  client.send({ type: 'response.create', response: { max_output_tokens: 20 } });
  const done = responseOf(await client.next('response.done'));
  expect(done).toMatchObject({
    status: 'incomplete',
    status_details: { type: 'incomplete', reason: 'max_output_tokens' },
  });
  expect(client.said(done.id).audio.length / 48).toBeLessThanOrEqual(20 * 50 + 200);
});

test('a voice that fails makes the response fail, not the connection', async () => {
  stage = await setStage({ voiceFails: true });
  const client = await stage.connect();
  client.send({ type: 'response.create' });
  expect(responseOf(await client.next('response.done'))).toMatchObject({
    status: 'failed',
    status_details: { error: { type: 'server_error' } },
  });
  client.send({ type: 'response.create' });
  await client.next('response.done');
});

test('usage counts by the published rates, and what was sent before is cached', async () => {
  stage = await setStage({ reply: () => [{ kind: 'say', text: 'Hello.' }] });
  const client = await stage.connect();
  await client.update({ instructions: 'x'.repeat(400) });
  client.send(userText('good evening'));
  client.send({ type: 'response.create' });
  const first = responseOf(await client.next('response.done')).usage;
  expect(first.input_token_details).toMatchObject({ cached_tokens: 0, audio_tokens: 0 });
  expect(first.input_token_details.text_tokens).toBeGreaterThanOrEqual(100);
  expect(first.output_token_details.audio_tokens).toBe(Math.ceil((6 * MS_PER_CHARACTER) / 50));
  client.send({ type: 'response.create' });
  const second = responseOf(await client.next('response.done')).usage;
  expect(second.input_token_details.cached_tokens).toBe(first.input_tokens);
  expect(second.input_token_details.audio_tokens).toBe(first.output_token_details.audio_tokens);
  expect(second.total_tokens).toBe(second.input_tokens + second.output_tokens);
});

describe('functions', () => {
  const tool = { type: 'function', name: 'order_taxi', description: 'Orders a taxi.', parameters: { type: 'object' } };
  const reply = ({ turns }: MindInput): Move[] => {
    const last = turns.at(-1);
    if (last?.kind === 'tool' && last.output) return [{ kind: 'say', text: `It comes: ${last.output}.` }];
    return [
      { kind: 'say', text: 'One moment.' },
      { kind: 'call', name: 'order_taxi', arguments: { at: 'nine' } },
    ];
  };
  test('are called after what is said, answered by the client, and nothing is said until it asks', async () => {
    stage = await setStage({ reply });
    const client = await stage.connect();
    await client.update({ tools: [tool] });
    client.send(userText('a taxi please'));
    client.send({ type: 'response.create' });
    const added = await client.next(
      'response.output_item.added',
      (event) => (event.item as { type: string }).type === 'function_call',
    );
    expect(added.output_index).toBe(1);
    const done = await client.next('response.done');
    expect(client.typesSince(added).filter((type, at, all) => type !== all[at - 1])).toEqual([
      'response.output_item.added',
      'conversation.item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done',
    ]);
    const call = responseOf(done).output[1] as unknown as { call_id: string; arguments: string; name: string };
    expect(call).toMatchObject({
      type: 'function_call',
      name: 'order_taxi',
      arguments: '{"at":"nine"}',
      status: 'completed',
    });
    client.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: call.call_id, output: 'at nine' },
    });
    await client.next('conversation.item.done');
    await delay(100);
    expect(client.events.at(-1)?.type).toBe('conversation.item.done');
    client.send({ type: 'response.create' });
    expect(responseOf(await client.next('response.done')).output[0]?.content[0]?.transcript).toBe('It comes: at nine.');
    expect(stage.asked.at(-1)?.turns).toEqual([
      { kind: 'guest', text: 'a taxi please', isUnderstood: true },
      { kind: 'agent', text: 'One moment.', wasCutOff: false },
      { kind: 'tool', name: 'order_taxi', arguments: { at: 'nine' }, output: 'at nine', isError: false },
    ]);
  });

  test('tool_choice none offers none to the mind', async () => {
    stage = await setStage();
    const client = await stage.connect();
    await client.update({ tools: [tool] });
    client.send({ type: 'response.create' });
    await client.next('response.done');
    client.send({ type: 'response.create', response: { tool_choice: 'none' } });
    await client.next('response.done');
    expect(stage.asked.map(({ tools }) => tools.map(({ name }) => name))).toEqual([['order_taxi'], []]);
  });
});

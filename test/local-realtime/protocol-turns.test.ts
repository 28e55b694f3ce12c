import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { setStage, type Stage } from './realtime-stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const LONG = 'This is a rather long sentence that takes a while to be said, and it goes on and on and on.';
const transcription = { model: 'gpt-transcribe' };
type Done = { response: { status: string; status_details: unknown } };

test.each(['audio/pcm', 'audio/pcmu'] as const)(
  'a spoken turn in %s runs from speech_started to the answer',
  async (type) => {
    stage = await setStage({ hears: ['two towels please'] });
    const client = await stage.connect();
    await client.update({ audio: { input: { format: { type }, transcription } } });
    client.sendAudio(type, 1000, 'silence');
    client.sendAudio(type, 600, 'speech');
    client.sendAudio(type, 600, 'silence');
    const started = await client.next('input_audio_buffer.speech_started');
    const stopped = await client.next('input_audio_buffer.speech_stopped');
    expect(started.audio_start_ms).toBeGreaterThanOrEqual(680);
    expect(started.audio_start_ms).toBeLessThanOrEqual(720);
    expect(stopped.audio_end_ms).toBeGreaterThanOrEqual(2080);
    expect(stopped.audio_end_ms).toBeLessThanOrEqual(2140);
    await client.next('response.done');
    expect(
      client
        .typesSince(started)
        .filter((name) => !name.startsWith('response.output') && !name.startsWith('response.content')),
    ).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
      'rate_limits.updated',
      'conversation.item.input_audio_transcription.delta',
      'conversation.item.input_audio_transcription.completed',
      'conversation.item.added',
      'conversation.item.done',
      'response.done',
    ]);
    const itemId = started.item_id;
    const ofItem = client.events.filter(
      (event) => event.item_id === itemId || (event.item as { id?: string } | undefined)?.id === itemId,
    );
    expect(ofItem.map((event) => event.type)).toContain('input_audio_buffer.committed');
    expect(client.events.find((event) => event.type.endsWith('transcription.completed'))).toMatchObject({
      item_id: itemId,
      transcript: 'two towels please',
    });
    expect(stage.asked[0]?.turns).toEqual([{ kind: 'guest', text: 'two towels please', isUnderstood: true }]);
  },
);

test('[MODEL-25] words that are uncertain say so in their transcript', async () => {
  stage = await setStage({ hears: [{ text: 'yes', isUnderstood: false, confidence: 0.2 }] });
  const client = await stage.connect();
  await client.update({ audio: { input: { transcription } } });
  client.sendAudio('audio/pcm', 600, 'speech');
  client.sendAudio('audio/pcm', 600, 'silence');
  const { transcript } = await client.next('conversation.item.input_audio_transcription.completed');
  expect(transcript).toBe('[unclear] yes');
  await client.next('response.done');
  expect(stage.asked[0]?.turns).toEqual([{ kind: 'guest', text: 'yes', isUnderstood: false }]);
});

test('noise shorter than 200 ms is not speech', async () => {
  stage = await setStage();
  const client = await stage.connect();
  client.sendAudio('audio/pcm', 400, 'silence');
  client.sendAudio('audio/pcm', 120, 'speech');
  client.sendAudio('audio/pcm', 1000, 'silence');
  client.send({ type: 'input_audio_buffer.clear' });
  await client.next('input_audio_buffer.cleared');
  expect(client.events.map((event) => event.type)).not.toContain('input_audio_buffer.speech_started');
});

test('speech ends after the silence that was asked for, not before', async () => {
  stage = await setStage();
  const client = await stage.connect();
  await client.update({
    audio: { input: { turn_detection: { type: 'server_vad', silence_duration_ms: 900, create_response: false } } },
  });
  client.sendAudio('audio/pcm', 500, 'speech');
  client.sendAudio('audio/pcm', 700, 'silence');
  client.sendAudio('audio/pcm', 500, 'speech');
  client.sendAudio('audio/pcm', 880, 'silence');
  client.send({ type: 'input_audio_buffer.append', audio: '' });
  client.send({ type: 'conversation.item.retrieve', item_id: 'sync' });
  await client.next('error');
  expect(client.events.filter((event) => event.type === 'input_audio_buffer.speech_stopped')).toEqual([]);
  client.sendAudio('audio/pcm', 200, 'silence');
  await client.next('input_audio_buffer.speech_stopped');
});

describe('interruption', () => {
  test('speech cancels the response, with the reason turn_detected, and the answer to it follows', async () => {
    stage = await setStage({ hears: ['stop'], reply: () => [{ kind: 'say', text: LONG }] });
    const client = await stage.connect();
    await client.update({ audio: { input: { format: { type: 'audio/pcmu' } } } });
    client.send({ type: 'response.create' });
    await client.next('response.output_audio.delta');
    client.sendAudio('audio/pcmu', 400, 'speech');
    const started = await client.next('input_audio_buffer.speech_started');
    const done = (await client.next('response.done')) as unknown as Done;
    expect(done.response).toMatchObject({
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'turn_detected' },
    });
    expect(client.typesSince(started)[1]).toBe('response.output_audio.done');
    client.sendAudio('audio/pcmu', 600, 'silence');
    await client.next('response.created');
    expect(((await client.next('response.done')) as unknown as Done).response.status).toBe('completed');
    expect(stage.asked[1]?.turns.at(-2)).toMatchObject({ kind: 'agent', wasCutOff: true });
  });

  test('with both switched off, speech is only told', async () => {
    stage = await setStage({ hears: ['mm-hm'], reply: () => [{ kind: 'say', text: LONG }] });
    const client = await stage.connect();
    const held = { type: 'server_vad', create_response: false, interrupt_response: false };
    await client.update({ audio: { input: { turn_detection: held } } });
    client.send({ type: 'response.create' });
    await client.next('response.output_audio.delta');
    client.sendAudio('audio/pcm', 400, 'speech');
    client.sendAudio('audio/pcm', 600, 'silence');
    await client.next('input_audio_buffer.committed');
    expect(((await client.next('response.done')) as unknown as Done).response.status).toBe('completed');
    await delay(50);
    expect(client.events.filter((event) => event.type === 'response.created')).toHaveLength(1);
  });

  test('an answer that cannot begin because another is not interrupted is told as an error', async () => {
    stage = await setStage({ hears: ['hello'], reply: () => [{ kind: 'say', text: LONG }] });
    const client = await stage.connect();
    await client.update({ audio: { input: { turn_detection: { type: 'server_vad', interrupt_response: false } } } });
    client.send({ type: 'response.create' });
    await client.next('response.output_audio.delta');
    client.sendAudio('audio/pcm', 400, 'speech');
    client.sendAudio('audio/pcm', 600, 'silence');
    expect((await client.next('error')).error).toMatchObject({ code: 'conversation_already_has_active_response' });
  });
});

describe('without turn detection', () => {
  test('the client commits, then asks; a commit without 100 ms of audio is refused', async () => {
    stage = await setStage({ hears: ['room four twelve'] });
    const client = await stage.connect();
    await client.update({ audio: { input: { turn_detection: null, transcription } } });
    client.sendAudio('audio/pcm', 80, 'speech');
    expect(await client.refused({ type: 'input_audio_buffer.commit' })).toMatchObject({
      code: 'input_audio_buffer_commit_empty',
    });
    client.sendAudio('audio/pcm', 800, 'speech');
    client.send({ type: 'input_audio_buffer.commit' });
    const committed = await client.next('input_audio_buffer.committed');
    expect(committed).toMatchObject({ previous_item_id: null });
    await client.next('conversation.item.input_audio_transcription.completed');
    expect(client.events.map((event) => event.type)).not.toContain('response.created');
    client.send({ type: 'response.create' });
    await client.next('response.done');
    expect(stage.asked[0]?.turns).toEqual([{ kind: 'guest', text: 'room four twelve', isUnderstood: true }]);
  });

  test('a cleared buffer is empty', async () => {
    stage = await setStage();
    const client = await stage.connect();
    await client.update({ audio: { input: { turn_detection: null } } });
    client.sendAudio('audio/pcm', 800, 'speech');
    client.send({ type: 'input_audio_buffer.clear' });
    await client.next('input_audio_buffer.cleared');
    expect(await client.refused({ type: 'input_audio_buffer.commit' })).toMatchObject({
      code: 'input_audio_buffer_commit_empty',
    });
  });
});

test('transcription that was not asked for is not told, and the mind hears nevertheless', async () => {
  stage = await setStage({ hears: [{ text: 'mumble', isUnderstood: false, confidence: 0.2 }] });
  const client = await stage.connect();
  client.sendAudio('audio/pcm', 500, 'speech');
  client.sendAudio('audio/pcm', 600, 'silence');
  await client.next('response.done');
  expect(client.events.filter((event) => event.type.includes('transcription'))).toEqual([]);
  expect(stage.asked[0]?.turns).toEqual([{ kind: 'guest', text: 'mumble', isUnderstood: false }]);
});

test('a guest who says nothing after an answer is noticed when an idle timeout is set', async () => {
  stage = await setStage({ reply: () => [{ kind: 'say', text: 'Hello.' }] });
  const client = await stage.connect();
  await client.update({ audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 5000 } } } });
  client.send({ type: 'response.create' });
  await client.next('response.done');
  client.sendAudio('audio/pcm', 5000, 'silence');
  client.send({ type: 'input_audio_buffer.append', audio: '' });
  client.sendAudio('audio/pcm', 1000, 'silence');
  const idle = await client.next('input_audio_buffer.timeout_triggered');
  expect(idle).toMatchObject({ audio_start_ms: 240, audio_end_ms: 5240 });
  await client.next('input_audio_buffer.committed');
  await client.next('response.created');
});

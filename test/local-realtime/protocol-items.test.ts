import { afterEach, describe, expect, test } from 'vitest';
import { MS_PER_CHARACTER, setStage, type ServerEvent, type Stage } from './realtime-stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const outputIdOf = (done: ServerEvent) => (done.response as { output: { id: string }[] }).output[0]?.id;

const userText = (text: string, id?: string) => ({
  type: 'conversation.item.create',
  item: { ...(id ? { id } : {}), type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});

test('items are inserted where they are wanted, retrieved, deleted; an id is taken once', async () => {
  stage = await setStage();
  const client = await stage.connect();
  client.send(userText('second', 'b'));
  expect(await client.next('conversation.item.added')).toMatchObject({ previous_item_id: null });
  client.send({ ...userText('third', 'c') });
  expect(await client.next('conversation.item.added')).toMatchObject({ previous_item_id: 'b' });
  client.send({ ...userText('first', 'a'), previous_item_id: 'root' });
  expect(await client.next('conversation.item.added')).toMatchObject({ previous_item_id: null });
  client.send({ ...userText('between', 'x'), previous_item_id: 'b' });
  expect(await client.next('conversation.item.done')).toBeDefined();
  expect(await client.refused(userText('again', 'a'))).toMatchObject({ code: 'item_id_exists' });
  client.send({ type: 'conversation.item.delete', item_id: 'c' });
  expect(await client.next('conversation.item.deleted')).toMatchObject({ item_id: 'c' });
  client.send({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'restored' }] },
  });
  client.send({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'continue' }] },
  });
  client.send({ type: 'response.create' });
  await client.next('response.done');
  expect(stage.asked[0]?.turns).toEqual([
    { kind: 'guest', text: 'first', isUnderstood: true },
    { kind: 'guest', text: 'second', isUnderstood: true },
    { kind: 'guest', text: 'between', isUnderstood: true },
    { kind: 'agent', text: 'restored', wasCutOff: false },
    { kind: 'instruction', text: 'continue' },
  ]);
});

describe('truncation', () => {
  test('leaves the words that were heard to the mind, and no transcript on the item', async () => {
    stage = await setStage({ reply: () => [{ kind: 'say', text: 'One two three four.' }] });
    const client = await stage.connect();
    client.send({ type: 'response.create' });
    const itemId = outputIdOf(await client.next('response.done'));
    const cut = { type: 'conversation.item.truncate', item_id: itemId, content_index: 0 };
    client.send({ ...cut, audio_end_ms: 9 * MS_PER_CHARACTER });
    expect(await client.next('conversation.item.truncated')).toMatchObject({
      item_id: itemId,
      content_index: 0,
      audio_end_ms: 360,
    });
    client.send({ type: 'conversation.item.retrieve', item_id: itemId });
    expect((await client.next('conversation.item.retrieved')).item).toMatchObject({
      content: [{ type: 'output_audio' }],
    });
    expect(JSON.stringify(client.events.at(-1))).not.toContain('One');
    client.send({ type: 'response.create' });
    await client.next('response.done');
    expect(stage.asked.at(-1)?.turns).toEqual([{ kind: 'agent', text: 'One two', wasCutOff: true }]);
  });

  test('beyond the audio, at 0 ms, of a guest item and of text is refused', async () => {
    stage = await setStage({ reply: () => [{ kind: 'say', text: 'Hello.' }] });
    const client = await stage.connect();
    client.send({ type: 'response.create' });
    const itemId = outputIdOf(await client.next('response.done'));
    const cut = { type: 'conversation.item.truncate', item_id: itemId, content_index: 0 };
    const realMs = 'Hello.'.length * MS_PER_CHARACTER;
    expect(await client.refused({ ...cut, audio_end_ms: realMs + 1 })).toMatchObject({
      code: 'invalid_value',
      param: 'audio_end_ms',
    });
    expect(await client.refused({ ...cut, audio_end_ms: 0 })).toMatchObject({
      code: 'invalid_value',
      param: 'audio_end_ms',
    });
    client.send({ ...cut, audio_end_ms: realMs });
    await client.next('conversation.item.truncated');
    client.send(userText('hi', 'guest_1'));
    await client.next('conversation.item.done');
    expect(await client.refused({ ...cut, item_id: 'guest_1', audio_end_ms: 1 })).toMatchObject({
      code: 'invalid_value',
      param: 'item_id',
    });
    expect(await client.refused({ ...cut, item_id: 'nope', audio_end_ms: 1 })).toMatchObject({
      code: 'item_not_found',
    });
  });
});

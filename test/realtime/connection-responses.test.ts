/** Responses over the model's wire: one at a time, second tries, cut-offs, and what the agent says in them. */
import { describe, expect, test } from 'vitest';
import { audioDelta, created, done, setReadyStage, type RealtimeStage } from './realtime-stage.ts';
import type { ScriptedConnection } from '../peers/scripted-realtime.ts';

type ReadyStage = RealtimeStage & { peer: ScriptedConnection };

const BUSY = { type: 'invalid_request_error', code: 'conversation_already_has_active_response', message: 'Busy.' };

const transcript = (responseId: string, delta: string, itemId = 'item_1') => ({
  type: 'response.output_audio_transcript.delta',
  response_id: responseId,
  item_id: itemId,
  output_index: 0,
  content_index: 0,
  delta,
});
const transcriptDone = (responseId: string, text: string, itemId = 'item_1') => ({
  ...transcript(responseId, '', itemId),
  type: 'response.output_audio_transcript.done',
  transcript: text,
});
const audioDone = (responseId: string, itemId = 'item_1') => ({
  type: 'response.output_audio.done',
  response_id: responseId,
  item_id: itemId,
  output_index: 0,
  content_index: 0,
});
const committed = (itemId: string) => ({
  type: 'input_audio_buffer.committed',
  item_id: itemId,
  previous_item_id: null,
});

async function setAutomaticStage(): Promise<ReadyStage> {
  const stage = await setReadyStage();
  stage.leg.setTurnTaking('automatic');
  await stage.peer.next('session.update', 1);
  await stage.peer.settled();
  return stage;
}

/** @returns how many responses were asked for. */
async function asked(peer: ScriptedConnection): Promise<number> {
  await peer.settled();
  return peer.of('response.create').length;
}

describe('asking for responses', () => {
  test('[MODEL-18] the next is asked for when the active one is done, each under an id of its own', async () => {
    const { peer, leg } = await setReadyStage();
    leg.sayExactly('One.');
    leg.sayExactly('Two.');
    leg.respond('Be brief.');
    for (const [index, id] of ['r1', 'r2', 'r3'].entries()) {
      await peer.next('response.create', index);
      expect(await asked(peer)).toBe(index + 1);
      peer.emit(created(id), audioDelta(id, [1]));
      expect(await asked(peer)).toBe(index + 1);
      peer.emit(done(id));
    }
    expect(await asked(peer)).toBe(3);
    const requests = peer.of('response.create');
    expect(new Set(requests.map(({ event_id }) => event_id)).size).toBe(3);
    const instructions = requests.map(({ response }) => (response as { instructions: string }).instructions);
    expect(instructions[0]).toContain('"One."');
    expect(instructions[1]).toContain('"Two."');
    // A response's own instructions replace the connection's: they are given again.
    expect(instructions[2]).toBe('Be kind.\n\nBe brief.');
  });

  test('[MODEL-18] who loses the race against the server’s own answer is asked for after it', async () => {
    const { peer, leg } = await setAutomaticStage();
    leg.sayExactly('We close at ten.');
    const { event_id } = await peer.next('response.create');
    peer.emit(created('automatic'), { type: 'error', error: { ...BUSY, event_id } }, audioDelta('automatic', [1]));
    expect(await asked(peer)).toBe(1);
    peer.emit(done('automatic'));
    const again = await peer.next('response.create', 1);
    expect(again.event_id).not.toBe(event_id);
    expect(again.response).toEqual(peer.of('response.create')[0]?.response);
  });

  test('[MODEL-18] an error that names another event does not free the way', async () => {
    const { peer, leg } = await setReadyStage();
    leg.respond();
    await peer.next('response.create');
    leg.sayExactly('Two.');
    peer.emit({ type: 'error', error: { ...BUSY, event_id: 'update-1' } }, { type: 'error', error: BUSY });
    expect(await asked(peer)).toBe(1);
  });

  test('[MODEL-18] a request that the server neither opens nor refuses is made once more, then told as a failure', async () => {
    const { peer, leg, clock, of } = await setReadyStage();
    leg.sayExactly('Good evening.');
    await peer.next('response.create');
    clock.advance(3_999);
    expect(await asked(peer)).toBe(1);
    clock.advance(1);
    const again = await peer.next('response.create', 1);
    expect(again.response).toEqual(peer.of('response.create')[0]?.response);
    expect(of('agentFailed')).toEqual([]);
    clock.advance(4_000);
    expect(of('agentFailed')).toEqual([['no_response', expect.any(String), false]]);
    leg.respond();
    expect(await asked(peer)).toBe(3);
  });

  test('[MODEL-18] a request that was opened late is not made a third time', async () => {
    const { peer, leg, clock } = await setReadyStage();
    leg.sayExactly('Good evening.');
    await peer.next('response.create');
    clock.advance(4_000);
    const { event_id } = await peer.next('response.create', 1);
    peer.emit(created('r1'), { type: 'error', error: { ...BUSY, event_id } }, audioDelta('r1', [1]), done('r1'));
    expect(await asked(peer)).toBe(2);
  });

  test('[MODEL-18] a response that was opened in time is waited for', async () => {
    const { peer, leg, clock } = await setReadyStage();
    leg.sayExactly('Good evening.');
    await peer.next('response.create');
    peer.emit(created('r1'), audioDelta('r1', [1]));
    await peer.settled();
    clock.advance(4_000);
    expect(await asked(peer)).toBe(1);
  });

  test('[MODEL-18] the server’s own answer leaves no room for ours; one that it misses is asked for after 4 s', async () => {
    const { peer, leg, clock, until } = await setAutomaticStage();
    peer.emit(committed('g1'));
    await until('guestTurnCommitted');
    leg.respond();
    clock.advance(3_999);
    expect(await asked(peer)).toBe(0);
    clock.advance(1);
    expect(await asked(peer)).toBe(1);
  });

  test('[MODEL-18] a guest who goes on gives the server its 4 s again', async () => {
    const { peer, clock } = await setAutomaticStage();
    peer.emit(committed('g1'));
    await peer.settled();
    clock.advance(3_000);
    peer.emit(committed('g2'));
    await peer.settled();
    clock.advance(3_999);
    expect(await asked(peer)).toBe(0);
    clock.advance(1);
    expect(await asked(peer)).toBe(1);
  });

  test('an answer of the server’s own that came is not missed', async () => {
    const { peer, clock } = await setAutomaticStage();
    peer.emit(committed('g1'), created('automatic'), audioDelta('automatic', [1]), done('automatic'));
    await peer.settled();
    clock.advance(4_000);
    expect(await asked(peer)).toBe(0);
  });
});

describe('responses that come to nothing', () => {
  test.each([
    ['failed', true],
    ['incomplete', true],
    ['failed', false],
    ['incomplete', false],
    ['completed', false],
  ])('[MODEL-21] %s, with sound %s: asked for once more, and a second one is told', async (status, sounds) => {
    const { peer, leg, of, until } = await setReadyStage();
    leg.sayExactly('Good evening.');
    await peer.next('response.create');
    for (const id of ['r1', 'r2']) {
      peer.emit(created(id));
      if (sounds) peer.emit(audioDelta(id, [1]));
      peer.emit(done(id, status));
    }
    await until('responseEnded', 2);
    expect(await asked(peer)).toBe(2);
    expect(peer.of('response.create')[1]?.response).toEqual(peer.of('response.create')[0]?.response);
    expect(of('agentFailed')).toEqual([['empty_response', expect.any(String), false]]);
    expect(of('responseEnded')).toEqual([
      ['r1', status, undefined],
      ['r2', status, undefined],
    ]);
  });

  test('[MODEL-21] the server’s own answer that failed is asked for', async () => {
    const { peer } = await setAutomaticStage();
    peer.emit(committed('g1'), created('automatic'), done('automatic', 'failed'));
    expect(await asked(peer)).toBe(1);
    expect(peer.of('response.create')[0]).not.toHaveProperty('response');
  });

  test.each([
    { code: 'insufficient_quota', type: 'server_error' },
    { code: null, type: 'insufficient_quota' },
  ])('[MODEL-20] a response that failed for good is fatal: %o', async (error) => {
    const { peer, of, until } = await setAutomaticStage();
    const details = { type: 'failed', error: { ...error, message: 'You exceeded your quota.' } };
    peer.emit(created('r1'), done('r1', 'failed', { status_details: details }));
    await until('agentFailed');
    expect(of('agentFailed')).toEqual([['insufficient_quota', 'You exceeded your quota.', true]]);
  });

  test('a response that the guest’s speech cancelled is over', async () => {
    const { peer, of } = await setAutomaticStage();
    const details = { status_details: { type: 'cancelled', reason: 'turn_detected' } };
    peer.emit(created('r1'), done('r1', 'cancelled', details));
    expect(await asked(peer)).toBe(0);
    expect(of('agentFailed')).toEqual([]);
  });
});

describe('cutting the agent off', () => {
  test('[BARGE-7] audio and words of a cancelled response are dropped, those of the next are not', async () => {
    const { peer, leg, of, until } = await setReadyStage();
    peer.emit(created('r1'), audioDelta('r1', [1, 2]), transcript('r1', 'Good '));
    await until('agentTranscript');
    leg.cancelResponse();
    expect(await peer.next('response.cancel')).toMatchObject({ response_id: 'r1' });
    peer.emit(
      audioDelta('r1', [3]),
      transcript('r1', 'evening'),
      audioDone('r1'),
      transcriptDone('r1', 'Good evening.'),
    );
    peer.emit(done('r1', 'cancelled'), audioDelta('r1', [4]));
    peer.emit(
      created('r2'),
      audioDelta('r2', [5], 'item_2'),
      transcript('r2', 'Yes?', 'item_2'),
      audioDone('r2', 'item_2'),
    );
    await until('agentAudioDone');
    expect(of('agentAudio').map(([id, , audio]) => [id, ...audio])).toEqual([
      ['r1', 1, 2],
      ['r2', 5],
    ]);
    expect(of('agentTranscript').map(([, text]) => text)).toEqual(['Good ', 'Yes?']);
    expect(of('agentAudioDone')).toEqual([['r2', { itemId: 'item_2', contentIndex: 0 }]]);
  });

  test('[BARGE-6] nothing active: no cancel is sent; what was to be said is not said', async () => {
    const { peer, leg } = await setReadyStage();
    peer.emit(created('r1'), audioDelta('r1', [1]));
    await peer.settled();
    leg.sayExactly('And another thing.');
    leg.cancelResponse();
    peer.emit(done('r1', 'cancelled'));
    await peer.settled();
    leg.cancelResponse();
    expect(await asked(peer)).toBe(0);
    expect(peer.of('response.cancel')).toHaveLength(1);
  });

  test('in automatic turn taking the server has cancelled by itself', async () => {
    const { peer, leg, of } = await setAutomaticStage();
    peer.emit(created('r1'), audioDelta('r1', [1]));
    await peer.settled();
    leg.cancelResponse();
    peer.emit(audioDelta('r1', [2]));
    await peer.settled();
    expect(peer.of('response.cancel')).toEqual([]);
    expect(of('agentAudio')).toHaveLength(1);
  });

  test.each(['held', 'automatic'] as const)(
    '[BARGE-7] a response still on its way when the guest took the word is cancelled as it opens: %s',
    async (mode) => {
      const { peer, leg, of } = await (mode === 'held' ? setReadyStage() : setAutomaticStage());
      leg.respond();
      await peer.next('response.create');
      leg.cancelResponse();
      peer.emit(created('r1'), audioDelta('r1', [1]));
      expect(await peer.next('response.cancel')).toMatchObject({ response_id: 'r1' });
      peer.emit(done('r1', 'cancelled'));
      expect(await asked(peer)).toBe(1);
      expect(of('responseStarted')).toEqual([]);
      expect(of('agentAudio')).toEqual([]);
    },
  );

  test('[MODEL-18] the answer to the guest who took the word is not taken for the response before', async () => {
    const { peer, leg, of } = await setAutomaticStage();
    leg.respond();
    const { event_id } = await peer.next('response.create');
    leg.cancelResponse();
    peer.emit(committed('g1'), created('automatic'), { type: 'error', error: { ...BUSY, event_id } });
    peer.emit(audioDelta('automatic', [1]), done('automatic'));
    expect(await asked(peer)).toBe(1);
    expect(peer.of('response.cancel')).toEqual([]);
    expect(of('responseStarted')).toEqual([['automatic']]);
    expect(of('agentAudio')).toHaveLength(1);
  });

  test.each([0, -5, 12.5, Number.NaN, Number.POSITIVE_INFINITY])(
    '[PLAY-5] a truncation at %d ms is not sent',
    async (audioEndMs) => {
      const { peer, leg } = await setReadyStage();
      leg.truncate({ itemId: 'item_1', contentIndex: 0 }, audioEndMs);
      leg.truncate({ itemId: 'item_1', contentIndex: 0 }, 640);
      await peer.next('conversation.item.truncate');
      await peer.settled();
      const truncate = { type: 'conversation.item.truncate', item_id: 'item_1', content_index: 0, audio_end_ms: 640 };
      expect(peer.of('conversation.item.truncate')).toMatchObject([truncate]);
    },
  );

  test('a truncation that is refused is told for the record, as no fault of the agent', async () => {
    const { peer, leg, of, until } = await setReadyStage();
    leg.truncate({ itemId: 'item_1', contentIndex: 0 }, 640);
    const { event_id } = await peer.next('conversation.item.truncate');
    const error = { type: 'invalid_request_error', code: 'invalid_value', message: 'Too long.', event_id };
    peer.emit({ type: 'error', error });
    await until('noticed');
    expect(of('noticed')).toEqual([
      [{ kind: 'truncate-refused', turnId: 'item_1', code: 'invalid_value', message: 'Too long.' }],
    ]);
    expect(of('agentFailed')).toEqual([]);
  });

  test('an item that was never heard is deleted', async () => {
    const { peer, leg } = await setReadyStage();
    leg.deleteItem('item_2');
    expect(await peer.next('conversation.item.delete')).toMatchObject({ item_id: 'item_2' });
  });
});

describe('what the agent says', () => {
  test('words are told so far, per item, then in full', async () => {
    const { peer, of, until } = await setReadyStage();
    peer.emit(created('r1'), transcript('r1', 'Good '), transcript('r1', 'One', 'item_2'), transcript('r1', 'evening'));
    peer.emit(transcriptDone('r1', 'Good evening.'));
    await until('agentTranscript', 4);
    expect(of('agentTranscript').map(([{ itemId }, text, isFinal]) => [itemId, text, isFinal])).toEqual([
      ['item_1', 'Good ', false],
      ['item_2', 'One', false],
      ['item_1', 'Good evening', false],
      ['item_1', 'Good evening.', true],
    ]);
  });

  test('[MODEL-23] cached tokens are taken out of the input, per kind', async () => {
    const { peer, of, until } = await setReadyStage();
    const usage = {
      total_tokens: 900,
      input_tokens: 700,
      output_tokens: 200,
      input_token_details: {
        text_tokens: 500,
        audio_tokens: 200,
        image_tokens: 0,
        cached_tokens: 480,
        cached_tokens_details: { text_tokens: 384, audio_tokens: 96, image_tokens: 0 },
      },
      output_token_details: { text_tokens: 40, audio_tokens: 160 },
    };
    peer.emit(created('r1'), audioDelta('r1', [1]), done('r1', 'completed', { usage }));
    peer.emit(created('r2'), done('r2', 'cancelled', { usage: { input_token_details: 'many' } }));
    await until('responseEnded', 2);
    expect(of('responseEnded')).toEqual([
      [
        'r1',
        'completed',
        {
          inputTextTokens: 116,
          inputAudioTokens: 104,
          cachedTextTokens: 384,
          cachedAudioTokens: 96,
          outputTextTokens: 40,
          outputAudioTokens: 160,
        },
      ],
      ['r2', 'cancelled', undefined],
    ]);
  });
});

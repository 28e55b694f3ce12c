/** The guest's turns as they come over the wire: speech, committed turns, transcripts that are late. */
import { expect, test } from 'vitest';
import { setReadyStage } from './realtime-stage.ts';

const committed = (itemId: string, previous: string | null = null) => ({
  type: 'input_audio_buffer.committed',
  item_id: itemId,
  previous_item_id: previous,
});
const transcription = (what: string, itemId: string, more: object) => ({
  type: `conversation.item.input_audio_transcription.${what}`,
  item_id: itemId,
  content_index: 0,
  ...more,
});

test('speech is told as it starts and stops, its length without padding and silence', async () => {
  const { peer, of, until } = await setReadyStage();
  peer.emit({ type: 'input_audio_buffer.speech_started', audio_start_ms: 2_000, item_id: 'g1' });
  peer.emit({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: 4_000, item_id: 'g1' });
  peer.emit({ type: 'input_audio_buffer.speech_started', audio_start_ms: 5_000, item_id: 'g2' });
  peer.emit({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: 5_100, item_id: 'g2' });
  await until('guestStoppedSpeaking', 2);
  expect(of('guestStartedSpeaking')).toHaveLength(2);
  expect(of('guestStoppedSpeaking')).toEqual([[1_200], [0]]);
});

test('[MODEL-22] late transcripts are told under their utterance, each put together by itself', async () => {
  const { peer, told, until } = await setReadyStage();
  const before = told.length;
  peer.emit(committed('g1'), committed('g2', 'g1'));
  peer.emit(transcription('delta', 'g2', { delta: 'And ' }), transcription('delta', 'g1', { delta: 'Two ' }));
  peer.emit(transcription('delta', 'g2', { delta: 'soap.' }));
  peer.emit(transcription('completed', 'g2', { transcript: 'And soap.', usage: { type: 'duration', seconds: 1 } }));
  peer.emit(transcription('completed', 'g1', { transcript: 'Two towels.' }));
  await until('guestTranscript', 5);
  expect(told.slice(before)).toEqual([
    ['guestTurnCommitted', 'g1', false],
    ['guestTurnCommitted', 'g2', false],
    ['guestTranscript', 'g2', 'And ', false],
    ['guestTranscript', 'g1', 'Two ', false],
    ['guestTranscript', 'g2', 'And soap.', false],
    ['guestTranscript', 'g2', 'And soap.', true],
    ['guestTranscript', 'g1', 'Two towels.', true],
  ]);
});

test('[MODEL-22] a transcript that failed settles its utterance without words', async () => {
  const { peer, of, until } = await setReadyStage();
  peer.emit(committed('g1'), transcription('delta', 'g1', { delta: 'Tw' }));
  peer.emit(transcription('failed', 'g1', { error: { type: 'server_error', code: 'audio_unintelligible' } }));
  await until('guestTranscript', 2);
  expect(of('guestTranscript')).toEqual([
    ['g1', 'Tw', false],
    ['g1', '', true],
  ]);
});

test('who answers a turn follows from the last update that the server acknowledged', async () => {
  const { peer, server, leg, of, until } = await setReadyStage();
  server.acknowledgesUpdates = false;
  leg.setTurnTaking('automatic');
  await peer.next('session.update', 1);
  peer.emit(committed('g1'), { type: 'session.updated', session: {} }, committed('g2'));
  await until('guestTurnCommitted', 2);
  leg.setTurnTaking('held');
  await peer.next('session.update', 2);
  peer.emit(committed('g3'), { type: 'session.updated', session: {} }, committed('g4'));
  await until('guestTurnCommitted', 4);
  expect(of('guestTurnCommitted')).toEqual([
    ['g1', false],
    ['g2', true],
    ['g3', true],
    ['g4', false],
  ]);
});

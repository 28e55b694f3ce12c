/** The whole engine as it is shipped: a child process, real ears, real voice, real mind, audio in real time. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeMulaw } from '../../src/audio/g711.ts';
import { startLocalRealtime, type LocalRealtime } from '../../src/local-realtime/engine-process.ts';
import { resample } from '../../src/local-realtime/voice-resampler.ts';
import { loadVoice } from '../../src/local-realtime/voice.ts';
import { TestClient } from './realtime-stage.ts';

let engine: LocalRealtime;
const logged: string[] = [];
beforeAll(
  async () =>
    void (engine = await startLocalRealtime({ log: (message) => logged.push(message), languages: ['en', 'de'] })),
);
afterAll(() => engine.close());

/** A guest's sentence as a telephone carries it, without the silence around it. */
async function spoken(text: string): Promise<Uint8Array> {
  const voice = await loadVoice();
  const { pcm, sampleRateHz } = await voice.speak(text, 'cedar');
  const band = resample(pcm, sampleRateHz, 8000);
  const end = band.findLastIndex((sample) => Math.abs(sample) > 400);
  return encodeMulaw(band.subarray(0, end + 1));
}

/** Sends frames of 20 ms at their times: the guest's words, then silence until told to stop. */
async function speakInto(client: TestClient, words: Uint8Array, signal: AbortSignal): Promise<void> {
  const startMs = performance.now();
  for (let frame = 0; !signal.aborted; frame++) {
    const audio = Buffer.alloc(160, 0xff);
    audio.set(words.subarray(frame * 160, (frame + 1) * 160));
    client.send({ type: 'input_audio_buffer.append', audio: audio.toString('base64') });
    await delay(Math.max(0, startMs + frame * 20 - performance.now()));
  }
}

test('a language of the hotel that it does not speak is told at its start', () => {
  expect(logged).toEqual([expect.stringMatching(/not spoken here.*: de$/)]);
});

test('a spoken wish is heard, and answered aloud soon after it ends', async () => {
  const client = await TestClient.connect(`${engine.url}/realtime?model=gpt-realtime-2.1`, {});
  const format = { type: 'audio/pcmu' };
  await client.update({ audio: { input: { format, transcription: { model: 'gpt-transcribe' } }, output: { format } } });
  const stop = new AbortController();
  const speaking = speakInto(
    client,
    await spoken('could I have two extra towels in room four twelve please'),
    stop.signal,
  );
  const stopped = await client.next('input_audio_buffer.speech_stopped');
  const { transcript } = await client.next('conversation.item.input_audio_transcription.completed');
  expect(transcript).toContain('towels');
  const stoppedAtMs = performance.now();
  await client.next('response.output_audio.delta');
  // The target of 1.2 s after the end of speech is measured elsewhere; this notices an answer that hangs.
  expect(performance.now() - stoppedAtMs).toBeLessThan(3000);
  const done = (await client.next('response.done')).response as { id: string; status: string };
  stop.abort();
  await speaking;
  expect(done.status).toBe('completed');
  const said = client.said(done.id);
  expect(said.transcript.length).toBeGreaterThan(5);
  const loudest = said.audio.reduce((most, code) => Math.max(most, 0x7f - (code & 0x7f)), 0);
  expect(loudest).toBeGreaterThan(60);
  expect(said.audio.length).toBeGreaterThan(8 * 500);
  expect(client.events.filter(({ type }) => type === 'error')).toEqual([]);
  expect(stopped.audio_end_ms).toBeGreaterThan(1000);
  client.socket.terminate();
});

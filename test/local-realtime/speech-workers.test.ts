import { afterEach, expect, test } from 'vitest';
import { startSpeechWorkers } from '../../src/local-realtime/speech-workers.ts';
import { NOTHING_HEARD, type Speech } from '../../src/local-realtime/speech.ts';

const fake = new URL('fake-speech-worker.ts', import.meta.url);
let speech: Speech;
afterEach(() => speech.close());

test('all of an utterance is heard, frames grouped; utterances beside each other are not mixed', async () => {
  speech = await startSpeechWorkers(2, () => undefined, fake);
  const [first, second, dropped] = [speech.listen(), speech.listen(), speech.listen()];
  for (let frame = 0; frame < 10; frame++) first.feed(new Int16Array(160));
  second.feed(new Int16Array(1000));
  dropped.discard();
  expect(JSON.parse((await first.finish()).text)).toEqual({ messages: 4, samples: 1600 });
  expect(JSON.parse((await second.finish()).text)).toEqual({ messages: 3, samples: 1000 });
  expect(await first.finish()).toEqual(NOTHING_HEARD);
});

test('sentences are spoken at the rate asked for; a voice that fails is an error', async () => {
  speech = await startSpeechWorkers(1, () => undefined, fake);
  expect((await speech.speak('hello', 'marin', 24_000)).length).toBe(2400);
  await expect(speech.speak('fail', 'marin', 24_000)).rejects.toThrow('no voice');
});

test('a worker that dies is told once, and what waits for it ends', async () => {
  const lost: Error[] = [];
  speech = await startSpeechWorkers(1, (why) => lost.push(why), fake);
  const utterance = speech.listen();
  const speaking = speech.speak('die', 'marin', 24_000);
  const hearing = utterance.finish();
  await expect(speaking).rejects.toThrow('code 3');
  expect(await hearing).toEqual(NOTHING_HEARD);
  expect(lost.map(({ message }) => message)).toEqual(['a speech worker ended, code 3']);
});

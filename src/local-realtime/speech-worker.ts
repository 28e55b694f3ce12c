/** A speech worker: ears and voice behind messages. Each message is short work, so that calls take turns. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadEarsIn } from './ears-of-languages.ts';
import type { FromWorker, ToWorker } from './speech-messages.ts';
import { speechInProcess, type Listening } from './speech.ts';
import { loadVoice } from './voice.ts';

if (!parentPort) throw new Error('speech-worker.ts runs as a worker thread only');
const port = parentPort;
const tell = (message: FromWorker): void => port.postMessage(message);

const { languages } = workerData as { languages: readonly string[] };
const [ears, voice] = await Promise.all([loadEarsIn(languages), loadVoice(languages)]);
const speech = speechInProcess(ears, voice);
const utterances = new Map<number, Listening>();

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'listen':
      utterances.set(message.id, speech.listen(message.language));
      return;
    case 'feed':
      utterances.get(message.id)?.feed(message.pcm);
      return;
    case 'finish':
      void finish(message.id);
      return;
    case 'discard':
      utterances.get(message.id)?.discard();
      utterances.delete(message.id);
      return;
    case 'speak':
      void speak(message);
      return;
    default:
      message satisfies never;
  }
});
tell({ kind: 'ready' });

async function finish(id: number): Promise<void> {
  const utterance = utterances.get(id);
  utterances.delete(id);
  if (!utterance) return tell({ kind: 'failed', id, message: 'no such utterance' });
  tell({ kind: 'heard', id, heard: await utterance.finish() });
}

async function speak({
  id,
  text,
  voice: voiceName,
  sampleRateHz,
  usual,
}: Extract<ToWorker, { kind: 'speak' }>): Promise<void> {
  try {
    tell({ kind: 'spoken', id, pcm: await speech.speak(text, voiceName, sampleRateHz, usual) });
  } catch (error) {
    tell({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
}

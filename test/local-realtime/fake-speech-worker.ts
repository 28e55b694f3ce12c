/** A worker thread with ears that count what they were fed and a voice that fails on demand. */
import { parentPort } from 'node:worker_threads';
import type { FromWorker, ToWorker } from '../../src/local-realtime/speech-messages.ts';

if (!parentPort) throw new Error('runs as a worker thread only');
const port = parentPort;
const fed = new Map<number, { messages: number; samples: number }>();
const tell = (message: FromWorker): void => port.postMessage(message);

port.on('message', (message: ToWorker) => {
  if (message.kind === 'listen') fed.set(message.id, { messages: 0, samples: 0 });
  if (message.kind === 'feed') {
    const count = fed.get(message.id);
    if (count) fed.set(message.id, { messages: count.messages + 1, samples: count.samples + message.pcm.length });
  }
  if (message.kind === 'finish')
    tell({
      kind: 'heard',
      id: message.id,
      heard: { text: JSON.stringify(fed.get(message.id)), isUnderstood: true, confidence: 1 },
    });
  if (message.kind === 'speak' && message.text === 'die') process.exit(3);
  if (message.kind === 'speak' && message.text === 'fail')
    tell({ kind: 'failed', id: message.id, message: 'no voice' });
  else if (message.kind === 'speak')
    tell({ kind: 'spoken', id: message.id, pcm: new Int16Array(message.sampleRateHz / 10) });
});
tell({ kind: 'ready' });

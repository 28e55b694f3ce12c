/** Ears and voices in worker threads, so that recognising and speaking never hold up the sockets. */
import { Worker } from 'node:worker_threads';
import type { Heard } from './ports.ts';
import type { FromWorker, ToWorker } from './speech-messages.ts';
import { NOTHING_HEARD, type Listening, type Speech } from './speech.ts';

/** Sentences waiting to be spoken, over all calls; beyond it speaking is refused. */
const MAX_WAITING_SENTENCES = 256;
/** Frames are sent to a worker in groups of this many samples (60 ms): fewer messages. */
const FEED_SAMPLES = 480;
/** An utterance whose words are not known by then is not understood. */
const HEARING_TIMEOUT_MS = 10_000;

export class SpeechWorkerLost extends Error {
  override name = 'SpeechWorkerLost';
}

/**
 * @param count threads; each loads its own ears and voices. @param lost told when a worker died by itself.
 * @param languages to hear and to speak, the usual one first.
 * @throws when one cannot be started.
 */
export async function startSpeechWorkers(
  count: number,
  lost: (why: Error) => void,
  workerFile = new URL('speech-worker.ts', import.meta.url),
  languages: readonly string[] = ['en'],
): Promise<Speech> {
  const workers = await Promise.all(
    Array.from({ length: count }, () => SpeechWorker.start(workerFile, languages, lost)),
  );
  const idlest = () => workers.reduce((best, worker) => (worker.load < best.load ? worker : best));
  return {
    listen: (language) => idlest().listen(language),
    speak: (...asked) => idlest().speak(...asked),
    close: async () => void (await Promise.all(workers.map((worker) => worker.close()))),
  };
}

type Waiting =
  | { heard: (heard: Heard) => void }
  | { spoken: (pcm: Int16Array) => void; failed: (error: Error) => void };

class SpeechWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #lost: (why: Error) => void;
  #nextId = 1;
  #openUtterances = 0;
  #isClosing = false;

  static async start(workerFile: URL, languages: readonly string[], lost: (why: Error) => void): Promise<SpeechWorker> {
    const worker = new Worker(workerFile, { name: 'speech', workerData: { languages } });
    await new Promise<void>((ready, failed) => {
      worker.once('message', () => ready());
      worker.once('error', failed);
      worker.once('exit', (code) => failed(new SpeechWorkerLost(`a speech worker ended at its start, code ${code}`)));
    });
    return new SpeechWorker(worker, lost);
  }

  private constructor(worker: Worker, lost: (why: Error) => void) {
    this.#worker = worker;
    this.#lost = lost;
    worker.on('message', (message: FromWorker) => this.#answered(message));
    worker.on('error', (error) => this.#ended(error));
    worker.on('exit', (code) => this.#ended(new SpeechWorkerLost(`a speech worker ended, code ${code}`)));
  }

  get load(): number {
    return this.#openUtterances + this.#waiting.size;
  }

  listen(language: string | undefined): Listening {
    const id = this.#nextId++;
    this.#openUtterances++;
    this.#tell({ kind: 'listen', id, language });
    return new WorkerListening({
      feed: (pcm) => this.#tell({ kind: 'feed', id, pcm }),
      finish: async () => {
        this.#openUtterances--;
        return this.#heard(id);
      },
      discard: () => {
        this.#openUtterances--;
        this.#tell({ kind: 'discard', id });
      },
    });
  }

  async speak(text: string, voice: string, sampleRateHz: number, usual?: string): Promise<Int16Array> {
    if (this.#waiting.size >= MAX_WAITING_SENTENCES) throw new Error('too many sentences wait to be spoken');
    const id = this.#nextId++;
    return new Promise((spoken, failed) => {
      this.#waiting.set(id, { spoken, failed });
      this.#tell({ kind: 'speak', id, text, voice, sampleRateHz, usual });
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#worker.terminate();
  }

  #heard(id: number): Promise<Heard> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#answered({ kind: 'heard', id, heard: NOTHING_HEARD }), HEARING_TIMEOUT_MS);
      this.#waiting.set(id, { heard: (heard) => (clearTimeout(timer), resolve(heard)) });
      this.#tell({ kind: 'finish', id });
    });
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message, message.kind === 'feed' ? [message.pcm.buffer as ArrayBuffer] : []);
  }

  #answered(message: FromWorker): void {
    if (message.kind === 'ready') return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (!waiting) return;
    if ('heard' in waiting) waiting.heard(message.kind === 'heard' ? message.heard : NOTHING_HEARD);
    else if (message.kind === 'spoken') waiting.spoken(message.pcm);
    else waiting.failed(new Error(message.kind === 'failed' ? message.message : 'unexpected answer'));
  }

  #ended(why: Error): void {
    const waiting = [...this.#waiting.keys()];
    for (const id of waiting) this.#answered({ kind: 'failed', id, message: why.message });
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#lost(why);
  }
}

/** Groups frames before they are sent; ends once. */
class WorkerListening implements Listening {
  readonly #worker: { feed(pcm: Int16Array): void; finish(): Promise<Heard>; discard(): void };
  #group = new Int16Array(FEED_SAMPLES);
  #filled = 0;
  #isOver = false;

  constructor(worker: { feed(pcm: Int16Array): void; finish(): Promise<Heard>; discard(): void }) {
    this.#worker = worker;
  }

  feed(pcm: Int16Array): void {
    if (this.#isOver) return;
    for (let from = 0; from < pcm.length;) {
      const piece = pcm.subarray(from, from + FEED_SAMPLES - this.#filled);
      this.#group.set(piece, this.#filled);
      this.#filled += piece.length;
      from += piece.length;
      if (this.#filled === FEED_SAMPLES) this.#send();
    }
  }

  async finish(): Promise<Heard> {
    if (this.#isOver) return NOTHING_HEARD;
    this.#send();
    this.#isOver = true;
    return this.#worker.finish();
  }

  discard(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#worker.discard();
  }

  #send(): void {
    if (this.#filled > 0) this.#worker.feed(this.#group.slice(0, this.#filled));
    this.#filled = 0;
  }
}

/** Hears what happens, and comes back by itself: after a break, after sleep, after a restart of the server. */
import type { AsJson, FeedEvents } from '../wire.ts';
import { whoAmI } from './api.ts';
import type { Desk } from './desk.ts';

const KINDS: readonly (keyof FeedEvents)[] = [
  'snapshot',
  'request',
  'call',
  'line',
  'words',
  'call-ended',
  'tool-servers',
  'approval',
  'beat',
];
/** The server speaks at least every 15 s; a stream that is silent for longer is dead. */
const SILENT_TOO_LONG_MS = 40_000;
const TRY_AGAIN_MS = 3_000;

/** @param signedOut is called when the sign-in has ended. @returns a function that stops it. */
export function openFeed(desk: Desk, signedOut: () => void): () => void {
  let source: EventSource | undefined;
  let lastId = '';
  let heardAtMs = Date.now();
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const watchdog = setInterval(() => {
    if (source && Date.now() - heardAtMs > SILENT_TOO_LONG_MS) start();
  }, 5_000);
  start();
  return stop;

  function start(): void {
    source?.close();
    heardAtMs = Date.now();
    const stream = new EventSource(`/staff/api/feed${lastId && `?after=${lastId}`}`);
    source = stream;
    stream.addEventListener('open', () => desk.connectionIs('live'));
    stream.addEventListener('error', () => broken(stream));
    for (const kind of KINDS) stream.addEventListener(kind, (event) => hear(kind, event));
  }

  function hear(kind: keyof FeedEvents, { data, lastEventId }: MessageEvent<string>): void {
    heardAtMs = Date.now();
    lastId = lastEventId || lastId;
    desk.heard(kind, JSON.parse(data) as AsJson<FeedEvents[typeof kind]>);
  }

  /** A broken stream is opened again by the browser; a refused one is not. */
  function broken(stream: EventSource): void {
    desk.connectionIs('lost');
    if (stream.readyState !== EventSource.CLOSED || stream !== source) return;
    source = undefined;
    void comeBack();
  }

  async function comeBack(): Promise<void> {
    const answer = await whoAmI();
    if (isStopped) return;
    if (answer.kind === 'signed-out') {
      stop();
      signedOut();
    } else retry = setTimeout(start, TRY_AGAIN_MS);
  }

  function stop(): void {
    isStopped = true;
    clearInterval(watchdog);
    clearTimeout(retry);
    source?.close();
    source = undefined;
  }
}

/**
 * Server-sent events to staff: what changed, with ids, resumable from a bounded ring. A slow viewer is dropped and comes
 * back with a snapshot; it never delays a call.
 */
import type { ServerResponse } from 'node:http';
import type { FeedEvents, Snapshot } from './wire.ts';

/** Changes kept for viewers that come back: some minutes of a busy hotel. */
const RING_SIZE = 2_000;
/** Bytes a viewer may have waiting before it is dropped. */
const MAX_WAITING_BYTES = 512 * 1024;
/** More than any hotel has screens; the next one is told to try later. */
const MAX_VIEWERS = 200;
const HEARTBEAT_MS = 15_000;
/** After how long a browser comes back when its stream broke. */
const RETRY_MS = 1_500;

interface Change {
  id: number;
  text: string;
}

export class LiveFeed {
  readonly #viewers = new Set<ServerResponse>();
  #ring: Change[] = [];
  /** Ids begin at the start time so that an id of before a restart is never taken for one of now. */
  #lastId = Date.now();
  readonly #heartbeat: NodeJS.Timeout;
  /** Viewers dropped because they were too slow. */
  dropped = 0;

  constructor() {
    this.#heartbeat = setInterval(() => this.#send(eventText('beat', Date.now())), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Tells all viewers. Words on their way are not kept for those who come back: the finished line is. */
  publish<Kind extends keyof FeedEvents>(kind: Kind, data: FeedEvents[Kind]): void {
    if (kind === 'words') {
      this.#send(eventText(kind, data));
      return;
    }
    const id = ++this.#lastId;
    const text = eventText(kind, data, id);
    this.#ring.push({ id, text });
    if (this.#ring.length > RING_SIZE) this.#ring.shift();
    this.#send(text);
  }

  /** Changes may have been missed: every viewer is sent away and gets a snapshot when it comes back. */
  startAfresh(): void {
    this.#ring = [];
    this.#lastId++;
    for (const viewer of this.#viewers) viewer.end();
  }

  /**
   * Adds a viewer and answers its request. @param lastSeenId what it saw last; when all that followed is still in the
   * ring only that is sent, otherwise `snapshot()` first.
   * @returns false, with nothing answered, when there are too many viewers. @throws what `snapshot` throws, likewise.
   */
  async add(
    response: ServerResponse,
    lastSeenId: number | undefined,
    snapshot: () => Promise<Snapshot>,
  ): Promise<boolean> {
    if (this.#viewers.size >= MAX_VIEWERS) return false;
    let text = `retry: ${RETRY_MS}\n\n`;
    let sinceId = lastSeenId ?? 0;
    if (!this.#canResume(lastSeenId)) {
      // What changes while the snapshot is read is sent after it again: changes carry whole rows, so twice is harmless.
      sinceId = this.#lastId;
      text += eventText('snapshot', await snapshot(), sinceId);
    }
    if (response.destroyed) return true;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    for (const change of this.#ring) if (change.id > sinceId) text += change.text;
    response.on('close', () => this.#viewers.delete(response));
    this.#viewers.add(response);
    response.write(text + eventText('beat', Date.now()));
    return true;
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const viewer of this.#viewers) viewer.end();
    this.#viewers.clear();
  }

  #canResume(lastSeenId: number | undefined): boolean {
    if (lastSeenId === undefined || lastSeenId > this.#lastId) return false;
    const oldest = this.#ring[0]?.id ?? this.#lastId + 1;
    return lastSeenId >= oldest - 1;
  }

  #send(text: string): void {
    for (const viewer of this.#viewers) {
      viewer.write(text);
      if (viewer.writableLength <= MAX_WAITING_BYTES) continue;
      this.#viewers.delete(viewer);
      this.dropped++;
      viewer.destroy();
    }
  }
}

function eventText(kind: string, data: unknown, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

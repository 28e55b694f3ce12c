/**
 * Server-sent events to staff: what changed, with ids, resumable from a bounded ring. A slow viewer is dropped and comes
 * back with a snapshot; it never delays a call.
 */
import type { ServerResponse } from 'node:http';

/** Changes kept for viewers that come back: some minutes of a busy hotel. */
const RING_SIZE = 2_000;
/** Bytes a viewer may have waiting before it is dropped. */
const MAX_WAITING_BYTES = 512 * 1024;
const MAX_VIEWERS = 200;
const HEARTBEAT_MS = 15_000;

interface Change {
  id: number;
  text: string;
}

export class LiveFeed {
  readonly #viewers = new Set<ServerResponse>();
  readonly #ring: Change[] = [];
  /** Ids begin at the start time so that an id of before a restart is never taken for one of now. */
  #lastId = Date.now();
  readonly #heartbeat: NodeJS.Timeout;

  constructor() {
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  get lastId(): number {
    return this.#lastId;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /**
   * Tells all viewers. @param kind the event's name; @param data plain data.
   * @param isPassing words on their way: not kept for those who come back.
   */
  publish(kind: string, data: unknown, isPassing = false): void {
    if (isPassing) {
      if (this.#viewers.size > 0) this.#send(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
      return;
    }
    const id = ++this.#lastId;
    const text = `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
    this.#ring.push({ id, text });
    if (this.#ring.length > RING_SIZE) this.#ring.shift();
    this.#send(text);
  }

  /**
   * Adds a viewer. @param lastSeenId what it saw last; when that is still in the ring only what follows is sent,
   * otherwise `snapshot()` first.
   * @returns false when there are too many viewers.
   */
  async add(
    response: ServerResponse,
    lastSeenId: number | undefined,
    snapshot: () => Promise<unknown>,
  ): Promise<boolean> {
    if (this.#viewers.size >= MAX_VIEWERS) return false;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const oldest = this.#ring[0]?.id ?? this.#lastId + 1;
    const canResume = lastSeenId !== undefined && lastSeenId >= oldest - 1 && lastSeenId <= this.#lastId;
    let sinceId = lastSeenId ?? 0;
    if (!canResume) {
      // What changes while the snapshot is read is sent after it again: changes carry whole rows, so twice is harmless.
      sinceId = this.#lastId;
      const data = await snapshot();
      response.write(`id: ${sinceId}\nevent: snapshot\ndata: ${JSON.stringify(data)}\n\n`);
    }
    for (const change of this.#ring) if (change.id > sinceId) response.write(change.text);
    this.#viewers.add(response);
    response.on('close', () => this.#viewers.delete(response));
    return true;
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const viewer of this.#viewers) viewer.end();
    this.#viewers.clear();
  }

  #send(text: string): void {
    for (const viewer of this.#viewers) {
      viewer.write(text);
      if (viewer.writableLength <= MAX_WAITING_BYTES) continue;
      this.#viewers.delete(viewer);
      viewer.destroy();
    }
  }

  #beat(): void {
    this.#send(': still here\n\n');
  }
}

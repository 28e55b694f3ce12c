/**
 * Puts the guest's frames back in order and fills gaps with silence (rule CARRIER-14). Pure.
 */
import { MULAW_SILENCE } from '../audio/g711.ts';
import type { MediaFrame } from './media-stream-messages.ts';

/** Frames that may wait for one that is late. */
const WINDOW = 3;
const MAX_GAP_MS = 10_000;
/** Timestamps jitter by less than a frame. */
const MIN_GAP_MS = 20;
const BYTES_PER_MS = 8;

export class FrameOrder {
  readonly #deliver: (frame: Uint8Array) => void;
  readonly #waiting = new Map<number, MediaFrame>();
  #nextChunk = 1;
  #nextTimestampMs: number | undefined;
  readonly counts = { late: 0, reordered: 0, filledMs: 0 };

  /** @param deliver gets μ-law in order; silence stands for what is missing. */
  constructor(deliver: (frame: Uint8Array) => void) {
    this.#deliver = deliver;
  }

  add(frame: MediaFrame): void {
    if (frame.chunk < this.#nextChunk) {
      this.counts.late++;
      return;
    }
    if (frame.chunk === this.#nextChunk) this.#pass(frame);
    else {
      this.#waiting.set(frame.chunk, frame);
      if (this.#waiting.size > WINDOW) this.#nextChunk = Math.min(...this.#waiting.keys());
    }
    for (let next = this.#waiting.get(this.#nextChunk); next; next = this.#waiting.get(this.#nextChunk)) {
      this.#waiting.delete(next.chunk);
      this.counts.reordered++;
      this.#pass(next);
    }
  }

  #pass(frame: MediaFrame): void {
    const gapMs = this.#nextTimestampMs === undefined ? 0 : frame.timestampMs - this.#nextTimestampMs;
    if (gapMs >= MIN_GAP_MS) {
      const filledMs = Math.min(gapMs, MAX_GAP_MS);
      this.counts.filledMs += filledMs;
      this.#deliver(new Uint8Array(filledMs * BYTES_PER_MS).fill(MULAW_SILENCE));
    }
    this.#nextChunk = frame.chunk + 1;
    this.#nextTimestampMs = frame.timestampMs + frame.payload.length / BYTES_PER_MS;
    this.#deliver(frame.payload);
  }
}

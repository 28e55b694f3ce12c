/**
 * Paces the agent's audio out to the carrier: slices of 20 to 100 ms at computed due times, about 200 ms ahead of what is
 * being played, a uniquely named mark at least every 200 ms (rules AUDIO-11 and PLAY-3). Time comes from the clock port.
 */
import { MULAW_SILENCE } from '../audio/g711.ts';
import type { AudioSource, Clock } from '../call/ports.ts';

const BYTES_PER_MS = 8;
const FRAME_BYTES = 20 * BYTES_PER_MS;
const MAX_SLICE_BYTES = 100 * BYTES_PER_MS;
const MARK_WITHIN_BYTES = 200 * BYTES_PER_MS;
/** How far ahead of playout audio may leave: late enough for a true barge-in, early enough for a jittery network. */
const LEAD_MS = 200;
/** Five minutes of speech nobody has heard yet: more is a fault of the model's side; the newest is dropped. */
const MAX_QUEUED_BYTES = 300_000 * BYTES_PER_MS;

export interface PacerOutput {
  audio(slice: Uint8Array): void;
  mark(name: string): void;
  /** @param markName the mark that follows these bytes, if one does. */
  sent(source: AudioSource, bytes: number, markName: string | undefined): void;
}

interface QueuedItem {
  source: AudioSource;
  pieces: Uint8Array[];
  bytes: number;
  isFinished: boolean;
}

export class PlayoutPacer {
  readonly #clock: Clock;
  readonly #output: PacerOutput;
  #items: QueuedItem[] = [];
  #queuedBytes = 0;
  /** When all that was sent so far will have been played. */
  #playedOutAtMs = 0;
  #bytesSinceMark = 0;
  #generation = 0;
  #markNumber = 0;
  #cancelTimer: (() => void) | undefined;
  #droppedBytes = 0;

  constructor(clock: Clock, output: PacerOutput) {
    this.#clock = clock;
    this.#output = output;
  }

  get queuedMs(): number {
    return this.#queuedBytes / BYTES_PER_MS;
  }

  get droppedMs(): number {
    return this.#droppedBytes / BYTES_PER_MS;
  }

  play(source: AudioSource, audio: Uint8Array): void {
    if (this.#queuedBytes + audio.length > MAX_QUEUED_BYTES) {
      this.#droppedBytes += audio.length;
      return;
    }
    const item = this.#itemOf(source);
    item.pieces.push(audio);
    item.bytes += audio.length;
    this.#queuedBytes += audio.length;
    this.#sendDue();
  }

  /** The item is complete: its last frame is filled up with silence and marked. */
  finish(source: AudioSource): void {
    this.#itemOf(source).isFinished = true;
    this.#sendDue();
  }

  /** Drops what is queued. Marks sent from now on belong to a new generation. */
  clear(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#items = [];
    this.#queuedBytes = 0;
    this.#bytesSinceMark = 0;
    this.#playedOutAtMs = 0;
    this.#generation++;
    this.#markNumber = 0;
  }

  #itemOf(source: AudioSource): QueuedItem {
    const last = this.#items.at(-1);
    if (last?.source.itemId === source.itemId && last.source.contentIndex === source.contentIndex) return last;
    // Whoever begins a new item has ended the one before, said or not.
    if (last) last.isFinished = true;
    const item: QueuedItem = { source, pieces: [], bytes: 0, isFinished: false };
    this.#items.push(item);
    return item;
  }

  /** Sends all whose time has come, by the clock and not by counting timers: after a stall it catches up. */
  #sendDue(): void {
    const nowMs = this.#clock.nowMs();
    if (this.#playedOutAtMs < nowMs) this.#playedOutAtMs = nowMs;
    while (this.#playedOutAtMs - nowMs < LEAD_MS && this.#sendSlice());
    this.#wakeForNext(nowMs);
  }

  /** @returns whether there was something to send. */
  #sendSlice(): boolean {
    const item = this.#items[0];
    if (!item) return false;
    const wholeFrames = Math.min(MAX_SLICE_BYTES, item.bytes - (item.bytes % FRAME_BYTES));
    if (wholeFrames === 0 && !item.isFinished) {
      if (this.#items.length === 1) return false;
      item.isFinished = true;
    }
    const bytes = wholeFrames > 0 ? wholeFrames : item.bytes;
    const isLast = item.isFinished && bytes === item.bytes;
    const slice = isLast ? padded(take(item, bytes)) : take(item, bytes);
    this.#queuedBytes -= bytes;
    if (isLast) this.#items.shift();
    this.#send(item.source, slice, isLast);
    return true;
  }

  #send(source: AudioSource, slice: Uint8Array, isLast: boolean): void {
    if (slice.length > 0) this.#output.audio(slice);
    this.#playedOutAtMs += slice.length / BYTES_PER_MS;
    this.#bytesSinceMark += slice.length;
    const isMarkDue = isLast || this.#bytesSinceMark + MAX_SLICE_BYTES > MARK_WITHIN_BYTES;
    const markName = isMarkDue ? `${this.#generation}-${this.#markNumber++}` : undefined;
    // The ledger knows of the mark before it can come back.
    this.#output.sent(source, slice.length, markName);
    if (markName === undefined) return;
    this.#output.mark(markName);
    this.#bytesSinceMark = 0;
  }

  #wakeForNext(nowMs: number): void {
    const hasMore =
      this.#items.length > 1 || (this.#items[0]?.bytes ?? 0) >= FRAME_BYTES || this.#items[0]?.isFinished === true;
    if (!hasMore || this.#cancelTimer) return;
    this.#cancelTimer = this.#clock.after(Math.max(1, this.#playedOutAtMs - LEAD_MS - nowMs), () => {
      this.#cancelTimer = undefined;
      this.#sendDue();
    });
  }
}

/** Takes the first `bytes` off an item, without a copy where one piece has them all. */
function take(item: QueuedItem, bytes: number): Uint8Array {
  item.bytes -= bytes;
  const first = item.pieces[0];
  if (first && first.length > bytes) {
    item.pieces[0] = first.subarray(bytes);
    return first.subarray(0, bytes);
  }
  if (first && first.length === bytes) {
    item.pieces.shift();
    return first;
  }
  const slice = new Uint8Array(bytes);
  for (let at = 0; at < bytes;) {
    const piece = item.pieces[0] as Uint8Array;
    const part = piece.subarray(0, bytes - at);
    slice.set(part, at);
    at += part.length;
    if (part.length === piece.length) item.pieces.shift();
    else item.pieces[0] = piece.subarray(part.length);
  }
  return slice;
}

function padded(slice: Uint8Array): Uint8Array {
  const missing = (FRAME_BYTES - (slice.length % FRAME_BYTES)) % FRAME_BYTES;
  if (missing === 0) return slice;
  const whole = new Uint8Array(slice.length + missing).fill(MULAW_SILENCE);
  whole.set(slice);
  return whole;
}

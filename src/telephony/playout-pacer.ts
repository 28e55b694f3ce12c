/**
 * Paces the agent's audio out to the carrier: slices of 20 to 100 ms at computed due times, about 200 ms ahead of what is
 * being played, a uniquely named mark at least every 200 ms (rules AUDIO-11 and PLAY-3). Time comes from the clock port.
 */
import { MULAW_SILENCE } from '../audio/g711.ts';
import type { AudioSource, Clock } from '../call/ports.ts';
import { ByteQueue } from './byte-queue.ts';

const BYTES_PER_MS = 8;
const FRAME_BYTES = 20 * BYTES_PER_MS;
const MAX_SLICE_BYTES = 100 * BYTES_PER_MS;
const MARK_WITHIN_BYTES = 200 * BYTES_PER_MS;
/** How far ahead of playout audio may leave: late enough for a true barge-in, early enough for a jittery network. */
const LEAD_MS = 200;
/** A shorter one drowns in what the carrier keeps ahead. */
const AUDIBLE_GAP_MS = 20;
/** Five minutes of speech nobody has heard yet: more is a fault of the model's side; the newest is dropped. */
const MAX_QUEUED_BYTES = 300_000 * BYTES_PER_MS;

export interface PacerOutput {
  /** @param slice valid during the call only. */
  audio(slice: Uint8Array): void;
  mark(name: string): void;
  /** @param markName the mark that follows these bytes, if one does. */
  sent(source: AudioSource, bytes: number, markName: string | undefined): void;
  /** In the middle of an item there was nothing to play for so long, by our clock; the next of it leaves now. */
  ranDry(source: AudioSource, gapMs: number): void;
}

interface QueuedItem {
  source: AudioSource;
  bytes: number;
  isFinished: boolean;
  hasBegun: boolean;
}

/** Where a slice stands while it is sent. One for all calls: sending never waits. */
const slice = new Uint8Array(MAX_SLICE_BYTES);

export class PlayoutPacer {
  readonly #clock: Clock;
  readonly #output: PacerOutput;
  readonly #queue = new ByteQueue();
  #items: QueuedItem[] = [];
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
    return this.#queue.length / BYTES_PER_MS;
  }

  get droppedMs(): number {
    return this.#droppedBytes / BYTES_PER_MS;
  }

  play(source: AudioSource, audio: Uint8Array): void {
    if (this.#queue.length + audio.length > MAX_QUEUED_BYTES) {
      this.#droppedBytes += audio.length;
      return;
    }
    this.#itemOf(source).bytes += audio.length;
    this.#queue.push(audio);
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
    this.#queue.clear();
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
    const item: QueuedItem = { source, bytes: 0, isFinished: false, hasBegun: false };
    this.#items.push(item);
    return item;
  }

  /** Sends all whose time has come, by the clock and not by counting timers: after a stall it catches up. */
  #sendDue(): void {
    const nowMs = this.#clock.nowMs();
    while (this.#playedOutAtMs - nowMs < LEAD_MS && this.#sendSlice(nowMs));
    this.#wakeForNext(nowMs);
  }

  /** @returns whether there was something to send. */
  #sendSlice(nowMs: number): boolean {
    const item = this.#items[0];
    if (!item) return false;
    const wholeFrames = Math.min(MAX_SLICE_BYTES, item.bytes - (item.bytes % FRAME_BYTES));
    if (wholeFrames === 0 && !item.isFinished) {
      if (this.#items.length === 1) return false;
      item.isFinished = true;
    }
    const bytes = wholeFrames > 0 ? wholeFrames : item.bytes;
    const isLast = item.isFinished && bytes === item.bytes;
    const padding = isLast ? (FRAME_BYTES - (bytes % FRAME_BYTES)) % FRAME_BYTES : 0;
    this.#queue.take(bytes, slice);
    slice.fill(MULAW_SILENCE, bytes, bytes + padding);
    item.bytes -= bytes;
    if (isLast) this.#items.shift();
    // The last bit of an item is no sound that anybody misses.
    if (bytes > 0) this.#beginAt(nowMs, bytes >= FRAME_BYTES ? item : undefined);
    this.#send(item.source, bytes + padding, isLast);
    return true;
  }

  /** What is sent next is played from now on, or after what is still being played. */
  #beginAt(nowMs: number, item: QueuedItem | undefined): void {
    const gapMs = nowMs - this.#playedOutAtMs;
    if (gapMs > 0) this.#playedOutAtMs = nowMs;
    if (!item) return;
    if (item.hasBegun && gapMs >= AUDIBLE_GAP_MS) this.#output.ranDry(item.source, Math.round(gapMs));
    item.hasBegun = true;
  }

  #send(source: AudioSource, bytes: number, isLast: boolean): void {
    if (bytes > 0) this.#output.audio(slice.subarray(0, bytes));
    this.#playedOutAtMs += bytes / BYTES_PER_MS;
    this.#bytesSinceMark += bytes;
    const isMarkDue = isLast || this.#bytesSinceMark + MAX_SLICE_BYTES > MARK_WITHIN_BYTES;
    const markName = isMarkDue ? `${this.#generation}-${this.#markNumber++}` : undefined;
    // The ledger knows of the mark before it can come back.
    this.#output.sent(source, bytes, markName);
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

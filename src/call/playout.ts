/**
 * The playout ledger: what of the agent's audio was received, sent and heard, and where a barge-in cuts.
 * Heard means confirmed by marks; between two marks the monotonic clock is trusted, but never past the next mark.
 * Pure: it touches no leg.
 */
import type { AudioSource } from './ports.ts';

/** μ-law at 8 kHz. */
const BYTES_PER_MS = 8;

interface Item {
  source: AudioSource;
  receivedBytes: number;
  /** The same audio as the agent counts it; truncation must not pass it (rule PLAY-5). */
  receivedMs: number;
  heardBytes: number;
  isFinished: boolean;
}

/** What was sent up to and including one mark, and when its first byte left. */
interface Stretch {
  markName: string | undefined;
  parts: { item: Item; bytes: number }[];
  sentAtMs: number;
}

export interface HeardOut {
  source: AudioSource;
  /** The whole length of the item's audio. */
  heardMs: number;
}

export interface Cut {
  /** Items heard in part, with the whole milliseconds that were heard. */
  truncate: { source: AudioSource; heardMs: number; receivedMs: number }[];
  /** Items of which nothing was heard. */
  discard: AudioSource[];
}

export class Playout {
  /** Items not yet heard to their end, in order of arrival. Bound: what the agent has queued for one caller. */
  #items = new Map<string, Item>();
  #stretches: Stretch[] = [];
  #lastMarkAtMs = 0;

  /** Audio of the agent was queued: `bytes` of μ-law that stand for `audioMs` of the item. */
  received(source: AudioSource, bytes: number, audioMs: number): void {
    const item = this.#itemOf(source);
    item.receivedBytes += bytes;
    item.receivedMs += audioMs;
  }

  /** No more audio of this item follows. @returns the item when all of it was heard already. */
  finished(source: AudioSource): HeardOut | undefined {
    const item = this.#items.get(keyOf(source));
    if (!item) return undefined;
    item.isFinished = true;
    return this.#forgetIfHeardOut(item);
  }

  /** `bytes` of this item left for the carrier; they are heard once `markName`, or a later mark, comes back. */
  sent(source: AudioSource, bytes: number, markName: string | undefined, nowMs: number): void {
    let stretch = this.#stretches.at(-1);
    if (!stretch || stretch.markName !== undefined) {
      stretch = { markName: undefined, parts: [], sentAtMs: nowMs };
      this.#stretches.push(stretch);
    }
    stretch.parts.push({ item: this.#itemOf(source), bytes });
    stretch.markName = markName;
  }

  /** A mark came back. Marks of before a cut are unknown here and do not count. @returns the items now heard out. */
  markReturned(markName: string, nowMs: number): HeardOut[] {
    const index = this.#stretches.findIndex((stretch) => stretch.markName === markName);
    if (index < 0) return [];
    this.#lastMarkAtMs = nowMs;
    const heardOut: HeardOut[] = [];
    for (const { parts } of this.#stretches.splice(0, index + 1)) {
      for (const { item, bytes } of parts) {
        item.heardBytes += bytes;
        const out = this.#forgetIfHeardOut(item);
        if (out) heardOut.push(out);
      }
    }
    return heardOut;
  }

  /** Whether audio is queued or at the carrier that nobody has confirmed as played. */
  get isPlaying(): boolean {
    for (const item of this.#items.values()) if (item.heardBytes < item.receivedBytes) return true;
    return false;
  }

  /** Whether something is queued or under way, and all of it is such. */
  isOnly(such: (source: AudioSource) => boolean): boolean {
    for (const item of this.#items.values())
      if (item.heardBytes < item.receivedBytes && !such(item.source)) return false;
    return this.isPlaying;
  }

  /** Items of which more audio was expected. */
  unfinished(): AudioSource[] {
    return [...this.#items.values()].filter((item) => !item.isFinished).map((item) => item.source);
  }

  /** Milliseconds of audio that were received and are not confirmed as played. */
  unheardMs(): number {
    let bytes = 0;
    for (const item of this.#items.values()) bytes += Math.max(0, item.receivedBytes - item.heardBytes);
    return bytes / BYTES_PER_MS;
  }

  /** Milliseconds heard of one item; undefined once it was heard out or cut, or when it never was. */
  heardMs(source: AudioSource, nowMs: number): number | undefined {
    const item = this.#items.get(keyOf(source));
    return item && Math.floor(this.#heardBytesOf(item, nowMs) / BYTES_PER_MS);
  }

  /** Milliseconds of this item received so far. */
  receivedMs(source: AudioSource): number {
    return this.#items.get(keyOf(source))?.receivedMs ?? 0;
  }

  /** Playback stops here. Everything is settled and forgotten; marks still under way no longer count. */
  cut(nowMs: number): Cut {
    const cut: Cut = { truncate: [], discard: [] };
    for (const item of this.#items.values()) {
      const heardMs = Math.min(Math.floor(this.#heardBytesOf(item, nowMs) / BYTES_PER_MS), Math.floor(item.receivedMs));
      if (heardMs >= 1) cut.truncate.push({ source: item.source, heardMs, receivedMs: item.receivedMs });
      else cut.discard.push(item.source);
    }
    this.#items.clear();
    this.#stretches = [];
    return cut;
  }

  #heardBytesOf(item: Item, nowMs: number): number {
    const stretch = this.#stretches[0];
    if (!stretch) return item.heardBytes;
    // The first unconfirmed stretch began to play when the mark before it came back, or when it was sent.
    let playedBytes = Math.max(0, nowMs - Math.max(this.#lastMarkAtMs, stretch.sentAtMs)) * BYTES_PER_MS;
    let heardBytes = item.heardBytes;
    for (const part of stretch.parts) {
      const bytes = Math.min(part.bytes, playedBytes);
      playedBytes -= bytes;
      if (part.item === item) heardBytes += bytes;
    }
    return heardBytes;
  }

  #itemOf(source: AudioSource): Item {
    const key = keyOf(source);
    let item = this.#items.get(key);
    if (!item) {
      item = { source, receivedBytes: 0, receivedMs: 0, heardBytes: 0, isFinished: false };
      this.#items.set(key, item);
    }
    return item;
  }

  #forgetIfHeardOut(item: Item): HeardOut | undefined {
    if (!item.isFinished || item.heardBytes < item.receivedBytes) return undefined;
    const wasKnown = this.#items.delete(keyOf(item.source));
    return wasKnown ? { source: item.source, heardMs: Math.floor(item.receivedMs) } : undefined;
  }
}

const keyOf = (source: AudioSource): string => `${source.itemId}/${source.contentIndex}`;

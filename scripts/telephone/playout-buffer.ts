/**
 * What the carrier does with audio it gets: plays it in order, in real time, and returns each mark when the audio before it
 * was played. Pure; time is the number of frames asked for.
 */
import { MULAW_SILENCE } from '../../src/audio/g711.ts';

/** 20 ms of μ-law at 8 kHz. */
export const FRAME_BYTES = 160;
export const FRAME_MS = 20;
export const BYTES_PER_MS = 8;

/** Ten minutes: an agent that sends faster than that is broken. What comes beyond is dropped and counted. */
const MAX_BYTES = 10 * 60_000 * BYTES_PER_MS;

type Entry = { audio: Uint8Array } | { mark: string };

export class PlayoutBuffer {
  #entries: Entry[] = [];
  #bufferedBytes = 0;
  /** Marks of the frame that plays now: returned when it is over. */
  #passing: string[] = [];
  #isSounding = false;
  /** Bytes of audio played so far. */
  playedBytes = 0;
  droppedBytes = 0;

  get bufferedMs(): number {
    return this.#bufferedBytes / BYTES_PER_MS;
  }

  /** @param audio μ-law, any length. */
  receive(audio: Uint8Array): void {
    if (audio.length === 0) return;
    if (this.#bufferedBytes + audio.length > MAX_BYTES) {
      this.droppedBytes += audio.length;
      return;
    }
    this.#entries.push({ audio });
    this.#bufferedBytes += audio.length;
  }

  /** @returns the marks to return at once: this one, when nothing is buffered before it. */
  mark(name: string): string[] {
    if (this.#entries.length > 0) this.#entries.push({ mark: name });
    else if (this.#isSounding) this.#passing.push(name);
    else return [name];
    return [];
  }

  /** Drops what was not played. @returns the marks of it, which are returned at once, and how much was dropped. */
  clear(): { marks: string[]; droppedMs: number } {
    const marks = [...this.#passing, ...this.#entries.flatMap((entry) => ('mark' in entry ? [entry.mark] : []))];
    this.#passing = [];
    const droppedMs = this.bufferedMs;
    this.#entries = [];
    this.#bufferedBytes = 0;
    return { marks, droppedMs };
  }

  /** Plays the next 20 ms. @returns 160 bytes, silence where there was no audio, and the marks of what was played before. */
  playFrame(): { frame: Uint8Array; heardBytes: number; marks: string[] } {
    const frame = new Uint8Array(FRAME_BYTES).fill(MULAW_SILENCE);
    const marks = this.#passing;
    this.#passing = [];
    let heardBytes = 0;
    for (let entry = this.#entries[0]; entry !== undefined; entry = this.#entries[0]) {
      if ('mark' in entry) (heardBytes === 0 ? marks : this.#passing).push(entry.mark);
      else {
        if (heardBytes === FRAME_BYTES) break;
        const piece = entry.audio.subarray(0, FRAME_BYTES - heardBytes);
        frame.set(piece, heardBytes);
        heardBytes += piece.length;
        const rest = entry.audio.subarray(piece.length);
        if (rest.length > 0) {
          this.#entries[0] = { audio: rest };
          break;
        }
      }
      this.#entries.shift();
    }
    this.#isSounding = heardBytes > 0;
    this.#bufferedBytes -= heardBytes;
    this.playedBytes += heardBytes;
    return { frame, heardBytes, marks };
  }
}

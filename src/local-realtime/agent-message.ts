/** One message of the agent while it is being said: its events in the documented order, and what was said when. */
import { encodeAudio, sampleRateOf } from './audio-format.ts';
import type { ClientLink } from './client-link.ts';
import type { StoredItem } from './conversation.ts';
import type { ContentPart, Item } from './item-schema.ts';
import { timedWords, type TimedWord } from './sentences.ts';
import type { AudioFormat } from './session.ts';

/** Milliseconds of audio in one delta. */
export const DELTA_MS = 200;

export interface MessagePlace {
  link: ClientLink;
  responseId: string;
  outputIndex: number;
  /** Adds the item to the conversation and tells of it; does nothing for a response outside of it. */
  added(stored: StoredItem): void;
  done(stored: StoredItem): void;
}

type MessageItem = Extract<Item, { type: 'message' }>;

export class AgentMessage {
  readonly stored: StoredItem & { item: MessageItem; spoken: TimedWord[] };
  readonly #place: MessagePlace;
  readonly #kind: 'audio' | 'text';
  #text = '';
  #isClosed = false;

  constructor(place: MessagePlace, itemId: string, kind: 'audio' | 'text') {
    this.#place = place;
    this.#kind = kind;
    const item: MessageItem = {
      id: itemId,
      object: 'realtime.item',
      type: 'message',
      status: 'in_progress',
      role: 'assistant',
      content: [],
    };
    this.stored = { item, audioMs: 0, spoken: [] };
    this.#send('response.output_item.added', { item });
    place.added(this.stored);
    this.#sendPart('response.content_part.added', { part: this.#part('') });
  }

  /** Text only: told at once. */
  write(text: string): void {
    if (this.#isClosed) return;
    for (const word of text.match(/\S+\s*/g) ?? []) this.#sendPart('response.output_text.delta', { delta: word });
    this.#text += text;
  }

  /**
   * @param pcm one sentence's audio at the rate of `format`.
   * @returns a step per delta: each call sends one, with the words that begin in it, and returns its milliseconds.
   */
  sentence(text: string, pcm: Int16Array, format: AudioFormat): (() => number)[] {
    const samplesPerMs = sampleRateOf(format) / 1000;
    const words = timedWords(text, this.stored.audioMs, pcm.length / samplesPerMs);
    const steps = Math.max(1, Math.ceil(pcm.length / (DELTA_MS * samplesPerMs)));
    return Array.from({ length: steps }, (_, step) => () => {
      const piece = pcm.subarray(step * DELTA_MS * samplesPerMs, (step + 1) * DELTA_MS * samplesPerMs);
      const pieceMs = piece.length / samplesPerMs;
      const untilMs = step === steps - 1 ? Infinity : this.stored.audioMs + pieceMs;
      this.#say(words, untilMs);
      if (piece.length > 0)
        this.#sendPart('response.output_audio.delta', { delta: encodeAudio(piece, format).toString('base64') });
      this.stored.audioMs += pieceMs;
      return pieceMs;
    });
  }

  /** Ends the message, once. Audio that was not sent yet is not part of it. */
  close(status: 'completed' | 'incomplete'): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const text = this.#text;
    const { item } = this.stored;
    if (this.#kind === 'audio') {
      this.#sendPart('response.output_audio.done', {});
      this.#sendPart('response.output_audio_transcript.done', { transcript: text });
    } else this.#sendPart('response.output_text.done', { text });
    this.#sendPart('response.content_part.done', { part: this.#part(text) });
    item.status = status;
    const isCutByClient = this.stored.heardText !== undefined;
    if (!isCutByClient) item.content = [this.#content(text)];
    this.#send('response.output_item.done', { item });
    this.#place.done(this.stored);
  }

  /** Sends the words that begin before `untilMs`. */
  #say(words: TimedWord[], untilMs: number): void {
    for (let word = words[0]; word; word = words[0]) {
      const startMs = this.stored.spoken.at(-1)?.endMs ?? 0;
      if (startMs >= untilMs) return;
      words.shift();
      this.stored.spoken.push(word);
      this.#text += word.text;
      this.stored.item.content = [this.#content(this.#text)];
      this.#sendPart('response.output_audio_transcript.delta', { delta: word.text });
    }
  }

  #content(text: string): ContentPart {
    return this.#kind === 'audio' ? { type: 'output_audio', transcript: text } : { type: 'output_text', text };
  }

  #part(text: string): Record<string, unknown> {
    return this.#kind === 'audio' ? { type: 'audio', transcript: text } : { type: 'text', text };
  }

  #send(type: string, fields: Record<string, unknown>): void {
    this.#place.link.send({
      type,
      response_id: this.#place.responseId,
      output_index: this.#place.outputIndex,
      ...fields,
    });
  }

  #sendPart(type: string, fields: Record<string, unknown>): void {
    this.#send(type, { item_id: this.stored.item.id, content_index: 0, ...fields });
  }
}

/**
 * The guest's turns as the server tells them: speech that starts and stops, turns that are committed, transcripts that come
 * late and in pieces. A committed turn that the server is to answer by itself is watched, in case it does not.
 */
import type { AgentLegEvents, Clock } from '../call/ports.ts';
import type { ServerEvent } from './realtime-events.ts';
import { PREFIX_MS, SILENCE_MS } from './session-update.ts';
import { SpokenWords } from './spoken-words.ts';

/** The server opens its answer to a turn at once; after this it has missed it. */
const AUTOMATIC_ANSWER_WITHIN_MS = 4_000;

export interface GuestTurnsParts {
  events: AgentLegEvents;
  clock: Clock;
  /** Whether the server answers a turn that is committed now. */
  isAnsweredByServer(): boolean;
  answerComes(): void;
  answerMissed(): void;
}

export class GuestTurns {
  readonly #parts: GuestTurnsParts;
  readonly #words = new SpokenWords();
  #speechStartMs = 0;
  #cancelWatch: () => void = () => {};

  constructor(parts: GuestTurnsParts) {
    this.#parts = parts;
  }

  /** A response began, or nothing is waited for any more. */
  stopWatching(): void {
    this.#cancelWatch();
  }

  /** @returns whether the event was about the guest's turns. */
  happened(event: ServerEvent): boolean {
    const { events } = this.#parts;
    switch (event.type) {
      case 'input_audio_buffer.speech_started':
        this.#speechStartMs = event.audio_start_ms;
        events.guestStartedSpeaking();
        return true;
      case 'input_audio_buffer.speech_stopped': {
        const speechMs = event.audio_end_ms - this.#speechStartMs - PREFIX_MS - SILENCE_MS;
        events.guestStoppedSpeaking(Math.max(0, Math.round(speechMs)));
        return true;
      }
      case 'input_audio_buffer.committed':
        this.#committed(event.item_id);
        return true;
      case 'conversation.item.input_audio_transcription.delta':
        events.guestTranscript(event.item_id, this.#words.add(event.item_id, event.delta), false);
        return true;
      case 'conversation.item.input_audio_transcription.completed':
        this.#said(event.item_id, event.transcript);
        return true;
      case 'conversation.item.input_audio_transcription.failed':
        this.#said(event.item_id, '');
        return true;
      default:
        return false;
    }
  }

  #committed(itemId: string): void {
    const { events, clock, isAnsweredByServer, answerComes, answerMissed } = this.#parts;
    const willBeAnswered = isAnsweredByServer();
    if (willBeAnswered) {
      answerComes();
      this.#cancelWatch();
      this.#cancelWatch = clock.after(AUTOMATIC_ANSWER_WITHIN_MS, answerMissed);
    }
    events.guestTurnCommitted(itemId, willBeAnswered);
  }

  #said(itemId: string, text: string): void {
    this.#words.finish(itemId);
    this.#parts.events.guestTranscript(itemId, text, true);
  }
}

/** Numbers the happenings of one call and hands them to whoever reads them: the call's own parts, and readers that are fenced in. */
import type { CallEvent, Happening, LiveWords } from './call-event.ts';
import type { Clock, EventReader } from './ports.ts';

export class CallRecord {
  readonly #callId: string;
  readonly #clock: Clock;
  readonly #readers: readonly EventReader[];
  readonly #startedAtMs: number;
  #sequence = 0;

  constructor(callId: string, clock: Clock, readers: readonly EventReader[]) {
    this.#callId = callId;
    this.#clock = clock;
    this.#readers = readers;
    this.#startedAtMs = clock.nowMs();
  }

  /** Whole milliseconds since the call was answered. */
  sinceAnswerMs(): number {
    return Math.max(0, Math.round(this.#clock.nowMs() - this.#startedAtMs));
  }

  note(happening: Happening): void {
    const event: CallEvent = {
      callId: this.#callId,
      sequence: ++this.#sequence,
      at: this.#clock.wallTime().toISOString(),
      sinceAnswerMs: this.sinceAnswerMs(),
      happening,
    };
    for (const reader of this.#readers) reader.happened(event);
  }

  words(speaker: LiveWords['speaker'], turnId: string, text: string): void {
    for (const reader of this.#readers) reader.words({ callId: this.#callId, speaker, turnId, text });
  }
}

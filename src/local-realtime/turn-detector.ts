/** Where the guest's speech begins and ends, from frames that are speech or not. Pure: time is audio received. */
import { FRAME_MS } from './voice-activity.ts';

/** Speech begins once this much of it lies within the window: coughs and clicks are shorter. */
const LEAST_SPEECH_MS = 180;
const WINDOW_MS = 320;
/** Within silence, this many frames of speech among the last five make it speech again: a crackle does not. */
const RESUMING_FRAMES = 3;
/** Longer speech is cut here, which bounds an utterance. */
const LONGEST_SPEECH_MS = 60_000;

export type TurnChange =
  /** @property firstSpeechMs where the first frame of speech began. */
  { kind: 'started'; firstSpeechMs: number } | { kind: 'stopped' };

export class TurnDetector {
  #recent: boolean[] = [];
  #isSpeaking = false;
  #silentMs = 0;
  #spokenMs = 0;

  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  /** @param endMs milliseconds of audio received up to the end of this frame. */
  frame(isSpeech: boolean, endMs: number, silenceDurationMs: number): TurnChange | undefined {
    this.#recent.push(isSpeech);
    if (this.#recent.length > WINDOW_MS / FRAME_MS) this.#recent.shift();
    return this.#isSpeaking ? this.#whileSpeaking(silenceDurationMs) : this.#whileSilent(endMs);
  }

  /** Forgets what was heard: the buffer was cleared or committed. */
  reset(): void {
    this.#recent = [];
    this.#isSpeaking = false;
    this.#silentMs = 0;
    this.#spokenMs = 0;
  }

  #whileSilent(endMs: number): TurnChange | undefined {
    const speechFrames = this.#recent.filter(Boolean).length;
    if (speechFrames * FRAME_MS < LEAST_SPEECH_MS) return undefined;
    this.#isSpeaking = true;
    this.#silentMs = 0;
    this.#spokenMs = 0;
    const framesSince = this.#recent.length - this.#recent.indexOf(true);
    return { kind: 'started', firstSpeechMs: Math.max(0, endMs - framesSince * FRAME_MS) };
  }

  #whileSpeaking(silenceDurationMs: number): TurnChange | undefined {
    this.#spokenMs += FRAME_MS;
    const isResumed = this.#recent.slice(-5).filter(Boolean).length >= RESUMING_FRAMES;
    this.#silentMs = isResumed && this.#recent.at(-1) ? 0 : this.#silentMs + FRAME_MS;
    if (this.#silentMs < Math.max(FRAME_MS, silenceDurationMs) && this.#spokenMs < LONGEST_SPEECH_MS) return undefined;
    this.reset();
    return { kind: 'stopped' };
  }
}

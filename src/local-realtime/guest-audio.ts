/** The input audio buffer: guest audio in, turns found, utterances given to the ears. Its time is audio received. */
import { Downsampler } from '../audio/resampler.ts';
import { bytesPerSample, decodeAudio } from './audio-format.ts';
import type { Heard } from './ports.ts';
import { RequestError } from './request-error.ts';
import type { Session, TurnDetection } from './session.ts';
import { NOTHING_HEARD, type Listening, type Speech } from './speech.ts';
import { TurnDetector, type TurnChange } from './turn-detector.ts';
import { FRAME_MS, FRAME_SAMPLES, type VoiceActivity } from './voice-activity.ts';
import { newWireId } from './wire-id.ts';

/** Audio kept from before speech is noticed: the longest padding, and what the detector needs to be sure. */
const KEPT_FRAMES = (5000 + 400) / FRAME_MS;
/** A commit needs this much, as the hosted service says. */
const LEAST_COMMIT_MS = 100;
/** Without turn detection, an utterance is at most this long; more is refused until it is committed. */
const LONGEST_UTTERANCE_MS = 120_000;
const SILENCE_MS_OF_EAGERNESS = { low: 1000, medium: 600, auto: 600, high: 300 } as const;

export interface Utterance {
  itemId: string;
  audioMs: number;
  heard: Promise<Heard>;
}

export interface GuestAudioEvents {
  speechStarted(itemId: string, audioStartMs: number): void;
  speechStopped(utterance: Utterance, audioEndMs: number): void;
  /** Nobody spoke for as long as `idle_timeout_ms` says. */
  idleTimedOut(utterance: Utterance, audioStartMs: number, audioEndMs: number): void;
}

type InputSettings = Session['audio']['input'];

export class GuestAudio {
  readonly #speech: Speech;
  readonly #activity: VoiceActivity;
  readonly #events: GuestAudioEvents;
  readonly #detector = new TurnDetector();
  readonly #downsampler = new Downsampler();
  /** Half a sample left over from the last append, when it had an odd number of bytes. */
  #oddBytes: Uint8Array = new Uint8Array(0);
  #pending = new Int16Array(0);
  /** The last frames, oldest first: what an utterance began with before it was noticed. */
  #kept: Int16Array[] = [];
  #receivedMs = 0;
  /** Nothing before this belongs to the next utterance. */
  #committedMs = 0;
  #open: { itemId: string; startMs: number; listening: Listening } | undefined;
  #idle: { fromMs: number; atMs: number } | undefined;
  /** What the guest's words are written down in. */
  #language: string | undefined;

  constructor(speech: Speech, activity: VoiceActivity, events: GuestAudioEvents) {
    this.#speech = speech;
    this.#activity = activity;
    this.#events = events;
  }

  /** @param bytes in the input format, any length. @throws RequestError when the buffer is full. */
  append(bytes: Uint8Array, settings: InputSettings): void {
    this.#language = settings.transcription?.language;
    const isManual = settings.turn_detection === null;
    if (isManual && this.#receivedMs - this.#committedMs > LONGEST_UTTERANCE_MS)
      throw new RequestError('input_audio_buffer_full', 'The input audio buffer is full: commit or clear it.', 'audio');
    const samples = joined(this.#pending, this.#toTelephoneBand(bytes, settings));
    let from = 0;
    for (; from + FRAME_SAMPLES <= samples.length; from += FRAME_SAMPLES)
      this.#frame(samples.slice(from, from + FRAME_SAMPLES), settings.turn_detection);
    this.#pending = samples.slice(from);
  }

  /** @throws RequestError when there is less than 100 ms of audio. */
  commit(): Utterance {
    const bufferedMs = this.#receivedMs - this.#committedMs;
    if (bufferedMs < LEAST_COMMIT_MS)
      throw new RequestError(
        'input_audio_buffer_commit_empty',
        `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${bufferedMs.toFixed(2)}ms of audio.`,
      );
    if (!this.#open) this.#startListening(this.#committedMs);
    const utterance = this.#take();
    this.#detector.reset();
    return utterance;
  }

  clear(): void {
    this.#open?.listening.discard();
    this.#open = undefined;
    this.#forget();
    this.#detector.reset();
    this.#pending = new Int16Array(0);
    this.#oddBytes = new Uint8Array(0);
    this.#downsampler.reset();
  }

  /** From now on nobody speaking for `playbackMs + idleMs` of audio is told. */
  expectSpeech(playbackMs: number, idleMs: number): void {
    this.#idle = { fromMs: this.#receivedMs + playbackMs, atMs: this.#receivedMs + playbackMs + idleMs };
  }

  expectNothing(): void {
    this.#idle = undefined;
  }

  /** Turn detection was switched off or on: an utterance under way belongs to the buffer. */
  turnDetectionChanged(): void {
    this.#detector.reset();
  }

  close(): void {
    this.#open?.listening.discard();
    this.#open = undefined;
    this.#activity.close();
  }

  #toTelephoneBand(bytes: Uint8Array, settings: InputSettings): Int16Array {
    const size = bytesPerSample(settings.format);
    if (size === 1) return decodeAudio(bytes, settings.format);
    const whole = this.#oddBytes.length > 0 ? Buffer.concat([this.#oddBytes, bytes]) : bytes;
    this.#oddBytes = whole.slice(whole.length & ~1);
    return this.#downsampler.process(decodeAudio(whole, settings.format));
  }

  #frame(frame: Int16Array, turnDetection: TurnDetection | null): void {
    this.#receivedMs += FRAME_MS;
    this.#kept.push(frame);
    if (this.#kept.length > KEPT_FRAMES) this.#kept.shift();
    if (!turnDetection) {
      if (this.#open) this.#open.listening.feed(frame);
      else this.#startListening(this.#committedMs);
      return;
    }
    this.#open?.listening.feed(frame);
    const threshold = turnDetection.type === 'server_vad' ? turnDetection.threshold : 0.5;
    // Once the guest speaks, quieter endings of words count too.
    const isSpeech = this.#activity.isSpeech(frame, this.#detector.isSpeaking ? threshold / 2 : threshold);
    const silenceMs =
      turnDetection.type === 'server_vad'
        ? turnDetection.silence_duration_ms
        : SILENCE_MS_OF_EAGERNESS[turnDetection.eagerness];
    const change = this.#detector.frame(isSpeech, this.#receivedMs, silenceMs);
    if (change) this.#turnChanged(change, turnDetection);
    else this.#watchIdle();
  }

  #turnChanged(change: TurnChange, turnDetection: TurnDetection): void {
    if (change.kind === 'stopped') {
      const endMs = this.#receivedMs;
      this.#events.speechStopped(this.#take(), endMs);
      return;
    }
    this.#idle = undefined;
    const paddingMs = turnDetection.type === 'server_vad' ? turnDetection.prefix_padding_ms : 300;
    const open = this.#open ?? this.#startListening(Math.max(this.#committedMs, change.firstSpeechMs - paddingMs));
    this.#events.speechStarted(open.itemId, open.startMs);
  }

  #watchIdle(): void {
    if (!this.#idle || this.#detector.isSpeaking || this.#receivedMs < this.#idle.atMs) return;
    const { fromMs } = this.#idle;
    this.#idle = undefined;
    const itemId = this.#open?.itemId ?? newWireId('item');
    const utterance = { itemId, audioMs: this.#receivedMs - fromMs, heard: Promise.resolve(NOTHING_HEARD) };
    this.#forget();
    this.#events.idleTimedOut(utterance, fromMs, this.#receivedMs);
  }

  #startListening(startMs: number): { itemId: string; startMs: number; listening: Listening } {
    const listening = this.#speech.listen(this.#language);
    const frames = Math.min(this.#kept.length, Math.ceil((this.#receivedMs - startMs) / FRAME_MS));
    for (const frame of this.#kept.slice(this.#kept.length - frames)) listening.feed(frame.slice());
    this.#open = { itemId: newWireId('item'), startMs: this.#receivedMs - frames * FRAME_MS, listening };
    return this.#open;
  }

  /** Ends the open utterance: it leaves the buffer. */
  #take(): Utterance {
    const open = this.#open ?? this.#startListening(this.#committedMs);
    this.#open = undefined;
    const audioMs = this.#receivedMs - open.startMs;
    this.#forget();
    return { itemId: open.itemId, audioMs, heard: open.listening.finish() };
  }

  #forget(): void {
    this.#committedMs = this.#receivedMs;
    this.#kept = [];
  }
}

function joined(first: Int16Array, second: Int16Array): Int16Array {
  if (first.length === 0) return second;
  const all = new Int16Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

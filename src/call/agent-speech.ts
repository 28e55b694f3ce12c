/**
 * The agent's speech on its way to the guest: what it was asked to say, the codec, the playout ledger, the transcript
 * of what was heard, and which response was silenced. It does not decide when to cut.
 */
import type { VoicePath } from '../audio/voice-path.ts';
import type { CallRecord } from './call-record.ts';
import { Playout, type HeardOut } from './playout.ts';
import type { AgentLeg, AudioSource, CallerLeg, Clip, Clock } from './ports.ts';
import { heardWords, type Transcript } from './transcript.ts';

/** μ-law at 8 kHz. */
const BYTES_PER_MS = 8;
const SOUND = 'sound-';

/** An exact saying: asked for, or being said by a response. */
type Saying = 'asked' | { responseId: string };

export class AgentSpeech {
  readonly #path: VoicePath;
  readonly #record: CallRecord;
  readonly #transcript: Transcript;
  readonly #clock: Clock;
  readonly #playout = new Playout();
  #saying: Saying | undefined;
  #source: AudioSource | undefined;
  #activeResponseId: string | undefined;
  #silencedResponseId: string | undefined;
  #hasSpoken = false;
  #hasEverSpoken = false;
  /** Items that the agent of now knows: only these can be truncated or deleted. */
  readonly #itemsOfLeg = new Set<string>();
  #clipNumber = 0;

  constructor(path: VoicePath, record: CallRecord, transcript: Transcript, clock: Clock) {
    this.#path = path;
    this.#record = record;
    this.#transcript = transcript;
    this.#clock = clock;
  }

  /** Audio of the agent is queued or under way to the guest. */
  get isPlaying(): boolean {
    return this.#playout.isPlaying;
  }

  /** Nothing sounds, and nothing that was asked to be said is still to come. */
  get isOver(): boolean {
    return this.#saying === undefined && this.#activeResponseId === undefined && !this.#playout.isPlaying;
  }

  /** Whether the last response made any sound. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  /** Whether an agent was ever heard in this call; stored phrases do not count. */
  get hasEverSpoken(): boolean {
    return this.#hasEverSpoken;
  }

  unheardMs(): number {
    return this.#playout.unheardMs();
  }

  say(text: string, agent: AgentLeg | undefined): void {
    this.#saying = 'asked';
    agent?.sayExactly(text);
  }

  /** @returns whether a saying is over by it: another response follows, although its end was never told. */
  responseStarted(responseId: string): boolean {
    this.#activeResponseId = responseId;
    this.#hasSpoken = false;
    const isAnother = typeof this.#saying === 'object';
    this.#saying = this.#saying === 'asked' ? { responseId } : undefined;
    return isAnother;
  }

  responseEnded(responseId: string): void {
    if (this.#activeResponseId === responseId) this.#activeResponseId = undefined;
    if (typeof this.#saying === 'object' && this.#saying.responseId === responseId) this.#saying = undefined;
  }

  /** @param audio in the format of the voice path, any length. */
  play(responseId: string, source: AudioSource, audio: Uint8Array, caller: CallerLeg): void {
    if (responseId === this.#silencedResponseId) return;
    this.#hasSpoken = true;
    this.#hasEverSpoken = true;
    this.#itemsOfLeg.add(source.itemId);
    if (this.#source?.itemId !== source.itemId) this.#transcript.begin(source.itemId, 'agent');
    this.#source = source;
    const frame = this.#path.toCaller(audio);
    this.#playout.received(source, frame.length, audio.length / this.#path.agentBytesPerMs);
    if (frame.length > 0) caller.play(source, frame);
  }

  /** The item's last audio arrived. */
  finish(responseId: string, source: AudioSource, caller: CallerLeg): void {
    if (responseId === this.#silencedResponseId) return;
    const tail = this.#path.endOfItem();
    if (tail.length > 0) {
      this.#playout.received(source, tail.length, 0);
      caller.play(source, tail);
    }
    caller.finish(source);
    this.#heardOut(this.#playout.finished(source));
  }

  sent(source: AudioSource, bytes: number, markName: string | undefined): void {
    this.#playout.sent(source, bytes, markName, this.#clock.nowMs());
  }

  markReturned(markName: string): void {
    for (const out of this.#playout.markReturned(markName, this.#clock.nowMs())) this.#heardOut(out);
  }

  /** @param text the item's words so far. Words that arrive after the item was settled are dropped. */
  words(source: AudioSource, text: string): void {
    const isSettled = this.#source?.itemId === source.itemId && this.#transcript.get(source.itemId) === undefined;
    if (isSettled) return;
    this.#transcript.words(source.itemId, 'agent', text);
    this.#record.words('agent', source.itemId, text);
  }

  /** Milliseconds heard and received of what plays now. */
  progress(): { heardMs: number; receivedMs: number } {
    const source = this.#source;
    if (!source) return { heardMs: 0, receivedMs: 0 };
    const heardMs = this.#playout.heardMs(source, this.#clock.nowMs()) ?? 0;
    return { heardMs, receivedMs: this.#playout.receivedMs(source) };
  }

  /** Plays stored words; they stand in the transcript as the agent's. */
  playClip({ audio, text }: Clip, caller: CallerLeg): void {
    const source = { itemId: `clip-${++this.#clipNumber}`, contentIndex: 0 };
    this.#transcript.words(source.itemId, 'agent', text);
    this.#queueWhole(source, audio, caller);
  }

  /** @param audio μ-law, 8 kHz. */
  playSoftSound(audio: Uint8Array, caller: CallerLeg): void {
    this.#queueWhole({ itemId: `${SOUND}${++this.#clipNumber}`, contentIndex: 0 }, audio, caller);
  }

  /** Stops the soft sound if it is what plays; words are never cut by it. */
  stopSoftSound(caller: CallerLeg): void {
    if (!this.#playout.isOnly(({ itemId }) => itemId.startsWith(SOUND))) return;
    caller.clear();
    this.#playout.cut(this.#clock.nowMs());
  }

  /** The agent's connection is gone: what it sent still plays out, nothing more comes of it. */
  agentGone(caller: CallerLeg | undefined): void {
    this.#saying = undefined;
    this.#activeResponseId = undefined;
    this.#path.interrupted();
    this.#itemsOfLeg.clear();
    for (const source of this.#playout.unfinished()) {
      caller?.finish(source);
      this.#heardOut(this.#playout.finished(source));
    }
  }

  #queueWhole(source: AudioSource, audio: Uint8Array, caller: CallerLeg): void {
    this.#playout.received(source, audio.length, audio.length / BYTES_PER_MS);
    caller.play(source, audio);
    caller.finish(source);
    this.#heardOut(this.#playout.finished(source));
  }

  /** Cuts the agent off, in the order of rule BARGE-6: clear, cancel, truncate. @param speechSinceMs of the guest's, if any. */
  cutOff(caller: CallerLeg, agent: AgentLeg | undefined, speechSinceMs?: number): void {
    caller.clear();
    const reactionMs = speechSinceMs === undefined ? undefined : round(this.#clock.nowMs() - speechSinceMs);
    agent?.cancelResponse();
    this.#silencedResponseId = this.#activeResponseId;
    this.#saying = undefined;
    this.#path.interrupted();
    const cut = this.#playout.cut(this.#clock.nowMs());
    for (const { source, heardMs, receivedMs } of cut.truncate) {
      if (this.#itemsOfLeg.delete(source.itemId)) agent?.truncate(source, heardMs);
      if (this.#transcript.get(source.itemId))
        this.#record.note({ kind: 'barge-in', turnId: source.itemId, heardMs, reactionMs });
      this.#settle(source, heardMs, receivedMs, true);
    }
    for (const source of cut.discard) {
      if (this.#itemsOfLeg.delete(source.itemId)) agent?.deleteItem(source.itemId);
      this.#transcript.close(source.itemId);
    }
  }

  /** The call is over: what was heard of the last words goes into the record. */
  end(): void {
    for (const { source, heardMs, receivedMs } of this.#playout.cut(this.#clock.nowMs()).truncate)
      this.#settle(source, heardMs, receivedMs, heardMs < receivedMs);
  }

  #heardOut(out: HeardOut | undefined): void {
    if (!out) return;
    this.#itemsOfLeg.delete(out.source.itemId);
    this.#settle(out.source, out.heardMs, out.heardMs, false);
  }

  #settle(source: AudioSource, heardMs: number, receivedMs: number, wasCutOff: boolean): void {
    const turn = this.#transcript.close(source.itemId);
    if (!turn) return;
    const text = wasCutOff ? heardWords(turn.text, heardMs, receivedMs) : turn.text;
    this.#record.note({ kind: 'agent-said', turnId: turn.turnId, order: turn.order, text, heardMs, wasCutOff });
  }
}

/** To microseconds: reactions take less than a millisecond. */
const round = (ms: number): number => Math.round(ms * 1000) / 1000;

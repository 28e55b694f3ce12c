/**
 * What the guest hears while nobody can answer them: an agent that does not come, one that went away, a tool that takes its
 * time. A stored phrase first, then a soft sound, so that the line is never dead (rules MODEL-24, MODEL-25 and TOOL-27).
 */
import type { AgentSpeech } from './agent-speech.ts';
import type { CallRecord } from './call-record.ts';
import type { Phase } from './call-state.ts';
import type { CallerLeg, Clip, Clips } from './ports.ts';
import type { Timers } from './timers.ts';

/** From the moment the guest waits for it to the first words. */
export const FILLER_AFTER_MS = { 'not-there-yet': 1_500, away: 700, tool: 1_200, answer: 1_200 } as const;
export type WaitingFor = keyof typeof FILLER_AFTER_MS;
/** Someone who waited for an answer already when the agent went away. */
const SOONER_MS = 200;
/** The soft sound is queued in pieces; the next one follows when so much of the last is left. */
const TOP_UP_BEFORE_MS = 400;
const GRAVITY: Record<WaitingFor, number> = { answer: 0, tool: 1, away: 2, 'not-there-yet': 2 };
/** The stored words for it. */
const WORDS = { 'not-there-yet': 'not-there-yet', away: 'away', tool: 'tool', answer: 'away' } as const;
/** Between words and the soft sound. */
const PAUSE_MS = 300;
/** While it lasts the guest is told that they are not forgotten. */
const REASSURE_EVERY_MS = 6_000;

export interface WaitingParts {
  clips: Clips;
  record: CallRecord;
  timers: Timers<string>;
  speech: AgentSpeech;
  caller(): CallerLeg | undefined;
  phase(): Phase;
  /** Words for this wait were asked of the agent and come in a moment. */
  isAgentAboutToSpeak(): boolean;
}

export class Waiting {
  readonly #parts: WaitingParts;
  #reason: WaitingFor | undefined;
  #hasSpoken = false;

  constructor(parts: WaitingParts) {
    this.#parts = parts;
  }

  /** The guest waits from now on, or from when what plays has been heard; the graver reason outweighs the other. */
  begin(reason: WaitingFor): void {
    const before = this.#reason;
    if (before !== undefined && GRAVITY[reason] <= GRAVITY[before]) return;
    this.#reason = reason;
    if (before !== 'answer') {
      this.#hasSpoken = false;
      return this.#soon(FILLER_AFTER_MS[reason]);
    }
    // They wait already: a tool is part of the answer, and of one that is lost they are told soon.
    if (reason !== 'tool' && !this.#hasSpoken) this.#soon(SOONER_MS);
  }

  /** Whether stored words excused the wait that is on. */
  get hasSpoken(): boolean {
    return this.#reason !== undefined && this.#hasSpoken;
  }

  /** The agent excused the wait for a tool in its own words, and it goes on. */
  goOn(): void {
    if (this.#reason !== undefined) return;
    this.begin('tool');
    this.#hasSpoken = true;
    this.#reassureLater();
  }

  /** Whoever speaks does not wait for an answer any more; for an agent that is away they do. */
  guestStarted(): void {
    if (this.#reason === 'answer' || this.#reason === 'tool') this.over();
  }

  /** What was waited for is there. Words that are being said are said to their end; the soft sound stops. */
  over(): void {
    this.#reason = undefined;
    this.#parts.timers.stop('filler');
    const caller = this.#parts.caller();
    if (caller) this.#parts.speech.stopSoftSound(caller);
  }

  /** @returns how long the last words take: no person can be had, or one is being rung. */
  lastWords(name: keyof Clips['phrases']): number {
    this.over();
    const caller = this.#parts.caller();
    const clip = this.#parts.clips.phrases[name];
    if (!caller || !clip) return 0;
    this.#say(name, clip, caller);
    return this.#parts.speech.unheardMs();
  }

  #soon(afterMs: number): void {
    this.#parts.timers.set('filler', afterMs, () => this.#fill());
  }

  #fill(): void {
    const reason = this.#reason;
    const { speech, clips } = this.#parts;
    const caller = this.#parts.caller();
    if (reason === undefined || !caller) return;
    // Who is leaving or being put through is not answered any more.
    const isTheirTurn = ['greeting', 'talking'].includes(this.#parts.phase().name);
    if (reason === 'answer' && !isTheirTurn) return this.over();
    if (this.#parts.isAgentAboutToSpeak()) return this.#soon(TOP_UP_BEFORE_MS);
    const unheardMs = speech.unheardMs();
    // What plays is heard out first; the guest waits only after it.
    if (unheardMs > TOP_UP_BEFORE_MS) return this.#soon(unheardMs - TOP_UP_BEFORE_MS / 2);
    const isSpeechDue = !this.#hasSpoken;
    const name = this.#parts.phase().name === 'greeting' && reason === 'answer' ? 'not-there-yet' : WORDS[reason];
    const clip = clips.phrases[name];
    if (isSpeechDue && clip) {
      this.#hasSpoken = true;
      this.#say(name, clip, caller);
      this.#reassureLater();
      return this.#soon(clip.audio.length / 8 + PAUSE_MS);
    }
    if (clips.softSound.length === 0) return;
    speech.playSoftSound(clips.softSound, caller);
    this.#soon(clips.softSound.length / 8 - TOP_UP_BEFORE_MS);
  }

  #reassureLater(): void {
    this.#parts.timers.set('reassure', REASSURE_EVERY_MS, () => (this.#hasSpoken = false));
  }

  #say(name: string, clip: Clip, caller: CallerLeg): void {
    this.#parts.record.note({ kind: 'filler-played', clip: name });
    this.#parts.speech.playClip(clip, caller);
  }
}

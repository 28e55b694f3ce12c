/**
 * What the agent says while a tool keeps the guest waiting: that a colleague is asked, or the words that belong to the tool.
 * Takes what happened and says through `say`; who waits in spite of it hears waiting.ts (rule TOOL-27).
 */
import type { Happening } from './call-event.ts';
import type { CallWords } from './ports.ts';
import type { Timers } from './timers.ts';

/** A tool that answers within this is not talked about. */
export const PHRASE_AFTER_MS = 800;
/** Somebody speaks: looked at again. */
const AGAIN_MS = 200;
/** Words that were asked for sound within this; until then stored ones hold back. */
const SOUNDS_WITHIN_MS = 2_500;

export interface ToolTalkParts {
  timers: Timers<string>;
  words: Pick<CallWords, 'askingColleague' | 'whileToolRuns'>;
  /** Guest and agent talk, and the agent is there. */
  mayTalk(): boolean;
  /** Nothing of the agent sounds or is still to be said. */
  isQuiet(): boolean;
  /** Stored words excused the wait already. */
  isExcused(): boolean;
  say(text: string): void;
}

export class ToolTalk {
  readonly #parts: ToolTalkParts;
  /** What is to be said, by tool call or approval, each with a timer. Bound: what runs at a time. */
  readonly #pending = new Map<string, string>();
  /** Tools that run and approvals that are open. */
  readonly #open = new Set<string>();
  #isGuestSpeaking = false;
  #saying: 'none' | 'asked' | 'sounds' = 'none';

  constructor(parts: ToolTalkParts) {
    this.#parts = parts;
  }

  /** Words were asked for and are about to sound: nobody else is to speak. */
  get isAboutToSound(): boolean {
    return this.#saying === 'asked';
  }

  happened(happening: Happening): void {
    switch (happening.kind) {
      case 'tool-started':
        return this.#started(happening.toolCallId, happening.phrase);
      case 'tool-ended':
        return this.#over(happening.toolCallId);
      case 'approval-asked':
        if (this.#open.has(happening.approvalId)) return;
        this.#open.add(happening.approvalId);
        return this.#tell(happening.approvalId, this.#parts.words.askingColleague);
      case 'approval-ended':
        return this.#over(happening.approvalId);
      default:
    }
  }

  guestStarted(): void {
    this.#isGuestSpeaking = true;
    this.#saying = 'none';
  }

  guestStopped(): void {
    this.#isGuestSpeaking = false;
  }

  agentSounds(): void {
    if (this.#saying === 'asked') this.#saying = 'sounds';
  }

  /** @returns whether it was about the wait, which goes on. */
  responseEnded(): boolean {
    if (this.#saying !== 'sounds') return false;
    this.#saying = 'none';
    return this.#open.size > 0;
  }

  #started(id: string, phrase: string | undefined): void {
    const words = phrase && this.#parts.words.whileToolRuns(phrase);
    this.#open.add(id);
    if (words) this.#plan(id, words, PHRASE_AFTER_MS);
  }

  #plan(id: string, text: string, afterMs: number): void {
    this.#pending.set(id, text);
    this.#parts.timers.set(timerOf(id), afterMs, () => this.#phraseDue(id, text));
  }

  #phraseDue(id: string, text: string): void {
    const { mayTalk, isQuiet, isExcused } = this.#parts;
    if (!mayTalk() || isExcused()) return void this.#pending.delete(id);
    if (this.#isGuestSpeaking || !isQuiet()) return this.#plan(id, text, AGAIN_MS);
    this.#say(text);
  }

  /** The agent's other words are waited for by whoever asks for responses; the guest's are not spoken over. */
  #tell(id: string, text: string): void {
    if (!this.#parts.mayTalk()) return;
    if (!this.#isGuestSpeaking) return this.#say(text);
    this.#pending.set(id, text);
    this.#parts.timers.set(timerOf(id), AGAIN_MS, () => this.#tell(id, text));
  }

  /** Once for all that is waited for. */
  #say(text: string): void {
    for (const id of this.#pending.keys()) this.#parts.timers.stop(timerOf(id));
    this.#pending.clear();
    this.#saying = 'asked';
    this.#parts.timers.set('tool-words', SOUNDS_WITHIN_MS, () => {
      if (this.#saying === 'asked') this.#saying = 'none';
    });
    this.#parts.say(text);
  }

  #over(id: string): void {
    this.#open.delete(id);
    if (this.#pending.delete(id)) this.#parts.timers.stop(timerOf(id));
  }
}

const timerOf = (id: string): string => `tool-talk ${id}`;

/**
 * How the agent behaves around what is said: it greets, gives way to a guest who goes on speaking, asks a silent one
 * whether they are there, and says goodbye to the end. When nobody speaks, whoever waited for that goes on.
 */
import type { AgentSpeech } from './agent-speech.ts';
import { noticeMs, reactionTo } from './barge-in.ts';
import type { Happening } from './call-event.ts';
import type { CallRecord } from './call-record.ts';
import type { EndReason, Phase } from './call-state.ts';
import { LIMITS } from './limits.ts';
import type { AgentLeg, CallWords } from './ports.ts';
import { SilenceWatch } from './silence-watch.ts';
import type { Timers } from './timers.ts';

/** The parts of a call that manners move. */
export interface MannersParts {
  words: CallWords;
  record: CallRecord;
  timers: Timers<string>;
  speech: AgentSpeech;
  phase(): Phase;
  move(to: Phase): void;
  agent(): AgentLeg | undefined;
  cutOff(): void;
  /** Nobody speaks and nothing is still to be said. */
  quiet(): void;
  dial(): void;
  giveToDesk(endsAs: EndReason, why: string): void;
  end(reason: EndReason): void;
}

export class Manners {
  readonly #parts: MannersParts;
  readonly #silence = new SilenceWatch();
  #hasUnansweredTurn = false;
  #answersWith: string | undefined;
  #runningTools = 0;

  constructor(parts: MannersParts) {
    this.#parts = parts;
  }

  greet(): void {
    const { move, speech, words, timers, agent } = this.#parts;
    move({ name: 'greeting' });
    speech.say(words.greeting, agent());
    timers.set('moment', LIMITS.greetingWithinMs, () => this.greetingIsOver());
  }

  greetingIsOver(): void {
    const { phase, speech, timers, move, agent, giveToDesk } = this.#parts;
    if (phase().name !== 'greeting') return;
    if (!speech.hasEverSpoken) return giveToDesk('agent-unreachable', 'no greeting was heard');
    timers.stop('moment');
    timers.stop('protected-speech');
    move({ name: 'talking' });
    agent()?.setTurnTaking('automatic');
    if (this.#hasUnansweredTurn) this.#answerTurn();
    else this.#watchSilence();
  }

  /** The guest began to speak: what that does to the agent's audio, before anything else. */
  guestStartedSpeaking(): void {
    const { phase, speech, timers, cutOff } = this.#parts;
    const reaction = reactionTo(phase().name, speech.isPlaying);
    if (reaction.kind === 'cut-now') cutOff();
    if (reaction.kind === 'cut-if-still-speaking')
      timers.set('protected-speech', reaction.afterMs, () => this.#stillSpeaking());
  }

  guestStoppedSpeaking(): void {
    this.#parts.timers.stop('protected-speech');
    this.goOnWhenQuiet();
  }

  /** Whoever speaks or presses a key is there; after the goodbye they have more to say (rule END-33). */
  guestIsThere(): void {
    const { phase, move, timers } = this.#parts;
    this.#silence.guestSpoke();
    timers.stop('silence');
    if (phase().name === 'leaving') move({ name: 'talking' });
  }

  /** The guest said something that the agent's side will not answer by itself. */
  turnNeedsAnswer(): void {
    this.#hasUnansweredTurn = true;
    if (this.#parts.phase().name === 'talking') this.#answerTurn();
  }

  /** The guest waits for words that follow `instructions`, from this agent or from the one who comes. */
  answerWith(instructions: string): void {
    this.#answersWith = instructions;
    this.turnNeedsAnswer();
  }

  /** Tools under way, and approvals that staff are asked for. */
  get runningTools(): number {
    return this.#runningTools;
  }

  /** Another agent has taken over. @param owesAnswer whether the guest waits for one. */
  agentIsBack(owesAnswer: boolean): void {
    const { phase, agent, speech, words } = this.#parts;
    if (phase().name === 'greeting' && !speech.hasEverSpoken) return speech.say(words.greeting, agent());
    if (phase().name === 'talking') agent()?.setTurnTaking('automatic');
    if (owesAnswer || this.#hasUnansweredTurn) return this.#answerTurn(words.goOn);
    this.goOnWhenQuiet();
  }

  /** The guest typed a number: a turn of theirs that the agent's side does not hear by itself. */
  guestTyped(digits: string): void {
    const { record, phase, speech, agent, cutOff, words } = this.#parts;
    record.note({ kind: 'keypad-typed', digits });
    if (phase().name !== 'talking' || !agent()) return;
    if (speech.isPlaying) cutOff();
    agent()?.tell(words.typed(digits));
    agent()?.respond();
  }

  /** The agent said that something was done which no tool did: it puts that right. */
  claimedTooMuch(turnId: string, text: string): void {
    const { record, phase, agent, words } = this.#parts;
    record.note({ kind: 'claim-unproven', turnId, text });
    if (phase().name === 'talking') agent()?.respond(words.claimedTooMuch);
  }

  /** Tools and approvals that the guest waits for stop the count of their silence. */
  toolHappened({ kind }: Happening): void {
    if (kind === 'path-changed' || kind === 'tools-changed') return;
    if (kind === 'tool-started' || kind === 'approval-asked') this.#runningTools++;
    if (kind === 'tool-ended' || kind === 'approval-ended') this.#runningTools--;
    this.#parts.timers.stop('silence');
  }

  /** Says goodbye, unless that was said already, and ends the call once it was heard. */
  leave(reason: EndReason): void {
    const { phase, speech, move, words, timers, agent, end } = this.#parts;
    if (phase().name === 'leaving' || phase().name === 'ended') return;
    const hasSaidGoodbye = reason === 'agent-hung-up' && speech.hasSpoken;
    move({ name: 'leaving', reason });
    if (!hasSaidGoodbye) speech.say(reason === 'too-long' ? words.tooLong : words.farewell, agent());
    timers.set('moment', speech.unheardMs() + LIMITS.goodbyeWithinMs, () => {
      if (phase().name === 'leaving') end(reason);
    });
    this.goOnWhenQuiet();
  }

  /** Nobody speaks and nothing is still to be said: whoever waited for that goes on. */
  goOnWhenQuiet(): void {
    if (!this.#parts.speech.isOver) return;
    const phase = this.#parts.phase();
    switch (phase.name) {
      case 'greeting':
        // An agent that went away before its first word is waited for.
        return this.#parts.speech.hasEverSpoken || this.#parts.agent() ? this.greetingIsOver() : undefined;
      case 'transferring':
        return this.#parts.dial();
      case 'leaving':
        return this.#parts.end(phase.reason);
      case 'talking':
        this.#parts.quiet();
        return this.#watchSilence();
      case 'ringing':
      case 'handed-over':
      case 'ended':
        return;
      default:
        return phase satisfies never;
    }
  }

  /** The guest has spoken over protected words for a while: give way once the notice was heard. */
  #stillSpeaking(): void {
    const { speech, words, timers, cutOff } = this.#parts;
    const { heardMs, receivedMs } = speech.progress();
    const leftMs = noticeMs(words.noticeShare, receivedMs) - heardMs;
    if (leftMs > 0) return timers.set('protected-speech', leftMs, () => this.#stillSpeaking());
    cutOff();
    this.greetingIsOver();
  }

  #answerTurn(instructions?: string): void {
    if (!this.#parts.agent()) return;
    this.#hasUnansweredTurn = false;
    this.#parts.agent()?.respond(this.#answersWith ?? instructions);
    this.#answersWith = undefined;
  }

  #watchSilence(): void {
    const { timers, record, speech, words, agent } = this.#parts;
    // Who waits for tools, or for an agent to come back, is not silent.
    if (this.#runningTools > 0 || !agent()) return;
    const { afterMs, next } = this.#silence.due();
    timers.set('silence', afterMs, () => {
      record.note({ kind: 'silence-noticed', silentMs: afterMs });
      if (next === 'leave') return this.leave('silence');
      this.#silence.asked();
      speech.say(words.stillThere, agent());
    });
  }
}

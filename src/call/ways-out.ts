/** The ways out of the conversation with the agent: to a department, back from it, to the front desk, out of time. */
import type { AgentSpeech } from './agent-speech.ts';
import type { CallRecord } from './call-record.ts';
import type { EndReason, Phase } from './call-state.ts';
import type { Continuity } from './continuity.ts';
import type { HandOver } from './hand-over.ts';
import type { Manners } from './manners.ts';
import { LIMITS } from './limits.ts';
import type { CallerLeg, CallWords } from './ports.ts';
import type { Timers } from './timers.ts';
import type { DialOutcome } from './transfer.ts';

/** The parts of a call that ways out move. */
export interface WaysOutParts {
  words: CallWords;
  record: CallRecord;
  timers: Timers<string>;
  speech: AgentSpeech;
  manners: Manners;
  handOver: HandOver;
  continuity(): Continuity;
  caller(): CallerLeg | undefined;
  phase(): Phase;
  move(to: Phase): void;
  end(reason: EndReason): void;
}

export class WaysOut {
  readonly #parts: WaysOutParts;

  constructor(parts: WaysOutParts) {
    this.#parts = parts;
  }

  /** The agent asks for a transfer: announced, then dialled; or refused in words for the guest. */
  transfer(toolCallId: string, department: string, reason: string, summary: string): void {
    const { leg } = this.#parts.continuity();
    const { name } = this.#parts.phase();
    // A second one beside the first, or beside the goodbye, changes nothing.
    if (name !== 'talking' && name !== 'greeting')
      return leg?.giveToolResult(toolCallId, 'The call is ending or being put through already.', false);
    const refusal = this.#announce(department, reason, summary);
    leg?.giveToolResult(toolCallId, refusal ?? 'The guest is being put through now.', refusal !== undefined);
  }

  /** The guest asks for a person by a key, whatever the agent is saying. */
  transferByKey(department: string): void {
    if (this.#parts.phase().name !== 'talking' && this.#parts.phase().name !== 'greeting') return;
    const refusal = this.#announce(department, 'the guest pressed the key for a person', 'They pressed zero.');
    if (refusal !== undefined) this.#parts.continuity().leg?.respond(refusal);
  }

  /** Nobody took the call: the agent goes on, and says why; one that was lost meanwhile is waited for. */
  comeBack(department: string, outcome: DialOutcome): void {
    const { move, words, continuity, manners } = this.#parts;
    move({ name: 'talking' });
    if (continuity().isReady) continuity().leg?.setTurnTaking('automatic');
    else continuity().guestWaits();
    manners.answerWith(words.transferFailed(department, outcome));
  }

  giveToDesk(endsAs: EndReason, why: string): void {
    const { phase, record, handOver } = this.#parts;
    if (phase().name === 'handed-over' || phase().name === 'ended') return;
    record.note({ kind: 'fallback', to: 'desk', why });
    handOver.toDesk(endsAs);
  }

  lastedTooLong(): void {
    const { phase, caller, continuity, manners, timers, end } = this.#parts;
    if (phase().name === 'handed-over')
      return timers.set('too-long', LIMITS.tooLongAgainMs, () => this.lastedTooLong());
    if (caller() && continuity().isReady) manners.leave('too-long');
    else end('too-long');
  }

  /** @returns why it cannot be, in words for the guest; undefined: it is under way. */
  #announce(department: string, reason: string, summary: string): string | undefined {
    const { handOver, move, speech, manners, continuity } = this.#parts;
    const answer = handOver.request(department, reason, summary);
    if ('refusal' in answer) return answer.refusal;
    const { leg } = continuity();
    leg?.setTurnTaking('held');
    move({ name: 'transferring' });
    if (!speech.hasSpoken) speech.say(answer.announcement, leg);
    manners.goOnWhenQuiet();
    return undefined;
  }
}

/**
 * Handing the guest to a person: tells the carrier to dial, lets the front desk take over when the agent cannot go on,
 * and brings the guest back when nobody answers. The steps themselves are in transfer.ts.
 */
import { redactCards } from './card-numbers.ts';
import type { CallRecord } from './call-record.ts';
import type { EndReason } from './call-state.ts';
import { LIMITS } from './limits.ts';
import type { CallControl, TransferDesk } from './ports.ts';
import type { Timers } from './timers.ts';
import { Transfer, type DialOutcome } from './transfer.ts';

/** The parts of a call that a hand-over moves. */
export interface HandOverParts {
  control: CallControl;
  desk: TransferDesk;
  record: CallRecord;
  timers: Timers<string>;
  signal: AbortSignal;
  closeAgent(): void;
  closeCaller(): void;
  handedOver(): void;
  end(reason: EndReason): void;
}

export class HandOver {
  readonly #parts: HandOverParts;
  readonly #transfer = new Transfer();

  constructor(parts: HandOverParts) {
    this.#parts = parts;
  }

  get expectsStreamToEnd(): boolean {
    return this.#transfer.expectsStreamToEnd;
  }

  /** Nobody answered, and the caller’s stream is about to open again. */
  get isComingBack(): boolean {
    return this.#transfer.step.name === 'coming-back';
  }

  /** @returns what to announce, or why the call is not put through, in words for the guest. */
  request(department: string, reason: string, summary: string): { announcement: string } | { refusal: string } {
    const answer = this.#parts.desk.grant(department, summary);
    if (!answer.isGranted) return { refusal: answer.reason };
    const words = { reason: redactCards(reason), summary: redactCards(summary) };
    this.#parts.record.note({ kind: 'transfer-started', department, ...words });
    this.#transfer.announce(answer.target);
    this.#parts.timers.set('moment', LIMITS.announcementWithinMs, () => void this.dial());
    return { announcement: answer.target.announcement };
  }

  /** The announcement was heard: dial, once. */
  async dial(): Promise<void> {
    const target = this.#transfer.redirect();
    if (!target) return;
    this.#parts.timers.stop('moment');
    const result = await this.#parts.control.dial(target.department, target.colleagueWords);
    if (this.#parts.signal.aborted) return;
    if (result === 'gone') return this.#parts.end('caller-hung-up');
    // When the carrier will not dial, closing our stream lets what follows it ring the desk (rule XFER-36).
    if (result === 'failed') return this.toDesk('transferred');
    this.#transfer.dialled(target);
    this.#carrierHasIt();
    this.#parts.timers.set('agent', LIMITS.agentWaitsForTransferMs, () => this.#parts.closeAgent());
  }

  /** The agent cannot go on: closing the stream lets the carrier ring the front desk. */
  toDesk(endsAs: EndReason): void {
    this.#parts.closeAgent();
    this.#transfer.toDesk(this.#parts.desk.frontDesk, endsAs);
    this.#carrierHasIt();
    this.#parts.closeCaller();
  }

  /** The colleague who answered takes the call: nobody comes back to the agent. */
  accepted(): void {
    const department = this.#parts.signal.aborted ? undefined : this.#transfer.accepted();
    if (department === undefined) return;
    this.#parts.record.note({ kind: 'transfer-accepted', department });
    this.#parts.timers.stop('agent');
    this.#parts.closeAgent();
  }

  /** The carrier says that the whole call is over: a guest whose call nobody has taken yet has hung up. */
  carrierEnded(): void {
    const { step, endsAs } = this.#transfer;
    if (step.name === 'handed-over' && !step.isTaken)
      this.#parts.record.note({ kind: 'transfer-ended', department: step.department, outcome: 'cancelled' });
    this.#parts.end(endsAs);
  }

  /** A person was dialled. @returns whether the caller comes back to the agent. */
  dialEnded(outcome: DialOutcome): 'resume' | 'hang-up' {
    const { step } = this.#transfer;
    if (step.name !== 'handed-over' || this.#parts.signal.aborted) return 'hang-up';
    this.#parts.record.note({ kind: 'transfer-ended', department: step.department, outcome });
    const next = this.#transfer.dialEnded(outcome);
    if (next !== undefined && next !== 'comes-back') {
      this.#parts.end(next);
      return 'hang-up';
    }
    this.#parts.timers.stop('agent');
    this.#parts.timers.set('stream', LIMITS.streamWithinMs, () => this.#parts.end('media-stream-lost'));
    return 'resume';
  }

  cameBack(): { department: string; outcome: DialOutcome } | undefined {
    return this.#transfer.cameBack();
  }

  #carrierHasIt(): void {
    const { timers } = this.#parts;
    for (const name of ['moment', 'silence', 'stream', 'agent']) timers.stop(name);
    this.#parts.handedOver();
    timers.set('desk', LIMITS.handedOverForMs, () => this.#parts.end(this.#transfer.endsAs));
  }
}

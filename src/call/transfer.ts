/**
 * Putting the guest through, step by step: announce, dial, hand over, and back to the agent when nobody takes the call.
 * It says what to do next; the call does it. Pure.
 */
import type { EndReason } from './call-state.ts';
import type { TransferTarget } from './ports.ts';

/** `declined`: a colleague answered and did not take the call. */
export type DialOutcome = 'connected' | 'busy' | 'no-answer' | 'declined' | 'failed' | 'cancelled';

export type TransferStep =
  | { name: 'none' }
  | { name: 'announcing'; target: TransferTarget }
  | { name: 'redirecting'; target: TransferTarget }
  /**
   * The carrier has the call. `endsAs` is what the call ends with once a person has it; `isTaken` whether one has, as far as
   * we are told; `mayComeBack` whether an agent takes the guest again when nobody does.
   */
  | { name: 'handed-over'; department: string; endsAs: EndReason; isTaken: boolean; mayComeBack: boolean }
  | { name: 'coming-back'; department: string; outcome: DialOutcome };

export class Transfer {
  #step: TransferStep = { name: 'none' };

  get step(): TransferStep {
    return this.#step;
  }

  announce(target: TransferTarget): void {
    this.#step = { name: 'announcing', target };
  }

  /** The announcement was heard. @returns whom to dial, once; undefined when there is nobody to dial. */
  redirect(): TransferTarget | undefined {
    if (this.#step.name !== 'announcing') return undefined;
    const { target } = this.#step;
    this.#step = { name: 'redirecting', target };
    return target;
  }

  /** The carrier dials. A colleague who is asked first has not taken the call before they say so. */
  dialled({ department, colleagueWords }: TransferTarget): void {
    const isTaken = colleagueWords === undefined;
    this.#step = { name: 'handed-over', department, endsAs: 'transferred', isTaken, mayComeBack: true };
  }

  /** What follows the stream rings the desk; there is no agent to come back to. */
  toDesk(department: string, endsAs: EndReason): void {
    this.#step = { name: 'handed-over', department, endsAs, isTaken: true, mayComeBack: false };
  }

  /** A colleague takes the call. @returns the department, once. */
  accepted(): string | undefined {
    if (this.#step.name !== 'handed-over' || this.#step.isTaken) return undefined;
    this.#step = { ...this.#step, isTaken: true };
    return this.#step.department;
  }

  /** Whether the end of the media stream is the carrier's way of going on with the transfer. */
  get expectsStreamToEnd(): boolean {
    return this.#step.name === 'redirecting' || this.#step.name === 'handed-over' || this.#step.name === 'coming-back';
  }

  /** What the call ends with when the carrier ends it now: a guest whose call nobody has taken has hung up. */
  get endsAs(): EndReason {
    return this.#step.name === 'handed-over' && this.#step.isTaken ? this.#step.endsAs : 'caller-hung-up';
  }

  /** The dialled leg ended. @returns what the call ends with, or that the caller comes back. */
  dialEnded(outcome: DialOutcome): EndReason | 'comes-back' | undefined {
    if (this.#step.name !== 'handed-over') return undefined;
    const { department, endsAs, mayComeBack } = this.#step;
    if (outcome === 'cancelled') return 'caller-hung-up';
    if (outcome === 'connected' || !mayComeBack) return endsAs;
    this.#step = { name: 'coming-back', department, outcome };
    return 'comes-back';
  }

  /** The caller's stream is open again. @returns why they are back; undefined when they were not away. */
  cameBack(): { department: string; outcome: DialOutcome } | undefined {
    if (this.#step.name !== 'coming-back') return undefined;
    const { department, outcome } = this.#step;
    this.#step = { name: 'none' };
    return { department, outcome };
  }
}

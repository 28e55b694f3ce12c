/**
 * Putting the guest through, step by step: announce, dial, hand over, and back to the agent when nobody answers.
 * It says what to do next; the call does it. Pure.
 */
import type { EndReason } from './call-state.ts';

export type DialOutcome = 'connected' | 'busy' | 'no-answer' | 'failed' | 'cancelled';

export type TransferStep =
  | { name: 'none' }
  | { name: 'announcing'; department: string; summary: string }
  | { name: 'redirecting'; department: string; summary: string }
  /** The carrier has the call; `endsAs` is what the call ends with when it does not come back. */
  | { name: 'handed-over'; department: string; endsAs: EndReason }
  | { name: 'coming-back'; department: string; outcome: DialOutcome };

export class Transfer {
  #step: TransferStep = { name: 'none' };

  get step(): TransferStep {
    return this.#step;
  }

  announce(department: string, summary: string): void {
    this.#step = { name: 'announcing', department, summary };
  }

  /** The announcement was heard. @returns what to dial, once; undefined when there is nothing to dial. */
  redirect(): { department: string; summary: string } | undefined {
    if (this.#step.name !== 'announcing') return undefined;
    const { department, summary } = this.#step;
    this.#step = { name: 'redirecting', department, summary };
    return { department, summary };
  }

  handOver(department: string, endsAs: EndReason): void {
    this.#step = { name: 'handed-over', department, endsAs };
  }

  /** Whether the end of the media stream is the carrier's way of going on with the transfer. */
  get expectsStreamToEnd(): boolean {
    return this.#step.name === 'redirecting' || this.#step.name === 'handed-over' || this.#step.name === 'coming-back';
  }

  /**
   * The dialled leg ended. @param hasAgent whether there is still an agent to come back to.
   * @returns whether the caller comes back; false: the call is over.
   */
  dialEnded(outcome: DialOutcome, hasAgent: boolean): boolean {
    if (this.#step.name !== 'handed-over') return false;
    if (outcome === 'connected' || outcome === 'cancelled' || !hasAgent) return false;
    this.#step = { name: 'coming-back', department: this.#step.department, outcome };
    return true;
  }

  /** The caller's stream is open again. @returns why they are back; undefined when they were not away. */
  cameBack(): { department: string; outcome: DialOutcome } | undefined {
    if (this.#step.name !== 'coming-back') return undefined;
    const { department, outcome } = this.#step;
    this.#step = { name: 'none' };
    return { department, outcome };
  }
}

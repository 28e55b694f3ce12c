/** What the agent is told when a server's tool was not used, or did not answer: truthful, short, nothing of the inside. */
import type { ApprovalDecision, LinkResult } from './ports.ts';

export const SWITCHED_OFF = 'This tool was switched off. Do without it, or offer the front desk.';
export const CALL_ENDED = 'The call has ended.';
export const USED_UP = 'This call has used its tools too often. Offer the front desk.';
export const PER_CALL = 'This call has used this tool as often as it may. Offer the front desk.';
export const PER_MINUTE = 'This tool is used too often just now. Try again in a minute, or offer the front desk.';
export const VERIFY_FIRST = 'This is for verified guests: verify the guest first, then call the tool again.';
export const MAYBE_DONE =
  'It may have been done already: an earlier try gave no certain answer, so it is not tried again. Tell the guest that you cannot confirm it, and offer the front desk.';

/** @returns why it was not done, after staff were asked. */
export function refusalOf(decision: Exclude<ApprovalDecision, 'approved'>): string {
  switch (decision) {
    case 'denied':
      return 'A colleague did not allow it.';
    case 'expired':
      return 'No colleague allowed it in time, so it was not done.';
    case 'cancelled':
      return CALL_ENDED;
    default:
      return decision satisfies never;
  }
}

/** @returns what can be said of a try that failed. */
export function failureOf({ why, mayHaveRun }: Extract<LinkResult, { kind: 'failed' }>, isReadOnly: boolean): string {
  if (mayHaveRun && !isReadOnly)
    return 'There was no certain answer: it may or may not have been done. Tell the guest that you cannot confirm it, do not try it again, and offer the front desk.';
  if (why === 'cancelled') return CALL_ENDED;
  if (why === 'timeout') return 'There was no answer in time, so this is not known. Say so, and offer the front desk.';
  return isReadOnly
    ? 'This could not be looked up: the service cannot be reached at the moment. Say so, and offer the front desk.'
    : 'This was not done: the service cannot be reached at the moment. Say so, and offer the front desk.';
}

/** What went wrong with tool servers of others: paths that broke, and what staff did not allow. Pure. */
import type { CallEvent, Happening } from '../../src/call/call-event.ts';
import { seconds } from '../../src/dashboard/page/quality-words.ts';
import type { Finding } from './finding.ts';

type Of<Kind extends Happening['kind']> = Extract<Happening, { kind: Kind }>;

/** A question to staff. Times are milliseconds since the call was answered. */
export interface Approval {
  server: string;
  tool: string;
  askedAtMs: number;
  /** Undefined: the record does not tell that it ended. */
  endedAtMs: number | undefined;
  decision: Of<'approval-ended'>['decision'] | undefined;
}

/** @param events of one call, in order. */
export function serverFindings(events: readonly CallEvent[]): Finding[] {
  return [...events.flatMap(pathFinding), ...approvalsOf(events).flatMap(approvalFinding)];
}

/** @returns each question to staff with its end, in the order they were asked. */
export function approvalsOf(events: readonly CallEvent[]): Approval[] {
  return events.flatMap(({ sinceAnswerMs: askedAtMs, happening }) => {
    if (happening.kind !== 'approval-asked') return [];
    const { approvalId, server, tool } = happening;
    const end = events.find((event) => isEndOf(event.happening, approvalId));
    const decision = (end?.happening as Of<'approval-ended'> | undefined)?.decision;
    return [{ server, tool, askedAtMs, endedAtMs: end?.sinceAnswerMs, decision }];
  });
}

const isEndOf = (happening: Happening, approvalId: string): boolean =>
  happening.kind === 'approval-ended' && happening.approvalId === approvalId;

/** That a server is called natively again is no trouble. */
function pathFinding({ sinceAnswerMs: atMs, happening }: CallEvent): Finding[] {
  if (happening.kind !== 'path-changed' || happening.to === 'native') return [];
  const { server, to, why } = happening;
  const what = to === 'none' ? 'could not be used' : 'were called by Bellhop itself instead of by the model’s side';
  return [{ atMs, text: `From here on the tools of ${server} ${what}: ${why}.` }];
}

function approvalFinding({ server, tool, askedAtMs: atMs, endedAtMs, decision }: Approval): Finding[] {
  const asked = `Staff were asked whether ${tool} of ${server} may be used`;
  const waited = seconds((endedAtMs ?? atMs) - atMs);
  switch (decision) {
    case 'approved':
      return [];
    case 'denied':
      return [{ atMs, text: `${asked}, and said no after ${waited}.` }];
    case 'expired':
      return [{ atMs, text: `${asked}, and nobody answered within ${waited}: it was not used.` }];
    case 'cancelled':
      return [{ atMs, text: `${asked}, and the call moved on after ${waited}, before anybody answered.` }];
    default:
      return [{ atMs, text: `${asked}; the record does not tell how that ended.` }];
  }
}

/** When the guest of a call waited for an answer, and what was going on meanwhile. Pure. */
import type { CallEvent } from '../../src/call/call-event.ts';
import { seconds } from '../../src/dashboard/page/quality-words.ts';
import { approvalsOf } from './server-findings.ts';

/** What took less of a wait is no cause of it. */
const MAIN_SHARE = 0.3;
/** How much later than the carrier we know that words were heard out. */
const TOLD_LATE_MS = 500;

/** Times are milliseconds since the call was answered. */
export interface Wait {
  fromMs: number;
  toMs: number;
  /** The agent's own words, the guest who spoke again, or the end of the call. */
  endedBy: 'answer' | 'guest' | 'end';
}

/** @returns from the end of each turn of the guest until the agent's own words; stored phrases are no answer. */
export function waitsOf(events: readonly CallEvent[]): Wait[] {
  const waits: Wait[] = [];
  let open: { fromMs: number; hasFiller: boolean } | undefined;
  const close = (toMs: number, endedBy: Wait['endedBy']): void => {
    if (open) waits.push({ fromMs: open.fromMs, toMs: Math.max(toMs, open.fromMs), endedBy });
    open = undefined;
  };
  for (const { sinceAnswerMs: atMs, happening } of events) {
    switch (happening.kind) {
      case 'guest-stopped-speaking':
        open = { fromMs: atMs, hasFiller: false };
        break;
      case 'guest-started-speaking':
        close(atMs, 'guest');
        break;
      case 'filler-played':
        if (open) open.hasFiller = true;
        break;
      case 'turn-answered':
        if (!open?.hasFiller) close(atMs, 'answer');
        break;
      case 'agent-said':
        // Told when it was heard out: it began earlier.
        if (open && !isStored(happening.turnId) && atMs - happening.heardMs >= open.fromMs)
          close(atMs - happening.heardMs, 'answer');
        break;
      case 'phase-changed':
        if (happening.to === 'handed-over') open = undefined;
        break;
      case 'ended':
        close(atMs, 'end');
        break;
      default:
    }
  }
  return waits;
}

/** @returns what most likely made the guest wait, in words that follow a colon. */
export function causeOf(wait: Wait, events: readonly CallEvent[]): string {
  const within = events
    .filter(({ sinceAnswerMs: atMs }) => atMs >= wait.fromMs && atMs <= wait.toMs)
    .map((event) => event.happening);
  const away = awayDuring(wait, events);
  if (away) return away;
  if (within.some(({ kind }) => kind === 'silence-noticed'))
    return within.some(({ kind }) => kind === 'guest-said')
      ? 'the agent had no answer to what was said, until it asked whether they were there'
      : 'no words were understood, until the agent asked whether they were there';
  const parts = [
    ...understanding(wait, events),
    ...approvals(wait, events),
    ...tools(wait, events),
    ...phrases(wait, events),
  ];
  const main = parts.filter(({ ms }) => ms >= MAIN_SHARE * (wait.toMs - wait.fromMs));
  if (main.length > 0) return main.map(({ text }) => text).join(', and ');
  const failure = within.find((happening) => happening.kind === 'agent-failed');
  if (failure) return `the agent’s side reported ${failure.code}: ${failure.message}`;
  return 'no tool ran and the agent was there, so the model itself took that long';
}

/** What a wait was made of, in part. */
interface Part {
  ms: number;
  text: string;
}

function awayDuring({ fromMs, toMs }: Wait, events: readonly CallEvent[]): string | undefined {
  let lost: { atMs: number; why: string } | undefined;
  for (const { sinceAnswerMs: atMs, happening } of events) {
    if (atMs > toMs) break;
    if (happening.kind === 'agent-lost') lost ??= { atMs, why: happening.why };
    if (happening.kind !== 'agent-back') continue;
    if (atMs > fromMs) return `the agent was away for ${seconds(happening.afterMs)} (${lost?.why ?? 'not told why'})`;
    lost = undefined;
  }
  return lost && `the agent was lost (${lost.why})`;
}

/** Only with the local engine words have to be known before the answer. */
function understanding(wait: Wait, events: readonly CallEvent[]): Part[] {
  const said = events.find(
    ({ sinceAnswerMs: atMs, happening }) =>
      happening.kind === 'guest-said' && atMs >= wait.fromMs && atMs <= wait.toMs && isLocal(events, wait),
  );
  if (!said) return [];
  const ms = said.sinceAnswerMs - wait.fromMs;
  return [{ ms, text: `it took ${seconds(ms)} to understand what they had said` }];
}

function tools({ fromMs, toMs }: Wait, events: readonly CallEvent[]): Part[] {
  const started = new Map<string, { tool: string; atMs: number }>();
  const parts: Part[] = [];
  for (const { sinceAnswerMs: atMs, happening } of events) {
    if (happening.kind === 'tool-started') started.set(happening.toolCallId, { tool: happening.tool, atMs });
    if (happening.kind !== 'tool-ended') continue;
    started.delete(happening.toolCallId);
    const ms = Math.min(atMs, toMs) - Math.max(atMs - happening.durationMs, fromMs);
    if (ms > 0) parts.push({ ms, text: `the tool ${happening.tool} took ${seconds(happening.durationMs)}` });
  }
  for (const { tool, atMs } of started.values())
    if (atMs < toMs) parts.push({ ms: toMs - Math.max(atMs, fromMs), text: `the tool ${tool} did not come back` });
  return parts;
}

/** A tool waits for staff too, where they are asked about it. */
function approvals({ fromMs, toMs }: Wait, events: readonly CallEvent[]): Part[] {
  return approvalsOf(events).flatMap(({ tool, askedAtMs, endedAtMs = Infinity }) => {
    const ms = Math.min(endedAtMs, toMs) - Math.max(askedAtMs, fromMs);
    if (ms <= 0) return [];
    const took = endedAtMs > toMs ? 'had not decided' : `took ${seconds(endedAtMs - askedAtMs)} to decide`;
    return [{ ms, text: `staff ${took} whether ${tool} may be used` }];
  });
}

/** What the agent has to say waits until a stored phrase was heard out. */
function phrases({ fromMs, toMs }: Wait, events: readonly CallEvent[]): Part[] {
  return events.flatMap(({ sinceAnswerMs: atMs, happening }) => {
    if (happening.kind !== 'agent-said' || !isStored(happening.turnId)) return [];
    const ms = Math.min(atMs, toMs) - Math.max(atMs - happening.heardMs, fromMs);
    // Told a moment after it was heard out, when the answer has begun.
    return ms > 0 && atMs <= toMs + TOLD_LATE_MS
      ? [{ ms, text: `the stored phrase meanwhile took ${seconds(happening.heardMs)}` }]
      : [];
  });
}

/** Whether the local engine answered at that time. */
function isLocal(events: readonly CallEvent[], { toMs }: Wait): boolean {
  return events.some(
    ({ sinceAnswerMs: atMs, happening }) =>
      atMs <= toMs &&
      ((happening.kind === 'answered' && happening.agent === 'local') ||
        (happening.kind === 'fallback' && happening.to === 'local')),
  );
}

/** Whether a turn of the agent is a stored phrase. */
export const isStored = (turnId: string): boolean => turnId.startsWith('clip-');

/** What went wrong in a call and why, as far as its events tell. Pure. */
import type { CallEvent, Happening } from '../../src/call/call-event.ts';
import { seconds, times } from '../../src/dashboard/page/quality-words.ts';
import { agentFindings } from './agent-findings.ts';
import type { Finding } from './finding.ts';
import { serverFindings } from './server-findings.ts';
import { causeOf, waitsOf } from './waits.ts';

/** An answer is expected in less than a second; from here on a guest wonders. */
const SLOW_ANSWER_MS = 2_000;
/** Rule START-40. */
const SLOW_FIRST_SOUND_MS = 1_500;
/** So little lost audio is not heard. */
const LOST_AUDIO_MS = 200;

type Of<Kind extends Happening['kind']> = Extract<Happening, { kind: Kind }>;

/** @param events of one call, in order. @returns in the order of time; nothing: the call went as it should. */
export function findingsOf(events: readonly CallEvent[]): Finding[] {
  return [
    ...firstSound(events),
    ...slowAnswers(events),
    ...agentFindings(events),
    ...serverFindings(events),
    ...events.flatMap((event) => ofOne(event, events)),
    ...noiseBargeIns(events),
    ...earlyEnd(events),
    ...missing(events),
  ].toSorted((a, b) => a.atMs - b.atMs);
}

function firstSound(events: readonly CallEvent[]): Finding[] {
  const first = events.find(({ happening }) => happening.kind === 'first-audio');
  const { afterMs } = (first?.happening ?? {}) as Partial<Of<'first-audio'>>;
  const ready = events.find(({ happening }) => happening.kind === 'agent-ready');
  const readyMs = (ready?.happening as Of<'agent-ready'> | undefined)?.afterMs;
  if (first && afterMs !== undefined) {
    if (afterMs < SLOW_FIRST_SOUND_MS) return [];
    const isLate = readyMs === undefined || ready === undefined || ready.sinceAnswerMs > first.sinceAnswerMs - 1_000;
    const cause = isLate ? 'the agent was not ready earlier' : 'the agent was ready, but its greeting was not';
    return [
      { atMs: first.sinceAnswerMs, text: `The guest heard nothing for the first ${seconds(afterMs)}: ${cause}.` },
    ];
  }
  const end = events.find(({ happening }) => happening.kind === 'ended');
  if (!end || (end.happening as Of<'ended'>).reason === 'caller-never-came') return [];
  const cause = readyMs === undefined ? 'the agent was never ready' : `the agent was ready after ${seconds(readyMs)}`;
  return [{ atMs: end.sinceAnswerMs, text: `The guest never heard anything: ${cause}.` }];
}

function slowAnswers(events: readonly CallEvent[]): Finding[] {
  return waitsOf(events)
    .filter(({ fromMs, toMs }) => toMs - fromMs >= SLOW_ANSWER_MS)
    .map((wait) => {
      const waited = seconds(wait.toMs - wait.fromMs);
      const what = {
        answer: `The guest waited ${waited} for an answer`,
        guest: `The guest waited ${waited} and then spoke again`,
        end: `The guest had waited ${waited} for an answer when the call ended`,
      }[wait.endedBy];
      return { atMs: wait.fromMs, text: `${what}: ${causeOf(wait, events)}.` };
    });
}

function ofOne({ sinceAnswerMs: atMs, happening }: CallEvent, events: readonly CallEvent[]): Finding[] {
  const text = textOf(happening, events);
  return text === undefined ? [] : [{ atMs, text }];
}

function textOf(happening: Happening, events: readonly CallEvent[]): string | undefined {
  switch (happening.kind) {
    case 'tool-ended':
      return happening.outcome === 'failed'
        ? `The tool ${happening.tool}${ofServer(happening.server)} failed: ${happening.result}`
        : undefined;
    case 'transfer-ended':
      return transferText(happening);
    case 'request-noted':
      return notedText(happening, events);
    case 'claim-unproven':
      return `The agent said “${happening.text}”, which no tool had done; it was told to put that right.`;
    case 'silence-noticed':
      return silenceText(happening, events);
    case 'barge-in':
      return undefined;
    case 'carrier-oddities':
      return oddityText(happening);
    case 'ended':
      return END_TEXTS[happening.reason];
    default:
      return undefined;
  }
}

const ofServer = (server: string | undefined): string => (server === undefined ? '' : ` of ${server}`);

function transferText({ department, outcome }: Of<'transfer-ended'>): string | undefined {
  if (outcome === 'connected') return undefined;
  const why = { busy: 'the line was busy', 'no-answer': 'nobody answered', cancelled: 'it was called off' } as const;
  const reason: string = Object.hasOwn(why, outcome) ? why[outcome as keyof typeof why] : outcome;
  return `Putting the guest through to ${department} came to nothing: ${reason}.`;
}

function notedText({ requestId, summary }: Of<'request-noted'>, events: readonly CallEvent[]): string {
  const confirmed = events.find(
    ({ happening }) => happening.kind === 'request-confirmed' && happening.requestId === requestId,
  );
  const state = confirmed
    ? `it reached staff as number ${(confirmed.happening as Of<'request-confirmed'>).number}`
    : 'it has not reached staff by this record';
  return `The database was away: “${summary}” was noted on this machine; ${state}.`;
}

function silenceText({ silentMs }: Of<'silence-noticed'>, events: readonly CallEvent[]): string {
  const wasHeard = events.some(({ happening }) => happening.kind === 'guest-started-speaking');
  const cause = wasHeard
    ? 'they were gone, or did not know that it was their turn'
    : 'nothing was heard of them in the whole call, so perhaps their sound does not reach us';
  return `Nobody spoke for ${seconds(silentMs)} while the agent waited for the guest: ${cause}.`;
}

function oddityText({ counts }: Of<'carrier-oddities'>): string | undefined {
  const parts = [
    (counts['filled-ms'] ?? 0) >= LOST_AUDIO_MS
      ? `${seconds(counts['filled-ms'] ?? 0)} of what the guest said was lost on the way to us`
      : '',
    (counts['dropped-agent-ms'] ?? 0) > 0
      ? `${seconds(counts['dropped-agent-ms'] ?? 0)} of the agent’s words were dropped, since far too many were waiting`
      : '',
    (counts['bad-frames'] ?? 0) > 0 ? `the carrier sent ${counts['bad-frames']} messages that made no sense` : '',
  ].filter(Boolean);
  return parts.length === 0 ? undefined : `On the line: ${parts.join('; ')}.`;
}

/** Ends that nobody wanted. */
const END_TEXTS: Partial<Record<Of<'ended'>['reason'], string>> = {
  'caller-never-came':
    'The carrier announced the call but never opened its audio: the guest hung up while it rang, or the carrier cannot reach our media address.',
  'media-stream-lost': 'The audio connection to the carrier broke off: the network, or the carrier.',
  'carrier-failed': 'The carrier reported a failure.',
  'protocol-abuse': 'The carrier’s side sent what no carrier sends, and was cut off.',
  'agent-unreachable': 'No agent could be reached, so the guest was given to the front desk.',
  'agent-lost': 'The agent was lost for good, so the guest was given to the front desk.',
  'too-long': 'The call reached the longest time that is allowed.',
  shutdown: 'Bellhop was stopped during the call.',
  fault: 'A fault of Bellhop’s own ended the call; its log says which.',
  'instance-lost': 'The Bellhop that answered stopped running in the middle of the call.',
};

/** Cut off, and then no words: a noise, or the agent's own echo. */
function noiseBargeIns(events: readonly CallEvent[]): Finding[] {
  const said = events.map(({ happening }) => happening);
  const orderOf = (turnId: string): number | undefined =>
    said.find(
      (happening): happening is Of<'agent-said'> => happening.kind === 'agent-said' && happening.turnId === turnId,
    )?.order;
  const noises = events.filter(({ happening }) => {
    if (happening.kind !== 'barge-in' || happening.reactionMs === undefined) return false;
    const order = orderOf(happening.turnId);
    if (order === undefined) return false;
    const next = Math.min(
      ...said.flatMap((one) => (one.kind === 'agent-said' && one.order > order ? [one.order] : [])),
    );
    return !said.some((one) => one.kind === 'guest-said' && one.order > order && one.order < next);
  });
  const [first] = noises;
  if (!first) return [];
  const often = noises.length === 1 ? '' : ` (${times(noises.length)} in this call)`;
  return [
    {
      atMs: first.sinceAnswerMs,
      text: `The agent was cut off by a sound that had no words${often}: a noise, or its own echo.`,
    },
  ];
}

/** The guest hung up before anything of them was heard. */
function earlyEnd(events: readonly CallEvent[]): Finding[] {
  const kinds = new Set(events.map(({ happening }) => happening.kind));
  const end = events.find(({ happening }) => happening.kind === 'ended');
  if ((end?.happening as Of<'ended'> | undefined)?.reason !== 'caller-hung-up' || !kinds.has('first-audio')) return [];
  const signs = ['guest-started-speaking', 'guest-stopped-speaking', 'keypad-typed', 'transfer-started'] as const;
  if (signs.some((kind) => kinds.has(kind))) return [];
  const phases = events.flatMap(({ happening }) => (happening.kind === 'phase-changed' ? [happening.to] : []));
  const text = phases.includes('talking')
    ? 'The guest hung up, and nothing had been heard of them: they said nothing, or their sound does not reach us.'
    : 'The guest hung up while the agent was still greeting.';
  return [{ atMs: end?.sinceAnswerMs ?? 0, text }];
}

/** Events are numbered without gaps; what is missing was lost while the database was away. */
function missing(events: readonly CallEvent[]): Finding[] {
  const last = events.at(-1);
  const lost = (last?.sequence ?? 0) - events.length;
  if (lost <= 0) return [];
  const text = `The record lacks ${lost} of its ${last?.sequence} events: what follows from them is not told here.`;
  return [{ atMs: 0, text }];
}

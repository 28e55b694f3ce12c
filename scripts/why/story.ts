/** What happened in a call, in order, as lines for people. Pure. */
import type { CallEvent, Happening } from '../../src/call/call-event.ts';
import { seconds } from '../../src/dashboard/page/quality-words.ts';
import { endName } from '../../src/dashboard/page/words.ts';
import { englishNameOf } from '../../src/hotel/languages.ts';
import { isStored } from './waits.ts';

export interface StoryLine {
  /** Since the call was answered. */
  atMs: number;
  text: string;
}

/** Words stand where they began to be said, however late their text came. @param events of one call, in order. */
export function storyOf(events: readonly CallEvent[]): StoryLine[] {
  const guestSince = new Map(guestTurns(events));
  return events
    .flatMap((event) => {
      const text = textOf(event.happening);
      return text === undefined ? [] : [{ atMs: guestSince.get(event) ?? startOf(event), text }];
    })
    .toSorted((a, b) => a.atMs - b.atMs);
}

/** Each text of the guest with the start of the speech it belongs to: the last one before the agent's next turn. */
function guestTurns(events: readonly CallEvent[]): [CallEvent, number][] {
  const starts = events.filter(({ happening }) => happening.kind === 'guest-started-speaking');
  const agentTurns = events.flatMap((event) =>
    event.happening.kind === 'agent-said' && !isStored(event.happening.turnId)
      ? [{ order: event.happening.order, atMs: startOf(event) }]
      : [],
  );
  return events.flatMap((event) => {
    if (event.happening.kind !== 'guest-said') return [];
    const { order } = event.happening;
    const answers = agentTurns.filter((turn) => turn.order > order).map((turn) => turn.atMs);
    const beforeMs = Math.min(event.sinceAnswerMs, ...answers);
    const start = starts.findLast(({ sinceAnswerMs }) => sinceAnswerMs <= beforeMs);
    return start ? [[event, start.sinceAnswerMs]] : [];
  });
}

const startOf = ({ sinceAnswerMs, happening }: CallEvent): number =>
  happening.kind === 'agent-said' ? Math.max(0, sinceAnswerMs - happening.heardMs) : sinceAnswerMs;

function textOf(happening: Happening): string | undefined {
  switch (happening.kind) {
    case 'answered':
      return `${happening.from} calls ${happening.to}; ${happening.agent} answers`;
    case 'agent-ready':
      return `the agent is ready, after ${seconds(happening.afterMs)}`;
    case 'tools-offered':
      return `tools are offered ${happening.path === 'native' ? 'natively' : 'as functions'}${because(happening.reason)}`;
    case 'first-audio':
      return `first sound, ${seconds(happening.afterMs)} after the line was open`;
    case 'guest-said':
      return `guest: ${happening.text}`;
    case 'agent-said':
      return `${isStored(happening.turnId) ? 'stored phrase' : 'agent'}: ${happening.text}${happening.wasCutOff ? ' [cut off]' : ''}`;
    case 'silence-noticed':
      return `nobody spoke for ${seconds(happening.silentMs)}`;
    case 'language-switched':
      return `the guest asked for ${englishNameOf(happening.to)}: the call goes on in it`;
    case 'keypad-typed':
      return `the guest typed ${happening.digits}`;
    case 'guest-verified':
      return `the guest is verified for room ${happening.room}`;
    case 'carrier-oddities':
      return `the audio stream ended, with ${Object.entries(happening.counts)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')}`;
    case 'ended':
      return `the call ended: ${endName(happening.reason)}`;
    default:
      return ofTools(happening) ?? ofServers(happening) ?? ofTransfers(happening) ?? ofAgent(happening);
  }
}

function ofTools(happening: Happening): string | undefined {
  switch (happening.kind) {
    case 'tool-ended':
      return `tool ${happening.tool} (${happening.server === undefined ? '' : `${happening.server}, `}${happening.path}): ${happening.outcome} after ${happening.durationMs} ms: ${happening.result}`;
    case 'request-created':
      return `request ${happening.number} is created: ${happening.summary}`;
    case 'request-changed':
      return `request ${happening.number} is changed`;
    case 'request-noted':
      return `a request is noted on this machine: ${happening.summary}`;
    case 'request-confirmed':
      return `the noted request is stored as number ${happening.number}`;
    case 'claim-unproven':
      return 'the agent said that something was done which was not';
    default:
      return undefined;
  }
}

function ofServers(happening: Happening): string | undefined {
  switch (happening.kind) {
    case 'path-changed':
      return `the tools of ${happening.server} are ${PATH_WORDS[happening.to]} from now on${because(happening.why)}`;
    case 'approval-asked':
      return `staff are asked whether ${happening.tool} of ${happening.server} may be used with ${happening.arguments}`;
    case 'approval-ended':
      return `the question to staff is ${happening.decision}`;
    case 'tools-changed':
      return 'staff changed which tools there are, and the agent was told';
    default:
      return undefined;
  }
}

const PATH_WORDS = {
  native: 'called by the model’s side',
  client: 'called by Bellhop itself',
  none: 'not to be used',
} as const;

function ofTransfers(happening: Happening): string | undefined {
  switch (happening.kind) {
    case 'transfer-started':
      return `the guest is to be put through to ${happening.department}: ${happening.reason}`;
    case 'transfer-ended':
      return `putting through to ${happening.department}: ${happening.outcome.replace('-', ' ')}`;
    case 'phase-changed':
      return happening.to === 'handed-over' ? 'the carrier has the call, to ring a person' : undefined;
    default:
      return undefined;
  }
}

function ofAgent(happening: Happening): string | undefined {
  switch (happening.kind) {
    case 'agent-failed':
      return `the agent’s side reports ${happening.code}: ${happening.message}`;
    case 'agent-lost':
      return `the agent is lost: ${happening.why}`;
    case 'agent-back':
      return `another agent goes on, after ${seconds(happening.afterMs)}`;
    case 'fallback':
      return `the call is given to ${happening.to === 'desk' ? 'the front desk' : `the ${happening.to} engine`}${because(happening.why)}`;
    case 'truncate-refused':
      return 'the agent’s side refuses to take back what was not heard';
    case 'audio-gap':
      return `the agent’s words break off for ${seconds(happening.gapMs)}`;
    default:
      return undefined;
  }
}

const because = (reason: string | undefined): string => (reason === undefined || reason === '' ? '' : `: ${reason}`);

/** What went wrong on the agent's side of a call: losses, fallbacks, problems it told of, gaps in what it said. Pure. */
import type { CallEvent, Happening } from '../../src/call/call-event.ts';
import { ModelInUse } from '../../src/call/token-cost.ts';
import { seconds, times } from '../../src/dashboard/page/quality-words.ts';
import type { Finding } from './finding.ts';

/** A clear takes a millisecond; this long it is heard. */
const SLOW_REACTION_MS = 100;
/** An outage and a gap so near each other are one thing. */
const NEAR_MS = 1_000;

/** @param events of one call, in order. */
export function agentFindings(events: readonly CallEvent[]): Finding[] {
  return [...outages(events), ...gaps(events), ...slowReactions(events), ...events.flatMap(ofOne)];
}

interface Outage {
  atMs: number;
  why: string;
  wasThere: boolean;
  tries: number;
}

function outages(events: readonly CallEvent[]): Finding[] {
  const found: Finding[] = [];
  const model = new ModelInUse();
  let open: Outage | undefined;
  const close = (what: string): void => {
    if (open) found.push({ atMs: open.atMs, text: `${lossText(open)} ${what}` });
    open = undefined;
  };
  for (const { sinceAnswerMs: atMs, happening } of events) {
    if (happening.kind === 'agent-lost') {
      open ??= { atMs, why: happening.why, wasThere: model.isThere, tries: 0 };
      open.tries++;
    }
    model.happened(happening);
    if (happening.kind === 'fallback' && happening.to !== 'desk' && open)
      open.why += `; the ${happening.to} engine took over`;
    if (happening.kind === 'agent-back')
      close(`Another one went on with the call after ${seconds(happening.afterMs)}.`);
    if (happening.kind === 'agent-ready') close('Then it was reached.');
    if (happening.kind === 'fallback' && happening.to === 'desk') {
      close('Nobody came back.');
      found.push({ atMs, text: `The guest was given to the front desk: ${happening.why}.` });
    }
    if (happening.kind === 'ended') close('Nobody came back before the call ended.');
  }
  return found;
}

function lossText({ wasThere, why, tries }: Outage): string {
  if (wasThere)
    return `The agent was lost (${why})${tries > 1 ? `, and ${times(tries - 1)} could not be reached again` : ''}.`;
  return `The agent could not be reached${tries > 1 ? ` ${times(tries)}` : ''} (${why}).`;
}

/** Gaps of one utterance are one finding. */
function gaps(events: readonly CallEvent[]): Finding[] {
  const turns = new Map<string, { atMs: number; times: number; ms: number }>();
  for (const { sinceAnswerMs, happening } of events) {
    if (happening.kind !== 'audio-gap') continue;
    const turn = turns.get(happening.turnId) ?? { atMs: sinceAnswerMs - happening.gapMs, times: 0, ms: 0 };
    turn.times++;
    turn.ms += happening.gapMs;
    turns.set(happening.turnId, turn);
  }
  const lostAt = events.filter(({ happening }) => happening.kind === 'agent-lost').map((event) => event.sinceAnswerMs);
  return [...turns.values()].map(({ atMs, times: count, ms }) => {
    const isOutage = lostAt.some((lostMs) => Math.abs(lostMs - atMs) < NEAR_MS);
    const cause = isOutage
      ? 'the agent was being lost'
      : 'its audio came too late, from a slow agent, a slow network or a machine that is too busy';
    return { atMs, text: `The agent’s words broke off ${times(count)}, for ${seconds(ms)} in all: ${cause}.` };
  });
}

function slowReactions(events: readonly CallEvent[]): Finding[] {
  let isGreeting = false;
  return events.flatMap(({ sinceAnswerMs: atMs, happening }) => {
    if (happening.kind === 'phase-changed') isGreeting = happening.to === 'greeting';
    if (happening.kind !== 'barge-in' || isGreeting || (happening.reactionMs ?? 0) < SLOW_REACTION_MS) return [];
    const text = `The agent went on for ${seconds(happening.reactionMs ?? 0)} after the guest had begun to speak over it: this machine was too busy.`;
    return [{ atMs, text }];
  });
}

function ofOne({ sinceAnswerMs: atMs, happening }: CallEvent): Finding[] {
  const text = textOf(happening);
  return text === undefined ? [] : [{ atMs, text }];
}

function textOf(happening: Happening): string | undefined {
  switch (happening.kind) {
    case 'agent-failed':
      return happening.isFatal
        ? `The agent’s side refuses to go on (${happening.code}: ${happening.message}); trying again is no use until that is mended.`
        : `The agent’s side reported a problem (${happening.code}: ${happening.message}).`;
    case 'truncate-refused':
      return `The agent believes that the guest heard all it said, although it was cut off: its side refused the cut (${happening.code}: ${happening.message}).`;
    default:
      return undefined;
  }
}

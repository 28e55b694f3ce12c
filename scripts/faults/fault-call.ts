/** One acted call that loses its agent once, and what came of it, measured on the guest's own line. */
import { performance } from 'node:perf_hooks';
import { encodeMulaw } from '../../src/audio/g711.ts';
import type { Happening } from '../../src/call/call-event.ts';
import { agentTone, GUEST_TONES, GUEST_WORDS, type Meaning } from '../../test/peers/acting-script.ts';
import { SPEECH_MS } from '../../test/peers/acting-session.ts';
import { tone } from '../../test/peers/tones.ts';
import type { CallOutcome } from '../telephone/call-happenings.ts';
import { placeCall } from '../telephone/place-call.ts';
import type { FaultCase } from './fault-plan.ts';
import { AUTH_TOKEN, type Lane } from './lane.ts';
import { firstFrame, FRAME_MS, isAgent, longestSilenceMs, soundOf, type LineSound, type Sound } from './line-sound.ts';

export interface FaultResult {
  fault: FaultCase;
  callId: string;
  /** Undefined: the moment did not come. */
  wasBroken: boolean;
  /** The guest waited for words when the agent was lost, or from the end of their sentence on. */
  isWaiting: boolean;
  /** From then on: until anything was heard when the agent was still away, and until the next agent was. */
  fillerMs: number | undefined;
  newAudioMs: number | undefined;
  /** From the loss, as the call counts it, to an agent that can speak again. */
  backMs: number | undefined;
  longestSilenceMs: number;
  secondGreetings: number;
  unprovenClaims: number;
  end: CallOutcome['reason'];
  /** The guest's last words were answered, or a person took the call. */
  endedWell: boolean;
  /** What tools answered. */
  acknowledged: string[];
  happenings: Happening[];
  sound: LineSound;
}

const TURNS: readonly Meaning[] = ['question', 'towels', 'thanks'];
const GUEST_SPEAKS_MS = 1_100;
const GUEST_HZ = 8_000;
/** Of an answer: what of it must be heard of one voice for it to count as given. */
const WHOLE = (0.9 * SPEECH_MS) / FRAME_MS;

export async function runFaultCall(lane: Lane, fault: FaultCase): Promise<FaultResult> {
  const { provider, proxy } = lane;
  provider.beginCall();
  proxy.next.length = 0;
  const seen = lane.events.length;
  const times: { brokenAtMs?: number; startedAtMs?: number; isBusy?: boolean } = {};
  provider.onMoment = (moment, turn) => {
    if (moment !== fault.moment || turn !== fault.turn || times.brokenAtMs !== undefined) return;
    if (provider.sessions.length !== 1) return;
    times.brokenAtMs = Infinity;
    setTimeout(() => {
      times.brokenAtMs = performance.now();
      times.isBusy = provider.sessions[0]?.isBusy ?? false;
      proxy.next.push(...fault.obstacles);
      proxy.break(fault.how);
    }, fault.afterMs);
  };
  const outcome = await placeCall(
    {
      webhookUrl: `${lane.url}/twilio/voice`,
      publicUrl: lane.publicUrl,
      authToken: AUTH_TOKEN,
      audio: { turns: TURNS.map(turnOf), background: new Uint8Array(0) },
      manners: { pauseMs: 800, lingerMs: 1_200 },
    },
    (happening) => {
      if (happening.type === 'stream-started') times.startedAtMs ??= performance.now();
    },
  );
  const events = lane.events.slice(seen);
  return measure(fault, outcome, events, {
    ...times,
    acknowledged: provider.acknowledged.map(({ summary }) => summary),
  });
}

const turnOf = (meaning: Meaning) => ({
  audio: encodeMulaw(tone(GUEST_TONES[meaning], GUEST_SPEAKS_MS, GUEST_HZ)),
  text: GUEST_WORDS[meaning],
});

interface Observed {
  brokenAtMs?: number;
  startedAtMs?: number;
  isBusy?: boolean;
  acknowledged: string[];
}

function measure(
  fault: FaultCase,
  outcome: CallOutcome,
  events: Lane['events'],
  { brokenAtMs, startedAtMs = 0, isBusy = false, acknowledged }: Observed,
): FaultResult {
  const happenings = events.map(({ happening }) => happening);
  const sound = soundOf(outcome.wav);
  const turns = turnsOf(sound.guest);
  const wasBroken = brokenAtMs !== undefined && brokenAtMs < Infinity;
  const brokenAt = wasBroken ? Math.round((brokenAtMs - startedAtMs) / FRAME_MS) : Infinity;
  // Whoever is still speaking waits from the end of the sentence on.
  const speaking = turns.find(({ from, to }) => from <= brokenAt && brokenAt < to);
  const isWaiting = wasBroken && (isBusy || speaking !== undefined);
  const from = speaking?.to ?? brokenAt;
  const said = happenings.flatMap((one) => (one.kind === 'agent-said' ? [one.text] : []));
  const back = happenings.find((one) => one.kind === 'agent-back');
  const until = (fits: (heard: Sound) => boolean): number | undefined => {
    const at = isWaiting ? firstFrame(sound.agent, from, fits) : undefined;
    return at === undefined ? undefined : (at - from) * FRAME_MS;
  };
  const backAt = back?.kind === 'agent-back' ? brokenAt + back.afterMs / FRAME_MS : sound.agent.length;
  const answered = firstFrame(sound.agent, turns.at(-1)?.to ?? 0, isAgent) !== undefined;
  return {
    fault,
    callId: events[0]?.callId ?? '',
    wasBroken,
    isWaiting,
    fillerMs: isWaiting ? quietFrom(sound.agent, from, backAt) : undefined,
    newAudioMs: until((heard) => isAgent(heard) && heard.agentHz !== agentTone(0)),
    backMs: back?.kind === 'agent-back' ? back.afterMs : undefined,
    longestSilenceMs: Math.max(...waits(sound, turns).map((wait) => longestSilenceMs(sound.agent, wait.from, wait.to))),
    secondGreetings: Math.max(0, said.filter((text) => text.startsWith('Hello')).length - 1),
    unprovenClaims: happenings.filter((one) => one.kind === 'claim-unproven').length,
    end: outcome.reason,
    endedWell: outcome.transferredTo !== null || (turns.length === TURNS.length && answered),
    acknowledged,
    happenings,
    sound,
  };
}

interface Stretch {
  from: number;
  to: number;
}

/**
 * @param backAt when an agent was there again: from then on the guest waits for an answer, not for somebody to answer.
 * @returns how long it is quiet before the waiting guest hears anything, in milliseconds; undefined when the agent was back first.
 */
function quietFrom(agent: readonly Sound[], from: number, backAt: number): number | undefined {
  const quiet = firstFrame(agent, from, (heard) => heard === 'silence') ?? agent.length;
  const next = firstFrame(agent, quiet, (heard) => heard !== 'silence') ?? agent.length;
  return next < backAt ? (next - quiet) * FRAME_MS : undefined;
}

/** The guest's sentences, in frames. */
function turnsOf(guest: readonly boolean[]): Stretch[] {
  const turns: Stretch[] = [];
  for (let at = 0; at < guest.length; at++) {
    if (!guest[at]) continue;
    const last = turns.at(-1);
    if (last && at - last.to <= 10) last.to = at + 1;
    else turns.push({ from: at, to: at + 1 });
  }
  return turns;
}

/** When the guest waits for words: from the start, and from the end of each turn, until a whole answer was given. */
function waits({ agent }: LineSound, turns: readonly Stretch[]): Stretch[] {
  const begins = [0, ...turns.map(({ to }) => to)];
  return begins.map((from, index) => {
    const limit = turns[index]?.from ?? agent.length;
    return { from, to: answerEnd(agent, from, limit) };
  });
}

function answerEnd(agent: readonly Sound[], from: number, limit: number): number {
  const heard = new Map<number, number>();
  for (let at = from; at < limit; at++) {
    const sound = agent[at];
    if (!isAgent(sound)) continue;
    const frames = (heard.get(sound.agentHz) ?? 0) + 1;
    heard.set(sound.agentHz, frames);
    if (frames >= WHOLE) return at;
  }
  return limit;
}

/**
 * Calls that find no provider at all: it refuses, is over its limits or does not answer. The guest reaches the desk, or our own
 * engine, whichever stands in for it.
 */
import { performance } from 'node:perf_hooks';
import { placeCall } from '../telephone/place-call.ts';
import { AUTH_TOKEN, openLane, type Lane } from './lane.ts';

export type Trouble = 'refused with 429' | 'refused with 401' | 'hanging handshake' | 'gone in mid-call';
export const TROUBLES: readonly Trouble[] = [
  'refused with 429',
  'hanging handshake',
  'gone in mid-call',
  'refused with 401',
];

export interface ProviderResult {
  trouble: Trouble;
  fallback: 'desk' | 'local';
  /** From the opened stream, or from the loss, until somebody else had the guest. */
  reachedMs: number | undefined;
  /** Handshakes that the provider saw. */
  handshakes: number;
  wasAlarmed: boolean;
}

/** After the longest wait that is allowed in mid-call, and after the stand-in's first words. */
const STAYS_MS = 17_000;
const MID_CALL_MS = 3_000;

/** One after the other; the fatal one comes last, as it takes the provider out of use. */
export async function runProviderCases(
  databaseUrl: string,
  fallback: 'desk' | 'local',
  troubles: readonly Trouble[] = TROUBLES,
): Promise<ProviderResult[]> {
  const lane = await openLane({ databaseUrl, path: 'function', fallback });
  try {
    const results: ProviderResult[] = [];
    for (const trouble of troubles) results.push(await runCase(lane, fallback, trouble));
    return results;
  } finally {
    await lane.close();
  }
}

async function runCase(lane: Lane, fallback: 'desk' | 'local', trouble: Trouble): Promise<ProviderResult> {
  const { provider, proxy } = lane;
  provider.beginCall();
  provider.refusesWith = trouble === 'refused with 429' ? 429 : trouble === 'refused with 401' ? 401 : undefined;
  proxy.otherwise = trouble === 'hanging handshake' ? 'hang' : 'pass';
  const [seen, arrivals, warnings] = [lane.events.length, proxy.arrivals, lane.warnings.length];
  let sinceMs = 0;
  let dialledAtMs: number | undefined;
  const outcome = placeCall(
    {
      webhookUrl: `${lane.url}/twilio/voice`,
      publicUrl: lane.publicUrl,
      authToken: AUTH_TOKEN,
      audio: { turns: [], background: new Uint8Array(0) },
      manners: { hangUpAtMs: STAYS_MS, lingerMs: STAYS_MS },
    },
    ({ type }) => {
      if (type === 'stream-started') sinceMs = performance.now();
      if (type === 'stream-started' && trouble === 'gone in mid-call')
        setTimeout(() => {
          sinceMs = performance.now();
          goAway(lane);
        }, MID_CALL_MS);
      if (type === 'dialling') dialledAtMs = performance.now();
    },
  );
  await outcome;
  const isMidCall = trouble === 'gone in mid-call';
  const reachedAtMs = fallback === 'local' ? standInAtMs(lane.events.slice(seen), isMidCall) : dialledAtMs;
  return {
    trouble,
    fallback,
    reachedMs: reachedAtMs === undefined ? undefined : Math.round(reachedAtMs - sinceMs),
    handshakes: proxy.arrivals - arrivals,
    wasAlarmed: lane.warnings.slice(warnings).some((line) => line.includes('ALARM')),
  };
}

/** When our own engine was there: its first words, or, with nobody waiting for any, its being ready to speak. */
function standInAtMs(events: Lane['events'], isMidCall: boolean): number | undefined {
  for (const { happening, seenAtMs } of events) {
    if (isMidCall && happening.kind === 'agent-back') return seenAtMs;
    const isSpeech = happening.kind === 'agent-said' && !happening.turnId.startsWith('clip-');
    if (!isMidCall && isSpeech) return seenAtMs - happening.heardMs;
  }
  return undefined;
}

/** Cuts the line; nothing behind it answers any more. */
function goAway({ proxy }: Lane): void {
  proxy.otherwise = 'refuse';
  proxy.break('reset');
}

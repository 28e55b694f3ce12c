/** Which call loses its agent when and how: drawn from a seed, so that a bad one can be had again. Pure. */
import type { Moment } from '../../test/peers/acting-provider.ts';
import type { Admission, Break } from '../../test/peers/breaking-proxy.ts';

export interface FaultCase {
  number: number;
  moment: Moment;
  /** After how many turns of the guest the moment is waited for. */
  turn: number;
  /** From the beginning of the moment to the break. */
  afterMs: number;
  how: Break;
  /** What the first tries to come back meet. */
  obstacles: Admission[];
}

/** Each moment: after which turns it can be met, and how long it lasts. */
const MOMENTS: Record<Moment, { turns: readonly number[]; lastsMs: number }> = {
  idle: { turns: [0, 1, 2], lastsMs: 600 },
  'guest-speaking': { turns: [0, 1, 2], lastsMs: 1_100 },
  'agent-speaking': { turns: [1, 2, 3], lastsMs: 1_700 },
  greeting: { turns: [0], lastsMs: 1_700 },
  tool: { turns: [2], lastsMs: 350 },
  'response-pending': { turns: [0, 1, 2, 3], lastsMs: 280 },
};
/** Tools and waiting guests are where requests get lost: they come twice as often. */
const ORDER: readonly Moment[] = [
  'tool',
  'guest-speaking',
  'response-pending',
  'idle',
  'tool',
  'agent-speaking',
  'response-pending',
  'greeting',
  'guest-speaking',
  'agent-speaking',
];
const HALF_OPEN_SHARE = 0.1;

/** @returns numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** @param points how many calls. */
export function planFaults(points: number, seed: number): FaultCase[] {
  return Array.from({ length: points }, (_, number) => {
    const random = seeded(seed * 100_003 + number);
    const moment = ORDER[number % ORDER.length] as Moment;
    const { turns, lastsMs } = MOMENTS[moment];
    const turn = turns[Math.floor(random() * turns.length)] as number;
    const afterMs = Math.round(random() * lastsMs);
    const draw = random();
    const how = draw < HALF_OPEN_SHARE ? 'half-open' : draw < 0.6 ? 'reset' : 'end';
    return { number, moment, turn, afterMs, how, obstacles: obstaclesFor(random()) };
  });
}

function obstaclesFor(draw: number): Admission[] {
  if (draw < 0.6) return [];
  if (draw < 0.8) return ['refuse'];
  if (draw < 0.95) return ['refuse', 'refuse'];
  return ['hang'];
}

/** The figures of a fault run as a table. Pure. */
import { quantile } from '../bench/figures.ts';
import type { CheckedResult } from './fault-run.ts';
import type { KillResult } from './kill-run.ts';
import type { ProviderResult } from './provider-cases.ts';

export interface Figure {
  name: string;
  /** As it is printed. */
  value: string;
  wanted: string;
  isMet: boolean;
}

export function dropFigures(results: readonly CheckedResult[]): Figure[] {
  const broken = results.filter(({ wasBroken }) => wasBroken);
  const noticed = broken.filter(({ fault }) => fault.how !== 'half-open');
  const halfOpen = broken.filter(({ fault }) => fault.how === 'half-open');
  const sum = (pick: (result: CheckedResult) => number): number => broken.reduce((all, one) => all + pick(one), 0);
  return [
    none('moments that did not come', results.length - broken.length),
    times('agent back', noticed, ({ backMs }) => backMs, {}),
    times('new audio for a waiting guest', noticed, ({ newAudioMs }) => newAudioMs, { p95: 3_000 }),
    times('  the same, line gone silent', halfOpen, ({ newAudioMs }) => newAudioMs, {}),
    times('sound for a waiting guest', noticed, ({ fillerMs }) => fillerMs, { max: 1_000 }),
    times('longest unexplained silence', broken, ({ longestSilenceMs }) => longestSilenceMs, { max: 2_000 }),
    none(
      'second greetings',
      sum(({ secondGreetings }) => secondGreetings),
    ),
    none(
      'doubled requests',
      sum(({ doubled }) => doubled),
    ),
    none(
      'lost requests',
      sum(({ lost }) => lost),
    ),
    none(
      'claims without a request',
      sum(({ unprovenClaims }) => unprovenClaims),
    ),
    none('ended without answer or person', broken.filter(({ endedWell }) => !endedWell).length),
  ];
}

/** A guest who calls has somebody else within this; in mid-call the agent is waited for 8 s, and then come the words. */
const SOMEBODY_WITHIN_MS = 10_000;
const IN_MID_CALL_MS = 12_000;

export function providerFigures({ trouble, fallback, reachedMs, handshakes, wasAlarmed }: ProviderResult): Figure[] {
  const isFatal = trouble === 'refused with 401';
  const limitMs = trouble === 'gone in mid-call' ? IN_MID_CALL_MS : SOMEBODY_WITHIN_MS;
  const somebody: Figure = {
    name: `${trouble}: ${fallback === 'desk' ? 'the desk rings' : 'our own engine answers'}`,
    value: reachedMs === undefined ? 'never' : `${reachedMs} ms, ${handshakes} handshakes`,
    wanted: `<= ${limitMs} ms${isFatal ? ', 1 handshake' : ''}`,
    isMet: reachedMs !== undefined && reachedMs <= limitMs && (!isFatal || handshakes === 1),
  };
  if (!isFatal) return [somebody];
  return [somebody, { name: '  an alarm in the log', value: String(wasAlarmed), wanted: 'true', isMet: wasAlarmed }];
}

export function killFigures({ asked, acknowledged, noted, lost, doubled, restartsMs }: KillResult): Figure[] {
  const value = `${acknowledged} of ${asked}, ${noted} of them while the database was away`;
  return [
    { name: 'requests acknowledged', value, wanted: '', isMet: acknowledged > 0 },
    none('acknowledged and lost', lost),
    none('doubled', doubled),
    { name: 'ready again after a kill', value: `${Math.max(...restartsMs)} ms at most`, wanted: '', isMet: true },
  ];
}

const none = (name: string, count: number): Figure => ({
  name,
  value: String(count),
  wanted: '0',
  isMet: count === 0,
});

function times(
  name: string,
  results: readonly CheckedResult[],
  pick: (result: CheckedResult) => number | undefined,
  limit: { p95?: number; max?: number },
): Figure {
  const values = results.map(pick).filter((value) => value !== undefined);
  const [p50, p95, max] = [quantile(values, 0.5), quantile(values, 0.95), Math.max(...values)];
  const isMet = values.length === 0 || (p95 <= (limit.p95 ?? Infinity) && max <= (limit.max ?? Infinity));
  const wanted =
    limit.p95 !== undefined ? `p95 <= ${limit.p95} ms` : limit.max !== undefined ? `<= ${limit.max} ms` : '';
  const value = values.length === 0 ? 'none' : `p50 ${p50}, p95 ${p95}, max ${max} ms (${values.length})`;
  return { name, value, wanted, isMet };
}

/** @returns lines for a terminal. */
export function tableOf(figures: readonly Figure[]): string[] {
  const width = Math.max(...figures.map(({ name }) => name.length));
  const valueWidth = Math.max(...figures.map(({ value }) => value.length));
  return figures.map(({ name, value, wanted, isMet }) =>
    `${isMet ? ' ' : '!'} ${name.padEnd(width)}  ${value.padEnd(valueWidth)}  ${wanted}`.trimEnd(),
  );
}

/** @returns what was wrong with a call, in a line each; none when all was well. */
export function troublesOf(result: CheckedResult): string[] {
  const { fault, path } = result;
  const { number, moment, turn, afterMs, how, obstacles } = fault;
  const where = `#${number} ${path}, ${moment} after turn ${turn} + ${afterMs} ms, ${how}, then ${obstacles.join(', ') || 'nothing in the way'}`;
  return dropFigures([result])
    .filter(({ isMet }) => !isMet)
    .map(({ name, value }) => `${where}: ${name}: ${value}`);
}

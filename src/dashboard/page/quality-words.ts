/** What a call was like, as names and values for people. Pure; no element of the page. */
import type { CallPageJson } from '../wire.ts';

export type Quality = NonNullable<CallPageJson['quality']>;

const ODDITIES: Record<string, string> = {
  'bad-frames': 'bad frames',
  'foreign-frames': 'frames of other streams',
  'late-frames': 'late frames',
  'reordered-frames': 'frames out of order',
  'filled-ms': 'ms filled with silence',
  'gaps-not-told': 'further gaps in the agent’s words',
  'dropped-agent-ms': 'ms of the agent’s words dropped',
};

/** @returns lines that have something to say, in the order to be read. */
export function qualityFacts(quality: Quality): [name: string, value: string][] {
  const lines: [name: string, value: string][] = [
    ['First sound', quality.firstAudioMs === null ? 'none' : `after ${seconds(quality.firstAudioMs)}`],
    ['Answers', answers(quality)],
    ['Gaps in the agent’s words', gaps(quality)],
    ['Cut off by the guest', bargeIns(quality)],
    ['Agent lost', losses(quality)],
    ['Given to', quality.reconnects.fallbacks.map(place).join(', then ')],
    ['Faults of the agent', counts(quality.agentFailures)],
    ['Stored phrases', counts(quality.fillers)],
    ['Nobody spoke', times(quality.silences)],
    ['Said what was not done', times(quality.unprovenClaims)],
    ['Transfers', quality.transfers.map(transfer).join('; ')],
    ['Tools', quality.tools.map(tool).join('; ')],
    ['On the line', counts(quality.oddities, ODDITIES)],
    ['Tokens', tokens(quality)],
    ['Cost', cost(quality.costUsd)],
  ];
  return lines.filter(([, value]) => value !== '');
}

/** @returns `0.7 s`, or `3 min 5 s` from two minutes on. */
export function seconds(ms: number): string {
  if (ms >= 120_000) return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
  return `${(ms / 1000).toFixed(1)} s`;
}

/** @returns `once`, `twice`, `3 times`; nothing for none. */
export function times(count: number): string {
  if (count === 0) return '';
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}

/** @returns what a model costs little of, exactly enough to be added up: `$0.042`. */
export function cost(usd: number | null): string {
  if (usd === null) return 'not known: the model has no price here';
  return usd === 0 ? 'nothing' : `$${usd < 0.001 ? usd.toFixed(5) : usd.toFixed(3)} so far`;
}

function answers({ turns }: Quality): string {
  const { latenciesMs, medianMs, worstMs } = turns;
  if (medianMs === null || worstMs === null) return 'none';
  if (latenciesMs.length === 1) return `1, after ${seconds(worstMs)}`;
  return `${latenciesMs.length}, after ${seconds(medianMs)} (median), ${seconds(worstMs)} at worst`;
}

function gaps({ underruns }: Quality): string {
  if (underruns.times === 0) return '';
  return `${times(underruns.times)}, ${seconds(underruns.silentMs)} in all, ${seconds(underruns.worstMs)} at worst`;
}

function bargeIns({ bargeIns, refusedTruncates }: Quality): string {
  if (bargeIns.times === 0) return '';
  const { worstReactionMs } = bargeIns;
  const reaction =
    worstReactionMs === null ? '' : `, silent ${Math.max(1, Math.round(worstReactionMs))} ms later at worst`;
  const refused = refusedTruncates === 0 ? '' : `; ${times(refusedTruncates)} the agent would not take it back`;
  return `${times(bargeIns.times)}${reaction}${refused}`;
}

function losses({ reconnects }: Quality): string {
  const { losses: count, gapsMs, failedTries } = reconnects;
  if (count + failedTries === 0) return '';
  const back = gapsMs.length === 0 ? '' : `, back after ${gapsMs.map(seconds).join(', ')}`;
  const failed = failedTries === 0 ? '' : `; ${times(failedTries)} it could not be reached`;
  return `${times(count) || 'never'}${back}${failed}`;
}

const place = (to: string): string => (to === 'desk' ? 'the front desk' : `the ${to} engine`);

const transfer = ({ department, outcome }: Quality['transfers'][number]): string =>
  `${department}: ${outcome?.replace('-', ' ') ?? 'outcome not told'}`;

const tool = ({ tool: name, path, outcome, times: count, worstMs }: Quality['tools'][number]): string =>
  `${name} (${path}) ${outcome} ${times(count)}, ${worstMs} ms${count > 1 ? ' at worst' : ''}`;

function tokens({ tokens: used, cachedShare }: Quality): string {
  const all = Object.values(used).reduce((sum, count) => sum + count, 0);
  if (all === 0) return '';
  const output = used.outputTextTokens + used.outputAudioTokens;
  const cached = cachedShare === null ? '' : ` (${Math.round(cachedShare * 100)}% of it cached)`;
  return `${(all - output).toLocaleString('en')} in${cached}, ${output.toLocaleString('en')} out`;
}

const counts = (named: Record<string, number>, names: Record<string, string> = {}): string =>
  Object.entries(named)
    .map(([name, count]) => (names[name] ? `${count} ${names[name]}` : `${name} ${times(count)}`))
    .join(', ');

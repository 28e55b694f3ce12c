/**
 * What a call costs on this machine: `npm run bench`, `npm run bench -- --calls 100 --rounds 5 --seconds 15`. Bellhop and bare
 * forwarders take the same load in turns; medians over the rounds. Nothing leaves this machine.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { median, quantile } from './bench/figures.ts';
import { measureEngine } from './bench/local-engine.ts';
import { runRound, TARGET_PIN, type Round } from './bench/round.ts';
import { TARGETS, type Target } from './bench/targets.ts';

const values = readArguments();
const [calls, rounds, seconds, engineCalls] = (['calls', 'rounds', 'seconds', 'engine-calls'] as const).map(count) as [
  number,
  number,
  number,
  number,
];

if (process.platform !== 'linux') {
  process.stderr.write('the bench reads what processes cost from /proc, which Linux alone has\n');
  process.exit(1);
}

const figures: Record<string, unknown>[] = [];
tell(`${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`);
tell(
  `${calls} calls, ${rounds} rounds of ${seconds} s${TARGET_PIN.length > 0 ? ', each target on a core of its own' : ''}`,
);
if (rounds > 0) await compare();
if (engineCalls > 0) await engine();
if (values.json) console.log(JSON.stringify(figures));

/** Every target once per round, so that a machine that gets slower is slower for all. */
async function compare(): Promise<void> {
  const results = new Map<Target, Round[]>(TARGETS.map((target) => [target, []]));
  for (let round = 1; round <= rounds; round++)
    for (const target of TARGETS) {
      process.stderr.write(`round ${round}: ${target.name} ...\n`);
      results.get(target)?.push(await runRound(target, calls, seconds));
    }
  for (const target of TARGETS) show(target, results);
}

function show(target: Target, results: ReadonlyMap<Target, Round[]>): void {
  const own = results.get(target) ?? [];
  const floor = TARGETS.find(({ name }) => name === target.comparedWith);
  const floorRounds = floor === undefined ? [] : (results.get(floor) ?? []);
  const ratios = floorRounds.map(
    ({ cpuMsPerCallSecond }, index) => (own[index]?.cpuMsPerCallSecond ?? NaN) / cpuMsPerCallSecond,
  );
  const spread = (pick: (round: Round) => number[]) => ({
    p50: median(own.map((round) => quantile(pick(round), 0.5))),
    p99: median(own.map((round) => quantile(pick(round), 0.99))),
  });
  const summary = {
    target: target.name,
    cpuMsPerCallSecond: median(own.map((round) => round.cpuMsPerCallSecond)),
    timesTheForwarder: floor === undefined ? undefined : median(ratios),
    mibPerCall: median(own.map((round) => round.mibPerCall)),
    inboundMs: spread((round) => round.samples.inboundMs),
    outboundMs: spread((round) => round.samples.outboundMs),
    bargeInMs: spread((round) => round.samples.bargeInMs),
    truncateErrorMs: spread((round) => round.samples.truncateErrorMs),
    webhookMs: spread((round) => round.samples.webhookMs),
    missedBargeIns: own.reduce((sum, { samples }) => sum + samples.missedBargeIns, 0),
    lateFramesOfTheLoad:
      own.reduce((sum, { samples }) => sum + samples.framesLate / samples.framesSent, 0) / own.length,
  };
  figures.push(summary);
  tell(`\n${target.name}`);
  const times =
    summary.timesTheForwarder === undefined ? '' : `, ${summary.timesTheForwarder.toFixed(2)} times the forwarder`;
  tell(`  CPU per call and second  ${summary.cpuMsPerCallSecond.toFixed(2)} ms${times}`);
  tell(`  memory per call          ${summary.mibPerCall.toFixed(2)} MiB`);
  tell(`  guest to agent           ${milliseconds(summary.inboundMs)}`);
  tell(`  agent to guest           ${milliseconds(summary.outboundMs)}`);
  tell(`  webhook                  ${milliseconds(summary.webhookMs)}`);
  if (floor !== undefined) {
    tell(`  barge-in to clear        ${milliseconds(summary.bargeInMs)}, ${summary.missedBargeIns} missed`);
    tell(`  truncate error           ${milliseconds(summary.truncateErrorMs)}`);
  }
  tell(`  load sent late           ${(summary.lateFramesOfTheLoad * 100).toFixed(2)} % of its frames`);
}

async function engine(): Promise<void> {
  process.stderr.write(`local engine: ${engineCalls} calls at once ...\n`);
  const { firstAudioMs, answersMs } = await measureEngine(engineCalls);
  figures.push({ target: 'local engine', calls: engineCalls, firstAudioMs, answersMs });
  tell(`\nlocal engine, ${engineCalls} calls at once`);
  tell(`  first audio              ${Math.round(median(firstAudioMs))} ms at the median`);
  tell(
    `  answer after speech ends ${Math.round(median(answersMs))} ms at the median, ${Math.round(quantile(answersMs, 0.95))} ms p95`,
  );
}

function milliseconds({ p50, p99 }: { p50: number; p99: number }): string {
  return `${p50.toFixed(1)} ms p50, ${p99.toFixed(1)} ms p99`;
}

function tell(line: string): void {
  if (!values.json) console.log(line);
}

function count(name: 'calls' | 'rounds' | 'seconds' | 'engine-calls'): number {
  const value = Number(values[name]);
  const isUsable = Number.isInteger(value) && value >= 0 && value <= 5_000;
  if (!isUsable) {
    process.stderr.write(`--${name}: expected a whole number, got '${values[name]}'\n`);
    process.exit(1);
  }
  return value;
}

function readArguments() {
  const options = {
    calls: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '12' },
    'engine-calls': { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const names = Object.keys(options).map((name) => `--${name}`);
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\n\nThere are ${names.join(', ')}.\n`,
    );
    return process.exit(1);
  }
}

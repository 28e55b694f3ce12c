/**
 * What guests notice when things behind their call fail: `npm run bench:faults`, `npm run bench:faults -- --points 100 --kills 50
 * --seed 7 --at-once 8 --verbose`. Calls lose their agent at seeded points, providers refuse, the server is killed and started
 * again. Nothing leaves this machine. Fails when a figure is not met.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../src/storage/embedded-postgres.ts';
import { runFaults } from './faults/fault-run.ts';
import { dropFigures, killFigures, providerFigures, tableOf, troublesOf, type Figure } from './faults/fault-table.ts';
import { runKills } from './faults/kill-run.ts';
import { runProviderCases } from './faults/provider-cases.ts';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '100' },
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '8' },
    verbose: { type: 'boolean', default: false },
  },
});
const [points, kills, seed, atOnce] = (['points', 'kills', 'seed', 'at-once'] as const).map(count) as [
  number,
  number,
  number,
  number,
];

const folder = mkdtempSync(join(tmpdir(), 'bellhop-faults-'));
const server = await startEmbeddedPostgres({ dataDir: folder, isDurable: false });
const databaseUrl = server.url;
const tell = (line: string): void => void process.stderr.write(`${line.padEnd(60)}\r`);
try {
  if (points > 0) await drops();
  if (points > 0) await providers();
  if (kills > 0) {
    const result = await timed(() => runKills({ databaseUrl, points: kills, seed, tell }));
    show(`${kills} kills of the server, seed ${seed}, ${result.seconds} s`, killFigures(result.value));
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function drops(): Promise<void> {
  const { value: results, seconds } = await timed(() => runFaults({ databaseUrl, points, seed, atOnce, tell }));
  show(
    `${points} losses of the agent, seed ${seed}, ${atOnce} calls at once, ${seconds} s`,
    dropFigures(results),
    results.flatMap(troublesOf),
  );
  if (!values.verbose) return;
  for (const result of results.filter((one) => troublesOf(one).length > 0)) {
    console.log(`\n#${result.fault.number} ended: ${result.end}`);
    for (const happening of result.happenings) console.log(`  ${JSON.stringify(happening).slice(0, 220)}`);
  }
}

async function providers(): Promise<void> {
  tell('providers that refuse or hang ...');
  const { value: results, seconds } = await timed(() =>
    Promise.all([runProviderCases(databaseUrl, 'desk'), runProviderCases(databaseUrl, 'local')]),
  );
  show(`no provider, ${seconds} s`, results.flat().flatMap(providerFigures));
}

function show(title: string, figures: readonly Figure[], troubles: readonly string[] = []): void {
  console.log(`\n${title}`);
  for (const line of [...tableOf(figures), ...troubles]) console.log(line);
  if (figures.some(({ isMet }) => !isMet)) process.exitCode = 1;
}

async function timed<T>(run: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const startedAtMs = performance.now();
  const value = await run();
  return { value, seconds: Math.round((performance.now() - startedAtMs) / 1000) };
}

function count(name: 'points' | 'kills' | 'seed' | 'at-once'): number {
  const value = Number(values[name]);
  const isUsable = Number.isInteger(value) && value >= 0 && value <= 10_000;
  if (!isUsable) {
    process.stderr.write(`--${name}: expected a whole number, got '${values[name]}'\n`);
    process.exit(1);
  }
  return value;
}

/**
 * What stays behind after many calls: `npm run bench:soak -- --minutes 30 --calls 50 --faults 1`. Calls of some 16 s follow each
 * other; `--faults` per cent of them lose their agent. Nothing leaves this machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../src/storage/embedded-postgres.ts';
import { quantile } from './bench/figures.ts';
import { heapSlope, soak, type SoakResult } from './faults/soak.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    calls: { type: 'string', default: '50' },
    faults: { type: 'string', default: '1' },
  },
});
const [minutes, calls, faultPercent] = [values.minutes, values.calls, values.faults].map(Number) as [
  number,
  number,
  number,
];

const folder = mkdtempSync(join(tmpdir(), 'bellhop-soak-'));
const server = await startEmbeddedPostgres({ dataDir: folder, isDurable: false });
try {
  const tell = (line: string): void => void process.stderr.write(`${line}   \r`);
  show(await soak({ databaseUrl: server.url, minutes, calls, faultPercent, tell }));
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

function show({ samples, before, after, calls: placed, faults, ends }: SoakResult): void {
  const loop = samples.map(({ loopP99Ms }) => loopP99Ms);
  const lines = [
    `${minutes} min, ${calls} calls at once: ${placed} calls, ${faults} of them lost their agent`,
    `  calls ended        ${listed(ends)}`,
    `  heap slope         ${heapSlope(samples).toFixed(2)} MiB a minute`,
    `  heap, no calls     ${before.heapMib.toFixed(0)} MiB before, ${after.heapMib.toFixed(0)} MiB after`,
    `  memory, no calls   ${before.residentMib.toFixed(0)} MiB before, ${after.residentMib.toFixed(0)} MiB after`,
    `  handles, no calls  before ${listed(before.resources)}`,
    `                     after  ${listed(after.resources)}`,
    `  loop delay p99     ${quantile(loop, 0.5).toFixed(1)} ms at the median, ${Math.max(...loop).toFixed(1)} ms at most (wanted <= 20)`,
  ];
  console.log(lines.join('\n'));
}

function listed(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

/**
 * What guests notice when things behind their call fail: `npm run bench:faults`, `npm run bench:faults -- --points 100
 * --seed 7 --at-once 8`. Calls lose their agent at seeded points. Nothing leaves this machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../src/storage/embedded-postgres.ts';
import { runFaults } from './faults/fault-run.ts';
import { figuresOf, tableOf, troublesOf } from './faults/fault-table.ts';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '8' },
    verbose: { type: 'boolean', default: false },
  },
});
const [points, seed, atOnce] = [values.points, values.seed, values['at-once']].map(Number) as [number, number, number];

const folder = mkdtempSync(join(tmpdir(), 'bellhop-faults-'));
const server = await startEmbeddedPostgres({ dataDir: folder, isDurable: false });
try {
  const startedAtMs = Date.now();
  const tell = (line: string): void => void process.stderr.write(`${line}   \r`);
  const results = await runFaults({ databaseUrl: server.url, points, seed, atOnce, tell });
  const troubles = results.flatMap(troublesOf);
  console.log(
    `${points} drops, seed ${seed}, ${atOnce} calls at once, ${Math.round((Date.now() - startedAtMs) / 1000)} s`,
  );
  for (const line of tableOf(figuresOf(results))) console.log(line);
  for (const line of troubles) console.log(line);
  if (values.verbose)
    for (const result of results) {
      if (troublesOf(result).length === 0) continue;
      console.log(`--- #${result.fault.number} ended: ${result.end}`);
      for (const happening of result.happenings) console.log(JSON.stringify(happening).slice(0, 220));
    }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

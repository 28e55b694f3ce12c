/** Appends to a spool without end, three at a time, and tells what is safe; now and then settles all. Made to be killed. */
import { writeSync } from 'node:fs';
import { pino } from 'pino';
import { Spool } from '../../src/storage/spool.ts';

const [folder = '', from = '0'] = process.argv.slice(2);
const read = (value: unknown): { id: number } => value as { id: number };
const spool = await Spool.open({ folder, name: 'notes', read, log: pino({ level: 'silent' }) });

async function keep(id: number): Promise<void> {
  await spool.append({ id, text: 'x'.repeat(id % 700) } as { id: number });
  writeSync(1, `kept ${id}\n`);
}

for (let id = Number(from); ; id += 3) {
  await Promise.all([keep(id), keep(id + 1), keep(id + 2)]);
  if (spool.pending.length < 40) continue;
  for (const entry of [...spool.pending]) {
    writeSync(1, `settled ${entry.id}\n`);
    await spool.settle(entry);
  }
}

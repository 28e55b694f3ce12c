/** What a number was set to before we changed it: kept in the data folder, so that a crash does not lose it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NumberSettings } from './number.ts';

const FILE = 'number-before.json';

export function remember(dataDir: string, sid: string, settings: NumberSettings): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, FILE), JSON.stringify({ sid, settings }), { mode: 0o600 });
}

/** @returns what an earlier run did not get to put back; undefined when all was put back, or it was another number. */
export function remembered(dataDir: string, sid: string): NumberSettings | undefined {
  try {
    const kept = JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')) as { sid: string; settings: NumberSettings };
    return kept.sid === sid ? kept.settings : undefined;
  } catch {
    return undefined;
  }
}

export function forget(dataDir: string): void {
  rmSync(join(dataDir, FILE), { force: true });
}

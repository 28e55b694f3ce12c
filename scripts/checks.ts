/** The checks that are no tests: types, lint, format. Each is one command; its output is shown as it is. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

export interface Check {
  name: string;
  command: readonly string[];
}

export const CHECKS: readonly Check[] = [
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', command: ['oxfmt', '--check', 'src', 'scripts', 'test', 'vitest.config.ts'] },
];

const ROOT = resolve(import.meta.dirname, '..');

/** Runs a program of the dependencies with this Node. @returns whether it succeeded. */
export function runTool([name = '', ...rest]: readonly string[]): boolean {
  const program = resolve(ROOT, 'node_modules/.bin', name);
  const { status } = spawnSync(program, rest, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  return status === 0;
}

/** @returns the names of the checks that failed. */
export function runChecks(say: (line: string) => void): string[] {
  return CHECKS.filter(({ name, command }) => {
    say(`${name} ...`);
    return !runTool(command);
  }).map(({ name }) => name);
}

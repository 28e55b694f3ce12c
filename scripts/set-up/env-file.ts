/** `.env`: read and changed line by line, so that comments, order and what we do not know stay as they are. */
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** @returns the settings in the file; empty when there is none. */
export function readEnvFile(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  return Object.fromEntries(
    Object.entries(parseEnv(readFileSync(file, 'utf8'))).map(([name, value]) => [name, value ?? '']),
  );
}

/** @returns the text with these settings changed in place; new ones stand at its end. */
export function withSettings(text: string, settings: Readonly<Record<string, string>>): string {
  const left = new Map(Object.entries(settings));
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const changed = lines.map((line) => {
    const name = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=/.exec(line)?.[1];
    const value = name === undefined ? undefined : left.get(name);
    if (name === undefined || value === undefined) return line;
    left.delete(name);
    return `${name}=${quoted(value)}`;
  });
  const added = [...left].map(([name, value]) => `${name}=${quoted(value)}`);
  return `${[...changed, ...added].join('\n')}\n`;
}

/** Changes the settings in the file, which only its owner may read from then on. */
export function writeEnvFile(file: string, settings: Readonly<Record<string, string>>): void {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const half = `${file}.${process.pid}`;
  writeFileSync(half, withSettings(text, settings), { mode: 0o600 });
  chmodSync(half, 0o600);
  renameSync(half, file);
}

/** Values with blanks or signs of the format stand in quotes. */
function quoted(value: string): string {
  if (/^[\w./:@+,=?&%~-]*$/.test(value)) return value;
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}

/** Secrets that this installation makes for itself when nobody gives them, kept in the data folder, readable by us alone. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the secret of this name: made at the first time, the same ever after. */
export function localSecret(
  dataDir: string,
  name: string,
  make: () => string = () => randomBytes(24).toString('base64url'),
): string {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, name);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const secret = make();
  writeFileSync(file, secret, { mode: 0o600 });
  return secret;
}

/** @returns 32 random bytes in base64, the same ever after: what secrets in the database are sealed with. */
export function localKey(dataDir: string): string {
  return localSecret(dataDir, 'secrets-key', () => randomBytes(32).toString('base64'));
}

/** What tools on the same machine may know of a running Bellhop. */
export interface Runtime {
  url: string;
  pid: number;
  databaseUrl: string;
  twilioAuthToken: string;
}

const RUNTIME_FILE = 'runtime.json';

/** Writes down how this machine's own tools reach us. @returns a function that takes it back. */
export function writeRuntime(dataDir: string, runtime: Runtime): () => void {
  const file = join(dataDir, RUNTIME_FILE);
  const half = `${file}.${process.pid}`;
  writeFileSync(half, JSON.stringify(runtime), { mode: 0o600 });
  renameSync(half, file);
  return () => rmSync(file, { force: true });
}

/** @returns what a running Bellhop wrote down; undefined when there is none. */
export function readRuntime(dataDir: string): Runtime | undefined {
  try {
    const runtime = JSON.parse(readFileSync(join(dataDir, RUNTIME_FILE), 'utf8')) as Runtime;
    // One that was killed left its note behind.
    process.kill(runtime.pid, 0);
    return runtime;
  } catch {
    return undefined;
  }
}

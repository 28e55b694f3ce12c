/** One database server for the whole run: that of DATABASE_URL, or an embedded one whose data are thrown away. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../src/storage/embedded-postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.DATABASE_URL;
  if (given) {
    project.provide('databaseUrl', given);
    return () => Promise.resolve();
  }
  const folder = mkdtempSync(join(tmpdir(), 'bellhop-test-'));
  const server = await startEmbeddedPostgres({ dataDir: folder, isDurable: false });
  project.provide('databaseUrl', server.url);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(server.folder, '..'), { recursive: true, force: true });
  };
}

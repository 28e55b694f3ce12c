import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installMcpServers, mcpServerFile } from './mcp-servers.ts';

test(
  'two who ask at once get one installation, with the servers that the lock file names',
  { timeout: 180_000 },
  async () => {
    const [folder, same] = await Promise.all([installMcpServers(), installMcpServers()]);
    expect(same).toBe(folder);
    for (const server of ['everything', 'filesystem', 'memory'] as const)
      expect(existsSync(mcpServerFile(folder, server))).toBe(true);
  },
);

test('the lock file of these servers names no registry', async () => {
  expect(readFileSync(join(import.meta.dirname, 'mcp-servers/package-lock.json'), 'utf8')).not.toContain('"resolved"');
});

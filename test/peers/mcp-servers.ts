/** MCP servers and testers that others wrote, installed when a test first needs them: none of them is ours to depend on. */
import { join, resolve } from 'node:path';
import { areDependenciesInstalled } from '../../scripts/launcher/dependencies.mjs';
import { withLock } from '../../scripts/launcher/lock.mjs';
import { runNpm } from '../../scripts/launcher/npm.mjs';

const FOLDER = resolve(import.meta.dirname, 'mcp-servers');
const LOCK_FOLDER = resolve(import.meta.dirname, '../../.cache/mcp-servers');

const PROGRAMS = {
  everything: '@modelcontextprotocol/server-everything/dist/index.js',
  filesystem: '@modelcontextprotocol/server-filesystem/dist/index.js',
  memory: '@modelcontextprotocol/server-memory/dist/index.js',
} as const;

/**
 * Installs what the nested lock file names, unless it is there already; test files that run at once wait for each other.
 * @returns the folder that holds `node_modules`.
 */
export async function installMcpServers(): Promise<string> {
  await withLock(
    LOCK_FOLDER,
    () => {},
    async () => {
      if (areDependenciesInstalled(FOLDER)) return;
      await runNpm(process.execPath, ['ci', '--ignore-scripts'], 'installing MCP servers for tests', FOLDER);
    },
  );
  return FOLDER;
}

/** @param folder as `installMcpServers` told. @returns the file that `node` runs. */
export function mcpServerFile(folder: string, server: keyof typeof PROGRAMS): string {
  return join(folder, 'node_modules', PROGRAMS[server]);
}

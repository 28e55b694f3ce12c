/** The commands import and export: between `bellhop.yaml` and the files of desktop MCP clients. Results on stdout, notes on stderr. */
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { readConfig } from '../../src/config.ts';
import type { ServerDefinitionInput } from '../../src/hotel/tool-servers/definition.ts';
import { exportServers } from './desktop-export.ts';
import { importServers } from './desktop-import.ts';
import { UsageError } from './usage.ts';

/** @param file JSON with `mcpServers`. @returns the exit code: 1 when a server could not be taken over. */
export function importFile(file: string): number {
  const { servers, variables, problems } = importServers(readJson(file));
  if (Object.keys(servers).length > 0) process.stdout.write(stringify({ mcp_servers: servers }, { lineWidth: 0 }));
  if (variables.length > 0) {
    process.stderr.write('\nSet these in .env; their values stand in the file that was read:\n');
    for (const { name, from } of variables) process.stderr.write(`  ${name}=   # ${from}\n`);
  }
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (Object.keys(servers).length > 0)
    process.stderr.write('\nAdd the text above to bellhop.yaml, then: npm run mcp -- check\n');
  return problems.length > 0 ? 1 : 0;
}

/** @param environment and @param folder as for `readConfig`. @returns the exit code. */
export function exportFile(environment: NodeJS.ProcessEnv, folder: string): number {
  const { hotelFile } = readConfig(environment, folder);
  const written = parse(readFileSync(hotelFile, 'utf8')) as { mcp_servers?: Record<string, ServerDefinitionInput> };
  const { mcpServers, notes } = exportServers(written.mcp_servers ?? {});
  process.stdout.write(`${JSON.stringify({ mcpServers }, null, 2)}\n`);
  for (const note of notes) process.stderr.write(`${note}\n`);
  return 0;
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, {
      cause: error,
    });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own words quote the file, which may hold secrets.
    throw new UsageError(`${file}: expected JSON`, { cause: error });
  }
}

/** Tool servers, the MCP servers of others, from the command line: `npm run mcp -- check`. */
import { parseArgs } from 'node:util';
import { runCommand } from './command.ts';
import { exportFile, importFile } from './mcp/desktop-files.ts';
import { bellhopJsonSchema } from './mcp/file-schema.ts';
import { approveServer, checkServers, listServers } from './mcp/server-commands.ts';
import { UsageError } from './mcp/usage.ts';

const HELP = `Usage: npm run mcp -- <command>

  check            tries the servers of bellhop.yaml: connects, lists their tools; exit code 1 when one fails
  list             the servers that this installation knows, without connecting
  approve <label>  shows all tools of a server, and approves them for the Bellhop that runs here
  import <file>    prints what to add to bellhop.yaml for the mcpServers of a desktop client's JSON file
  export           prints the servers of bellhop.yaml as such JSON
  schema           prints the JSON Schema of bellhop.yaml

  --yes    approve without asking, all but tools with something to beware of
  --help   this text
`;

interface Command {
  /** What it takes besides its name. */
  takes: string[];
  run: (argument: string, options: { isSure: boolean }) => Promise<number> | number;
}

const COMMANDS: Record<string, Command> = {
  check: { takes: [], run: () => checkServers(process.env, process.cwd()) },
  list: { takes: [], run: () => listServers(process.env, process.cwd()) },
  approve: {
    takes: ['label'],
    run: (label, { isSure }) => approveServer(process.env, process.cwd(), label, isSure),
  },
  import: { takes: ['file'], run: importFile },
  export: { takes: [], run: () => exportFile(process.env, process.cwd()) },
  schema: {
    takes: [],
    run: () => {
      process.stdout.write(`${JSON.stringify(bellhopJsonSchema(), null, 2)}\n`);
      return 0;
    },
  },
};

await runCommand(main);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { yes: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [name = '', ...given] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new UsageError(`expected one of ${Object.keys(COMMANDS).join(', ')}; --help tells more`);
  if (given.length !== command.takes.length)
    throw new UsageError(
      `expected ${[name, ...command.takes.map((word) => `<${word}>`)].join(' ')}; --help tells more`,
    );
  return command.run(given[0] ?? '', { isSure: values.yes });
}

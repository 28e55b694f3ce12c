/** A process that holds a stdio server, to be killed: prints the server's group, then stays. */
import { StdioTransport } from '../../../src/mcp/tool-servers/stdio-transport.ts';

const [command = '', ...args] = process.argv.slice(2);
const transport = new StdioTransport({ command, args, cwd: undefined, env: {} });
Object.assign(transport, { onmessage: () => process.stdout.write(`${transport.groupId}\n`) });
await transport.start();

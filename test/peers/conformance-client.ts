/**
 * Our connection to tool servers as the conformance suite runs a client: `node conformance-client.ts ADDRESS`. It connects, lists,
 * and calls the tools of the scenario; exit code 0 when all of that worked.
 */
import { pino } from 'pino';
import { serverDefinitionSchema } from '../../src/hotel/tool-servers/definition.ts';
import { Bearer } from '../../src/mcp/bearer.ts';
import { outsideFetch } from '../../src/mcp/outside-fetch.ts';
import { openToolServer } from '../../src/mcp/tool-servers/connection.ts';
import { systemClock } from '../../src/system-clock.ts';

const WITHIN_MS = 12_000;
const SIGNAL = new AbortController().signal;
const address = process.argv.at(-1) ?? '';
const { MCP_CONFORMANCE_CONTEXT: given = '{}' } = process.env;
const credentials = JSON.parse(given) as { client_id?: string; client_secret?: string };

const definition = serverDefinitionSchema.parse({
  mode: 'client',
  transport: 'http',
  url: address,
  oauth:
    credentials.client_id && credentials.client_secret
      ? { client_id: credentials.client_id, client_secret: credentials.client_secret }
      : undefined,
});
const fetch = outsideFetch({ isLoopbackAllowed: true, trustedHosts: [], maxBytes: 1_000_000, connectWithinMs: 5_000 });
const bearer = new Bearer({ definition, serverUrl: address, fetch, clock: systemClock });

const link = openToolServer(
  {
    label: 'conformance',
    definition,
    authorization: () => bearer.get(),
    rejected: (token) => bearer.rejected(token),
    fetch,
    clock: systemClock,
    log: pino({ level: 'warn' }, pino.destination(2)),
  },
  { statusChanged: () => {}, listed: () => {} },
);
const isDone = await worked();
await link.close();
bearer.close();
process.exit(isDone ? 0 : 1);

async function worked(): Promise<boolean> {
  const untilMs = systemClock.nowMs() + WITHIN_MS;
  while (link.status.kind !== 'connected') {
    if (link.status.kind === 'error' || systemClock.nowMs() > untilMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  for (const { name } of link.capabilities?.tools ?? []) {
    const input = name === 'add_numbers' ? { a: 5, b: 3 } : {};
    const result = await link.call(name, input, { signal: SIGNAL, withinMs: WITHIN_MS });
    if (result.kind !== 'answered' || result.isError) return false;
  }
  return true;
}

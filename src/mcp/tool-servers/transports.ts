/** The way to a server as its definition says: a child process, Streamable HTTP, or the older HTTP with events. */
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Clock } from '../../call/ports.ts';
import { ownTransportOf, type ServerDefinition } from '../../hotel/tool-servers/definition.ts';
import { serverFetch } from './server-fetch.ts';
import type { Secrets } from './secrets.ts';
import { StdioTransport } from './stdio-transport.ts';

/** The stream on which a server tells of changes; whether it is there at all is asked by pings. */
const STREAM_RECONNECTION = {
  initialReconnectionDelay: 1_000,
  maxReconnectionDelay: 30_000,
  reconnectionDelayGrowFactor: 2,
  maxRetries: 10,
};
const GOODBYE_WITHIN_MS = 1_000;

export interface TransportOptions {
  definition: ServerDefinition;
  authorization?: (() => Promise<string | undefined>) | undefined;
  rejected?: ((token: string | undefined) => void) | undefined;
  fetch: FetchLike;
  clock: Clock;
  secrets: Secrets;
}

export interface Way {
  transport: Transport;
  /** Why it ended, as far as it can be told; not free of secrets. */
  ending(): string | undefined;
  /** Lets the server forget us, where it kept something. Never rejects; at most 1 s. */
  goodbye(): Promise<void>;
}

/** @throws TypeError when the definition has no address to go to. */
export function wayTo({ definition, clock, secrets, ...options }: TransportOptions): Way {
  const own = ownTransportOf(definition);
  if (own.kind === 'stdio') {
    const { command = '', args = [], cwd, env = {} } = definition;
    const transport = new StdioTransport({ command, args, cwd, env });
    return { transport, ending: () => transport.ending, goodbye: () => Promise.resolve() };
  }
  const fetch = serverFetch({
    ...options,
    clock,
    kind: own.kind,
    headers: definition.headers ?? {},
    using: (token) => secrets.addBearer(token),
  });
  const ending = (): undefined => undefined;
  if (own.kind === 'sse')
    return { transport: new SSEClientTransport(new URL(own.url), { fetch }), ending, goodbye: () => Promise.resolve() };
  const transport = new StreamableHTTPClientTransport(new URL(own.url), {
    fetch,
    reconnectionOptions: STREAM_RECONNECTION,
  });
  return { transport, ending, goodbye: () => goodbye(transport, clock) };
}

async function goodbye(transport: StreamableHTTPClientTransport, clock: Clock): Promise<void> {
  const late = Promise.withResolvers<void>();
  const callOff = clock.after(GOODBYE_WITHIN_MS, late.resolve);
  await Promise.race([transport.terminateSession().catch(() => {}), late.promise]);
  callOff();
}

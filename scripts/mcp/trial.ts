/** Tries tool servers as a running Bellhop would reach them: connects, lists, compares with what staff approved. */
import type { Logger } from 'pino';
import type { Config } from '../../src/config.ts';
import type { ToolServer } from '../../src/hotel/tool-servers/definition.ts';
import type { Capabilities, ToolServerLink } from '../../src/hotel/tool-servers/ports.ts';
import { reviewTools, type ApprovedTool, type TrustedTool } from '../../src/hotel/tool-servers/trust.ts';
import { createLogger } from '../../src/log.ts';
import { checkOutsideUrl } from '../../src/mcp/outside-address.ts';
import { systemClock } from '../../src/system-clock.ts';
import { opener } from '../../src/tool-platform.ts';
import type { OpenServer } from '../../src/tool-server-entry.ts';

const WITHIN_MS = 15_000;

/** What came of one try. Texts of the server are as it sent them. */
export interface Trial {
  server: ToolServer;
  isConnected: boolean;
  tookMs: number;
  capabilities: Capabilities | undefined;
  tools: TrustedTool[];
  /** In words; any of them makes the check fail. */
  problems: string[];
}

/** How a connection stood when it was closed again. */
type Outcome = Pick<ToolServerLink, 'status' | 'capabilities'>;

/** @param approved what staff approved of it; none when it is not known. One that is switched off is tried all the same. */
export async function tryServer(
  { outside }: Pick<Config, 'outside'>,
  server: ToolServer,
  approved: readonly ApprovedTool[],
  log: Logger = createLogger('silent'),
): Promise<Trial> {
  const startedAtMs = performance.now();
  const mistakes = (['server_url', 'url'] as const).flatMap((field) => {
    const url = server.definition[field];
    const mistake = url === undefined ? undefined : checkOutsideUrl(url, outside);
    return mistake === undefined ? [] : [`${field}: ${mistake}`];
  });
  const outcome = mistakes.length === 0 ? await settled(opener(outside, systemClock, log), server) : undefined;
  const { capabilities } = outcome ?? {};
  const isConnected = outcome?.status.kind === 'connected' && capabilities !== undefined;
  const tools = reviewTools(capabilities?.tools ?? [], approved);
  const unreached = isConnected || !outcome ? [] : [outcome.status.lastError?.message ?? 'it did not answer in time'];
  return {
    server,
    isConnected,
    tookMs: Math.round(performance.now() - startedAtMs),
    capabilities,
    tools,
    problems: [...mistakes, ...unreached, ...(isConnected ? unknownNames(server, tools) : [])],
  };
}

/** Waits until it listed what there is, failed, or took too long; it is closed by then. */
async function settled(open: OpenServer, server: ToolServer): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const heard = { connected: false, listed: false };
  const hear = (what: keyof typeof heard): void => {
    heard[what] = true;
    if (heard.connected && heard.listed) resolve();
  };
  const definition = { ...server.definition, enabled: true };
  const { link, close } = open(
    { ...server, definition },
    {
      listed: () => hear('listed'),
      statusChanged: ({ kind }) => {
        if (kind === 'connected') hear('connected');
        if (kind === 'error') resolve();
      },
      tokenChanged: () => {},
    },
  );
  const late = setTimeout(resolve, WITHIN_MS);
  await promise;
  clearTimeout(late);
  const { status, capabilities } = link;
  await close();
  return { status, capabilities };
}

/** Names in the definition that the server does not list. */
function unknownNames({ definition }: ToolServer, tools: readonly TrustedTool[]): string[] {
  const listed = new Set(tools.flatMap(({ tool, trust }) => (trust === 'gone' ? [] : [tool.name])));
  const { allowed_tools: allowed = [], require_approval: approval, cache = {} } = definition;
  const named: readonly (readonly [string, readonly string[]])[] = [
    ['allowed_tools', allowed],
    ['require_approval', typeof approval === 'string' ? [] : Object.keys(approval)],
    ['cache', Object.keys(cache)],
  ];
  return named.flatMap(([field, names]) =>
    names.filter((name) => !listed.has(name)).map((name) => `${field}: the server lists no '${name}'`),
  );
}

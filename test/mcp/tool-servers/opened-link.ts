/** A link to a server under test, with what it told. */
import { pino } from 'pino';
import { vi } from 'vitest';
import type { Clock } from '../../../src/call/ports.ts';
import { serverDefinitionSchema, type ServerDefinitionInput } from '../../../src/hotel/tool-servers/definition.ts';
import type { Capabilities, LinkResult, ServerStatus, ToolServerLink } from '../../../src/hotel/tool-servers/ports.ts';
import { openToolServer, type ToolServerOptions } from '../../../src/mcp/tool-servers/connection.ts';
import { systemClock } from '../../../src/system-clock.ts';

export interface OpenedLink {
  link: ToolServerLink;
  listed: Capabilities[];
  told: ServerStatus[];
  /** Calls a tool. */
  call(tool: string, input?: Record<string, unknown>, withinMs?: number, signal?: AbortSignal): Promise<LinkResult>;
  connected(): Promise<void>;
  /** Until what is read is `kind`. */
  becomes(kind: ServerStatus['kind']): Promise<void>;
}

const links: ToolServerLink[] = [];

/** For `afterEach`. */
export async function closeLinks(): Promise<void> {
  await Promise.all(links.splice(0).map((link) => link.close()));
}

export function open(
  definition: Partial<ServerDefinitionInput>,
  options: Partial<Omit<ToolServerOptions, 'definition'>> & { clock?: Clock } = {},
): OpenedLink {
  const listed: Capabilities[] = [];
  const told: ServerStatus[] = [];
  const link = openToolServer(
    {
      label: 'under-test',
      definition: serverDefinitionSchema.parse({ mode: 'client', ...definition }),
      fetch,
      clock: systemClock,
      log: pino({ level: 'silent' }),
      random: () => 0.5,
      ...options,
    },
    { statusChanged: (status) => told.push(status), listed: (capabilities) => listed.push(capabilities) },
  );
  links.push(link);
  const becomes = (kind: ServerStatus['kind']): Promise<void> =>
    vi.waitFor(
      () => {
        if (link.status.kind !== kind) throw new Error(`${link.status.kind}: ${link.status.lastError?.message}`);
      },
      { timeout: 8_000, interval: 10 },
    );
  return {
    link,
    listed,
    told,
    call: (tool, input = {}, withinMs = 5_000, signal = new AbortController().signal) =>
      link.call(tool, input, { signal, withinMs }),
    connected: () => becomes('connected'),
    becomes,
  };
}

/** From `mcp_servers` of `bellhop.yaml` to the `mcpServers` of desktop MCP clients. Pure. */
import type { ServerDefinitionInput } from '../../src/hotel/tool-servers/definition.ts';

export type DesktopServer =
  | { command: string; args: string[]; env?: Record<string, string>; cwd?: string; disabled?: true }
  | { type: 'http' | 'sse'; url: string; headers?: Record<string, string>; disabled?: true };

export interface Exported {
  mcpServers: Record<string, DesktopServer>;
  /** What these clients cannot express, one line each. */
  notes: string[];
}

/** @param servers as they are written, so that `${NAME}` stays what it is. Sound ones: checked before. */
export function exportServers(servers: Readonly<Record<string, ServerDefinitionInput>>): Exported {
  const exported: Exported = { mcpServers: {}, notes: [] };
  for (const [label, definition] of Object.entries(servers)) {
    exported.mcpServers[label] = desktopServerOf(definition);
    if (definition.oauth) exported.notes.push(`${label}: oauth is left out; the client asks for a sign-in of its own`);
    if (definition.from_call)
      exported.notes.push(`${label}: from_call is left out; the client's model sets these arguments itself`);
  }
  return exported;
}

function desktopServerOf(definition: ServerDefinitionInput): DesktopServer {
  const disabled = definition.enabled === false ? { disabled: true as const } : {};
  const { transport, command = '', args = [], env, cwd, url, server_url: serverUrl } = definition;
  if (transport === 'stdio')
    return {
      command: plain(command),
      args: args.map(plain),
      ...(env && { env: plainValues(env) }),
      ...(cwd && { cwd: plain(cwd) }),
      ...disabled,
    };
  const headers = {
    ...(definition.authorization && { Authorization: `Bearer ${plain(definition.authorization)}` }),
    ...plainValues(definition.headers ?? {}),
  };
  return {
    type: transport ?? 'http',
    url: plain(url ?? serverUrl ?? ''),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...disabled,
  };
}

/** Their files know no way to write `${` itself. */
const plain = (text: string): string => text.replaceAll('$${', '${');

const plainValues = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));

/** What a native MCP tool of a session may be: configuration, which tools are allowed, which need approval. Pure. */
import type { ListedTool } from './item-schema.ts';
import { RequestError } from './request-error.ts';
import type { McpTool, ToolFilter, ToolOffer } from './tool-schema.ts';

/** @param imported labels of servers defined before: these may be named by label alone. @throws RequestError */
export function checkToolOffers(tools: ToolOffer[], imported: ReadonlySet<string>, param: string): void {
  const labels = new Set<string>();
  const names = new Set<string>();
  tools.forEach((tool, index) => {
    const at = `${param}[${index}]`;
    if (tool.type === 'function') {
      if (names.has(tool.name)) throw invalid(`Duplicate function name '${tool.name}'.`, `${at}.name`);
      names.add(tool.name);
      return;
    }
    if (labels.has(tool.server_label))
      throw invalid(`Duplicate MCP server_label '${tool.server_label}'.`, `${at}.server_label`);
    labels.add(tool.server_label);
    checkServer(tool, imported, at);
  });
}

function checkServer(tool: McpTool, imported: ReadonlySet<string>, at: string): void {
  const places = [tool.server_url, tool.connector_id, tool.tunnel_id].filter((place) => place !== undefined);
  if (places.length > 1) throw invalid("Exactly one of 'server_url', 'connector_id' and 'tunnel_id' may be given.", at);
  if (places.length === 0 && !imported.has(tool.server_label))
    throw new RequestError(
      'missing_required_parameter',
      `Missing required parameter: '${at}.server_url' (or 'connector_id' or 'tunnel_id').`,
      `${at}.server_url`,
    );
  if (tool.server_url === undefined && places.length === 1)
    throw invalid('Connectors and tunnels are not available here.', at);
  if (tool.server_url !== undefined && !/^https?:$/.test(URL.parse(tool.server_url)?.protocol ?? ''))
    throw invalid(`Invalid '${at}.server_url': expected an http or https URL.`, `${at}.server_url`);
  const hasHeader = Object.keys(tool.headers ?? {}).some((name) => name.toLowerCase() === 'authorization');
  if (tool.authorization !== undefined && hasHeader)
    throw invalid("'authorization' cannot be given together with an Authorization header.", `${at}.authorization`);
}

export function isAllowed(tool: ListedTool, allowed: McpTool['allowed_tools']): boolean {
  if (!allowed) return true;
  return Array.isArray(allowed) ? allowed.includes(tool.name) : matches(tool, allowed);
}

/** Approval is needed unless the session says otherwise. */
export function needsApproval(tool: ListedTool, policy: McpTool['require_approval']): boolean {
  if (policy === 'never') return false;
  if (policy === 'always' || !policy) return true;
  if (policy.always && matches(tool, policy.always)) return true;
  return !(policy.never && matches(tool, policy.never));
}

/** A filter without any condition matches nothing. */
function matches(tool: ListedTool, filter: ToolFilter): boolean {
  if (filter.tool_names === undefined && filter.read_only === undefined) return false;
  const isNamed = filter.tool_names === undefined || filter.tool_names.includes(tool.name);
  const isReadOnly = tool.annotations?.readOnlyHint === true;
  return isNamed && (filter.read_only === undefined || filter.read_only === isReadOnly);
}

const invalid = (message: string, param: string) => new RequestError('invalid_value', message, param);

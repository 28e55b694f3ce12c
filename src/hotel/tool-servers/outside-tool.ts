/** A tool of a server as a call may use it: what the model sends, what comes from the call, its bounds. Pure. */
import type { ServerDefinition } from './definition.ts';
import type { OutsideTool, ServerState } from './offer.ts';
import type { ListedResource, ListedTool } from './ports.ts';

/** More addresses than this are not listed to the model one by one. */
const MAX_LISTED_RESOURCES = 40;
const MAX_URI_LENGTH = 1_000;

export function serverTool({ label, definition }: ServerState, listed: ListedTool): OutsideTool {
  const fields = fieldsOf(listed.inputSchema);
  const fromCall = Object.fromEntries(
    Object.entries(definition.from_call ?? {}).filter(([name]) => Object.hasOwn(fields, name)),
  );
  return {
    server: label,
    tool: listed.name,
    kind: 'tool',
    listed,
    fromCall,
    parameters: withoutFields(listed.inputSchema, Object.keys(fromCall)),
    isReadOnly: listed.annotations?.readOnlyHint === true,
    needsApproval: needsApproval(definition, listed.name),
    resources: [],
    ...boundsOf(definition),
  };
}

/** How the tool that reads a server's resources is known to `require_approval` and to the record. */
export const readerName = ({ label }: Pick<ServerState, 'label'>): string => `read_${label}_resource`;

export function resourceTool({ label, definition, resources }: ServerState): OutsideTool {
  const name = readerName({ label });
  const inputSchema = resourceSchema(resources);
  const listed: ListedTool = {
    name,
    description: `Reads a text of ${label}${definition.description && `: ${definition.description}`}.`.slice(0, 400),
    inputSchema,
    annotations: { readOnlyHint: true },
  };
  return {
    server: label,
    tool: name,
    kind: 'resource',
    listed,
    fromCall: {},
    parameters: inputSchema,
    isReadOnly: true,
    needsApproval: needsApproval(definition, name),
    resources,
    ...boundsOf(definition),
  };
}

/** A tool that is not named is asked about. */
function needsApproval({ require_approval: rule }: ServerDefinition, tool: string): boolean {
  if (typeof rule === 'string') return rule === 'always';
  return !Object.hasOwn(rule, tool) || rule[tool] === 'always';
}

const boundsOf = ({ timeout, phrase, limits }: ServerDefinition) => ({
  timeoutMs: timeout,
  phrase,
  perMinute: limits.per_minute,
  perCall: limits.per_call,
});

function resourceSchema(resources: readonly ListedResource[]): Record<string, unknown> {
  const isClosed = resources.length <= MAX_LISTED_RESOURCES && resources.every(({ isTemplate }) => !isTemplate);
  const described = resources.slice(0, MAX_LISTED_RESOURCES).map(({ uri, name }) => `${uri} (${name.slice(0, 60)})`);
  const uri = isClosed
    ? { type: 'string', enum: resources.map((resource) => resource.uri) }
    : { type: 'string', maxLength: MAX_URI_LENGTH };
  return {
    type: 'object',
    properties: { uri: { ...uri, description: `One of: ${described.join(', ')}`.slice(0, 2_000) } },
    required: ['uri'],
    additionalProperties: false,
  };
}

/** @returns the properties of an object's schema by name. */
export function fieldsOf(schema: Record<string, unknown>): Record<string, unknown> {
  const { properties } = schema;
  return typeof properties === 'object' && properties !== null ? { ...properties } : {};
}

function withoutFields(schema: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = schema;
  if (names.length === 0) return rest;
  const { required } = schema;
  const properties = Object.fromEntries(Object.entries(fieldsOf(schema)).filter(([name]) => !names.includes(name)));
  return {
    ...rest,
    properties,
    ...(Array.isArray(required) && { required: required.filter((name) => !names.includes(String(name))) }),
  };
}

/** @returns whether the server lists this address, or a template that makes it. */
export function isListed(uri: string, resources: readonly ListedResource[]): boolean {
  if (uri.length > MAX_URI_LENGTH) return false;
  return resources.some((resource) => (resource.isTemplate ? isMadeBy(uri, resource.uri) : resource.uri === uri));
}

/** The template's fixed pieces stand in the address in their order; no pattern of the server's is run. */
function isMadeBy(uri: string, template: string): boolean {
  const pieces = template.split(/\{[^{}]{0,100}\}/);
  const last = pieces.pop() ?? '';
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    const found = uri.indexOf(piece, at);
    if (found === -1 || (index === 0 && found !== 0)) return false;
    at = found + piece.length;
  }
  // What fills the gaps never climbs out of where it stands.
  return (
    !/(^|[/\\])\.\.?([/\\]|$)|%2e%2e/i.test(uri.slice(uri.indexOf(':') + 1)) &&
    uri.length >= at + last.length &&
    uri.endsWith(last)
  );
}

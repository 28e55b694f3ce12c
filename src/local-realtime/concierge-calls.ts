/** Tool calls that fit what was offered: names found, arguments cut to the schema, departments taken from its enum. Pure. */
import { FRONT_DESK } from './concierge-departments.ts';
import type { Move, OfferedTool } from './ports.ts';

export type Call = Extract<Move, { kind: 'call' }>;
export type Schema = Record<string, unknown>;

/** @param name as the hotel calls it; a server may prefix it. */
export function offered(tools: readonly OfferedTool[], name: string): OfferedTool | undefined {
  return tools.find((tool) => tool.name === name) ?? tools.find((tool) => isNamed(tool.name, name));
}

/** @returns the same for calls of one tool with the same arguments. */
export const nameOfCall = ({ name, arguments: args }: Pick<Call, 'name' | 'arguments'>): string =>
  JSON.stringify([name, Object.entries(args).toSorted(([one], [other]) => (one < other ? -1 : 1))]);

/** @returns whether a tool's name is this one, with or without a server's prefix. */
export function isNamed(toolName: string, name: string): boolean {
  return toolName === name || new RegExp(`[^a-zA-Z0-9]${name}$`).test(toolName);
}

/**
 * @param candidates departments, best first, as the catalogue names them.
 * @returns the first that the tool knows; when it has no list, the best; undefined when it knows none.
 */
export function departmentFor(tool: OfferedTool, candidates: readonly string[]): string | undefined {
  const known = optionsOf(propertiesOf(tool).department);
  if (known.length === 0) return candidates[0];
  const match = (wanted: string) =>
    known.find((option) => bare(option) === bare(wanted)) ??
    known.find((option) => bare(option).includes(bare(wanted)));
  for (const candidate of candidates) {
    const found = match(candidate);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @returns the department for calls nobody else takes. */
export const frontDeskOf = (tool: OfferedTool): string | undefined =>
  departmentFor(tool, FRONT_DESK) ?? optionsOf(propertiesOf(tool).department)[0];

/** @returns one of the tool's topics for this subject; its first name when the tool has no list. */
export function topicFor(tool: OfferedTool, ids: readonly string[]): string | undefined {
  const known = topicsOf(tool);
  if (known.length === 0) return ids[0];
  return (
    ids.map((id) => known.find((option) => bare(option) === bare(id))).find((found) => found !== undefined) ??
    known.find((option) => ids.some((id) => bare(option).includes(bare(id)) || bare(id).includes(bare(option))))
  );
}

/** @returns topics of the tool's list that stand word for word in what was said. */
export function topicsNamed(tool: OfferedTool, text: string): string[] {
  return topicsOf(tool).filter((option) => ` ${text} `.includes(` ${option.toLowerCase().replace(/[-_]/g, ' ')} `));
}

/** The topics in the schema, or in its description: "One of: wifi, check-in." */
function topicsOf(tool: OfferedTool): string[] {
  const schema = propertiesOf(tool).topic;
  const options = optionsOf(schema);
  if (options.length > 0 || typeof schema?.description !== 'string') return options;
  return (
    /one of:? ([\w ,-]+)/i
      .exec(schema.description)?.[1]
      ?.split(/, ?/)
      .map((topic) => topic.trim()) ?? []
  );
}

/** @returns the values that the tool lists for a property; none when it lists none. */
export const optionsFor = (tool: OfferedTool, property: string): string[] => optionsOf(propertiesOf(tool)[property]);

const bare = (id: string): string => id.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * @param values by property; those the tool does not know are left out.
 * @returns the call, or undefined when the tool requires something that we do not have.
 */
export function callOf(tool: OfferedTool, values: Record<string, string | undefined>): Call | undefined {
  const properties = propertiesOf(tool);
  const args: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const fitted = value === undefined || !(name in properties) ? undefined : fit(properties[name]!, value);
    if (fitted !== undefined) args[name] = fitted;
  }
  const required = Array.isArray(tool.parameters.required) ? (tool.parameters.required as unknown[]) : [];
  return required.every((name) => typeof name === 'string' && name in args)
    ? { kind: 'call', name: tool.name, arguments: args }
    : undefined;
}

/** @returns the schemas of a tool's arguments by name. */
export function propertiesOf(tool: OfferedTool): Record<string, Schema> {
  const { properties } = tool.parameters;
  return typeof properties === 'object' && properties !== null ? (properties as Record<string, Schema>) : {};
}

/** The enum of a property, also behind `anyOf`. */
export function optionsOf(schema: Schema | undefined): string[] {
  if (!schema) return [];
  if (Array.isArray(schema.enum)) return schema.enum.filter((option): option is string => typeof option === 'string');
  const branches = [schema.anyOf, schema.oneOf].filter(Array.isArray).flat() as Schema[];
  return branches.flatMap((branch) => (typeof branch.const === 'string' ? [branch.const] : optionsOf(branch)));
}

/** A value in the type and length that the schema wants; undefined when it cannot be. */
export function fit(schema: Schema, value: string): unknown {
  const options = optionsOf(schema);
  if (options.length > 0) return options.includes(value) ? value : undefined;
  const types = typesOf(schema);
  if (types.includes('string') || types.length === 0) return fitLength(schema, value);
  if (types.includes('integer') || types.includes('number')) return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
  return undefined;
}

/** The JSON types that a schema takes, also behind `anyOf`. */
export function typesOf(schema: Schema): string[] {
  if (typeof schema.type === 'string') return [schema.type];
  if (Array.isArray(schema.type)) return schema.type.filter((type): type is string => typeof type === 'string');
  return ([schema.anyOf, schema.oneOf].filter(Array.isArray).flat() as Schema[]).flatMap(typesOf);
}

function fitLength(schema: Schema, value: string): string {
  const least = typeof schema.minLength === 'number' ? schema.minLength : 0;
  const most = typeof schema.maxLength === 'number' ? schema.maxLength : 1000;
  const long = value.length < least ? `${value}, asked for by telephone`.padEnd(least, '.') : value;
  return long.slice(0, most);
}

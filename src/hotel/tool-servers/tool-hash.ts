/** What a tool is, as one number: approved once, it is known again by its hash alone (rule TOOL-45). Pure. */
import { createHash } from 'node:crypto';
import type { ListedTool } from './ports.ts';

/** No schema that a person can read is deeper; a hostile one could use up the stack. */
const MAX_DEPTH = 64;

export class NestedTooDeeplyError extends Error {
  override readonly name = 'NestedTooDeeplyError';
}

/** @returns SHA-256 in hex over what a model gets to see of a tool. @throws NestedTooDeeplyError */
export function toolHash({ name, description, inputSchema, outputSchema, annotations }: ListedTool): string {
  const seen = { name, description, inputSchema, outputSchema, annotations };
  return createHash('sha256').update(canonicalJson(seen)).digest('hex');
}

/**
 * @returns JSON whose keys are sorted at every depth, so that equal values are equal texts; fields that are undefined are
 * left out. @param value what JSON can hold. @throws NestedTooDeeplyError
 */
export function canonicalJson(value: unknown): string {
  return written(value, 0);
}

function written(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new NestedTooDeeplyError(`deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) return `[${value.map((item: unknown) => written(item, depth + 1)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${written(field, depth + 1)}`);
  return `{${fields.join(',')}}`;
}

/**
 * Whether the model's side was listed the tool that staff approved. It shows no output schema and may leave out
 * annotations, so these count only where it names them. @param seen as the model's side lists it.
 */
export function isSameTool(seen: ListedTool, approved: ListedTool): boolean {
  try {
    const hints = Object.entries(seen.annotations ?? {}).filter(([, hint]) => typeof hint === 'boolean');
    const known = new Map(Object.entries(approved.annotations ?? {}));
    if (hints.some(([key, hint]) => known.has(key) && known.get(key) !== hint)) return false;
    const { outputSchema } = approved;
    const common = (tool: ListedTool): ListedTool => ({
      name: tool.name,
      description: tool.description,
      inputSchema: tool.inputSchema,
      outputSchema: seen.outputSchema && outputSchema ? tool.outputSchema : undefined,
    });
    return toolHash(common(seen)) === toolHash(common(approved));
  } catch (error) {
    if (error instanceof NestedTooDeeplyError) return false;
    throw error;
  }
}

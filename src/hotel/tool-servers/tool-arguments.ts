/** Arguments of a server's tool: read from what the model sent, completed with what the call knows. Pure. */
import { plain } from '../../call/plain-text.ts';
import type { CallerScope } from '../ports.ts';
import { argumentCheck } from './argument-check.ts';
import type { OutsideTool } from './offer.ts';
import { fieldsOf, isListed } from './outside-tool.ts';
import { canonicalJson } from './tool-hash.ts';

/** Of JSON, in UTF-16 units. */
const MAX_LENGTH = 8_000;

export type ReadArguments = { input: Record<string, unknown> } | { mistake: string };

/** @param sent fields, or their JSON text. @returns what the model sent, as far as the tool lets it choose; or why not, for the model. */
export function readArguments(tool: OutsideTool, sent: unknown): ReadArguments {
  const fields = parsedFields(sent);
  if ('mistake' in fields) return fields;
  const check = argumentCheck(tool.parameters, tool.listed.inputSchema.$schema);
  if (check === 'unreadable') return { mistake: 'This tool cannot be used at the moment. Offer the front desk.' };
  const input = Object.fromEntries(
    Object.entries(fields.input).filter(([name]) => !Object.hasOwn(tool.fromCall, name)),
  );
  const mistakes = check(input);
  if (mistakes !== undefined) return { mistake: `The arguments do not fit: ${mistakes}.` };
  if (tool.kind === 'resource' && !isListed(String(input.uri), tool.resources))
    return { mistake: 'There is no such text. Use an address from the description.' };
  return { input };
}

/** @returns the fields alone, unchecked. */
export function parsedFields(sent: unknown): ReadArguments {
  const text = typeof sent === 'string' ? sent : JSON.stringify(sent ?? {});
  if (text.length > MAX_LENGTH) return { mistake: `The arguments are too long: ${MAX_LENGTH} characters at most.` };
  try {
    const value = plain(JSON.parse(text.trim() === '' ? '{}' : text) as unknown);
    // Refuses what is nested too deeply to be compared with other tries.
    canonicalJson(value);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { input: { ...value } };
  } catch {
    // Told below: no JSON is as little an object as a list is.
  }
  return { mistake: 'The arguments are not a JSON object. Call the tool again with one.' };
}

/** @returns the arguments with those of the call; undefined when the guest has to be verified first. */
export function completed(
  { fromCall, listed }: OutsideTool,
  input: Record<string, unknown>,
  { callId, stay }: CallerScope,
): Record<string, unknown> | undefined {
  const known = { call_id: callId, room: stay?.room, guest_name: stay?.guestName };
  const filled = Object.entries(fromCall).map(([name, what]) => [
    name,
    asAsked(known[what], fieldsOf(listed.inputSchema)[name]),
  ]);
  return filled.some(([, value]) => value === undefined) ? undefined : { ...input, ...Object.fromEntries(filled) };
}

/** Rooms are texts; some servers count them. */
function asAsked(value: string | undefined, schema: unknown): string | number | undefined {
  const type = typeof schema === 'object' && schema !== null && 'type' in schema ? schema.type : undefined;
  const isCounted = (type === 'integer' || type === 'number') && value !== undefined && /^\d{1,9}$/.test(value);
  return isCounted ? Number(value) : value;
}

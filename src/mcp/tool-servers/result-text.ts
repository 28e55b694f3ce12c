/** What a server answered, as bounded text: data for a model that speaks, never trusted (rule TOOL-43). Pure. */
import type {
  CallToolResult,
  ContentBlock,
  GetPromptResult,
  ReadResourceResult,
} from '@modelcontextprotocol/sdk/types.js';
import { within } from '../../hotel/bounded-text.ts';
import { visible } from '../../hotel/tool-servers/hidden-text.ts';
import type { LinkResult } from '../../hotel/tool-servers/ports.ts';

const MAX_BYTES = 8_000;
/** Longer structured content is given as text alone. */
const MAX_STRUCTURED_LENGTH = 64_000;

export type LinkAnswer = Extract<LinkResult, { kind: 'answered' }>;

/** @returns all text of a tool's result; parts that are no text are named, as `[image]`. */
export function toolAnswer({ content, structuredContent, isError }: CallToolResult): LinkAnswer {
  const json = structuredContent === undefined ? undefined : jsonOf(structuredContent);
  const parts = content.map(textOf);
  if (json !== undefined && !content.some(({ type }) => type === 'text')) parts.push(json);
  const structured =
    json !== undefined && json.length <= MAX_STRUCTURED_LENGTH ? { structured: structuredContent } : {};
  return { ...answered(parts.join('\n'), isError === true), ...structured };
}

export function resourceAnswer({ contents }: ReadResourceResult): LinkAnswer {
  return answered(contents.map((part) => ('text' in part ? part.text : '[binary]')).join('\n'), false);
}

/** @returns the texts of a prompt's messages, one after the other, whoever says them. */
export function promptAnswer({ messages }: GetPromptResult): LinkAnswer {
  return answered(messages.map(({ content }) => textOf(content)).join('\n\n'), false);
}

function textOf(part: ContentBlock): string {
  if (part.type === 'text') return part.text;
  if (part.type === 'resource') return 'text' in part.resource ? part.resource.text : '[resource]';
  return part.type === 'resource_link' ? `[resource ${part.uri}]` : `[${part.type}]`;
}

function answered(text: string, isError: boolean): LinkAnswer {
  return { kind: 'answered', text: within(MAX_BYTES, visible(text)), isError, resultBytes: Buffer.byteLength(text) };
}

/** Undefined when it is nested too deeply to be written. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

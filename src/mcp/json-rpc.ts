/** What goes over `/mcp` besides the protocol's own answers: refusals in JSON-RPC, and what a body asks for. */
import { z } from 'zod';

/** Codes of JSON-RPC, and of its range for servers. */
export const PARSE_ERROR = -32_700;
export const INTERNAL_ERROR = -32_603;
export const REFUSED = -32_000;
export const UNAUTHORISED = -32_001;

/** @returns the body of a refusal. */
export const problem = (code: number, message: string) => ({ jsonrpc: '2.0', error: { code, message }, id: null });

const toolCall = z.object({ method: z.literal('tools/call'), params: z.object({ name: z.string() }) });

/** @returns names of the tools that a body calls, when it does nothing else; else undefined. */
export function toolsAsked(body: unknown): string[] | undefined {
  const messages: unknown[] = Array.isArray(body) ? body : [body];
  const calls = messages.map((message) => toolCall.safeParse(message).data?.params.name);
  return calls.length > 0 && calls.every((name) => name !== undefined) ? calls : undefined;
}

/** The tools of a native server as the model's side lists them. Source: OpenAI Realtime API reference (GA), mcp_list_tools. */
import { z } from 'zod';
import type { ListedTool } from '../hotel/tool-servers/ports.ts';

const hint = z.boolean().optional().catch(undefined);
const toolSchema = z.object({
  name: z.string(),
  title: z.string().optional().catch(undefined),
  description: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  input_schema: z.record(z.string(), z.unknown()),
  annotations: z
    .object({
      title: z.string().optional().catch(undefined),
      readOnlyHint: hint,
      destructiveHint: hint,
      idempotentHint: hint,
      openWorldHint: hint,
    })
    .nullish(),
});

/** @param tools as the item has them. @returns undefined when one of them cannot be read: then nobody can have approved it. */
export function listedToolsOf(tools: unknown): ListedTool[] | undefined {
  const read = z.array(toolSchema).safeParse(tools);
  return read.data?.map(({ name, title, description, input_schema: inputSchema, annotations }) => ({
    name,
    description,
    inputSchema,
    ...(title === undefined ? {} : { title }),
    ...(annotations ? { annotations: present(annotations) } : {}),
  }));
}

const present = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** Tools as a client may offer them: functions of its own and native MCP servers. */
import { z } from 'zod';

const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, underscores or dashes');

const functionToolSchema = z.strictObject({
  type: z.literal('function'),
  name: toolName,
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});

const toolFilter = z.strictObject({ tool_names: z.array(z.string()).optional(), read_only: z.boolean().optional() });
export type ToolFilter = z.infer<typeof toolFilter>;

const mcpToolSchema = z.strictObject({
  type: z.literal('mcp'),
  server_label: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, underscores or dashes'),
  server_url: z.string().optional(),
  tunnel_id: z.string().optional(),
  connector_id: z.string().optional(),
  authorization: z.string().optional(),
  headers: z.record(z.string(), z.string()).nullish(),
  allowed_tools: z.union([z.array(z.string()), toolFilter]).nullish(),
  require_approval: z
    .union([
      z.enum(['always', 'never']),
      z.strictObject({ always: toolFilter.optional(), never: toolFilter.optional() }),
    ])
    .nullish(),
  server_description: z.string().optional(),
  defer_loading: z.boolean().optional(),
  allowed_callers: z.array(z.enum(['direct', 'programmatic'])).nullish(),
});
export type McpTool = z.infer<typeof mcpToolSchema>;

export const toolsSchema = z.array(z.discriminatedUnion('type', [functionToolSchema, mcpToolSchema])).max(128);
export type ToolOffer = z.infer<typeof toolsSchema>[number];

export const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('function'), name: z.string() }),
    z.strictObject({ type: z.literal('mcp'), server_label: z.string(), name: z.string().nullish() }),
  ]),
]);
export type ToolChoice = z.infer<typeof toolChoiceSchema>;

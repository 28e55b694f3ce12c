/** Conversation items: those a client may create, and the form in which all are told. */
import { z } from 'zod';

/** Longer ids are refused, as the hosted service did when it named a limit. */
const itemId = z.string().min(1).max(32);
const status = z.enum(['completed', 'incomplete', 'in_progress']).optional();
const object = z.literal('realtime.item').optional();

const inputText = z.strictObject({ type: z.literal('input_text'), text: z.string() });

const systemMessage = z.strictObject({
  id: itemId.optional(),
  object,
  status,
  type: z.literal('message'),
  role: z.literal('system'),
  content: z.array(inputText).min(1),
});

const userMessage = z.strictObject({
  id: itemId.optional(),
  object,
  status,
  type: z.literal('message'),
  role: z.literal('user'),
  content: z
    .array(
      z.discriminatedUnion('type', [
        inputText,
        z.strictObject({ type: z.literal('input_audio'), audio: z.base64(), transcript: z.string().nullish() }),
        z.strictObject({
          type: z.literal('input_image'),
          image_url: z.string().startsWith('data:'),
          detail: z.enum(['auto', 'low', 'high']).optional(),
        }),
      ]),
    )
    .min(1),
});

const assistantMessage = z.strictObject({
  id: itemId.optional(),
  object,
  status,
  type: z.literal('message'),
  role: z.literal('assistant'),
  // Assistant audio cannot be created by a client.
  content: z.array(z.strictObject({ type: z.literal('output_text'), text: z.string() })).min(1),
});

const functionCall = z.strictObject({
  id: itemId.optional(),
  object,
  status,
  type: z.literal('function_call'),
  call_id: z.string().optional(),
  name: z.string(),
  arguments: z.string(),
});

const functionCallOutput = z.strictObject({
  id: itemId.optional(),
  object,
  status,
  type: z.literal('function_call_output'),
  call_id: z.string(),
  output: z.string(),
});

const approvalResponse = z.strictObject({
  id: itemId.optional(),
  type: z.literal('mcp_approval_response'),
  approval_request_id: z.string(),
  approve: z.boolean(),
  reason: z.string().nullish(),
});

const mcpError = z.union([
  z.strictObject({ type: z.literal('protocol_error'), code: z.number().int(), message: z.string() }),
  z.strictObject({ type: z.literal('http_error'), code: z.number().int(), message: z.string() }),
  z.strictObject({ type: z.literal('tool_execution_error'), message: z.string() }),
]);
export type McpCallError = z.infer<typeof mcpError>;

/** Finished native calls of an earlier connection can be restored. */
const mcpCall = z.strictObject({
  id: itemId.optional(),
  type: z.literal('mcp_call'),
  server_label: z.string(),
  name: z.string(),
  arguments: z.string(),
  output: z.string().nullish(),
  error: mcpError.nullish(),
  approval_request_id: z.string().nullish(),
});

const message = z.discriminatedUnion('role', [systemMessage, userMessage, assistantMessage]);
export const createdItemSchema = z.discriminatedUnion('type', [
  message,
  functionCall,
  functionCallOutput,
  approvalResponse,
  mcpCall,
]);
export type CreatedItem = z.infer<typeof createdItemSchema>;

/** Items of a response's own input: as created, or a reference to one of the conversation. */
export const inputItemSchema = z.discriminatedUnion('type', [
  message,
  functionCall,
  functionCallOutput,
  approvalResponse,
  mcpCall,
  z.strictObject({ type: z.literal('item_reference'), id: z.string() }),
]);
export type InputItem = z.infer<typeof inputItemSchema>;

export type ItemStatus = 'completed' | 'incomplete' | 'in_progress';
export type ContentPart =
  | { type: 'input_text' | 'output_text'; text: string }
  | { type: 'input_audio' | 'output_audio'; transcript?: string | null }
  | { type: 'input_image'; image_url: string };

export interface ListedTool {
  name: string;
  description: string | null;
  input_schema: Record<string, unknown>;
  annotations: Record<string, unknown> | null;
}

/** An item as it is told to the client. */
export type Item =
  | {
      id: string;
      object: 'realtime.item';
      type: 'message';
      status: ItemStatus;
      role: 'system' | 'user' | 'assistant';
      content: ContentPart[];
    }
  | {
      id: string;
      object: 'realtime.item';
      type: 'function_call';
      status: ItemStatus;
      name: string;
      call_id: string;
      arguments: string;
    }
  | {
      id: string;
      object: 'realtime.item';
      type: 'function_call_output';
      status: ItemStatus;
      call_id: string;
      output: string;
    }
  | { id: string; type: 'mcp_list_tools'; server_label: string; tools: ListedTool[] }
  | { id: string; type: 'mcp_approval_request'; server_label: string; name: string; arguments: string }
  | { id: string; type: 'mcp_approval_response'; approval_request_id: string; approve: boolean; reason: string | null }
  | {
      id: string;
      type: 'mcp_call';
      server_label: string;
      name: string;
      arguments: string;
      output: string | null;
      error: McpCallError | null;
      approval_request_id: string | null;
    };

/** The output items of one response that are calls: functions of the client, native tools, approvals asked for. */
import type { StoredItem } from './conversation.ts';
import type { Item } from './item-schema.ts';
import { needsApproval } from './mcp-rules.ts';
import type { McpCallItem } from './native-call.ts';
import type { NativeMcp } from './native-mcp.ts';
import type { OfferedTool } from './ports.ts';
import type { ToolChoice, ToolOffer } from './tool-schema.ts';
import type { MessagePlace } from './agent-message.ts';
import { newWireId } from './wire-id.ts';

/** A tool the mind may call in this response, and whose it is. */
export type ResponseTool = OfferedTool & { native?: { serverLabel: string; needsApproval: boolean } };

/** @returns what may be called: functions, and native tools that are listed by now; a name is offered once. */
export function responseTools(offers: ToolOffer[], choice: ToolChoice, mcp: NativeMcp): ResponseTool[] {
  if (choice === 'none') return [];
  const tools = offers.flatMap((offer): ResponseTool[] => {
    if (offer.type === 'function')
      return [
        { name: offer.name, description: offer.description ?? '', parameters: offer.parameters ?? { type: 'object' } },
      ];
    return mcp.toolsOf(offer).map((tool) => ({
      name: tool.name,
      description: tool.description ?? '',
      parameters: tool.input_schema,
      native: {
        serverLabel: offer.server_label,
        needsApproval: needsApproval(tool, mcp.approvalPolicyOf(offer)),
      },
    }));
  });
  const unique = tools.filter((tool, index) => tools.findIndex((other) => other.name === tool.name) === index);
  return unique.filter((tool) => isChosen(tool, choice));
}

function isChosen(tool: ResponseTool, choice: ToolChoice): boolean {
  if (typeof choice === 'string') return true;
  if (choice.type === 'function') return !tool.native && tool.name === choice.name;
  return tool.native?.serverLabel === choice.server_label && (!choice.name || tool.name === choice.name);
}

/** Tells a function call, complete. @returns its item. */
export function tellFunctionCall(place: MessagePlace, name: string, argumentsJson: string): StoredItem {
  const item: Extract<Item, { type: 'function_call' }> = {
    id: newWireId('item'),
    object: 'realtime.item',
    type: 'function_call',
    status: 'in_progress',
    name,
    call_id: newWireId('call'),
    arguments: '',
  };
  const stored: StoredItem = { item, audioMs: 0 };
  tellAdded(place, stored);
  const ids = { call_id: item.call_id, item_id: item.id };
  for (const delta of pieces(argumentsJson)) tell(place, 'response.function_call_arguments.delta', { ...ids, delta });
  tell(place, 'response.function_call_arguments.done', { ...ids, name, arguments: argumentsJson });
  item.arguments = argumentsJson;
  item.status = 'completed';
  tellDone(place, stored);
  return stored;
}

/** Tells a native call up to its arguments; the caller then runs it. */
export function tellNativeCall(
  place: MessagePlace,
  serverLabel: string,
  name: string,
  argumentsJson: string,
): StoredItem & { item: McpCallItem } {
  const item = newNativeCall(serverLabel, name, '', null);
  const stored = { item, audioMs: 0 };
  tellAdded(place, stored);
  for (const delta of pieces(argumentsJson))
    tell(place, 'response.mcp_call_arguments.delta', { item_id: item.id, delta });
  tell(place, 'response.mcp_call_arguments.done', { item_id: item.id, arguments: argumentsJson });
  item.arguments = argumentsJson;
  return stored;
}

export const newNativeCall = (
  serverLabel: string,
  name: string,
  argumentsJson: string,
  approvalRequestId: string | null,
): McpCallItem => ({
  id: newWireId('mcp'),
  type: 'mcp_call',
  server_label: serverLabel,
  name,
  arguments: argumentsJson,
  output: null,
  error: null,
  approval_request_id: approvalRequestId,
});

export function tellApprovalRequest(
  place: MessagePlace,
  serverLabel: string,
  name: string,
  argumentsJson: string,
): StoredItem {
  const item: Item = {
    id: newWireId('mcpr'),
    type: 'mcp_approval_request',
    server_label: serverLabel,
    name,
    arguments: argumentsJson,
  };
  const stored: StoredItem = { item, audioMs: 0 };
  tellAdded(place, stored);
  tellDone(place, stored);
  return stored;
}

function tellAdded(place: MessagePlace, stored: StoredItem): void {
  tell(place, 'response.output_item.added', { item: stored.item });
  place.added(stored);
}

function tellDone(place: MessagePlace, stored: StoredItem): void {
  tell(place, 'response.output_item.done', { item: stored.item });
  place.done(stored);
}

function tell(place: MessagePlace, type: string, fields: Record<string, unknown>): void {
  place.link.send({ type, response_id: place.responseId, output_index: place.outputIndex, ...fields });
}

/** Arguments arrive in pieces, as from a model. */
const pieces = (text: string): string[] => text.match(/[\s\S]{1,24}/g) ?? [];

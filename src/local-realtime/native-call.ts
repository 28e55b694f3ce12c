/** One native tool call after its arguments are known: it runs, is told, and its result enters its item. */
import type { ClientLink } from './client-link.ts';
import type { Conversation, StoredItem } from './conversation.ts';
import type { Item } from './item-schema.ts';
import type { NativeMcp } from './native-mcp.ts';

export type McpCallItem = Extract<Item, { type: 'mcp_call' }>;

/** Where a call belongs. `responseId` is null for a call that was approved after its response. */
export interface NativeCallPlace {
  link: ClientLink;
  mcp: NativeMcp;
  /** Undefined for a response outside of the conversation. */
  conversation: Conversation | undefined;
  responseId: string | null;
  outputIndex: number;
}

/**
 * Starts the call. The response may be done before it ends, and no response follows by itself: both as documented.
 * @param stored the item, already told and in the conversation.
 */
export async function runNativeCall(stored: StoredItem & { item: McpCallItem }, place: NativeCallPlace): Promise<void> {
  const { item } = stored;
  const { link, outputIndex } = place;
  stored.settledAfterId = null;
  link.send({ type: 'response.mcp_call.in_progress', output_index: outputIndex, item_id: item.id });
  const { output, error } = await place.mcp.call(
    item.server_label,
    item.name,
    JSON.parse(item.arguments) as Record<string, unknown>,
  );
  item.output = output;
  item.error = error;
  stored.isError = error !== null;
  stored.settledAfterId = place.conversation?.lastId ?? item.id;
  link.send({
    type: `response.mcp_call.${error ? 'failed' : 'completed'}`,
    output_index: outputIndex,
    item_id: item.id,
  });
  if (place.responseId !== null)
    link.send({ type: 'response.output_item.done', response_id: place.responseId, output_index: outputIndex, item });
  if (place.conversation) link.send({ type: 'conversation.item.done', item });
}

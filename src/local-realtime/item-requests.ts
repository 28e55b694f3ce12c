/** What a client asks of its conversation's items: create, retrieve, delete, truncate. */
import type { ClientEventOf } from './client-event.ts';
import type { ClientLink } from './client-link.ts';
import type { Conversation, StoredItem } from './conversation.ts';
import { storedItemOf } from './created-item.ts';
import { runNativeCall } from './native-call.ts';
import type { NativeMcp } from './native-mcp.ts';
import { RequestError } from './request-error.ts';
import { newNativeCall } from './response-output.ts';
import type { Session } from './session.ts';
import type { Speech } from './speech.ts';

export interface ItemRequestParts {
  link: ClientLink;
  conversation: Conversation;
  mcp: NativeMcp;
  speech: Speech;
}

/** Each method throws RequestError for what cannot be. */
export class ItemRequests {
  readonly #parts: ItemRequestParts;

  constructor(parts: ItemRequestParts) {
    this.#parts = parts;
  }

  create(
    { item: created, previous_item_id: previousItemId }: ClientEventOf<'conversation.item.create'>,
    session: Session,
  ): void {
    if (created.type === 'function_call_output') this.#checkCallId(created.call_id);
    if (created.type === 'mcp_approval_response') this.#checkApproval(created.approval_request_id);
    this.insert(storedItemOf(created, session, this.#parts.speech), previousItemId);
    if (created.type === 'mcp_approval_response' && created.approve) this.#runApproved(created.approval_request_id);
  }

  retrieve({ item_id: itemId }: ClientEventOf<'conversation.item.retrieve'>): void {
    const { item } = this.#parts.conversation.get(itemId);
    this.#parts.link.send({ type: 'conversation.item.retrieved', item });
  }

  delete({ item_id: itemId }: ClientEventOf<'conversation.item.delete'>): void {
    this.#parts.conversation.delete(itemId);
    this.#parts.link.send({ type: 'conversation.item.deleted', item_id: itemId });
  }

  truncate(event: ClientEventOf<'conversation.item.truncate'>): void {
    const { item_id, content_index, audio_end_ms } = event;
    this.#parts.conversation.truncate(item_id, audio_end_ms);
    this.#parts.link.send({ type: 'conversation.item.truncated', item_id, content_index, audio_end_ms });
  }

  /** Puts a finished item into the conversation and tells of it. */
  insert(stored: StoredItem, after?: string | null): void {
    const { link, conversation } = this.#parts;
    const previousItemId = conversation.insert(stored, after);
    const { item } = stored;
    link.send({ type: 'conversation.item.added', previous_item_id: previousItemId, item });
    link.send({ type: 'conversation.item.done', previous_item_id: previousItemId, item });
  }

  #checkCallId(callId: string): void {
    const { items } = this.#parts.conversation;
    if (!items.some(({ item }) => item.type === 'function_call' && item.call_id === callId))
      throw new RequestError(
        'invalid_tool_call_id',
        `Tool call ID '${callId}' not found in conversation.`,
        'item.call_id',
      );
  }

  #checkApproval(requestId: string): void {
    const { conversation } = this.#parts;
    const param = 'item.approval_request_id';
    if (conversation.find(requestId)?.item.type !== 'mcp_approval_request')
      throw new RequestError('item_not_found', `Approval request '${requestId}' not found.`, param);
    const isAnswered = conversation.items.some(
      ({ item }) => item.type === 'mcp_approval_response' && item.approval_request_id === requestId,
    );
    if (isAnswered)
      throw new RequestError('invalid_value', `Approval request '${requestId}' is answered already.`, param);
  }

  #runApproved(requestId: string): void {
    const { link, conversation, mcp } = this.#parts;
    const request = conversation.get(requestId).item;
    if (request.type !== 'mcp_approval_request') return;
    const item = newNativeCall(request.server_label, request.name, request.arguments, requestId);
    const stored = { item, audioMs: 0 };
    const previousItemId = conversation.insert(stored);
    link.send({ type: 'conversation.item.added', previous_item_id: previousItemId, item });
    void runNativeCall(stored, { link, mcp, conversation, responseId: null, outputIndex: 0 });
  }
}

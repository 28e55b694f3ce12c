/** Functions that the agent calls: told once their response is done (rule MODEL-19). Knows the protocol's items, sends nothing. */
import type { ConversationItem } from './realtime-events.ts';
import type { ResponseQueue } from './response-queue.ts';

export interface ToolCallEvents {
  requested(toolCallId: string, name: string, argumentsJson: string): void;
}

export class ToolCalls {
  readonly #queue: ResponseQueue;
  readonly #events: ToolCallEvents;
  /** Functions of the response under way, by call id. */
  readonly #waiting = new Map<string, { name: string; argumentsJson: string }>();
  /** Calls that were told already. Bound: what one call can make. */
  readonly #told = new Set<string>();

  constructor(queue: ResponseQueue, events: ToolCallEvents) {
    this.#queue = queue;
    this.#events = events;
  }

  /** Called for each item that is complete, possibly more than once for the same. */
  itemDone(item: ConversationItem): void {
    if (item.type !== 'function_call' || !item.call_id) return;
    if (this.#told.has(item.call_id) || this.#waiting.has(item.call_id)) return;
    this.#waiting.set(item.call_id, { name: item.name ?? '', argumentsJson: item.arguments ?? '{}' });
    this.#queue.callOpened(item.call_id);
  }

  /** The response is over: what it asked for is told, unless it was cancelled and may be half written. */
  responseDone(status: string): void {
    const calls = [...this.#waiting];
    this.#waiting.clear();
    for (const [toolCallId, { name, argumentsJson }] of calls) {
      this.#told.add(toolCallId);
      if (status === 'completed') this.#events.requested(toolCallId, name, argumentsJson);
      else this.#queue.callClosed(toolCallId, false);
    }
  }
}

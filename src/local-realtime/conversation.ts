/** The items of one conversation in their order. Tells nobody: the connection sends what each change means. */
import type { Item } from './item-schema.ts';
import type { Heard } from './ports.ts';
import { RequestError } from './request-error.ts';

/** Older items are dropped when there are more: far beyond any call, it only bounds memory. */
const MAX_ITEMS = 2000;

/** An item and what the wire does not show of it. */
export interface StoredItem {
  item: Item;
  /** Guest audio: its words, once they are known. */
  heard?: Promise<Heard>;
  heardNow?: Heard;
  /** Milliseconds of audio of this item, the guest's or the agent's. */
  audioMs: number;
  /** Agent audio: which words end where, in milliseconds of the item's audio. */
  spoken?: { text: string; endMs: number }[];
  /** The agent's words that count, once the item was cut: what was heard of it. */
  heardText?: string;
  isError?: boolean;
  /** A native call: the id of the item that was last when it ended; null while it runs. */
  settledAfterId?: string | null;
}

export class Conversation {
  #items: StoredItem[] = [];

  get items(): readonly StoredItem[] {
    return this.#items;
  }

  get lastId(): string | null {
    return this.#items.at(-1)?.item.id ?? null;
  }

  find(itemId: string): StoredItem | undefined {
    return this.#items.find((stored) => stored.item.id === itemId);
  }

  /** @throws RequestError when there is none. */
  get(itemId: string): StoredItem {
    const stored = this.find(itemId);
    if (!stored) throw new RequestError('item_not_found', `Item with item_id '${itemId}' not found.`, 'item_id');
    return stored;
  }

  /**
   * @param previousItemId `root`: at the beginning; undefined or null: at the end.
   * @returns the id of the item before it. @throws RequestError when that is unknown or the id is taken.
   */
  insert(stored: StoredItem, previousItemId?: string | null): string | null {
    if (this.find(stored.item.id))
      throw new RequestError('item_id_exists', `Item with id '${stored.item.id}' already exists.`, 'item.id');
    const index = this.#indexAfter(previousItemId);
    this.#items.splice(index, 0, stored);
    const previous = this.#items[index - 1]?.item.id ?? null;
    if (this.#items.length > MAX_ITEMS) this.#items.shift();
    return previous;
  }

  #indexAfter(previousItemId: string | null | undefined): number {
    if (previousItemId === undefined || previousItemId === null) return this.#items.length;
    if (previousItemId === 'root') return 0;
    const index = this.#items.findIndex((stored) => stored.item.id === previousItemId);
    if (index < 0)
      throw new RequestError(
        'item_not_found',
        `Previous item with id '${previousItemId}' not found.`,
        'previous_item_id',
      );
    return index + 1;
  }

  /** @throws RequestError when there is none. */
  delete(itemId: string): void {
    const { item } = this.get(itemId);
    this.#items = this.#items.filter((stored) => stored.item !== item);
  }

  /**
   * Cuts the agent's audio: what lies behind `audioEndMs` was not heard. Its transcript leaves the item.
   * @throws RequestError when the item is unknown, not the agent's audio, or shorter than that.
   */
  truncate(itemId: string, audioEndMs: number): void {
    const stored = this.get(itemId);
    const { item } = stored;
    if (item.type !== 'message' || item.role !== 'assistant' || item.content[0]?.type !== 'output_audio')
      throw new RequestError('invalid_value', 'Only model output audio messages can be truncated.', 'item_id');
    if (audioEndMs > stored.audioMs)
      throw new RequestError(
        'invalid_value',
        `Audio content of ${Math.floor(stored.audioMs)}ms is already shorter than ${audioEndMs}ms.`,
        'audio_end_ms',
      );
    stored.heardText = textUntil(stored.spoken ?? [], audioEndMs);
    stored.audioMs = audioEndMs;
    item.content = [{ type: 'output_audio' }];
  }
}

/** The words that ended by then. */
function textUntil(spoken: { text: string; endMs: number }[], endMs: number): string {
  return spoken
    .filter((word) => word.endMs <= endMs)
    .map((word) => word.text)
    .join('')
    .trim();
}

/** Transcripts that come in pieces, put together per item. Pure. */

export class SpokenWords {
  readonly #words = new Map<string, string>();

  /** @returns the item's words so far. */
  add(itemId: string, piece: string): string {
    const text = (this.#words.get(itemId) ?? '') + piece;
    this.#words.set(itemId, text);
    return text;
  }

  /** The item's words are complete and given in full. */
  finish(itemId: string): void {
    this.#words.delete(itemId);
  }
}

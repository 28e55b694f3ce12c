/**
 * Bytes that wait in line, in memory of their own that is used again and again: audio that waits for seconds would
 * otherwise keep alive the slabs its pieces were cut from. Pure.
 */
const SMALLEST_BYTES = 8 * 1024;
/** What an empty queue may keep: some 8 s of μ-law. */
const LARGEST_KEPT_BYTES = 64 * 1024;

export class ByteQueue {
  #memory = new Uint8Array(SMALLEST_BYTES);
  #head = 0;
  #length = 0;

  /** Bytes in line. */
  get length(): number {
    return this.#length;
  }

  /** Copies `bytes` to the end of the line. Bounding the line is the owner's business. */
  push(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#memory.length) this.#grow(this.#length + bytes.length);
    const from = (this.#head + this.#length) % this.#memory.length;
    const untilWrap = Math.min(bytes.length, this.#memory.length - from);
    this.#memory.set(untilWrap === bytes.length ? bytes : bytes.subarray(0, untilWrap), from);
    if (untilWrap < bytes.length) this.#memory.set(bytes.subarray(untilWrap), 0);
    this.#length += bytes.length;
  }

  /** Moves the first `count` bytes into the front of `into`. @throws RangeError when there are fewer. */
  take(count: number, into: Uint8Array): void {
    if (count > this.#length) throw new RangeError(`${count} bytes asked of ${this.#length}`);
    const untilWrap = Math.min(count, this.#memory.length - this.#head);
    into.set(this.#memory.subarray(this.#head, this.#head + untilWrap));
    if (untilWrap < count) into.set(this.#memory.subarray(0, count - untilWrap), untilWrap);
    this.#head = (this.#head + count) % this.#memory.length;
    this.#length -= count;
    if (this.#length === 0) this.clear();
  }

  clear(): void {
    this.#head = 0;
    this.#length = 0;
    if (this.#memory.length > LARGEST_KEPT_BYTES) this.#memory = new Uint8Array(SMALLEST_BYTES);
  }

  #grow(needed: number): void {
    let capacity = this.#memory.length;
    while (capacity < needed) capacity *= 2;
    const memory = new Uint8Array(capacity);
    const untilWrap = Math.min(this.#length, this.#memory.length - this.#head);
    memory.set(this.#memory.subarray(this.#head, this.#head + untilWrap));
    memory.set(this.#memory.subarray(0, this.#length - untilWrap), untilWrap);
    this.#memory = memory;
    this.#head = 0;
  }
}

/** JSON-RPC messages out of a stream of bytes, one a line: bounded, and patient with everything else on it. Pure. */
import { JSONRPCMessageSchema, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';

const MAX_LINE_BYTES = 1024 * 1024;
/** Of an over-long line its ends are kept: the id of an answer stands in one of them. */
const END_LENGTH = 200;
const LINE_END = 10;
const ID_FIRST = /^\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+)\s*,/;
const ID_LAST = /,\s*"id"\s*:\s*(\d+)\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/;

export interface LineReader {
  message(message: JSONRPCMessage): void;
  /** A line longer than 1 MiB was dropped. @param id of the request it answered, when that can be told. */
  tooLong(id: number | undefined): void;
}

export class MessageLines {
  readonly #reader: LineReader;
  #parts: Buffer[] = [];
  #length = 0;
  #head = '';
  #tail = '';
  /** Lines that were no messages. */
  junk = 0;

  constructor(reader: LineReader) {
    this.#reader = reader;
  }

  push(bytes: Buffer): void {
    let from = 0;
    for (let end = bytes.indexOf(LINE_END); end !== -1; end = bytes.indexOf(LINE_END, from)) {
      this.#add(bytes.subarray(from, end));
      this.#endLine();
      from = end + 1;
    }
    this.#add(bytes.subarray(from));
  }

  #add(part: Buffer): void {
    if (part.length === 0) return;
    this.#length += part.length;
    if (this.#length <= MAX_LINE_BYTES) {
      // Copied: a part must not keep all of what was read with it.
      this.#parts.push(Buffer.from(part));
      return;
    }
    if (this.#head === '')
      this.#head = Buffer.concat([...this.#parts, part.subarray(0, END_LENGTH)]).toString('utf8', 0, END_LENGTH);
    this.#parts = [];
    this.#tail = (this.#tail + part.subarray(-END_LENGTH).toString('utf8')).slice(-END_LENGTH);
  }

  #endLine(): void {
    const line = Buffer.concat(this.#parts).toString('utf8').trim();
    const isTooLong = this.#length > MAX_LINE_BYTES;
    const id = (ID_FIRST.exec(this.#head) ?? ID_LAST.exec(this.#tail))?.[1];
    this.#parts = [];
    this.#length = 0;
    this.#head = '';
    this.#tail = '';
    if (isTooLong) return this.#reader.tooLong(id === undefined ? undefined : Number(id));
    if (line !== '') this.#read(line);
  }

  #read(line: string): void {
    const message = messageIn(line);
    if (message) this.#reader.message(message);
    else this.junk += 1;
  }
}

function messageIn(line: string): JSONRPCMessage | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSONRPCMessageSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

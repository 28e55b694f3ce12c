/** How the spool looks on disk: one record a line, its CRC32 before it. What does not check is told apart byte by byte. */
import { crc32 } from 'node:zlib';

/** Of one record on disk, with its checksum and line end. */
export const MAX_RECORD_BYTES = 8 * 1024;
const LINE_END = 0x0a;
/** Eight hexadecimal digits and a space. */
const HEAD_BYTES = 9;

/** @param value fit for JSON. @returns the record's line, with its end. */
export function lineOf(value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  return Buffer.concat([Buffer.from(`${checksum(body)} `), body, Buffer.of(LINE_END)]);
}

/** What a file holds: its sound records in order, and the bytes of all lines that do not check. */
export interface SpoolContent {
  records: unknown[];
  damaged: Buffer;
  damagedLines: number;
}

/** Reads a whole file. A last line that lacks nothing but its end is sound. */
export function readLines(file: Buffer): SpoolContent {
  const records: unknown[] = [];
  const damaged: Buffer[] = [];
  for (let from = 0; from < file.length;) {
    const end = file.indexOf(LINE_END, from);
    const to = end < 0 ? file.length : end;
    const record = recordIn(file.subarray(from, to));
    if (record) records.push(record.value);
    else damaged.push(file.subarray(from, end < 0 ? to : to + 1));
    from = to + 1;
  }
  return { records, damaged: Buffer.concat(damaged), damagedLines: damaged.length };
}

function recordIn(line: Buffer): { value: unknown } | undefined {
  const body = line.subarray(HEAD_BYTES);
  if (line.subarray(0, HEAD_BYTES).toString('latin1') !== `${checksum(body)} `) return undefined;
  try {
    return { value: JSON.parse(body.toString()) as unknown };
  } catch {
    return undefined;
  }
}

const checksum = (body: Buffer): string => crc32(body).toString(16).padStart(8, '0');

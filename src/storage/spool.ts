/**
 * A local file that takes what must not be lost while the database is away. A record is on disk before its promise resolves;
 * what a crash tore is set aside in a file of its own and told. Belongs to one process at a time, as its folder does.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { open, readFile, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { lineOf, MAX_RECORD_BYTES, readLines } from './spool-lines.ts';

/** In the file at once: hours of an outage, and yet replayed within seconds. The file stays below 8 MB. */
export const MAX_RECORDS = 1_000;

/** The record could not be kept. `cause` tells why, where the disk refused it. */
export class SpoolError extends Error {
  override name = 'SpoolError';
}

export interface SpoolOptions<Entry> {
  /** Made when missing, readable by us alone. */
  folder: string;
  /** Of the file, without its ending. */
  name: string;
  /** @returns undefined when the record is none of ours. */
  read(value: unknown): Entry | undefined;
  log: Logger;
}

interface Waiting {
  line: Buffer;
  entry: unknown;
  resolve(): void;
  reject(error: Error): void;
}

export class Spool<Entry> {
  readonly #options: SpoolOptions<Entry>;
  readonly #file: FileHandle;
  /** On disk and not yet settled, in order. */
  readonly #pending: Entry[];
  #waiting: Waiting[] = [];
  /** Everything done to the file, one after the other. */
  #work: Promise<void> = Promise.resolve();
  /** Bytes of sound records: what lies behind was broken off and is overwritten. */
  #size: number;
  #recordsInFile: number;
  #isDirty = false;
  #isClosed = false;
  #filesSetAside: number;

  /** @throws an error of the file system. */
  static async open<Entry>(options: SpoolOptions<Entry>): Promise<Spool<Entry>> {
    const { folder, name, log } = options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await syncFolder(dirname(folder));
    const path = join(folder, `${name}.spool`);
    const found = await readFile(path).catch((error: unknown) => {
      if ((error as { code?: string }).code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    });
    const { damaged, damagedLines, records } = readLines(found);
    const entries = records.map(options.read);
    const foreign = records.filter((_record, i) => entries[i] === undefined).map(lineOf);
    const bad = Buffer.concat([damaged, ...foreign]);
    const file = await open(path, 'a+', 0o600);
    const pending = entries.filter((entry) => entry !== undefined);
    const spool = new Spool(options, file, pending, found.length);
    if (bad.length > 0) {
      const aside = await spool.#putAside('torn', bad);
      log.error(
        { file: aside, lines: damagedLines + foreign.length },
        'the spool was damaged, its bad part is set aside',
      );
    }
    // Each record is whole and on its own line from here on; a file that holds no more than that stays as it is.
    const sound = Buffer.concat(pending.map(lineOf));
    if (!sound.equals(found)) return spool.#rewritten(path, sound);
    await syncFolder(folder);
    return spool;
  }

  private constructor(options: SpoolOptions<Entry>, file: FileHandle, pending: Entry[], size: number) {
    this.#options = options;
    this.#file = file;
    this.#pending = pending;
    this.#size = size;
    this.#recordsInFile = pending.length;
    this.#filesSetAside = readdirSync(options.folder).filter((name) => /\.(torn|refused)-/.test(name)).length;
  }

  /** What is on disk and not settled, in the order in which it came. */
  get pending(): readonly Entry[] {
    return this.#pending;
  }

  /** Files that somebody has to look into, also of earlier runs. */
  get filesSetAside(): number {
    return this.#filesSetAside;
  }

  /** Resolves once the record is on disk. @throws SpoolError when the spool is full, closed or the disk refuses it. */
  append(entry: Entry): Promise<void> {
    if (this.#isClosed) return Promise.reject(new SpoolError('the spool is closed'));
    if (this.#recordsInFile + this.#waiting.length >= MAX_RECORDS)
      return Promise.reject(new SpoolError(`the spool is full: ${MAX_RECORDS} records`));
    const line = lineOf(entry);
    if (line.length > MAX_RECORD_BYTES) return Promise.reject(new SpoolError('the record is too large'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, entry, resolve, reject });
      void this.#inTurn(() => this.#writeWaiting());
    });
  }

  /** The entry needs no replay any more. When none is left the file is emptied. */
  settle(entry: Entry): Promise<void> {
    const index = this.#pending.indexOf(entry);
    if (index >= 0) this.#pending.splice(index, 1);
    return this.#inTurn(() => this.#emptyWhenSettled());
  }

  /** The entry can never be stored: kept in a file of its own, and told. */
  async refuse(entry: Entry, why: unknown): Promise<void> {
    const file = await this.#putAside('refused', lineOf(entry));
    this.#options.log.error({ file, err: why }, 'a record of the spool cannot be stored, it is set aside');
    await this.settle(entry);
  }

  /** Waits for what is being written. What is pending stays for the next start. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#inTurn(() => this.#file.close());
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.#work.then(task);
    this.#work = done.catch(() => {});
    return done;
  }

  /** All that wait go with one write and one sync. */
  async #writeWaiting(): Promise<void> {
    const batch = this.#waiting.splice(0);
    if (batch.length === 0) return;
    const lines = Buffer.concat(batch.map(({ line }) => line));
    this.#recordsInFile += batch.length;
    try {
      if (this.#isDirty) await this.#file.truncate(this.#size);
      this.#isDirty = true;
      await this.#file.appendFile(lines);
      await this.#file.datasync();
      this.#isDirty = false;
    } catch (error) {
      this.#recordsInFile -= batch.length;
      // What was refused must not come back at the next start.
      await this.#file.truncate(this.#size).then(
        () => (this.#isDirty = false),
        () => {},
      );
      for (const { reject } of batch) reject(new SpoolError('the spool could not be written', { cause: error }));
      return;
    }
    this.#size += lines.length;
    for (const { entry, resolve } of batch) {
      this.#pending.push(entry as Entry);
      resolve();
    }
  }

  async #emptyWhenSettled(): Promise<void> {
    if (this.#pending.length > 0 || this.#recordsInFile === 0) return;
    await this.#file.truncate(0);
    await this.#file.sync();
    this.#size = 0;
    this.#recordsInFile = 0;
    this.#isDirty = false;
  }

  /** @returns the file's name. */
  async #putAside(kind: 'torn' | 'refused', bytes: Buffer): Promise<string> {
    const { folder, name } = this.#options;
    const stamp = new Date().toISOString().replaceAll(':', '');
    const aside = `${name}.${kind}-${stamp}-${this.#filesSetAside}`;
    await writeFile(join(folder, aside), bytes, { flag: 'wx', mode: 0o600, flush: true });
    await syncFolder(folder);
    this.#filesSetAside++;
    return aside;
  }

  /** The same spool over a file that holds sound records only. */
  async #rewritten(path: string, sound: Buffer): Promise<Spool<Entry>> {
    await this.#file.close();
    const half = `${path}.new`;
    await writeFile(half, sound, { mode: 0o600, flush: true });
    await rename(half, path);
    await syncFolder(this.#options.folder);
    return new Spool(this.#options, await open(path, 'a+', 0o600), this.#pending, sound.length);
  }
}

/** A name is on disk only once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

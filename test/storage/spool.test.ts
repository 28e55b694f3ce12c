import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../../src/storage/spool-lines.ts';
import { MAX_RECORDS, Spool, SpoolError } from '../../src/storage/spool.ts';

interface Note {
  id: number;
  text: string;
}

let home: string;
let count = 0;
const alarms: string[] = [];
const log = pino({ level: 'error' }, { write: (line: string) => void alarms.push(line) });

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'bellhop-spool-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const newFolder = (): string => join(home, String(++count));
const read = (value: unknown): Note | undefined => (typeof value === 'object' ? (value as Note) : undefined);
const openIn = (folder: string): Promise<Spool<Note>> => Spool.open({ folder, name: 'notes', read, log });
const fileIn = (folder: string): string => join(folder, 'notes.spool');
const ids = (spool: Spool<Note>): number[] => spool.pending.map(({ id }) => id);
const note = (id: number): Note => ({ id, text: `towels ${id} é\n` });

/** A folder whose spool holds these bytes, opened. */
async function openOver(bytes: Buffer): Promise<{ folder: string; spool: Spool<Note> }> {
  const folder = newFolder();
  mkdirSync(folder);
  writeFileSync(fileIn(folder), bytes);
  return { folder, spool: await openIn(folder) };
}

const asideIn = (folder: string): Buffer[] =>
  readdirSync(folder)
    .filter((name) => name.includes('.torn-'))
    .map((name) => readFileSync(join(folder, name)));

describe('the spool', () => {
  it('what was appended is there at the next start, in order, until it is settled', async () => {
    const folder = newFolder();
    const first = await openIn(folder);
    await Promise.all([1, 2, 3, 4].map((id) => first.append(note(id))));
    await first.close();
    const second = await openIn(folder);
    expect(second.pending).toEqual([1, 2, 3, 4].map(note));
    await second.settle(second.pending[0] as Note);
    expect(ids(second)).toEqual([2, 3, 4]);
    for (const left of [...second.pending]) await second.settle(left);
    expect(statSync(fileIn(folder)).size).toBe(0);
    await second.append(note(5));
    await second.close();
    const third = await openIn(folder);
    expect(ids(third)).toEqual([5]);
    await third.close();
  });

  it('is readable by us alone: guests’ wishes and rooms are in it', async () => {
    const folder = newFolder();
    const spool = await openIn(folder);
    await spool.append(note(1));
    expect(statSync(folder).mode & 0o077).toBe(0);
    expect(statSync(fileIn(folder)).mode & 0o077).toBe(0);
    await spool.close();
  });

  it('a tail torn at any byte costs no whole record, is set aside with an alarm, and appends go on', async () => {
    const lines = [1, 2, 3].map((id) => lineOf(note(id)));
    const whole = Buffer.concat(lines);
    const ends = lines.map((_line, i) => Buffer.concat(lines.slice(0, i + 1)).length);
    for (let cut = 0; cut <= whole.length; cut++) {
      alarms.length = 0;
      const { folder, spool } = await openOver(whole.subarray(0, cut));
      // A record that lacks only its line end is whole.
      const kept = ends.filter((end) => end - 1 <= cut).length;
      const torn = whole.subarray(kept === 0 ? 0 : Math.min(cut, ends[kept - 1] ?? 0), cut);
      expect(ids(spool)).toEqual([1, 2, 3].slice(0, kept));
      expect(asideIn(folder)).toEqual(torn.length > 0 ? [torn] : []);
      expect([spool.filesSetAside, alarms.length]).toEqual(torn.length > 0 ? [1, 1] : [0, 0]);
      await spool.append(note(9));
      await spool.close();
      const again = await openIn(folder);
      expect(ids(again)).toEqual([...[1, 2, 3].slice(0, kept), 9]);
      expect(again.filesSetAside).toBe(torn.length > 0 ? 1 : 0);
      await again.close();
    }
  });

  it('one wrong bit anywhere never makes another record of it, and spares the others', async () => {
    const lines = [1, 2, 3].map((id) => lineOf(note(id)));
    const whole = Buffer.concat(lines);
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      const { folder, spool } = await openOver(bytes);
      const lost = [1, 2, 3].filter((id) => !ids(spool).includes(id));
      expect(spool.pending).toEqual([1, 2, 3].filter((id) => !lost.includes(id)).map(note));
      // A line end that is gone takes two lines with it; the last one takes none.
      expect(lost.length).toBeLessThanOrEqual(2);
      if (lost.length > 0) expect(asideIn(folder)).toHaveLength(1);
      await spool.close();
    }
  });

  it('zeros that a power cut left behind are set aside', async () => {
    const { folder, spool } = await openOver(Buffer.concat([lineOf(note(1)), Buffer.alloc(4096)]));
    expect(ids(spool)).toEqual([1]);
    expect(asideIn(folder)).toEqual([Buffer.alloc(4096)]);
    await spool.close();
  });

  it('a record that is whole and none of ours is set aside too', async () => {
    const { folder, spool } = await openOver(Buffer.concat([lineOf('of another time'), lineOf(note(2))]));
    expect(ids(spool)).toEqual([2]);
    expect(asideIn(folder)).toEqual([lineOf('of another time')]);
    await spool.close();
  });

  it(`takes ${MAX_RECORDS} records and refuses one more, until they are settled`, async () => {
    const spool = await openIn(newFolder());
    const appended = Array.from({ length: MAX_RECORDS }, (_none, id) => spool.append(note(id)));
    await expect(spool.append(note(-1))).rejects.toThrow(SpoolError);
    await Promise.all(appended);
    await expect(spool.append(note(-1))).rejects.toThrow(`the spool is full: ${MAX_RECORDS} records`);
    await Promise.all([...spool.pending].map((entry) => spool.settle(entry)));
    await spool.append(note(-1));
    expect(ids(spool)).toEqual([-1]);
    await spool.close();
  });

  it('refuses a record larger than it would read, and everything once closed', async () => {
    const spool = await openIn(newFolder());
    await expect(spool.append({ id: 1, text: 'x'.repeat(9_000) })).rejects.toThrow('too large');
    await spool.close();
    await expect(spool.append(note(1))).rejects.toThrow('the spool is closed');
  });

  it('a refused entry is kept in a file of its own, and the rest goes on', async () => {
    const folder = newFolder();
    const spool = await openIn(folder);
    await Promise.all([1, 2].map((id) => spool.append(note(id))));
    await spool.refuse(spool.pending[0] as Note, new Error('never'));
    expect(ids(spool)).toEqual([2]);
    const [aside = ''] = readdirSync(folder).filter((name) => name.includes('.refused-'));
    expect(readFileSync(join(folder, aside))).toEqual(lineOf(note(1)));
    await spool.close();
  });
});

/** The same numbers in every run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const writer = new URL('spool-writer-process.ts', import.meta.url).pathname;

/** Runs the writer until it acknowledged so many records, then kills it. @returns what it acknowledged and began to settle. */
async function writeAndKill(folder: string, from: number, afterAcks: number) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', writer, folder, String(from)]);
  const acknowledged: number[] = [];
  const settled = new Set<number>();
  for await (const line of createInterface(child.stdout)) {
    const [verb, id] = line.split(' ');
    if (verb === 'kept') acknowledged.push(Number(id));
    else settled.add(Number(id));
    // What it said until it died still counts.
    if (acknowledged.length >= afterAcks) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return { acknowledged, settled };
}

describe('kill -9', () => {
  it('[TOOL-39] at twenty points of appending and settling: nothing acknowledged is missing, nothing doubled', async () => {
    const folder = newFolder();
    const roll = dice(39);
    const owed = new Set<number>();
    let next = 0;
    let acknowledgedInAll = 0;
    for (let kill = 0; kill < 20; kill++) {
      const { acknowledged, settled } = await writeAndKill(folder, next, 1 + roll(90));
      acknowledgedInAll += acknowledged.length;
      for (const id of acknowledged) owed.add(id);
      for (const id of settled) owed.delete(id);
      const spool = await openIn(folder);
      const kept = ids(spool);
      expect(new Set(kept).size).toBe(kept.length);
      expect([...owed].filter((id) => !kept.includes(id))).toEqual([]);
      next = Math.max(next, ...acknowledged, ...kept) + 1;
      await spool.close();
    }
    expect(acknowledgedInAll).toBeGreaterThan(500);
  }, 60_000);
});

/** Figures of the bench: order statistics, and what a process tree cost, from `/proc`. */
import { readdirSync, readFileSync } from 'node:fs';

/** @param share 0.5 for the median. @returns NaN when there are no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The kernel counts in hundredths of a second on all usual systems. */
const MS_PER_TICK = 10;
const KIB = 1024;

export interface Cost {
  cpuMs: number;
  residentMib: number;
}

/** @returns what a process and all below it used so far. Linux alone has `/proc`. */
export function costOf(pid: number): Cost {
  return treeOf(pid).reduce(
    (sum, member) => {
      const { cpuMs, residentMib } = costOfOne(member);
      return { cpuMs: sum.cpuMs + cpuMs, residentMib: sum.residentMib + residentMib };
    },
    { cpuMs: 0, residentMib: 0 },
  );
}

function treeOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: Number(fieldsOf(Number(name))[1]) }));
  const tree = [pid];
  for (const member of tree) tree.push(...parents.filter(({ parent }) => parent === member).map((child) => child.pid));
  return tree;
}

function costOfOne(pid: number): Cost {
  const fields = fieldsOf(pid);
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  try {
    const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return { cpuMs: ticks * MS_PER_TICK, residentMib: Number(resident ?? 0) / KIB };
  } catch {
    return { cpuMs: ticks * MS_PER_TICK, residentMib: 0 };
  }
}

/** Fields of `/proc/PID/stat` from the state on: the name before them may hold blanks. */
function fieldsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}

/** Which of a server's tools staff approved, as they are listed now; what changed since is not trusted (T6, rule TOOL-45). Pure. */
import type { ListedTool } from './ports.ts';
import { flagsOf } from './suspicious-text.ts';
import { NestedTooDeeplyError, toolHash } from './tool-hash.ts';

/** What staff approved: the tool as it was listed then. */
export interface ApprovedTool {
  tool: string;
  hash: string;
  listed: ListedTool;
}

export interface TrustedTool {
  /** As it is listed now; one that is gone as it was approved. */
  tool: ListedTool;
  /** `new`: nobody approved it. `changed`: not what was approved. `gone`: not listed any more. Only `approved` may be used. */
  trust: 'approved' | 'new' | 'changed' | 'gone';
  /** Empty when the tool cannot be read, and so not be approved. */
  hash: string;
  /** What was approved, when it changed. */
  before: ListedTool | undefined;
  /** In words for staff. */
  flags: string[];
}

/** @returns the tools in the order of their listing, then those that are gone. */
export function reviewTools(listed: readonly ListedTool[], approved: readonly ApprovedTool[]): TrustedTool[] {
  const approvals = new Map(approved.map((approval) => [approval.tool, approval]));
  const times = new Map<string, number>();
  for (const { name } of listed) times.set(name, (times.get(name) ?? 0) + 1);
  const here = listed.map((tool) => {
    const hash = hashOrNone(tool);
    const before = approvals.get(tool.name);
    const isDouble = (times.get(tool.name) ?? 0) > 1;
    const flags = [
      ...(hash === '' ? ['nested so deeply that it cannot be read'] : knownFlagsOf(tool)),
      ...(isDouble ? ['name: listed more than once'] : []),
    ];
    // Which of two is called by the name is the server's choice, so neither is what was approved.
    if (before && isAsApproved(hash, before) && !isDouble)
      return { tool, trust: 'approved', hash, before: undefined, flags } as const;
    return { tool, trust: before ? 'changed' : 'new', hash, before: before?.listed, flags } as const;
  });
  const gone = approved
    .filter(({ tool }) => !times.has(tool))
    .map(
      ({ listed: tool, hash }) => ({ tool, trust: 'gone', hash, before: undefined, flags: [] as string[] }) as const,
    );
  return [...here, ...gone];
}

/** @returns by name the tools that may be used: approved, and listed once as they were then. */
export function trustedTools(
  listed: readonly ListedTool[],
  approved: readonly ApprovedTool[],
): Map<string, ListedTool> {
  const approvals = new Map(approved.map((approval) => [approval.tool, approval]));
  const counted = Map.groupBy(listed, ({ name }) => name);
  return new Map(
    [...counted].flatMap(([name, [tool, ...more]]) => {
      const approval = approvals.get(name);
      const isTrusted = tool && approval && more.length === 0 && isAsApproved(hashOrNone(tool), approval);
      return isTrusted ? [[name, tool]] : [];
    }),
  );
}

const isAsApproved = (hash: string, approval: ApprovedTool): boolean => hash !== '' && hash === approval.hash;

/** What is listed is asked about again and again, and never changes; calls talk meanwhile, so it is read once. */
const knownHashes = new WeakMap<ListedTool, string>();
const knownFlags = new WeakMap<ListedTool, readonly string[]>();

function hashOrNone(tool: ListedTool): string {
  const known = knownHashes.get(tool) ?? freshHash(tool);
  knownHashes.set(tool, known);
  return known;
}

function knownFlagsOf(tool: ListedTool): readonly string[] {
  const known = knownFlags.get(tool) ?? flagsOf(tool);
  knownFlags.set(tool, known);
  return known;
}

function freshHash(tool: ListedTool): string {
  try {
    return toolHash(tool);
  } catch (error) {
    if (error instanceof NestedTooDeeplyError) return '';
    throw error;
  }
}

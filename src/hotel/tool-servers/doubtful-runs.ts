/** What one call asked of tools that change things, and nobody knows whether it was done: it is never done again (rule TOOL-42). */
import { createHash } from 'node:crypto';
import { nativeKey, type OutsideTool } from './offer.ts';
import { canonicalJson } from './tool-hash.ts';

/** More than a call may use tools at all; the model's side alone could go beyond, and is then refused all of them. */
const MAX_RUNS = 200;

export class DoubtfulRuns {
  readonly #runs = new Set<string>();

  /** It may be done from now on. @returns what tells that its outcome is known after all. */
  begin(tool: OutsideTool, input: unknown): () => void {
    if (tool.isReadOnly || this.#runs.size >= MAX_RUNS) return () => undefined;
    const run = runOf(tool, input);
    this.#runs.add(run);
    return () => void this.#runs.delete(run);
  }

  /** Whether the same was begun before and its outcome is not known. @param input what the model sent. */
  has(tool: OutsideTool, input: unknown): boolean {
    return !tool.isReadOnly && (this.#runs.size >= MAX_RUNS || this.#runs.has(runOf(tool, input)));
  }
}

const runOf = ({ server, tool }: OutsideTool, input: unknown): string =>
  createHash('sha256')
    .update(`${nativeKey(server, tool)} ${canonicalJson(input)}`)
    .digest('base64');

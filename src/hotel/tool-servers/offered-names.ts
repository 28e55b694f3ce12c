/** Names under which the model knows tools: unique, short, in the charset that providers take (rule TOOL-44). Pure. */
import { createHash } from 'node:crypto';
import { PROVIDER_NAME } from './suspicious-text.ts';

const MAX_LENGTH = 64;
const HASH_LENGTH = 8;

export class OfferedNames {
  readonly #taken: Set<string>;

  /** @param taken names of the hotel's tools and functions: nobody else gets one of them. */
  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** Takes a name that cannot be changed. @returns false when a provider does not take it, or another tool has it. */
  takeAsIs(name: string): boolean {
    if (!PROVIDER_NAME.test(name) || this.#taken.has(name)) return false;
    this.#taken.add(name);
    return true;
  }

  /** Takes the tool's own name when it is free, else one with the server's label before it. @returns the name. */
  take(label: string, tool: string): string {
    const bare = fitting(tool, tool);
    const prefixed = fitting(`${label}_${tool}`, `${label}/${tool}`);
    const name =
      [bare, prefixed].find((candidate) => !this.#taken.has(candidate)) ?? hashed(prefixed, `${label}/${tool}`);
    this.#taken.add(name);
    return name;
  }
}

/** @returns the name in the charset and length; one that had to be cut ends with a hash of `identity`. */
function fitting(name: string, identity: string): string {
  const clean = name.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  return clean.length <= MAX_LENGTH ? clean : hashed(clean, identity);
}

const hashed = (name: string, identity: string): string =>
  `${name.slice(0, MAX_LENGTH - HASH_LENGTH - 1)}_${createHash('sha256').update(identity).digest('hex').slice(0, HASH_LENGTH)}`;

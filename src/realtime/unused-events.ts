/** Counts what a server sends and we do not use, by its name: at most 100 names, at most 100 characters each. */

const MAX_NAMES = 100;
const MAX_CHARACTERS = 100;

export class UnusedEvents {
  readonly #counts = new Map<string, number>();

  /** @param name of the event, as the server wrote it. */
  count(name: string): void {
    const short = name.length > MAX_CHARACTERS ? 'malformed' : name;
    const count = this.#counts.get(short);
    if (count !== undefined || this.#counts.size < MAX_NAMES) this.#counts.set(short, (count ?? 0) + 1);
  }

  /** @param clean makes a name fit for the log. @returns counts by name; undefined when there was nothing. */
  summary(clean: (name: string) => string): Record<string, number> | undefined {
    if (this.#counts.size === 0) return undefined;
    return Object.fromEntries([...this.#counts].map(([name, count]) => [clean(name), count]));
  }
}

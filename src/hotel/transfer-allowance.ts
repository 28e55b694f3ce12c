/** How often calls may be put through (rule XFER-49): in one call, to one department of it, and within an hour of the hotel. */

const HOUR_MS = 3_600_000;

/** When calls were put through within the last hour, in this instance; holds at most as many times as are allowed. */
export class TransferHour {
  readonly #most: number;
  #times: number[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** @param nowMs monotonic. */
  hasRoom(nowMs: number): boolean {
    this.#times = this.#times.filter((time) => nowMs - time < HOUR_MS);
    return this.#times.length < this.#most;
  }

  /** Beyond the limit the oldest is forgotten. */
  count(nowMs: number): void {
    this.#times.push(nowMs);
    if (this.#times.length > this.#most) this.#times.shift();
  }
}

export interface TransferBounds {
  per_call: number;
  per_department: number;
}

/** The tries of one call: whoever is put through again comes back from a department that did not take the call. */
export class CallTransfers {
  readonly #bounds: TransferBounds;
  readonly #tries = new Map<string, number>();

  constructor(bounds: TransferBounds) {
    this.#bounds = bounds;
  }

  /** @returns which bound one more try would break. */
  broken(department: string): 'call' | 'department' | undefined {
    let all = 0;
    for (const tries of this.#tries.values()) all += tries;
    if (this.triesOf(department) >= this.#bounds.per_department) return 'department';
    return all >= this.#bounds.per_call ? 'call' : undefined;
  }

  count(department: string): void {
    this.#tries.set(department, this.triesOf(department) + 1);
  }

  triesOf(department: string): number {
    return this.#tries.get(department) ?? 0;
  }
}

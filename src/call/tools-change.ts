/**
 * Staff changed which tools there are while the call goes on: the agent is told in a pause, or, in a conversation without
 * one, soon all the same (its connection waits for the end of a response).
 */
import type { CallRecord } from './call-record.ts';
import { LIMITS } from './limits.ts';
import type { AgentLeg } from './ports.ts';
import type { Timers } from './timers.ts';

export interface ToolsChangeParts {
  timers: Timers<string>;
  record: CallRecord;
}

export class ToolsChange {
  readonly #parts: ToolsChangeParts;
  /** The agent that can be told. */
  readonly #ready: () => AgentLeg | undefined;
  #version: number | undefined;
  #hasChanged = false;

  constructor(parts: ToolsChangeParts, ready: () => AgentLeg | undefined) {
    this.#parts = parts;
    this.#ready = ready;
  }

  /** @param version of the set that is to be offered from now on. */
  changed(version: number): void {
    this.#hasChanged = true;
    if (this.#version === undefined)
      this.#parts.timers.set('tools-change', LIMITS.toolsChangeWithinMs, () => this.#apply());
    this.#version = version;
  }

  /** The guest and the agent are silent, and nothing is owed or runs. */
  quiet(): void {
    if (this.#version !== undefined) this.#apply();
  }

  /** Another connection took over; it may have been opened before the change. */
  tookOver(leg: AgentLeg): void {
    if (this.#version !== undefined) this.#apply();
    else if (this.#hasChanged) leg.refreshTools();
  }

  #apply(): void {
    const leg = this.#ready();
    // Whoever comes is told when they take over.
    if (this.#version === undefined || !leg) return;
    const version = this.#version;
    this.#version = undefined;
    this.#parts.timers.stop('tools-change');
    leg.refreshTools();
    this.#parts.record.note({ kind: 'tools-changed', version });
  }
}

/** Tells viewers of tool servers and approvals. What changes often is told at most a few times a second. */
import { redactCards } from '../call/card-numbers.ts';
import type { ApprovalDecision } from '../hotel/tool-servers/ports.ts';
import type { LiveFeed } from './live-feed.ts';
import type { PendingApproval, ServerView, ToolServersDesk } from './tool-server-ports.ts';
import type { ServerHead } from './wire.ts';

/** A server that connects and lists its tools is told of once. */
const GATHER_MS = 200;

export class ToolServerNews {
  readonly #feed: LiveFeed;
  readonly #desk: Pick<ToolServersDesk, 'servers'>;
  readonly #failed: (error: unknown) => void;
  #gathering: NodeJS.Timeout | undefined;

  /** @param failed is told when the servers could not be read: viewers are told with the next change. */
  constructor(feed: LiveFeed, desk: Pick<ToolServersDesk, 'servers'>, failed: (error: unknown) => void) {
    this.#feed = feed;
    this.#desk = desk;
    this.#failed = failed;
  }

  /** Call it when a status, a list of tools, a definition, trust, or the set that a call holds has changed. */
  changed(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      void this.#tell();
    }, GATHER_MS).unref();
  }

  /** A call asks staff. */
  asked(approval: PendingApproval): void {
    this.#feed.publish('approval', { kind: 'asked', approval: shownApproval(approval) });
  }

  /** An approval has ended; telling it twice is harmless. @param by who answered; null when nobody did. */
  ended(id: string, decision: ApprovalDecision, by: string | null): void {
    this.#feed.publish('approval', { kind: 'ended', id, decision, by });
  }

  close(): void {
    clearTimeout(this.#gathering);
  }

  async #tell(): Promise<void> {
    try {
      this.#feed.publish('tool-servers', { servers: (await this.#desk.servers()).map(headOf) });
    } catch (error) {
      this.#failed(error);
    }
  }
}

/** @returns the approval as staff see it: card numbers are for nobody's eyes. */
export function shownApproval(approval: PendingApproval): PendingApproval {
  return { ...approval, argumentsJson: redactCards(approval.argumentsJson) };
}

/** @returns what the list of servers shows of one. */
export function headOf({
  label,
  source,
  version,
  definition,
  status,
  path,
  tools,
  callsBehind,
}: ServerView): ServerHead {
  const { mode, description, enabled: isEnabled } = definition;
  return {
    label,
    source,
    version,
    mode,
    description,
    isEnabled,
    status,
    path,
    offered: tools.filter(({ offeredAs }) => offeredAs !== undefined).length,
    waiting: tools.filter(({ trust }) => trust === 'new' || trust === 'changed').length,
    changed: tools.filter(({ trust }) => trust === 'changed').length,
    callsBehind,
  };
}

/** What the tools of a call need of the tool servers. Floor 3 joins it to their connections and to what staff decided. */
import type { ApprovalDesk } from './approval-desk.ts';
import type { Offer } from './offer.ts';
import type { LinkResult } from './ports.ts';
import type { RateLimits } from './rate-limits.ts';

export interface OutsideTools {
  /** For a call that begins now, or one that is told of a change between two turns. */
  offer(): Offer;
  /** Never rejects. @param tool its name at the server. */
  call(
    server: string,
    tool: string,
    input: Record<string, unknown>,
    limits: { signal: AbortSignal; withinMs: number },
  ): Promise<LinkResult>;
  /** Reads a resource. Never rejects. */
  read(server: string, uri: string, limits: { signal: AbortSignal; withinMs: number }): Promise<LinkResult>;
  /** Whether staff have not switched it off, and it is what they approved, at this moment: `isOn` tells. */
  isStillOn(server: string, tool: string): boolean;
  readonly approvals: ApprovalDesk;
  readonly limits: RateLimits;
}

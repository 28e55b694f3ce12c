/** What calls ask staff: those that wait, and for a moment what came of those that ended. */
import type { ApprovalNews, AsJson } from '../wire.ts';
import { answerApproval, type ApprovalJson } from './tool-api.ts';

export interface AskedApproval {
  approval: ApprovalJson;
  /** An answer is on its way. */
  isBusy: boolean;
  /** What to tell when an answer did not get through; it can be tried again. */
  problem: string;
  /** What came of it, in words; undefined: it waits. */
  outcome: string | undefined;
  endedAtMs: number;
  /** The last seconds were told to those who do not see the page. */
  wasWarned: boolean;
}

interface Around {
  mayAnswer: boolean;
  nowMs(): number;
  announce(text: string): void;
  changed(): void;
  signedOut(): void;
}

type Decision = 'approved' | 'denied';

/** So long what came of an approval can be read. */
const SHOWN_AFTER_MS = 8_000;
/** The server tells what ran out; when it says nothing, the page says so itself after this. */
const LATE_MS = 2_000;
const WARNING_MS = 6_000;

export class ApprovalBoard {
  readonly #asked = new Map<string, AskedApproval>();
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  /** All that are shown, oldest first. */
  get shown(): AskedApproval[] {
    return [...this.#asked.values()];
  }

  get waiting(): number {
    return this.shown.filter(({ outcome }) => outcome === undefined).length;
  }

  snapshot(approvals: readonly ApprovalJson[]): void {
    const ids = new Set(approvals.map(({ id }) => id));
    for (const { approval, outcome } of this.#asked.values())
      if (outcome === undefined && !ids.has(approval.id)) this.#ended(approval.id, 'It does not wait any more.');
    for (const approval of approvals) this.#ask(approval);
  }

  heard(news: AsJson<ApprovalNews>): void {
    if (news.kind === 'asked') {
      // Told late, such as after a break of the line: nobody can answer it any more.
      if (Date.parse(news.approval.expiresAt) > this.#around.nowMs()) this.#ask(news.approval);
    } else this.#ended(news.id, outcomeWords(news.decision, news.by));
  }

  /** Takes away what was shown long enough; call it every second. */
  pass(): void {
    const nowMs = this.#around.nowMs();
    for (const [id, asked] of this.#asked) {
      const leftMs = Date.parse(asked.approval.expiresAt) - nowMs;
      if (asked.outcome !== undefined) {
        if (nowMs - asked.endedAtMs > SHOWN_AFTER_MS) this.#asked.delete(id);
      } else if (leftMs < -LATE_MS) this.#ended(id, 'Its time is over: it was not allowed.');
      else if (leftMs < WARNING_MS && leftMs > 0 && !asked.wasWarned) {
        asked.wasWarned = true;
        this.#around.announce(`${Math.ceil(leftMs / 1_000)} seconds left for the approval.`);
      }
    }
  }

  /** Answers one; what came of it shows at it. */
  async answer(id: string, decision: Decision): Promise<void> {
    const asked = this.#asked.get(id);
    if (!asked || asked.isBusy || asked.outcome !== undefined) return;
    asked.isBusy = true;
    asked.problem = '';
    this.#around.changed();
    const answer = await answerApproval(id, decision);
    asked.isBusy = false;
    if (answer.kind === 'signed-out') this.#around.signedOut();
    else if (answer.kind === 'ok')
      this.#ended(id, decision === 'approved' ? 'You allowed it.' : 'You denied it.', true);
    else if (answer.kind === 'conflict') this.#ended(id, answer.conflict.error, true);
    else if (answer.status === 410 || answer.status === 404) this.#ended(id, answer.message, true);
    else asked.problem = answer.message;
    this.#around.changed();
  }

  #ask(approval: ApprovalJson): void {
    if (this.#asked.has(approval.id)) return;
    const rest = { isBusy: false, problem: '', outcome: undefined, endedAtMs: 0, wasWarned: false };
    this.#asked.set(approval.id, { approval, ...rest });
    const seconds = Math.max(0, Math.round((Date.parse(approval.expiresAt) - this.#around.nowMs()) / 1_000));
    const room = approval.room === null ? 'a guest' : `room ${approval.room}`;
    const how = this.#around.mayAnswer ? ' Alt and A leads there.' : '';
    this.#around.announce(
      `Approval needed: ${approval.tool} of ${approval.server} for ${room}. ${seconds} seconds.${how}`,
    );
  }

  /** @param isOwn it came of what this member did, so it says more than what the feed tells everybody. */
  #ended(id: string, outcome: string, isOwn = false): void {
    const asked = this.#asked.get(id);
    if (!asked || asked.outcome === outcome) return;
    // What the feed says while an own answer is on its way is told by the answer itself.
    if (!isOwn && (asked.isBusy || asked.outcome !== undefined)) return;
    asked.outcome = outcome;
    asked.endedAtMs = this.#around.nowMs();
    this.#around.announce(outcome);
  }
}

function outcomeWords(decision: string, by: string | null): string {
  if (decision === 'approved') return by === null ? 'It was allowed.' : `${by} allowed it.`;
  if (decision === 'denied') return by === null ? 'It was denied.' : `${by} denied it.`;
  return decision === 'cancelled' ? 'The call does not need it any more.' : 'Its time is over: it was not allowed.';
}

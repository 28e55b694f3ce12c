/** Questions of calls to staff: written by the call's instance, answered from any; the first answer stands. */
import { sql } from 'kysely';
import { validate } from 'uuid';
import type { ToolPath } from '../call/call-event.ts';
import { plain } from '../call/plain-text.ts';
import type { ApprovalBook, ApprovalDecision, ApprovalQuestion } from '../hotel/tool-servers/ports.ts';
import { noteAudit } from './audit-rows.ts';
import type { Database } from './database.ts';

/** The channel on which all instances hear of a new, an answered or a closed question; the payload is its id. */
export const APPROVALS_CHANNEL = 'approvals';

/** Of all calls: more than staff could answer in time. */
const MAX_PENDING = 200;

/** A question that waits, with the room of its call when it is known. */
export interface WaitingApproval extends ApprovalQuestion {
  room: string | null;
}

/** What came of an answer. */
export type AnswerWritten =
  | { kind: 'answered'; decision: 'approved' | 'denied' }
  /** Somebody answered before. */
  | { kind: 'taken'; decision: ApprovalDecision; by: string }
  /** Its time is over, or the call is. */
  | { kind: 'over'; decision: ApprovalDecision }
  | { kind: 'unknown' };

export class PostgresApprovalBook implements ApprovalBook {
  readonly #database: Database;
  readonly #hotelId: string;

  constructor(database: Database, hotelId: string) {
    this.#database = database;
    this.#hotelId = hotelId;
  }

  async open({ id, callId, server, tool, argumentsJson, path, askedAt, expiresAt }: ApprovalQuestion): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('approvals')
        .values({
          id,
          hotel_id: this.#hotelId,
          call_id: callId,
          ...plain({ server, tool, arguments: argumentsJson }),
          path,
          asked_at: askedAt,
          expires_at: expiresAt,
        })
        .execute();
      await tell(transaction, id);
    });
  }

  /** A question that is not in the book was never asked: what it is closed with stands. */
  async close(id: string, how: 'expired' | 'cancelled'): Promise<ApprovalDecision> {
    const isClosed = await this.#database.transaction().execute(async (transaction) => {
      const row = await this.#decide(transaction, id, { decision: how, by: null });
      if (row) await tell(transaction, id);
      return row !== undefined;
    });
    return isClosed ? how : ((await this.decisionOf(id))?.decision ?? how);
  }

  // ——— for staff ———

  /** Questions that wait for an answer, oldest first. */
  async pending(): Promise<WaitingApproval[]> {
    const rows = await this.#database
      .selectFrom('approvals')
      .leftJoin('calls', 'calls.id', 'approvals.call_id')
      .selectAll('approvals')
      .select('calls.room')
      .where('approvals.hotel_id', '=', this.#hotelId)
      .where('decision', 'is', null)
      .where('expires_at', '>', sql<Date>`now()`)
      .orderBy('asked_at')
      .limit(MAX_PENDING)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      callId: row.call_id,
      server: row.server,
      tool: row.tool,
      argumentsJson: row.arguments,
      path: row.path as ToolPath,
      askedAt: row.asked_at,
      expiresAt: row.expires_at,
      room: row.room,
    }));
  }

  /** @param member the name of who answers. */
  async answer(id: string, decision: 'approved' | 'denied', member: string): Promise<AnswerWritten> {
    if (!validate(id)) return { kind: 'unknown' };
    const isFirst = await this.#database.transaction().execute(async (transaction) => {
      const row = await this.#decide(transaction, id, { decision, by: member });
      if (!row) return false;
      const { call_id: callId, server, tool } = row;
      const what = decision === 'approved' ? 'tool call approved' : 'tool call denied';
      await noteAudit(transaction, { who: member, what, subject: id, details: { callId, server, tool } });
      await tell(transaction, id);
      return true;
    });
    if (isFirst) return { kind: 'answered', decision };
    const known = await this.decisionOf(id);
    if (!known) return { kind: 'unknown' };
    return known.by === null
      ? { kind: 'over', decision: known.decision ?? 'expired' }
      : { kind: 'taken', decision: known.decision ?? 'expired', by: known.by };
  }

  /** @returns what stands, and who decided it; `decision` is null while nobody did; undefined: no such question. */
  async decisionOf(id: string): Promise<{ decision: ApprovalDecision | null; by: string | null } | undefined> {
    if (!validate(id)) return undefined;
    return this.#database
      .selectFrom('approvals')
      .select(['decision', 'decided_by as by'])
      .where('hotel_id', '=', this.#hotelId)
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** Of all who decide at once the database lets one through. @returns undefined when it was not this one. */
  async #decide(
    transaction: Database,
    id: string,
    { decision, by }: { decision: ApprovalDecision; by: string | null },
  ): Promise<{ call_id: string; server: string; tool: string } | undefined> {
    // Whoever waits here reads the clock after it: the time may have run out meanwhile.
    await sql`select from approvals where id = ${id} for update`.execute(transaction);
    const query = transaction
      .updateTable('approvals')
      .set({ decision, decided_by: by, decided_at: sql<Date>`clock_timestamp()` })
      .where('hotel_id', '=', this.#hotelId)
      .where('id', '=', id)
      .where('decision', 'is', null);
    const inTime = by === null ? query : query.where('expires_at', '>', sql<Date>`clock_timestamp()`);
    return inTime.returning(['call_id', 'server', 'tool']).executeTakeFirst();
  }
}

const tell = async (transaction: Database, id: string): Promise<void> => {
  await sql`select pg_notify(${APPROVALS_CHANNEL}, ${id})`.execute(transaction);
};

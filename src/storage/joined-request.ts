/** A guest who calls again about what is under way already: the open request of their stay is the one (rule TRUTH-37). */
import { sql, type Selectable, type Transaction } from 'kysely';
import type { RequestDraft } from '../hotel/ports.ts';
import { isSameWish } from '../hotel/same-wish.ts';
import { DUE_MINUTES, prioritySchema } from '../hotel/service-request.ts';
import type { Schema } from './schema.ts';

type Row = Selectable<Schema['service_requests']>;

/** Open requests of one stay that are compared; more than a guest has. */
const MAX_COMPARED = 50;

/**
 * Only for a verified guest's own room: nobody may learn of, or change, another's request by asking for the same.
 * @returns the open request that asks for the same, locked, with the higher priority of the two, and what to note of it;
 * undefined when there is none.
 */
export async function joinOpenRequest(
  transaction: Transaction<Schema>,
  draft: RequestDraft,
): Promise<{ row: Row; what: string } | undefined> {
  if (!draft.isRoomVerified || draft.stayId === undefined) return undefined;
  const open = await transaction
    .selectFrom('service_requests')
    .selectAll()
    .where('stay_id', '=', draft.stayId)
    .where('department', '=', draft.department)
    .where('status', 'not in', ['done', 'cancelled'])
    .where((expression) =>
      expression.or([expression('call_id', 'is', null), expression('call_id', '!=', draft.callId)]),
    )
    .orderBy('created_at')
    .limit(MAX_COMPARED)
    .forUpdate()
    .execute();
  const same = open.find(({ summary }) => isSameWish(summary, draft.summary));
  if (!same) return undefined;
  const ranks = prioritySchema.options;
  const isMoreUrgent = ranks.indexOf(draft.priority) > ranks.indexOf(same.priority);
  const priority = isMoreUrgent ? draft.priority : same.priority;
  const row = await transaction
    .updateTable('service_requests')
    .set((expression) => ({
      priority,
      version: expression('version', '+', 1),
      due_at: isMoreUrgent ? new Date(same.created_at.getTime() + DUE_MINUTES[priority] * 60_000) : same.due_at,
      updated_at: sql<Date>`now()`,
    }))
    .where('id', '=', same.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const raised = isMoreUrgent ? `; priority: ${same.priority} -> ${priority}` : '';
  return { row, what: `asked for again: "${draft.summary}"${raised}` };
}

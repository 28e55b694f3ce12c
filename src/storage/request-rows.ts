/** Rows of service requests: as they are read, and how each change of one is noted and told. */
import { sql, type Selectable, type Transaction } from 'kysely';
import { redactCards } from '../call/card-numbers.ts';
import type { PriorityChange } from '../hotel/ports.ts';
import { DUE_MINUTES, isOpen, type Priority, type ServiceRequest } from '../hotel/service-request.ts';
import type { Schema } from './schema.ts';

export type RequestRow = Selectable<Schema['service_requests']>;

/** The channel on which other instances and viewers hear of a changed request; the payload is its id. */
export const REQUESTS_CHANNEL = 'bellhop_requests';

/** Writes the history of a change and tells of it. @param by who, as staff read it. */
export async function noteChange(
  transaction: Transaction<Schema>,
  row: RequestRow,
  by: string,
  what: string,
): Promise<void> {
  await transaction
    .insertInto('service_request_history')
    .values({ request_id: row.id, version: row.version, changed_by: by, what })
    .execute();
  await sql`select pg_notify(${REQUESTS_CHANNEL}, ${row.id})`.execute(transaction);
}

/** @param seen locked by this transaction; undefined when the asker may not see it. @param by who, for the history. */
export async function changePriority(
  transaction: Transaction<Schema>,
  seen: RequestRow | undefined,
  priority: Priority,
  reason: string,
  by: string,
): Promise<PriorityChange> {
  if (!seen) return { kind: 'unknown' };
  if (!isOpen(seen.status)) return { kind: 'closed', request: requestOf(seen) };
  if (seen.priority === priority) return { kind: 'changed', request: requestOf(seen) };
  const row = await transaction
    .updateTable('service_requests')
    .set((expression) => ({
      priority,
      version: expression('version', '+', 1),
      due_at: dueAt(seen.created_at, priority),
      updated_at: sql<Date>`now()`,
    }))
    .where('id', '=', seen.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await noteChange(transaction, row, by, `priority: ${seen.priority} -> ${priority} (${redactCards(reason)})`);
  return { kind: 'changed', request: requestOf(row) };
}

export const dueAt = (from: Date, priority: Priority): Date =>
  new Date(from.getTime() + DUE_MINUTES[priority] * 60_000);

export function requestOf(row: RequestRow): ServiceRequest {
  return {
    id: row.id,
    number: row.number,
    version: row.version,
    callId: row.call_id,
    department: row.department,
    summary: row.summary,
    details: row.details,
    priority: row.priority,
    status: row.status,
    room: row.room,
    isRoomVerified: row.is_room_verified,
    dueAt: row.due_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Service requests in PostgreSQL: created once, changed with a version, each change with its history row. */
import { sql, type Insertable, type Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { redactCards } from '../call/card-numbers.ts';
import {
  DUPLICATE_WINDOW_MS,
  type CallerScope,
  type Creation,
  type PriorityChange,
  type RequestBook,
  type RequestDraft,
} from '../hotel/ports.ts';
import {
  mayMove,
  normaliseSummary,
  type Priority,
  type RequestStatus,
  type ServiceRequest,
} from '../hotel/service-request.ts';
import type { Database } from './database.ts';
import { PostgresStayBook } from './hotel-book.ts';
import { joinOpenRequest } from './joined-request.ts';
import { changePriority, dueAt, noteChange, requestOf, type RequestRow } from './request-rows.ts';
import type { Schema } from './schema.ts';

/** What a change of staff came to. */
export type StaffChange =
  | { kind: 'changed'; request: ServiceRequest }
  | { kind: 'conflict'; request: ServiceRequest; changedBy: string }
  | { kind: 'illegal'; request: ServiceRequest }
  | { kind: 'unknown' };

type StoredRequest = Extract<Creation, { kind: 'stored' }>;

/** Without a call: an assistant of the hotel made it. */
export type StoredDraft = Omit<RequestDraft, 'callId'> & { callId?: string };

/** A request before it is stored. `id` is a UUIDv7. */
export interface NewRequest {
  id: string;
  at: Date;
  draft: StoredDraft;
}

/** @returns the draft without card numbers: as it may be written, wherever that is. */
export const redactedDraft = <Draft extends StoredDraft>(draft: Draft): Draft => ({
  ...draft,
  summary: redactCards(draft.summary),
  details: redactCards(draft.details ?? ''),
});

const AGENT = 'the agent on the phone';
const MAX_LISTED = 50;

export class PostgresRequestBook implements RequestBook {
  readonly #database: Database;
  readonly #hotelId: string;

  constructor(database: Database, hotelId: string) {
    this.#database = database;
    this.#hotelId = hotelId;
  }

  create(draft: RequestDraft): Promise<StoredRequest> {
    return this.store({ id: uuidv7(), at: new Date(), draft: redactedDraft(draft) }, 'created');
  }

  /**
   * Stores a request under an id that was made before; a second time changes nothing.
   * @param how, by for the history. @returns the row, or the first one that asks for the same.
   */
  store({ id, at, draft }: NewRequest, how: string, by = AGENT): Promise<StoredRequest> {
    const normalised = normaliseSummary(draft.summary);
    const { callId } = draft;
    const key = `${callId ?? this.#hotelId}/${draft.department}/${normalised}`;
    return this.#database.transaction().execute(async (transaction) => {
      // Two creates of the same request wait for each other; the second then finds the first.
      await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(transaction);
      const own = await this.#byId(transaction, id);
      if (own) return { kind: 'stored', request: requestOf(own), isDuplicate: false };
      const twin = await transaction
        .selectFrom('service_requests')
        .selectAll()
        .where('hotel_id', '=', this.#hotelId)
        .where('call_id', callId === undefined ? 'is' : '=', callId ?? null)
        .where('department', '=', draft.department)
        .where('normalised_summary', '=', normalised)
        .where('room', draft.room === undefined ? 'is' : '=', draft.room ?? null)
        .where('created_at', '>', new Date(at.getTime() - DUPLICATE_WINDOW_MS))
        .orderBy('created_at')
        .executeTakeFirst();
      if (twin) return { kind: 'stored', request: requestOf(twin), isDuplicate: true };
      const joined = callId === undefined ? undefined : await joinOpenRequest(transaction, { ...draft, callId });
      if (joined) {
        await noteChange(transaction, joined.row, AGENT, joined.what);
        return { kind: 'stored', request: requestOf(joined.row), isDuplicate: true };
      }
      const row = await this.#insert(transaction, { id, at, draft }, normalised);
      await noteChange(transaction, row, by, how);
      return { kind: 'stored', request: requestOf(row), isDuplicate: false };
    });
  }

  async visibleTo(scope: CallerScope, filter: 'open' | 'all' | RequestStatus): Promise<ServiceRequest[]> {
    let query = this.#visible(this.#database, scope).orderBy('created_at', 'desc').limit(MAX_LISTED);
    if (filter === 'open') query = query.where('status', 'not in', ['done', 'cancelled']);
    else if (filter !== 'all') query = query.where('status', '=', filter);
    return (await query.execute()).map(requestOf);
  }

  setPriority(scope: CallerScope, number: number, priority: Priority, reason: string): Promise<PriorityChange> {
    return this.#database.transaction().execute(async (transaction) => {
      const seen = await this.#visible(transaction, scope).where('number', '=', number).forUpdate().executeTakeFirst();
      return changePriority(transaction, seen, priority, reason, AGENT);
    });
  }

  // ——— for staff ———

  /** Newest first: all open ones and what was closed lately. */
  async list(limit: number): Promise<ServiceRequest[]> {
    const rows = await this.#database
      .selectFrom('service_requests')
      .selectAll()
      .where('hotel_id', '=', this.#hotelId)
      .where((expression) =>
        expression.or([
          expression('status', 'not in', ['done', 'cancelled']),
          expression('updated_at', '>', new Date(Date.now() - 12 * 3_600_000)),
        ]),
      )
      .orderBy('created_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(requestOf);
  }

  async get(
    id: string,
  ): Promise<{ request: ServiceRequest; history: { at: Date; by: string; what: string }[] } | undefined> {
    const row = await this.#byId(this.#database, id);
    if (!row) return undefined;
    const history = await this.#database
      .selectFrom('service_request_history')
      .select(['at', 'changed_by as by', 'what'])
      .where('request_id', '=', id)
      .orderBy('id')
      .execute();
    return { request: requestOf(row), history };
  }

  /** Requests that a call made, oldest first. */
  async ofCall(callId: string): Promise<ServiceRequest[]> {
    const rows = await this.#database
      .selectFrom('service_requests')
      .selectAll()
      .where('hotel_id', '=', this.#hotelId)
      .where('call_id', '=', callId)
      .orderBy('number')
      .execute();
    return rows.map(requestOf);
  }

  /** @param expectedVersion the version staff saw. @param by who, for history and audit. */
  changeStatus(id: string, expectedVersion: number, status: RequestStatus, by: string): Promise<StaffChange> {
    return this.#database.transaction().execute(async (transaction) => {
      const row = await this.#byId(transaction, id, true);
      if (!row) return { kind: 'unknown' };
      if (row.version !== expectedVersion) {
        const changedBy = await lastChangedBy(transaction, id);
        return { kind: 'conflict', request: requestOf(row), changedBy };
      }
      if (!mayMove(row.status, status)) return { kind: 'illegal', request: requestOf(row) };
      const changed = await transaction
        .updateTable('service_requests')
        .set({ status, version: row.version + 1, updated_at: sql<Date>`now()` })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      await noteChange(transaction, changed, by, `status: ${row.status} -> ${status}`);
      const details = JSON.stringify({ from: row.status, to: status });
      await transaction
        .insertInto('audit_log')
        .values({ who: by, what: 'request status', subject: id, details })
        .execute();
      return { kind: 'changed', request: requestOf(changed) };
    });
  }

  async #insert(
    transaction: Transaction<Schema>,
    { id, at, draft }: NewRequest,
    normalised: string,
  ): Promise<RequestRow> {
    const { number } = await transaction
      .updateTable('hotels')
      .set((expression) => ({ next_request_number: expression('next_request_number', '+', 1) }))
      .where('id', '=', this.#hotelId)
      .returning(sql<number>`next_request_number - 1`.as('number'))
      .executeTakeFirstOrThrow();
    const values: Insertable<Schema['service_requests']> = {
      id,
      hotel_id: this.#hotelId,
      number,
      call_id: draft.callId ?? null,
      department: draft.department,
      summary: draft.summary,
      normalised_summary: normalised,
      details: draft.details || null,
      priority: draft.priority,
      room: draft.room ?? null,
      stay_id: draft.stayId ?? (await this.#onlyStay(transaction, draft)) ?? null,
      is_room_verified: draft.isRoomVerified,
      due_at: dueAt(at, draft.priority),
      created_at: at,
    };
    return transaction.insertInto('service_requests').values(values).returningAll().executeTakeFirstOrThrow();
  }

  /** The stay that could not be looked up when the request was made. */
  async #onlyStay(transaction: Transaction<Schema>, { room, stayOn }: StoredDraft): Promise<string | undefined> {
    if (room === undefined || stayOn === undefined) return undefined;
    const [stay, other] = await new PostgresStayBook(transaction, this.#hotelId).inRoom(room, stayOn);
    return other ? undefined : stay?.id;
  }

  /** What this caller may see: what the call made, and what belongs to their stay. */
  #visible(database: Database, { callId, stay }: CallerScope) {
    return database
      .selectFrom('service_requests')
      .selectAll()
      .where('hotel_id', '=', this.#hotelId)
      .where((expression) => {
        const own = expression('call_id', '=', callId);
        return stay ? expression.or([own, expression('stay_id', '=', stay.id)]) : own;
      });
  }

  #byId(database: Database, id: string, forUpdate = false): Promise<RequestRow | undefined> {
    const query = database
      .selectFrom('service_requests')
      .selectAll()
      .where('hotel_id', '=', this.#hotelId)
      .where('id', '=', id);
    return (forUpdate ? query.forUpdate() : query).executeTakeFirst();
  }
}

async function lastChangedBy(transaction: Transaction<Schema>, requestId: string): Promise<string> {
  const row = await transaction
    .selectFrom('service_request_history')
    .select('changed_by')
    .where('request_id', '=', requestId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.changed_by ?? 'somebody';
}

/** Service requests as the hotel's own assistants make, see and change them: without a call, in the assistant's name. */
import { v7 as uuidv7 } from 'uuid';
import type { AssistantBook, AssistantDraft, RequestQuery } from '../hotel/assistant-book.ts';
import type { PriorityChange } from '../hotel/ports.ts';
import type { Priority, ServiceRequest } from '../hotel/service-request.ts';
import type { Database } from './database.ts';
import { changePriority, requestOf } from './request-rows.ts';
import { PostgresRequestBook, redactedDraft } from './service-requests.ts';

const MAX_LISTED = 50;

export class PostgresAssistantBook implements AssistantBook {
  readonly #database: Database;
  readonly #hotelId: string;
  readonly #book: PostgresRequestBook;

  constructor(database: Database, hotelId: string) {
    this.#database = database;
    this.#hotelId = hotelId;
    this.#book = new PostgresRequestBook(database, hotelId);
  }

  async create(draft: AssistantDraft, assistant: string): Promise<{ request: ServiceRequest; isDuplicate: boolean }> {
    const made = { id: uuidv7(), at: new Date(), draft: redactedDraft({ ...draft, isRoomVerified: false }) };
    const { request, isDuplicate } = await this.#book.store(made, 'created', inHistory(assistant));
    return { request, isDuplicate };
  }

  async list({ status, room }: RequestQuery): Promise<ServiceRequest[]> {
    let query = this.#requests().orderBy('created_at', 'desc').limit(MAX_LISTED);
    if (status === 'open') query = query.where('status', 'not in', ['done', 'cancelled']);
    else if (status !== 'all') query = query.where('status', '=', status);
    if (room !== undefined) query = query.where('room', '=', room);
    return (await query.execute()).map(requestOf);
  }

  setPriority(number: number, priority: Priority, reason: string, assistant: string): Promise<PriorityChange> {
    return this.#database.transaction().execute(async (transaction) => {
      const seen = await this.#requests(transaction).where('number', '=', number).forUpdate().executeTakeFirst();
      return changePriority(transaction, seen, priority, reason, inHistory(assistant));
    });
  }

  #requests(database: Database = this.#database) {
    return database.selectFrom('service_requests').selectAll().where('hotel_id', '=', this.#hotelId);
  }
}

const inHistory = (assistant: string): string => `assistant ${assistant}`;

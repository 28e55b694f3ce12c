/**
 * The request book as calls use it: while the database is away a new request goes to the spool, and from there to the
 * database as soon as that is back, once. What is read is never read from the spool: a read fails when it cannot be whole.
 */
import { v7 as uuidv7 } from 'uuid';
import type { Logger } from 'pino';
import { z } from 'zod';
import {
  DUPLICATE_WINDOW_MS,
  type CallerScope,
  type Creation,
  type PriorityChange,
  type RequestBook,
  type RequestDraft,
} from '../hotel/ports.ts';
import {
  normaliseSummary,
  prioritySchema,
  type Priority,
  type RequestStatus,
  type ServiceRequest,
} from '../hotel/service-request.ts';
import { DatabaseAway, isAboutData, type DatabaseReach } from './database-reach.ts';
import { redactedDraft, type PostgresRequestBook } from './service-requests.ts';
import type { Spool } from './spool.ts';

const notedSchema = z.object({
  id: z.uuid(),
  /** When the guest asked, ISO 8601. */
  at: z.iso.datetime(),
  draft: z.object({
    callId: z.string(),
    department: z.string(),
    summary: z.string(),
    details: z.string().optional(),
    priority: prioritySchema,
    room: z.string().optional(),
    stayId: z.string().optional(),
    stayOn: z.string().optional(),
    isRoomVerified: z.boolean(),
  }),
});

/** One record of the spool. */
export type NotedRequest = z.infer<typeof notedSchema>;

/** Hears that a noted request has its number now. */
export type Confirmed = (noted: NotedRequest, request: ServiceRequest) => void;

/** Such a request is seldom: the database answers probes and refuses requests. */
const RETRY_AFTER_MS = 1_000;

/** @returns what a record says; undefined when it is none of ours. */
export const readNoted = (value: unknown): NotedRequest | undefined => notedSchema.safeParse(value).data;

export interface NotedRequestsOptions {
  book: PostgresRequestBook;
  spool: Spool<NotedRequest>;
  reach: DatabaseReach;
  log: Logger;
}

export class NotedRequests implements RequestBook {
  readonly #book: PostgresRequestBook;
  readonly #spool: Spool<NotedRequest>;
  readonly #reach: DatabaseReach;
  readonly #log: Logger;
  /** Being written to the spool; the same request again waits for the same write. Bound: that of the spool. */
  readonly #writing = new Map<NotedRequest, Promise<void>>();
  #confirmed: Confirmed | undefined;
  #replaying: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isFailing = false;
  #isClosed = false;

  constructor({ book, spool, reach, log }: NotedRequestsOptions) {
    this.#book = book;
    this.#spool = spool;
    this.#reach = reach;
    this.#log = log;
    reach.onBack(() => this.#replaySoon());
  }

  /** Replays what an earlier run left, and from now on what is noted. */
  start(confirmed: Confirmed): void {
    this.#confirmed = confirmed;
    this.#replaySoon();
  }

  /** Ends the replay. What is noted stays for the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#replaying;
    await this.#spool.close();
  }

  /** @throws SpoolError when it could neither be stored nor noted; whatever the database says against its data. */
  async create(stated: RequestDraft): Promise<Creation> {
    const made: NotedRequest = { id: uuidv7(), at: new Date().toISOString(), draft: redactedDraft(stated) };
    const twin = this.#twinOf(made);
    if (twin) return this.#notedAlready(twin);
    try {
      return await this.#reach.within(() => this.#book.store({ ...made, at: new Date(made.at) }, 'created'));
    } catch (error) {
      if (isAboutData(error)) throw error;
      return this.#note(made);
    }
  }

  async visibleTo(scope: CallerScope, filter: 'open' | 'all' | RequestStatus): Promise<ServiceRequest[]> {
    const seen = await this.#reach.within(() => this.#book.visibleTo(scope, filter));
    // Without what is noted the list would be untrue.
    if ([...this.#noted()].some(({ draft }) => concerns(draft, scope)))
      throw new DatabaseAway('requests that are noted have not been stored yet');
    return seen;
  }

  setPriority(scope: CallerScope, number: number, priority: Priority, reason: string): Promise<PriorityChange> {
    return this.#reach.within(() => this.#book.setPriority(scope, number, priority, reason));
  }

  async #note(made: NotedRequest): Promise<Creation> {
    // Another one may have come while the database was waited for.
    const twin = this.#twinOf(made);
    if (twin) return this.#notedAlready(twin);
    const written = this.#spool.append(made);
    this.#writing.set(made, written);
    try {
      await written;
    } finally {
      this.#writing.delete(made);
    }
    this.#replaySoon();
    return { kind: 'noted', requestId: made.id, isDuplicate: false };
  }

  /** @throws what the first one's write throws. */
  async #notedAlready(twin: NotedRequest): Promise<Creation> {
    await this.#writing.get(twin);
    return { kind: 'noted', requestId: twin.id, isDuplicate: true };
  }

  *#noted(): Iterable<NotedRequest> {
    yield* this.#spool.pending;
    yield* this.#writing.keys();
  }

  #twinOf({ at, draft }: NotedRequest): NotedRequest | undefined {
    const key = keyOf(draft);
    for (const noted of this.#noted())
      if (keyOf(noted.draft) === key && Date.parse(at) - Date.parse(noted.at) < DUPLICATE_WINDOW_MS) return noted;
    return undefined;
  }

  #replaySoon(delayMs = 0): void {
    if (this.#isClosed || !this.#confirmed || this.#replaying || this.#reach.isAway) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#replaying = this.#replay().finally(() => (this.#replaying = undefined));
      void this.#replaying.then(() => this.#spool.pending.length > 0 && this.#replaySoon(RETRY_AFTER_MS));
    }, delayMs);
    this.#timer.unref();
  }

  /** In order, one after the other, until the spool is empty or the database fails. */
  async #replay(): Promise<void> {
    for (let noted = this.#spool.pending[0]; noted && !this.#isClosed; noted = this.#spool.pending[0]) {
      try {
        await this.#storeOne(noted);
        this.#isFailing = false;
      } catch (error) {
        return this.#failed(error);
      }
    }
  }

  async #storeOne(noted: NotedRequest): Promise<void> {
    const { id, draft, at } = noted;
    try {
      const how = 'created, noted before while the database was away';
      const { request } = await this.#reach.within(() => this.#book.store({ id, draft, at: new Date(at) }, how));
      this.#confirmed?.(noted, request);
    } catch (error) {
      if (!isAboutData(error)) throw error;
      return this.#spool.refuse(noted, error);
    }
    await this.#spool.settle(noted);
  }

  #failed(error: unknown): void {
    if (!this.#isFailing && !this.#reach.isAway)
      this.#log.error({ err: error }, 'noted requests cannot be stored, trying again');
    this.#isFailing = true;
  }
}

const keyOf = ({ callId, department, room, summary }: RequestDraft): string =>
  JSON.stringify([callId, department, room, normaliseSummary(summary)]);

const concerns = ({ callId, room }: RequestDraft, scope: CallerScope): boolean =>
  callId === scope.callId || (scope.stay !== undefined && room === scope.stay.room);

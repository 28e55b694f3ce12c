/** The hotel's books in memory, with the rules that the ports state, and a switch that takes them away. */
import {
  DUPLICATE_WINDOW_MS,
  type CallerScope,
  type Creation,
  type PriorityChange,
  type RequestBook,
  type RequestDraft,
  type Stay,
  type StayBook,
  type ToolLedger,
} from '../../src/hotel/ports.ts';
import {
  DUE_MINUTES,
  isOpen,
  normaliseSummary,
  type Priority,
  type RequestStatus,
  type ServiceRequest,
} from '../../src/hotel/service-request.ts';

export type LedgerEntry = Parameters<ToolLedger['record']>[0];

/** While `isAway`, every call rejects; while `held`, every call waits for `release`. */
class Switch {
  isAway = false;
  #waiting: (() => void)[] | undefined;

  hold(): void {
    this.#waiting = [];
  }

  release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const go of waiting) go();
  }

  async pass(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting) await new Promise<void>((resolve) => waiting.push(resolve));
    if (this.isAway) throw new Error('connect ECONNREFUSED 10.0.0.7:5432');
  }
}

export class MemoryRequests extends Switch implements RequestBook {
  readonly rows: ServiceRequest[] = [];
  readonly reasons: string[] = [];
  /** What was asked for while `isNoting`: kept, and without a number. */
  readonly noted: RequestDraft[] = [];
  isNoting = false;
  /** Whose stay a request belongs to, by its number. */
  readonly stayIds = new Map<number, string>();
  #next = 101;
  readonly #now: () => Date;

  constructor(now: () => Date) {
    super();
    this.#now = now;
  }

  async create(draft: RequestDraft): Promise<Creation> {
    await this.pass();
    if (this.isNoting) return { kind: 'noted', requestId: `noted-${draft.summary}`, isDuplicate: !this.#isNew(draft) };
    const now = this.#now();
    const twin = this.rows.find(
      (row) =>
        row.callId === draft.callId &&
        row.department === draft.department &&
        row.room === (draft.room ?? null) &&
        normaliseSummary(row.summary) === normaliseSummary(draft.summary) &&
        now.getTime() - row.createdAt.getTime() < DUPLICATE_WINDOW_MS,
    );
    if (twin) return { kind: 'stored', request: twin, isDuplicate: true };
    const request: ServiceRequest = {
      id: `id-${this.#next}`,
      number: this.#next++,
      version: 1,
      callId: draft.callId,
      department: draft.department,
      summary: draft.summary,
      details: draft.details ?? null,
      priority: draft.priority,
      status: 'new',
      room: draft.room ?? null,
      isRoomVerified: draft.isRoomVerified,
      dueAt: new Date(now.getTime() + DUE_MINUTES[draft.priority] * 60_000),
      createdAt: now,
      updatedAt: now,
    };
    this.rows.push(request);
    if (draft.stayId) this.stayIds.set(request.number, draft.stayId);
    return { kind: 'stored', request, isDuplicate: false };
  }

  async visibleTo(scope: CallerScope, filter: 'open' | 'all' | RequestStatus): Promise<ServiceRequest[]> {
    await this.pass();
    return this.#seenBy(scope)
      .filter(({ status }) => filter === 'all' || (filter === 'open' ? isOpen(status) : status === filter))
      .toReversed();
  }

  async setPriority(scope: CallerScope, number: number, priority: Priority, reason: string): Promise<PriorityChange> {
    await this.pass();
    const row = this.#seenBy(scope).find((seen) => seen.number === number);
    if (!row) return { kind: 'unknown' };
    if (!isOpen(row.status)) return { kind: 'closed', request: row };
    this.reasons.push(reason);
    return { kind: 'changed', request: Object.assign(row, { priority, version: row.version + 1 }) };
  }

  /** Keeps it. @returns whether it was not noted before. */
  #isNew(draft: RequestDraft): boolean {
    const isNew = this.noted.every(({ summary }) => summary !== draft.summary);
    if (isNew) this.noted.push(draft);
    return isNew;
  }

  #seenBy({ callId, stay }: CallerScope): ServiceRequest[] {
    return this.rows.filter(
      (row) => row.callId === callId || (stay !== undefined && this.stayIds.get(row.number) === stay.id),
    );
  }
}

export const STAYS: readonly Stay[] = [
  { id: 's-412', room: '412', guestName: 'Susan Miller', arrivesOn: '2026-06-14', leavesOn: '2026-06-20' },
  { id: 's-413', room: '413', guestName: 'Zoë Müller-Østergård', arrivesOn: '2026-06-15', leavesOn: '2026-06-16' },
  { id: 's-318', room: '318', guestName: 'Vincent van Gogh', arrivesOn: '2026-06-15', leavesOn: '2026-06-15' },
  { id: 's-215-left', room: '215', guestName: 'Ida Left', arrivesOn: '2026-06-12', leavesOn: '2026-06-15' },
  { id: 's-215-came', room: '215', guestName: 'Max Came', arrivesOn: '2026-06-15', leavesOn: '2026-06-18' },
  { id: 's-101', room: '101', guestName: 'Alice Brown', arrivesOn: '2026-06-10', leavesOn: '2026-06-14' },
];

export class MemoryStays extends Switch implements StayBook {
  readonly bound: { callId: string; stayId: string }[] = [];
  readonly #rooms: ReadonlySet<string>;

  constructor(rooms: readonly string[]) {
    super();
    this.#rooms = new Set(rooms);
  }

  async inRoom(room: string, today: string): Promise<Stay[]> {
    await this.pass();
    return STAYS.filter((stay) => stay.room === room && stay.arrivesOn <= today && stay.leavesOn >= today);
  }

  async roomExists(room: string): Promise<boolean> {
    await this.pass();
    return this.#rooms.has(room);
  }

  async bind(callId: string, stayId: string): Promise<void> {
    await this.pass();
    this.bound.push({ callId, stayId });
  }
}

export class MemoryLedger implements ToolLedger {
  readonly entries: LedgerEntry[] = [];

  record(entry: LedgerEntry): void {
    this.entries.push(entry);
  }
}

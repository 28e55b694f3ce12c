/** The hotel's requests for assistants in memory, with the rules that the port states. */
import type { AssistantBook, AssistantDraft, RequestQuery } from '../../src/hotel/assistant-book.ts';
import type { PriorityChange } from '../../src/hotel/ports.ts';
import { isOpen, type Priority, type ServiceRequest } from '../../src/hotel/service-request.ts';
import { MemoryRequests } from './books.ts';

/** Shares the rules of the calls' book: what has no call is one call to it. */
export class MemoryAssistantBook implements AssistantBook {
  readonly by: string[] = [];
  readonly stayIds: (string | undefined)[] = [];
  readonly #book: MemoryRequests;

  constructor(now: () => Date) {
    this.#book = new MemoryRequests(now);
  }

  get rows(): ServiceRequest[] {
    return this.#book.rows;
  }

  set isAway(isAway: boolean) {
    this.#book.isAway = isAway;
  }

  hold(): void {
    this.#book.hold();
  }

  release(): void {
    this.#book.release();
  }

  async create(draft: AssistantDraft, assistant: string): Promise<{ request: ServiceRequest; isDuplicate: boolean }> {
    const callId = null as unknown as string;
    const created = await this.#book.create({ ...draft, callId, isRoomVerified: false });
    if (created.kind !== 'stored') throw new Error('noted');
    this.by.push(assistant);
    this.stayIds.push(draft.stayId);
    return created;
  }

  async list({ status, room }: RequestQuery): Promise<ServiceRequest[]> {
    await this.#book.pass();
    return this.rows
      .filter((row) => status === 'all' || (status === 'open' ? isOpen(row.status) : row.status === status))
      .filter((row) => room === undefined || row.room === room)
      .toReversed();
  }

  async setPriority(number: number, priority: Priority, reason: string, assistant: string): Promise<PriorityChange> {
    const callId = null as unknown as string;
    this.by.push(assistant);
    return this.#book.setPriority({ callId }, number, priority, reason);
  }
}

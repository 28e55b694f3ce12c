/** The hotel's requests as its own assistants see them: all of them, since an assistant has no call. `storage/` implements it. */
import type { PriorityChange, RequestDraft } from './ports.ts';
import type { Priority, RequestStatus, ServiceRequest } from './service-request.ts';

/** Nobody on a telephone said it, so no call and no verified room belong to it. */
export type AssistantDraft = Omit<RequestDraft, 'callId' | 'isRoomVerified' | 'stayOn'>;

export interface RequestQuery {
  status: 'open' | 'all' | RequestStatus;
  room?: string;
}

export interface AssistantBook {
  /**
   * Stores a request once: the same department, room and normalised summary without a call within `DUPLICATE_WINDOW_MS` is the
   * first row. @param assistant its name, for the history.
   */
  create(draft: AssistantDraft, assistant: string): Promise<{ request: ServiceRequest; isDuplicate: boolean }>;
  /** Newest first, at most 50. */
  list(query: RequestQuery): Promise<ServiceRequest[]>;
  /** Changes any open request of the hotel. @param assistant its name, for the history. */
  setPriority(number: number, priority: Priority, reason: string, assistant: string): Promise<PriorityChange>;
}

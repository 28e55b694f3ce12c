/** What the hotel's tools need of the world. `storage/` implements these. */
import type { Priority, RequestStatus, ServiceRequest } from './service-request.ts';

/** Whom a tool call may see and act for. Comes from the call alone, never from the model's arguments. */
export interface CallerScope {
  callId: string;
  /** Set once the guest is verified on this call, or when the call came from the room's own extension. */
  stay?: Stay;
}

export interface Stay {
  id: string;
  room: string;
  guestName: string;
  /** Dates of the hotel's calendar, `YYYY-MM-DD`. */
  arrivesOn: string;
  leavesOn: string;
}

export interface RequestDraft {
  callId: string;
  department: string;
  summary: string;
  details?: string;
  priority: Priority;
  room?: string;
  /** Whose stay it belongs to; left out when the room has no guest or, on a day of change, two. */
  stayId?: string;
  /** Whose stay it belongs to could not be looked up: the day at the hotel, for whoever stores it to do so. */
  stayOn?: string;
  isRoomVerified: boolean;
}

/** What became of a new request (rule TOOL-39). */
export type Creation =
  | { kind: 'stored'; request: ServiceRequest; isDuplicate: boolean }
  /** Kept safe on this machine, to be stored when the database is back: it has no number yet. */
  | { kind: 'noted'; requestId: string; isDuplicate: boolean };

/** What a change of priority came to. `unknown`: there is none, or the caller may not see it; no difference shows. */
export type PriorityChange =
  | { kind: 'changed'; request: ServiceRequest }
  /** Done or cancelled, so nothing was changed. */
  | { kind: 'closed'; request: ServiceRequest }
  | { kind: 'unknown' };

/** Within this time the same request of the same call is the same row (rule TOOL-42). */
export const DUPLICATE_WINDOW_MS = 10 * 60_000;

export interface RequestBook {
  /**
   * Stores a request once: same call, department and normalised summary within the window return the first row.
   * The history row is written in the same transaction.
   */
  create(draft: RequestDraft): Promise<Creation>;
  /** What this caller may see: made by this call, or belonging to their verified stay. Newest first. */
  visibleTo(scope: CallerScope, filter: 'open' | 'all' | RequestStatus): Promise<ServiceRequest[]>;
  /** Changes an open request that this caller may see. */
  setPriority(scope: CallerScope, number: number, priority: Priority, reason: string): Promise<PriorityChange>;
}

export interface StayBook {
  /** Stays of today in this room. @param room as the hotel writes it. */
  inRoom(room: string, today: string): Promise<Stay[]>;
  roomExists(room: string): Promise<boolean>;
  /** Binds the call to the stay in the record, with what the call asked for its room before. */
  bind(callId: string, stayId: string): Promise<void>;
}

/** One tool call, for the record. Never throws, never waits. */
export interface ToolLedger {
  record(entry: {
    toolCallId: string;
    callId: string;
    tool: string;
    path: 'native' | 'function' | 'client';
    /** Whose tool it is; none: the hotel's own. */
    server?: string;
    /** Why it failed, in one line for staff. */
    error?: string;
    /** Of UTF-8, before it was cut. */
    resultBytes?: number;
    argumentsJson: string;
    outcome: 'ok' | 'refused' | 'failed';
    result: string;
    startedAt: Date;
    durationMs: number;
  }): void;
}

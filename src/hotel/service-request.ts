/** A service request, its states and its legal moves. Pure. */
import { z } from 'zod';

export const prioritySchema = z.enum(['low', 'normal', 'high', 'urgent']);
export type Priority = z.infer<typeof prioritySchema>;

export const requestStatusSchema = z.enum(['new', 'accepted', 'in-progress', 'on-hold', 'done', 'cancelled']);
export type RequestStatus = z.infer<typeof requestStatusSchema>;

const MOVES: Record<RequestStatus, readonly RequestStatus[]> = {
  new: ['accepted', 'in-progress', 'on-hold', 'done', 'cancelled'],
  accepted: ['new', 'in-progress', 'on-hold', 'done', 'cancelled'],
  'in-progress': ['accepted', 'on-hold', 'done', 'cancelled'],
  'on-hold': ['accepted', 'in-progress', 'done', 'cancelled'],
  done: ['in-progress'],
  cancelled: ['new'],
};

/** @returns whether staff may move a request from one state to the other. */
export function mayMove(from: RequestStatus, to: RequestStatus): boolean {
  return MOVES[from].includes(to);
}

/** @returns the states a request can be moved to from here. */
export function movesFrom(from: RequestStatus): readonly RequestStatus[] {
  return MOVES[from];
}

export const isOpen = (status: RequestStatus): boolean => status !== 'done' && status !== 'cancelled';

export interface ServiceRequest {
  /** UUIDv7, made by us before the insert. */
  id: string;
  /** Short number that a guest can remember, unique within the hotel. */
  number: number;
  /** Grows by one with every change; a writer names the version it saw. */
  version: number;
  callId: string | null;
  department: string;
  summary: string;
  details: string | null;
  priority: Priority;
  status: RequestStatus;
  /** The room as stated by the guest, or of the verified stay. */
  room: string | null;
  isRoomVerified: boolean;
  dueAt: Date;
  createdAt: Date;
  updatedAt: Date;
}

/** Minutes until a new request is due, by priority. */
export const DUE_MINUTES: Record<Priority, number> = { urgent: 10, high: 20, normal: 45, low: 120 };

/** Lower case, no punctuation, single spaces: what makes two summaries the same request. */
export function normaliseSummary(summary: string): string {
  return summary
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

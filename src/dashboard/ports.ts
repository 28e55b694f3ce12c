/** What the staff page needs of the records. `storage/` implements it; `app.ts` joins the two. */
import type { CallQuality } from '../call/call-quality.ts';
import type { RequestStatus, ServiceRequest } from '../hotel/service-request.ts';

/** From least to most; each may do what those before it may. */
export const ROLES = ['viewer', 'agent', 'manager', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface StaffMember {
  id: string;
  login: string;
  name: string;
  role: Role;
}

export interface RequestChange {
  at: Date;
  /** Who: a staff name, or the agent on the phone. */
  by: string;
  what: string;
}

export interface CallSummary {
  callId: string;
  from: string;
  startedAt: Date;
  endedAt: Date | null;
  endReason: string | null;
  phase: string;
  room: string | null;
  firstAudioMs: number | null;
  /** The department the call was put through to. */
  transferredTo: string | null;
}

export interface ToolUse {
  tool: string;
  /** Whose tool it is; null: the hotel's own. */
  server: string | null;
  path: string;
  outcome: string;
  /** Why it failed, in one line. */
  error: string | null;
  /** Of UTF-8, before it was cut; null when it was not counted. */
  resultBytes: number | null;
  durationMs: number;
  result: string;
  at: Date;
}

export interface CallPage {
  call: CallSummary;
  turns: { turnId: string; order: number; speaker: 'guest' | 'agent'; text: string; wasCutOff: boolean; at: Date }[];
  tools: ToolUse[];
  /** Each change of language, by its code, in order. */
  languages: { language: string; at: Date }[];
  /** Null while the call goes on, and for calls of before it was kept. */
  quality: CallQuality | null;
  requests: ServiceRequest[];
}

export type ChangeResult =
  | { kind: 'changed'; request: ServiceRequest }
  /** Somebody else was faster: the request as it is now, and who changed it. */
  | { kind: 'conflict'; request: ServiceRequest; changedBy: string }
  | { kind: 'illegal'; request: ServiceRequest }
  | { kind: 'unknown' };

export interface StaffDesk {
  /** @param from the address it comes from. Five wrong tries in 15 minutes lock the login for that address. */
  signIn(
    login: string,
    password: string,
    from: string,
  ): Promise<{ member: StaffMember; token: string } | 'wrong' | 'locked'>;
  /** @returns whose sign-in this is; undefined when it is unknown or expired. */
  memberOf(token: string): Promise<StaffMember | undefined>;
  signOut(token: string): Promise<void>;
  /** Open requests and those closed lately, newest first. */
  requests(limit: number): Promise<ServiceRequest[]>;
  request(id: string): Promise<{ request: ServiceRequest; history: RequestChange[] } | undefined>;
  changeStatus(id: string, expectedVersion: number, status: RequestStatus, member: StaffMember): Promise<ChangeResult>;
  /** Newest first. */
  calls(limit: number): Promise<CallSummary[]>;
  call(callId: string): Promise<CallPage | undefined>;
}

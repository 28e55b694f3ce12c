/**
 * What the staff page and its server say to each other, in the server's types; the page reads them `AsJson`.
 * Types only: the page's modules import it too.
 */
import type { RequestStatus, ServiceRequest } from '../hotel/service-request.ts';
import type { ApprovalDecision, ServerStatus } from '../hotel/tool-servers/ports.ts';
import type { CallPage, CallSummary, RequestChange, StaffMember } from './ports.ts';
import type { PendingApproval, ServerView } from './tool-server-ports.ts';

/** What JSON makes of a value: dates become ISO 8601 text. */
export type AsJson<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? AsJson<Item>[]
    : T extends object
      ? { [Key in keyof T]: AsJson<T[Key]> }
      : T;

/** One line of a live call. `order` is its place; a line with a known `turnId` takes the place of the earlier one. */
export interface LiveLine {
  turnId: string;
  order: number;
  speaker: 'guest' | 'agent' | 'tool';
  text: string;
  wasCutOff: boolean;
}

/** What is said of a live call besides its lines. */
export interface LiveCallHead {
  callId: string;
  from: string;
  startedAt: string;
  phase: string;
  room: string | null;
  firstAudioMs: number | null;
}

export interface LiveCall extends LiveCallHead {
  lines: LiveLine[];
}

/** `GET /staff/api/me`: who is signed in, and what the page needs to know of the hotel. */
export interface Me {
  member: StaffMember;
  /** Goes into the `x-csrf-token` header of every write. */
  csrfToken: string;
  hotel: { name: string; timeZone: string; departments: Record<string, string> };
  /** The states a request may be moved to, by its state. */
  moves: Record<RequestStatus, readonly RequestStatus[]>;
  /** Whether this member may change requests and answer approvals. */
  mayChange: boolean;
  /** Whether there are tool servers, approvals and access tokens at all. */
  hasToolServers: boolean;
  maySwitchServers: boolean;
  mayManageServers: boolean;
}

/** What the list of tool servers shows of one; all else is in its `ServerView`. */
export interface ServerHead extends Pick<ServerView, 'label' | 'source' | 'version' | 'path' | 'callsBehind'> {
  mode: 'native' | 'client' | 'auto';
  description: string;
  isEnabled: boolean;
  status: ServerStatus;
  /** Tools that calls are offered. */
  offered: number;
  /** Tools that wait for somebody to look at them. */
  waiting: number;
  /** Of these, tools that are listed otherwise than they were approved, and so were switched off. */
  changed: number;
}

export type ApprovalNews =
  | { kind: 'asked'; approval: PendingApproval }
  /** `by`: who answered; null when nobody did. */
  | { kind: 'ended'; id: string; decision: ApprovalDecision; by: string | null };

export interface Snapshot {
  requests: ServiceRequest[];
  liveCalls: LiveCall[];
  recentCalls: CallSummary[];
  toolServers: ServerHead[];
  /** Those that wait for an answer. */
  approvals: PendingApproval[];
}

/** The events of `GET /staff/api/feed` by name, with their data. */
export interface FeedEvents {
  snapshot: Snapshot;
  request: ServiceRequest;
  call: LiveCallHead;
  line: { callId: string; line: LiveLine };
  words: { callId: string; turnId: string; speaker: 'guest' | 'agent'; text: string };
  'call-ended': CallSummary;
  /** All servers: this list takes the place of the one before. */
  'tool-servers': { servers: ServerHead[] };
  approval: ApprovalNews;
  /** The server's time in milliseconds since 1970: it is still there. */
  beat: number;
}

/** `GET /staff/api/requests/:id`. */
export interface RequestPage {
  request: ServiceRequest;
  history: RequestChange[];
}

/** Answer 409 of a change: somebody was faster. */
export interface Conflict {
  error: string;
  request: ServiceRequest;
  changedBy: string;
}

export type RequestJson = AsJson<ServiceRequest>;
export type CallJson = AsJson<CallSummary>;
export type CallPageJson = AsJson<CallPage>;

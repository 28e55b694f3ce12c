/** What the management of tool servers needs: definitions, trust, approvals, figures, tokens. `app.ts` joins it to the records. */
import type { IssuedToken } from '../hotel/access-scopes.ts';
import type { ServerDefinition } from '../hotel/tool-servers/definition.ts';
import type {
  ApprovalDecision,
  ApprovalQuestion,
  Capabilities,
  ListedTool,
  ServerStatus,
} from '../hotel/tool-servers/ports.ts';
import type { ToolFigure } from '../hotel/tool-servers/tool-figures.ts';
import type { StaffMember } from './ports.ts';

/** `new`: nobody approved it yet. `changed`: not what was approved. Both are switched off. */
export type ToolTrust = 'approved' | 'new' | 'changed' | 'gone';

export interface ToolReview {
  tool: ListedTool;
  trust: ToolTrust;
  /** SHA-256 of name, description, schemas and annotations, in hex. */
  hash: string;
  /** What was approved before, when it changed. */
  before: ListedTool | undefined;
  /** In words for staff: hidden characters, text that reads like instructions. */
  flags: string[];
  /** How the model would know it; undefined: it is not offered, for the reason in `notOffered`. */
  offeredAs: string | undefined;
  notOffered: string | undefined;
}

export interface ServerView {
  label: string;
  source: 'file' | 'staff';
  version: number;
  /** Whole: the API shows of each secret only its last four characters. */
  definition: ServerDefinition;
  status: ServerStatus;
  /** The path that calls take now. */
  path: 'native' | 'client' | 'none';
  capabilities: Capabilities | undefined;
  tools: ToolReview[];
  /** Calls that still hold an older set of this server's tools. */
  callsBehind: string[];
}

/** What came of a change. */
export type ServerChange =
  | { kind: 'done'; server: ServerView }
  | { kind: 'unknown' }
  /** Another one was faster. */
  | { kind: 'conflict'; server: ServerView }
  /** From the file, or not allowed from here; in words. */
  | { kind: 'refused'; reason: string }
  | { kind: 'mistaken'; mistakes: string[] };

export interface ConnectionTest {
  isConnected: boolean;
  tookMs: number;
  capabilities: Capabilities | undefined;
  tools: ToolReview[];
  /** In words for staff. */
  problems: string[];
}

export interface TokenScope {
  id: string;
  /** In words for staff. */
  name: string;
}

export interface PendingApproval extends ApprovalQuestion {
  /** The room of the call, when it is known. */
  room: string | null;
}

export type ApprovalAnswered =
  | { kind: 'answered'; decision: 'approved' | 'denied' }
  /** Somebody answered before: 409. */
  | { kind: 'taken'; decision: ApprovalDecision; by: string }
  /** Its time is over, or the call is: 410. */
  | { kind: 'over'; decision: ApprovalDecision }
  | { kind: 'unknown' };

export interface ToolServersDesk {
  servers(): Promise<ServerView[]>;
  server(label: string): Promise<ServerView | undefined>;
  /** @param definition as it was sent: checked here. */
  add(label: string, definition: unknown, member: StaffMember): Promise<ServerChange>;
  /** A secret that is empty or as it was shown keeps its old value. */
  change(label: string, version: number, definition: unknown, member: StaffMember): Promise<ServerChange>;
  remove(label: string, version: number, member: StaffMember): Promise<ServerChange | { kind: 'removed' }>;
  setEnabled(label: string, isEnabled: boolean, member: StaffMember): Promise<ServerChange>;
  /** Connects without saving anything. @param label of a known server: its kept secrets stand in for empty ones. */
  test(label: string | undefined, definition: unknown): Promise<ConnectionTest | { mistakes: string[] }>;
  /** @param hashes by tool: what staff saw. One that is not listed like that any more is a conflict, and nothing is approved. */
  approveTools(label: string, hashes: Record<string, string>, member: StaffMember): Promise<ServerChange>;
  withdrawTools(label: string, tools: string[], member: StaffMember): Promise<ServerChange>;
  approvals(): Promise<PendingApproval[]>;
  answerApproval(id: string, decision: 'approved' | 'denied', member: StaffMember): Promise<ApprovalAnswered>;
  /** Of the last 24 hours. */
  figures(): Promise<ToolFigure[]>;
  tokens(): Promise<IssuedToken[]>;
  /** What a token can be good for. @returns each scope with its name for staff. */
  tokenScopes(): readonly TokenScope[];
  /** @returns the token itself, shown once; `too-many` when no more may be good at a time. @param days 1 to 365. */
  issueToken(
    name: string,
    scopes: string[],
    days: number,
    member: StaffMember,
  ): Promise<{ token: string; view: IssuedToken } | 'too-many'>;
  revokeToken(id: string, member: StaffMember): Promise<boolean>;
}

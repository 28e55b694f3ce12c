/** Asks the server about tool servers, approvals and access tokens. */
import type { IssuedToken } from '../../hotel/access-scopes.ts';
import type { ToolFigure } from '../../hotel/tool-servers/tool-figures.ts';
import type { ConnectionTest, PendingApproval, ServerView, TokenScope, ToolReview } from '../tool-server-ports.ts';
import type { AsJson } from '../wire.ts';
import { ask, type Answer } from './api.ts';

export type ServerJson = AsJson<ServerView>;
export type ReviewJson = AsJson<ToolReview>;
export type ListedToolJson = ReviewJson['tool'];
export type CapabilitiesJson = NonNullable<ServerJson['capabilities']>;
export type TestJson = AsJson<ConnectionTest>;
export type FiguresJson = AsJson<ToolFigure>;
export type TokenJson = AsJson<IssuedToken>;
export type ApprovalJson = AsJson<PendingApproval>;
/** A definition as the form sends it. */
export type SentDefinition = Record<string, unknown>;

/** Answer 409: the server as it is now. */
export interface ServerConflict {
  error: string;
  server: ServerJson;
}
export type ServerAnswer = Promise<Answer<{ server: ServerJson }, ServerConflict>>;

const of = (label: string): string => `mcp/servers/${label}`;

export const server = (label: string): ServerAnswer => ask(of(label));

export const addServer = (label: string, definition: SentDefinition): ServerAnswer =>
  ask('mcp/servers', { label, definition });

export const changeServer = (label: string, version: number, definition: SentDefinition): ServerAnswer =>
  ask(of(label), { version, definition }, 'PUT');

export const removeServer = (label: string, version: number): Promise<Answer<undefined, ServerConflict>> =>
  ask(`${of(label)}?version=${version}`, undefined, 'DELETE');

export const switchServer = (label: string, isEnabled: boolean): ServerAnswer =>
  ask(`${of(label)}/${isEnabled ? 'enable' : 'disable'}`, {});

export const testServer = (label: string | undefined, definition: SentDefinition): Promise<Answer<TestJson>> =>
  ask('mcp/servers/test', { label, definition });

export const approveTools = (label: string, hashes: Record<string, string>): ServerAnswer =>
  ask(`${of(label)}/tools/approve`, { hashes });

export const withdrawTools = (label: string, tools: string[]): ServerAnswer =>
  ask(`${of(label)}/tools/withdraw`, { tools });

export const figures = (): Promise<Answer<{ figures: FiguresJson[] }>> => ask('mcp/figures');

export const answerApproval = (
  id: string,
  decision: 'approved' | 'denied',
): Promise<Answer<{ decision: string }, { error: string }>> => ask(`approvals/${id}`, { decision });

export const accessTokens = (): Promise<Answer<{ tokens: TokenJson[]; scopes: TokenScope[] }>> => ask('access-tokens');

export const issueToken = (
  name: string,
  scopes: string[],
  days: number,
): Promise<Answer<{ token: string; view: TokenJson }>> => ask('access-tokens', { name, scopes, days });

export const revokeToken = (id: string): Promise<Answer<undefined>> => ask(`access-tokens/${id}`, undefined, 'DELETE');

/**
 * Who may use `/mcp`: the model's side with the token of a live call, and the hotel's own assistants with a token that staff
 * issued. Both kinds are opaque and exist in this installation alone, so that none can have been issued for another resource.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock, ToolResult } from '../call/ports.ts';
import { SCOPES, type Access } from '../hotel/access-scopes.ts';
import type { CallTools } from '../hotel/call-tools.ts';
import type { ToolDefinition } from '../hotel/tool.ts';
import { AccessLimits } from './access-limits.ts';
import type { CallTokens } from './call-token.ts';
import { problem, REFUSED, toolsAsked, UNAUTHORISED } from './json-rpc.ts';

/** What one request may use: a call's tools, or a token's. */
export interface ServedTools {
  definitions(): readonly ToolDefinition[];
  /** Never rejects. @param toolCallId unique in all requests. */
  run(name: string, input: Record<string, unknown>, toolCallId: string): Promise<ToolResult>;
  /** @returns the scope that the tool needs and the token lacks. */
  deny?(name: string): string | undefined;
}

/** The hotel's own assistants. */
export interface AssistantAccess {
  /** @returns undefined for a token that is unknown, revoked or expired. */
  find(token: string): Promise<Access | undefined>;
  toolsFor(access: Access): ServedTools;
  /** Where assistants reach us, with the path: what a token is for. */
  resource(): string;
  /** How the hotel calls itself. */
  name: string;
  clock: Clock;
}

export interface McpOptions {
  tokens: CallTokens;
  toolsFor(callId: string): CallTools | undefined;
  /** Hosts, with port where it is not the scheme's own, under which we may be addressed. Guards against DNS rebinding. */
  allowedHosts: () => readonly string[];
  /** Left out: nobody but the model's side is let in. */
  assistants?: AssistantAccess;
}

export const PATH = '/mcp';
const METADATA_PATH = `/.well-known/oauth-protected-resource${PATH}`;
const ACCESS_TOKEN = /^bh_[\w-]{43}$/;

declare module 'fastify' {
  interface FastifyRequest {
    servedTools?: ServedTools;
  }
}

/** Tells where tokens are for (RFC 9728). No authorization server is named: staff hand tokens out on their page. */
export function registerResourceMetadata(app: FastifyInstance, { assistants }: McpOptions): void {
  if (!assistants) return;
  app.get(METADATA_PATH, () => ({
    resource: assistants.resource(),
    resource_name: assistants.name,
    scopes_supported: SCOPES,
    bearer_methods_supported: ['header'],
  }));
}

/** @returns what looks at a request before its body is read: sets its tools, or answers it. */
export function admit(options: McpOptions) {
  const { allowedHosts, assistants } = options;
  const limits = assistants && new AccessLimits(assistants.clock);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { host = '', origin, authorization } = request.headers;
    if (!isOwnHost(allowedHosts(), host, origin)) {
      await reply.code(403).send(problem(REFUSED, 'Not for this origin or host.'));
      return;
    }
    const token = /^Bearer ([\w-]{20,200})$/i.exec(authorization ?? '')?.[1];
    if (assistants && limits && token !== undefined && ACCESS_TOKEN.test(token)) {
      const access = await findAccess(assistants, token);
      if (access) return letIn(assistants, limits, access, request, reply);
    } else request.servedTools = token === undefined ? undefined : toolsOfCall(options, token);
    if (request.servedTools) return;
    // A request that brought nothing gets no error code (RFC 6750, section 3.1).
    const error = authorization === undefined ? [] : ['error="invalid_token"'];
    await reply
      .code(401)
      .header('www-authenticate', challenge([...error, ...scopeHint(assistants)], assistants))
      .send(problem(UNAUTHORISED, assistants ? 'A valid token is needed.' : 'The token of a live call is needed.'));
  };
}

/** Refuses a request whose tools are all outside the token's scopes. Others are refused one by one in their results. */
export function scopeCheck({ assistants }: McpOptions) {
  return async ({ servedTools: tools, body }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const asked = tools?.deny && toolsAsked(body);
    if (!asked) return;
    const missing = new Set(asked.map((name) => tools.deny?.(name)));
    if (missing.has(undefined)) return;
    const scope = [...missing].join(' ');
    await reply
      .code(403)
      .header('www-authenticate', challenge(['error="insufficient_scope"', `scope="${scope}"`], assistants))
      .send(problem(UNAUTHORISED, `The token lacks the scope ${scope}.`));
  };
}

/** Browsers name their page; the model's side does not. Only our own pages may. */
function isOwnHost(hosts: readonly string[], host: string, origin: string | undefined): boolean {
  const isOwnOrigin =
    origin === undefined || hosts.some((own) => origin === `https://${own}` || origin === `http://${own}`);
  return hosts.includes(host.toLowerCase()) && isOwnOrigin;
}

function toolsOfCall({ tokens, toolsFor }: McpOptions, token: string): ServedTools | undefined {
  const callId = tokens.callOf(token);
  const tools = callId === undefined ? undefined : toolsFor(callId);
  return (
    tools && {
      definitions: () => tools.definitions(),
      run: (name, input, toolCallId) => tools.run(name, input, toolCallId, 'native'),
    }
  );
}

async function findAccess({ find, clock }: AssistantAccess, token: string): Promise<Access | undefined> {
  const access = await find(token);
  return access && access.expiresAt > clock.wallTime() ? access : undefined;
}

async function letIn(
  assistants: AssistantAccess,
  limits: AccessLimits,
  access: Access,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const begun = limits.begin(access.id);
  if ('retryAfterS' in begun) {
    const busy = problem(REFUSED, 'This token is used too often: try again later.');
    await reply.code(429).header('retry-after', String(begun.retryAfterS)).send(busy);
    return;
  }
  reply.raw.once('close', begun.end);
  request.servedTools = assistants.toolsFor(access);
}

const scopeHint = (assistants: AssistantAccess | undefined): string[] =>
  assistants ? [`scope="${SCOPES.join(' ')}"`] : [];

function challenge(parts: readonly string[], assistants: AssistantAccess | undefined): string {
  const metadata = assistants && `resource_metadata="${new URL(METADATA_PATH, assistants.resource()).href}"`;
  return `Bearer ${[...parts, ...(metadata === undefined ? [] : [metadata])].join(', ')}`.trim();
}

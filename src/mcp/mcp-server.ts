/**
 * The hotel's tools over MCP (streamable HTTP, stateless) for the model's side: whoever holds the token of a live call may
 * use that call's tools, and nobody else.
 */
import { randomUUID } from 'node:crypto';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type RequestId } from '@modelcontextprotocol/sdk/types.js';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CallTools } from '../hotel/call-tools.ts';
import type { CallTokens } from './call-token.ts';

export interface McpOptions {
  tokens: CallTokens;
  toolsFor(callId: string): CallTools | undefined;
  /** Hosts, with port where it is not the scheme's own, under which we may be addressed. Guards against DNS rebinding. */
  allowedHosts: () => readonly string[];
}

const MAX_BODY_BYTES = 64 * 1024;
const PATH = '/mcp';

/** Codes of JSON-RPC, and of its range for servers. */
const PARSE_ERROR = -32_700;
const INTERNAL_ERROR = -32_603;
const REFUSED = -32_000;
const UNAUTHORISED = -32_001;

declare module 'fastify' {
  interface FastifyRequest {
    callTools?: CallTools;
  }
}

/** Registers `POST /mcp`. @param app without a route at that path. */
export function registerMcp(app: FastifyInstance, options: McpOptions): void {
  app.decorateRequest('callTools', undefined);
  app.post(
    PATH,
    { bodyLimit: MAX_BODY_BYTES, onRequest: admit(options), errorHandler: answerError },
    async (request, reply) => {
      const tools = request.callTools;
      if (tools) await serve(tools, request, reply);
    },
  );
  // Stateless: there is no stream to open and no session to end. Said before a body is looked for.
  app.route({
    method: ['GET', 'DELETE'],
    url: PATH,
    onRequest: refuseMethod,
    handler: refuseMethod,
  });
}

async function refuseMethod(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await reply.code(405).header('allow', 'POST').send(problem(REFUSED, 'Only POST.'));
}

function admit({ tokens, toolsFor, allowedHosts }: McpOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { host = '', origin, authorization } = request.headers;
    const hosts = allowedHosts();
    // Browsers name their page; the model's side does not. Only our own pages may.
    const isOwnOrigin =
      origin === undefined || hosts.some((own) => origin === `https://${own}` || origin === `http://${own}`);
    if (!hosts.includes(host.toLowerCase()) || !isOwnOrigin) {
      await reply.code(403).send(problem(REFUSED, 'Not for this origin or host.'));
      return;
    }
    const token = /^Bearer ([\w-]{20,200})$/i.exec(authorization ?? '')?.[1];
    const callId = token && tokens.callOf(token);
    request.callTools = callId ? toolsFor(callId) : undefined;
    if (request.callTools) return;
    // A request that brought nothing gets no error code (RFC 6750, section 3.1).
    const challenge = authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
    await reply
      .code(401)
      .header('www-authenticate', challenge)
      .send(problem(UNAUTHORISED, 'The token of a live call is needed.'));
  };
}

/** One server per request: it belongs to one call, and forgets it when the answer is out or the asker has gone. */
async function serve(tools: CallTools, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const server = serverFor(tools);
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  reply.hijack();
  // Only the reply is dropped: a write that is under way goes on to its end (rule END-35).
  reply.raw.on('close', () => void server.close());
  try {
    await server.connect(transport);
    await transport.handleRequest(request.raw, reply.raw, request.body);
  } catch {
    if (reply.raw.headersSent || reply.raw.destroyed) return void reply.raw.end();
    reply.raw.writeHead(500, { 'content-type': 'application/json' });
    reply.raw.end(JSON.stringify(problem(INTERNAL_ERROR, 'The request could not be served.')));
  }
}

function serverFor(tools: CallTools): Server {
  const server = new Server({ name: 'bellhop', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.definitions().map(({ name, description, parameters, annotations }) => ({
      name,
      description,
      inputSchema: { ...parameters, type: 'object' as const },
      annotations,
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { requestId }) => {
    const { outcome, text, structured } = await tools.run(
      params.name,
      params.arguments ?? {},
      toolCallId(requestId),
      'native',
    );
    return { content: [{ type: 'text' as const, text }], structuredContent: structured, isError: outcome !== 'ok' };
  });
  return server;
}

/** Each POST counts its ids anew, so that they alone name nothing within a call. */
const toolCallId = (requestId: RequestId): string => `mcp-${String(requestId).slice(0, 40)}-${randomUUID()}`;

/** What fastify itself refuses, told as JSON-RPC and without its words. */
function answerError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500;
  const [code, message] = REFUSALS[status] ?? [INTERNAL_ERROR, 'The request could not be served.'];
  void reply.code(status).send(problem(code, message));
}

const REFUSALS: Record<number, readonly [number, string]> = {
  400: [PARSE_ERROR, 'The body is not JSON.'],
  413: [REFUSED, `The body is larger than ${MAX_BODY_BYTES} bytes.`],
  415: [REFUSED, 'The body must be application/json.'],
};

const problem = (code: number, message: string) => ({ jsonrpc: '2.0', error: { code, message }, id: null });

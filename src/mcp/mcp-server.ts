/**
 * The hotel's tools over MCP (streamable HTTP, stateless): whoever holds the token of a live call may use that call's tools, an
 * assistant of the hotel what its token is good for, and nobody else anything.
 */
import { randomUUID } from 'node:crypto';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type RequestId } from '@modelcontextprotocol/sdk/types.js';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { admit, PATH, registerResourceMetadata, scopeCheck, type McpOptions, type ServedTools } from './admission.ts';
import { INTERNAL_ERROR, PARSE_ERROR, problem, REFUSED } from './json-rpc.ts';

const MAX_BODY_BYTES = 64 * 1024;

/** Registers `POST /mcp` and the metadata of that resource. @param app without routes at their paths. */
export function registerMcp(app: FastifyInstance, options: McpOptions): void {
  app.decorateRequest('servedTools', undefined);
  registerResourceMetadata(app, options);
  const hooks = { onRequest: admit(options), preHandler: scopeCheck(options), errorHandler: answerError };
  app.post(PATH, { bodyLimit: MAX_BODY_BYTES, ...hooks }, async (request, reply) => {
    const tools = request.servedTools;
    if (tools) await serve(tools, request, reply);
  });
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

/** One server per request: it belongs to one token, and forgets it when the answer is out or the asker has gone. */
async function serve(tools: ServedTools, request: FastifyRequest, reply: FastifyReply): Promise<void> {
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

function serverFor(tools: ServedTools): Server {
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
    const { outcome, text, structured } = await tools.run(params.name, params.arguments ?? {}, toolCallId(requestId));
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

/**
 * The hotel's tools over MCP (streamable HTTP, stateless) for the model's side: whoever holds the token of a live call may
 * use that call's tools, and nobody else.
 */
import { randomUUID } from 'node:crypto';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
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

declare module 'fastify' {
  interface FastifyRequest {
    callTools?: CallTools;
  }
}

export function registerMcp(app: FastifyInstance, options: McpOptions): void {
  app.decorateRequest('callTools', undefined);
  app.post(PATH, { bodyLimit: MAX_BODY_BYTES, onRequest: admit(options) }, async (request, reply) => {
    const tools = request.callTools as CallTools;
    const server = serverFor(tools);
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
    reply.hijack();
    reply.raw.on('close', () => {
      void transport.close();
      void server.close();
    });
    await server.connect(transport);
    await transport.handleRequest(request.raw, reply.raw, request.body);
  });
  // Stateless: there is no stream to open and no session to end.
  app.route({
    method: ['GET', 'DELETE'],
    url: PATH,
    handler: (_request, reply) => reply.code(405).header('allow', 'POST').send(problem(-32_000, 'Only POST.')),
  });
}

function admit({ tokens, toolsFor, allowedHosts }: McpOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { host = '', origin, authorization = '' } = request.headers;
    const hosts = allowedHosts();
    // Browsers name their page; the model's side does not. Only our own pages may.
    const isOwnOrigin =
      origin === undefined || hosts.some((own) => origin === `https://${own}` || origin === `http://${own}`);
    if (!hosts.includes(host) || !isOwnOrigin) {
      await reply.code(403).send(problem(-32_000, 'Not for this origin or host.'));
      return;
    }
    const token = /^Bearer ([\w-]{20,200})$/i.exec(authorization)?.[1];
    const callId = token && tokens.callOf(token);
    request.callTools = callId ? toolsFor(callId) : undefined;
    if (!request.callTools)
      await reply
        .code(401)
        .header('www-authenticate', 'Bearer error="invalid_token"')
        .send(problem(-32_001, 'The token of a live call is needed.'));
  };
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
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const { outcome, text, structured } = await tools.run(params.name, params.arguments ?? {}, randomUUID(), 'native');
    return { content: [{ type: 'text' as const, text }], structuredContent: structured, isError: outcome !== 'ok' };
  });
  return server;
}

const problem = (code: number, message: string) => ({ jsonrpc: '2.0', error: { code, message }, id: null });

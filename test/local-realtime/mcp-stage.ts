/** A real MCP server over HTTP for tests: stateless, JSON answers; it records who called and with which headers. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

export interface McpStage {
  url: string;
  /** JSON-RPC methods as they came, with two headers of each. */
  requests: { method: string; authorization: string | undefined; house: string | undefined }[];
  close(): Promise<void>;
}

export interface McpStageOptions {
  /** How long the tool `order_towels` takes. */
  delayMs?: number;
  /** How long a list of tools takes. */
  listDelayMs?: number;
  /** Tools that take anything, instead of the usual two. */
  names?: string[];
}

export async function startMcpStage({ delayMs = 0, listDelayMs = 0, names }: McpStageOptions = {}): Promise<McpStage> {
  const requests: McpStage['requests'] = [];
  const http = createServer((request, response) => {
    if (request.url === '/moved') return void response.writeHead(307, { location: '/mcp' }).end();
    if (request.url === '/forbidden') return void response.writeHead(403).end('no');
    if (request.method !== 'POST') return void response.writeHead(405).end();
    return void (async () => {
      const body: unknown = JSON.parse(await bodyOf(request));
      const messages = Array.isArray(body) ? body : [body];
      for (const message of messages as { method: string }[])
        requests.push({
          method: message.method,
          authorization: request.headers.authorization,
          house: request.headers['x-house']?.toString(),
        });
      if (requests.at(-1)?.method === 'tools/list') await delay(listDelayMs);
      const server = names ? serverOf(names) : hotelServer(delayMs);
      const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
      response.on('close', () => void server.close());
      await server.connect(transport);
      await transport.handleRequest(request, response, body);
    })();
  });
  await new Promise<void>((listening) => void http.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        http.close(() => closed());
        http.closeAllConnections();
      }),
  };
}

function serverOf(names: readonly string[]): McpServer {
  const server = new McpServer({ name: 'other', version: '1.0.0' });
  for (const name of names)
    server.registerTool(
      name,
      { description: `Does ${name}.`, inputSchema: z.looseObject({ topic: z.string().optional() }) },
      async () => ({
        content: [{ type: 'text', text: `${name} is done.` }],
      }),
    );
  return server;
}

function hotelServer(delayMs: number): McpServer {
  const server = new McpServer({ name: 'hotel', version: '1.0.0' });
  server.registerTool(
    'order_towels',
    { description: 'Orders towels.', inputSchema: { count: z.number() } },
    async ({ count }) => {
      await new Promise((done) => setTimeout(done, delayMs));
      return { content: [{ type: 'text', text: `${count} towels are on their way.` }] };
    },
  );
  server.registerTool(
    'read_menu',
    { description: 'Reads the menu.', annotations: { readOnlyHint: true } },
    async () => ({ content: [{ type: 'text', text: 'The menu could not be found.' }], isError: true }),
  );
  return server;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** `/mcp` on a real socket, over the hotel's own tools with their books in memory. */
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import fastify, { type FastifyInstance } from 'fastify';
import type { AssistantAccess } from '../../src/mcp/admission.ts';
import { CallTokens } from '../../src/mcp/call-token.ts';
import { registerMcp } from '../../src/mcp/mcp-server.ts';
import { hotelStage, type CallOnStage } from '../hotel/hotel-stage.ts';

export async function mcpStage(prepare: (app: FastifyInstance) => void = () => {}, assistants?: AssistantAccess) {
  const hotel = hotelStage();
  const tokens = new CallTokens();
  const calls = new Map<string, CallOnStage>();
  let app = await listen(0);
  const host = (): string => `127.0.0.1:${(app.server.address() as AddressInfo).port}`;

  async function listen(port: number): Promise<FastifyInstance> {
    const made = fastify({ forceCloseConnections: true });
    prepare(made);
    registerMcp(made, {
      tokens,
      toolsFor: (callId) => calls.get(callId)?.tools,
      allowedHosts: () => [host(), 'bellhop.example'],
      assistants,
    });
    await made.listen({ host: '127.0.0.1', port });
    return made;
  }
  const url = `http://${host()}/mcp`;
  const clients: Client[] = [];

  return {
    ...hotel,
    tokens,
    url,
    host,
    /** @returns the token of a new live call. */
    callArrives(callId: string): string {
      calls.set(callId, hotel.call(callId));
      return tokens.mint(callId);
    },
    onStage: (callId: string): CallOnStage => calls.get(callId) as CallOnStage,
    callEnds(callId: string): void {
      calls.get(callId)?.hangUp();
      calls.delete(callId);
      tokens.revoke(callId);
    },
    async connect(token: string): Promise<Client> {
      const client = new Client({ name: 'test', version: '1.0.0' });
      const requestInit = { headers: { authorization: `Bearer ${token}` } };
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
      clients.push(client);
      return client;
    },
    /** Another server at the same address, which remembers tokens and nothing else. */
    async restart(): Promise<void> {
      const { port } = app.server.address() as AddressInfo;
      await app.close();
      app = await listen(port);
    },
    async close(): Promise<void> {
      await Promise.all(clients.map((client) => client.close()));
      await app.close();
    },
  };
}

export type McpStage = Awaited<ReturnType<typeof mcpStage>>;

export const rpc = (method: string, params: unknown = {}, id: number | string = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

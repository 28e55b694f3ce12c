/** One MCP server as a session defined it: connected over HTTP, its tools listed, its tools called. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { ZodError } from 'zod';
import type { ListedTool, McpCallError } from './item-schema.ts';
import type { McpTool } from './tool-schema.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const CALL_TIMEOUT_MS = 30_000;
/** A server that lists more is cut off: the mind looks through all of them. */
const MAX_TOOLS = 256;

export type NativeCallResult = { output: string; error: null } | { output: null; error: McpCallError };

export class McpServerClient {
  readonly #url: URL;
  readonly #headers: Record<string, string>;
  #client: Promise<Client> | undefined;
  #runningCalls = 0;
  #isRetired = false;

  constructor(definition: McpTool & { server_url: string }) {
    this.#url = new URL(definition.server_url);
    this.#headers = {
      ...definition.headers,
      ...(definition.authorization === undefined ? {} : { authorization: `Bearer ${definition.authorization}` }),
    };
  }

  /** @throws what went wrong while connecting or listing. */
  async listTools(): Promise<ListedTool[]> {
    const client = await this.#connected();
    const tools: ListedTool[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listTools(cursor === undefined ? {} : { cursor }, { timeout: CONNECT_TIMEOUT_MS });
      for (const tool of page.tools)
        tools.push({
          name: tool.name,
          description: tool.description ?? null,
          input_schema: tool.inputSchema,
          annotations: tool.annotations ? { ...tool.annotations } : null,
        });
      cursor = page.nextCursor;
    } while (cursor !== undefined && tools.length < MAX_TOOLS);
    return tools.slice(0, MAX_TOOLS);
  }

  /** Never rejects: what went wrong is a value of the wire. */
  async call(name: string, args: Record<string, unknown>): Promise<NativeCallResult> {
    this.#runningCalls++;
    try {
      return await this.#callOnce(name, args).catch((error: unknown) => {
        // The server forgot this client, so nothing was done: once more with a new connection (rule TOOL-47).
        if (!(error instanceof StreamableHTTPError) || error.code !== 404) throw error;
        this.#forgetConnection();
        return this.#callOnce(name, args);
      });
    } catch (error) {
      return { output: null, error: callErrorOf(error) };
    } finally {
      this.#runningCalls--;
      if (this.#isRetired && this.#runningCalls === 0) this.#forgetConnection();
    }
  }

  async #callOnce(name: string, args: Record<string, unknown>): Promise<NativeCallResult> {
    const client = await this.#connected();
    const result = await client.callTool({ name, arguments: args }, undefined, { timeout: CALL_TIMEOUT_MS });
    const text = textOf(result);
    if (result.isError === true) return { output: null, error: { type: 'tool_execution_error', message: text } };
    return { output: text, error: null };
  }

  /** Closes the connection once its running calls have ended: a write that has begun is let through. */
  retire(): void {
    this.#isRetired = true;
    if (this.#runningCalls === 0) this.#forgetConnection();
  }

  #connected(): Promise<Client> {
    if (this.#client) return this.#client;
    const connecting = this.#connect();
    this.#client = connecting;
    connecting.catch(() => {
      if (this.#client === connecting) this.#client = undefined;
    });
    return connecting;
  }

  async #connect(): Promise<Client> {
    const client = new Client({ name: 'bellhop-local-realtime', version: '1.0.0' });
    const transport = new StreamableHTTPClientTransport(this.#url, {
      // Redirects are not followed: the exact URL has to be given, as with the hosted service.
      requestInit: { headers: this.#headers, redirect: 'manual' },
      reconnectionOptions: {
        maxRetries: 0,
        initialReconnectionDelay: 1000,
        maxReconnectionDelay: 1000,
        reconnectionDelayGrowFactor: 1,
      },
    });
    await client.connect(transport, { timeout: CONNECT_TIMEOUT_MS });
    return client;
  }

  #forgetConnection(): void {
    const client = this.#client;
    this.#client = undefined;
    void client?.then((connected) => connected.close()).catch(() => undefined);
  }
}

function textOf(result: Awaited<ReturnType<Client['callTool']>>): string {
  const content = Array.isArray(result.content) ? (result.content as { type: string; text?: string }[]) : [];
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text ?? ''] : [])).join('\n');
  return text === '' && result.structuredContent !== undefined ? JSON.stringify(result.structuredContent) : text;
}

function callErrorOf(error: unknown): McpCallError {
  if (error instanceof StreamableHTTPError && (error.code ?? 0) > 0)
    return { type: 'http_error', code: error.code ?? 502, message: `HTTP status ${error.code ?? 'unknown'}` };
  // An answer came, and it is no MCP: another content type, no JSON, other fields.
  if (error instanceof StreamableHTTPError || error instanceof SyntaxError || error instanceof ZodError)
    return { type: 'protocol_error', code: ErrorCode.ParseError, message: 'The answer is not one of the protocol.' };
  if (error instanceof McpError) return { type: 'protocol_error', code: error.code, message: error.message };
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
  return { type: 'http_error', code: 502, message: cause ?? (error instanceof Error ? error.message : String(error)) };
}

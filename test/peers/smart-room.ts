/**
 * An MCP server of a hotel's smart rooms: lights, temperature, curtains. For tests, and for newcomers to try tool servers with:
 * `npm run smart-room -- --http` answers at http://127.0.0.1:8790/mcp, without `--http` it speaks on standard input and output.
 */
import { appendFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { McpServer, type RegisteredTool } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

const MAX_ROOMS = 500;
const MAX_SESSIONS = 64;
const PORT = 8790;

export interface RoomState {
  lights: 'on' | 'off' | 'dim';
  celsius: number;
  curtains: 'open' | 'half' | 'closed';
}

/** Something that was done to a room, once for each time it was done. */
export interface Effect {
  tool: string;
  room: string;
  change: Partial<RoomState>;
}

/** `error`: refused in words, nothing is done. `lost`: it is done, and the answer never comes. */
export type Trouble = 'none' | 'error' | 'lost';

export interface SmartRoomOptions {
  /** Milliseconds each call takes before anything is done. */
  delayMs?: number | undefined;
  trouble?: Trouble | undefined;
  /** A file that gets a line of JSON for each effect: for tests of a child process. */
  ledgerFile?: string | undefined;
}

const room = z
  .string()
  .regex(/^\d{1,5}$/)
  .describe('The room number');
const change = { destructiveHint: false, idempotentHint: true, openWorldHint: false };

export class SmartRoom {
  /** Everything that was done, in order. */
  readonly effects: Effect[] = [];
  delayMs: number;
  trouble: Trouble;
  readonly #ledgerFile: string | undefined;
  readonly #rooms = new Map<string, RoomState>();
  readonly #tools = new Set<Map<string, RegisteredTool>>();
  readonly #descriptions = new Map<string, string>();

  constructor({ delayMs = 0, trouble = 'none', ledgerFile }: SmartRoomOptions = {}) {
    this.delayMs = delayMs;
    this.trouble = trouble;
    this.#ledgerFile = ledgerFile;
  }

  stateOf(number: string): RoomState {
    return this.#rooms.get(number) ?? { lights: 'off', celsius: 21, curtains: 'closed' };
  }

  /** Changes what a tool says of itself, and tells those who are connected. */
  describe(tool: string, description: string): void {
    this.#descriptions.set(tool, description);
    for (const tools of this.#tools) tools.get(tool)?.update({ description });
  }

  /** @returns a server for one connection. All of them act on the same rooms. */
  server(): McpServer {
    const server = new McpServer({ name: 'smart-room', version: '1.0.0' });
    const tools = new Map([
      ['set_lights', this.#lights(server)],
      ['set_temperature', this.#temperature(server)],
      ['open_curtains', this.#curtains(server)],
      ['get_room_state', this.#state(server)],
    ]);
    for (const [tool, description] of this.#descriptions) tools.get(tool)?.update({ description });
    this.#tools.add(tools);
    // What this SDK closes has no other way to be heard.
    // oxlint-disable-next-line unicorn/prefer-add-event-listener
    server.server.onclose = () => this.#tools.delete(tools);
    return server;
  }

  #lights(server: McpServer): RegisteredTool {
    const state = z.enum(['on', 'off', 'dim']);
    return server.registerTool(
      'set_lights',
      { description: 'Switches the lights of a room.', inputSchema: { room, state }, annotations: change },
      (input) => this.#change('set_lights', input.room, { lights: input.state }, `The lights are ${input.state}.`),
    );
  }

  #temperature(server: McpServer): RegisteredTool {
    const celsius = z.number().min(16).max(28).describe('Degrees Celsius');
    return server.registerTool(
      'set_temperature',
      { description: 'Sets the temperature of a room.', inputSchema: { room, celsius }, annotations: change },
      (input) =>
        this.#change('set_temperature', input.room, { celsius: input.celsius }, `Set to ${input.celsius} degrees.`),
    );
  }

  #curtains(server: McpServer): RegisteredTool {
    const position = z.enum(['open', 'half', 'closed']);
    return server.registerTool(
      'open_curtains',
      { description: 'Moves the curtains of a room.', inputSchema: { room, position }, annotations: change },
      (input) =>
        this.#change('open_curtains', input.room, { curtains: input.position }, `The curtains are ${input.position}.`),
    );
  }

  #state(server: McpServer): RegisteredTool {
    return server.registerTool(
      'get_room_state',
      {
        description: 'Tells lights, temperature and curtains of a room.',
        inputSchema: { room },
        annotations: { readOnlyHint: true, openWorldHint: false },
      },
      async (input) => {
        await pause(this.delayMs);
        return this.trouble === 'error' ? REFUSED : answer(JSON.stringify(this.stateOf(input.room)));
      },
    );
  }

  async #change(tool: string, number: string, part: Partial<RoomState>, text: string): Promise<CallToolResult> {
    await pause(this.delayMs);
    if (this.trouble === 'error' || (!this.#rooms.has(number) && this.#rooms.size >= MAX_ROOMS)) return REFUSED;
    this.#rooms.set(number, { ...this.stateOf(number), ...part });
    const effect = { tool, room: number, change: part };
    this.effects.push(effect);
    if (this.#ledgerFile) appendFileSync(this.#ledgerFile, `${JSON.stringify(effect)}\n`);
    if (this.trouble === 'lost') await new Promise<never>(() => {});
    return answer(text);
  }
}

const answer = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });
const REFUSED: CallToolResult = { ...answer('The room controller does not answer.'), isError: true };

export interface RunningSmartRoom {
  url: string;
  smartRoom: SmartRoom;
  /** Ends all sessions as a restart would: their ids are unknown from here on. */
  forgetSessions(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Streamable HTTP with sessions, on this machine.
 * @param listen port 0 (the default) for any free one. With a token only its bearers are let in; of a set, of any in it.
 */
export async function startSmartRoom(
  options: SmartRoomOptions = {},
  { port = 0, token }: { port?: number; token?: string | ReadonlySet<string> | undefined } = {},
): Promise<RunningSmartRoom> {
  const smartRoom = new SmartRoom(options);
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const server = createServer((request, response) => {
    if (!isLetIn(token, request.headers.authorization)) refuse(response, 401);
    else void serve(smartRoom, sessions, request, response).catch(() => refuse(response, 500));
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', listening);
  });
  const forgetSessions = async (): Promise<void> => {
    await Promise.all([...sessions.values()].map((session) => session.close()));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    smartRoom,
    forgetSessions,
    close: async () => {
      server.closeAllConnections();
      await forgetSessions();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function isLetIn(token: string | ReadonlySet<string> | undefined, authorization = ''): boolean {
  if (token === undefined) return true;
  const brought = authorization.replace(/^Bearer /, '');
  return typeof token === 'string' ? brought === token : token.has(brought);
}

async function serve(
  smartRoom: SmartRoom,
  sessions: Map<string, StreamableHTTPServerTransport>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (URL.parse(request.url ?? '', 'http://localhost')?.pathname !== '/mcp') return refuse(response, 404);
  const id = request.headers['mcp-session-id'];
  if (typeof id === 'string') {
    const session = sessions.get(id);
    return session ? session.handleRequest(request, response) : refuse(response, 404);
  }
  if (sessions.size >= MAX_SESSIONS) return refuse(response, 503);
  const session = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (opened) => void sessions.set(opened, session),
    enableDnsRebindingProtection: true,
    allowedHosts: [request.headers.host ?? ''].filter((host) => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)),
  });
  // What this SDK closes has no other way to be heard.
  // oxlint-disable-next-line unicorn/prefer-add-event-listener
  session.onclose = () => sessions.delete(session.sessionId ?? '');
  await smartRoom.server().connect(session);
  return session.handleRequest(request, response);
}

function refuse(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status);
  response.end();
}

const HELP = `Usage: npm run smart-room -- [options]

  --http          streamable HTTP instead of standard input and output
  --port <port>   where, ${PORT} by default
  --token <text>  let in only those who bring it (Authorization: Bearer …)
  --delay <ms>    how long each call takes
  --trouble <w>   error: every call is refused; lost: it is done, and the answer never comes
  --ledger <file> gets a line of JSON for all that is done to a room
  --help          this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      http: { type: 'boolean', default: false },
      port: { type: 'string', default: String(PORT) },
      token: { type: 'string' },
      delay: { type: 'string', default: '0' },
      trouble: { type: 'string', default: 'none' },
      ledger: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const trouble = z.enum(['none', 'error', 'lost']).parse(values.trouble);
  const options = { delayMs: Number(values.delay), trouble, ledgerFile: values.ledger };
  if (!values.http) return new SmartRoom(options).server().connect(new StdioServerTransport());
  const { url } = await startSmartRoom(options, { port: Number(values.port), token: values.token });
  process.stdout.write(`The smart rooms answer at ${url}.\n`);
}

if (import.meta.main) await main();

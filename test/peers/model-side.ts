/**
 * The model's side of one call: lists and calls tool servers itself, asks for approval, and calls functions as the test says;
 * whatever response it is asked for it says a word or two. Knows the order of the protocol's events.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { vi } from 'vitest';
import type { ClientEvent, ScriptedConnection } from './scripted-realtime.ts';

/** A tool of the session as it is configured. */
export interface OfferedTool {
  type: 'mcp' | 'function';
  name?: string;
  parameters?: { properties?: Record<string, unknown> };
  server_label?: string;
  server_url?: string;
  authorization?: string;
  allowed_tools?: string[];
  require_approval?: unknown;
}

interface Item {
  id: string;
  type: string;
  [field: string]: unknown;
}

/** How the model's side reaches servers: the public address of each stands for one on this machine. */
export interface ModelReach {
  /** By `server_url`; one that is not here cannot be reached. */
  addresses: ReadonlyMap<string, string>;
  /** How long a call of a tool may take. */
  callWithinMs?: number;
}

const PATIENCE = { timeout: 5_000, interval: 10 };
const PCM_100_MS = Buffer.alloc(4_800).toString('base64');
const MULAW_100_MS = Buffer.alloc(800, 0xff).toString('base64');

export class ModelSide {
  /** What it was told to say, word for word. */
  readonly said: string[] = [];
  /** The tools that each update named, oldest first. */
  readonly offers: OfferedTool[][] = [];
  readonly #connection: ScriptedConnection;
  readonly #reach: ModelReach;
  /** Servers that were listed, with their address. */
  readonly #listed = new Map<string, string>();
  #silence = PCM_100_MS;
  #ids = 0;

  constructor(connection: ScriptedConnection, reach: ModelReach) {
    this.#connection = connection;
    this.#reach = reach;
    for (const event of connection.sent) this.#heard(event);
    connection.heard = (event) => this.#heard(event);
  }

  /** What the session offers now. */
  get offered(): OfferedTool[] {
    return this.offers.at(-1) ?? [];
  }

  /** @returns the function of this name as it is offered now. */
  function(name: string): OfferedTool | undefined {
    return this.offered.find((tool) => tool.type === 'function' && tool.name === name);
  }

  /** @returns the server of this label as it is offered now. */
  server(label: string): OfferedTool | undefined {
    return this.offered.find((tool) => tool.server_label === label);
  }

  /** Waits until the session offers what the test looks for. */
  async offering<T>(find: (model: this) => T, withinMs = 5_000): Promise<NonNullable<T>> {
    return (await vi.waitUntil(() => find(this), { ...PATIENCE, timeout: withinMs })) as NonNullable<T>;
  }

  /** Calls a function. @returns its output. */
  async callFunction(name: string, input: object, withinMs = 5_000): Promise<string> {
    return this.outputOf(this.beginFunction(name, input), withinMs);
  }

  /** Calls a function without waiting. @returns what `outputOf` finds its output by. */
  beginFunction(name: string, input: object): string {
    const callId = this.#id('call');
    const item: Item = { id: callId, type: 'function_call', name, call_id: callId, arguments: JSON.stringify(input) };
    this.#respond([item]);
    return callId;
  }

  async outputOf(callId: string, withinMs = 5_000): Promise<string> {
    const isIt = ({ item }: ClientEvent): boolean => (item as Item | undefined)?.call_id === callId;
    const find = (): ClientEvent | undefined => this.#connection.of('conversation.item.create').find(isIt);
    const event = await vi.waitUntil(find, { ...PATIENCE, timeout: withinMs });
    return String((event?.item as Item | undefined)?.output);
  }

  /** Calls a tool of a server itself. @returns its text; undefined when there was no answer. */
  async callNatively(label: string, name: string, input: object, approvalId?: string): Promise<string | undefined> {
    const server = this.server(label);
    const itemId = this.#id('mcp');
    const responseId = this.#id('resp');
    const began = { id: itemId, type: 'mcp_call', server_label: label, name, arguments: '', output: null, error: null };
    const item: Item = { ...began, approval_request_id: approvalId ?? null };
    const argumentsJson = JSON.stringify(input);
    const isApart = approvalId !== undefined;
    if (isApart) this.#tell('conversation.item.added', { item: { ...item, arguments: argumentsJson } });
    else {
      this.#tell('response.created', { response: { id: responseId, status: 'in_progress' } });
      this.#tell('response.output_item.added', { response_id: responseId, item });
      this.#tell('response.mcp_call_arguments.done', { item_id: itemId, arguments: argumentsJson });
    }
    const answer = await this.#called(server, name, input);
    const error = answer === undefined ? { type: 'http_error', code: 504, message: 'no answer' } : null;
    const whole = { ...item, arguments: argumentsJson, output: answer ?? null, error };
    this.#tell(`response.mcp_call.${error ? 'failed' : 'completed'}`, { item_id: itemId });
    if (isApart) this.#tell('conversation.item.done', { item: whole });
    else {
      this.#tell('response.output_item.done', { response_id: responseId, item: whole });
      this.#tell('response.done', { response: { id: responseId, status: 'completed', output: [whole] } });
    }
    return answer;
  }

  /** Asks whether it may call a tool. @returns what `answerTo` finds the answer by. */
  askApproval(label: string, name: string, input: object): string {
    const id = this.#id('mcpr');
    const item = { id, type: 'mcp_approval_request', server_label: label, name, arguments: JSON.stringify(input) };
    this.#respond([item]);
    return id;
  }

  async answerTo(approvalId: string, withinMs = 5_000): Promise<Item> {
    const isIt = ({ item }: ClientEvent): boolean => (item as Item | undefined)?.approval_request_id === approvalId;
    const find = (): ClientEvent | undefined => this.#connection.of('conversation.item.create').find(isIt);
    const event = await vi.waitUntil(find, { ...PATIENCE, timeout: withinMs });
    return event?.item as Item;
  }

  #heard(event: ClientEvent): void {
    if (event.type === 'response.create') this.#say(event);
    if (event.type !== 'session.update') return;
    const session = event.session as { tools?: OfferedTool[]; audio?: { output?: { format?: { type?: string } } } };
    this.#silence = session.audio?.output?.format?.type === 'audio/pcmu' ? MULAW_100_MS : PCM_100_MS;
    if (!session.tools) return;
    this.offers.push(session.tools);
    this.#listNew(session.tools.filter(({ type }) => type === 'mcp'));
  }

  /** Servers that the session did not have before are listed. */
  #listNew(servers: OfferedTool[]): void {
    const labels = new Set(servers.map(({ server_label: label }) => label));
    for (const label of this.#listed.keys()) if (!labels.has(label)) this.#listed.delete(label);
    for (const server of servers) {
      const { server_label: label = '', server_url: url = '' } = server;
      if (this.#listed.get(label) === url) continue;
      this.#listed.set(label, url);
      void this.#list(server, label);
    }
  }

  async #list(server: OfferedTool, label: string): Promise<void> {
    const item: Item = { id: this.#id('mcpl'), type: 'mcp_list_tools', server_label: label, tools: [] };
    this.#tell('conversation.item.added', { item });
    this.#tell('mcp_list_tools.in_progress', { item_id: item.id });
    try {
      const tools = label === 'hotel' ? [] : await this.#toolsOf(server);
      this.#tell('mcp_list_tools.completed', { item_id: item.id });
      this.#tell('conversation.item.done', { item: { ...item, tools } });
    } catch {
      this.#tell('mcp_list_tools.failed', { item_id: item.id });
    }
  }

  async #toolsOf(server: OfferedTool): Promise<object[]> {
    const { tools } = await this.#connected(server, (client) => client.listTools());
    return tools
      .filter(({ name }) => server.allowed_tools?.includes(name))
      .map(({ name, description, inputSchema, annotations }) => ({
        name,
        description,
        input_schema: inputSchema,
        annotations: annotations ?? null,
      }));
  }

  async #called(server: OfferedTool | undefined, name: string, input: object): Promise<string | undefined> {
    const { callWithinMs: timeout = 1_000 } = this.#reach;
    try {
      const called = { name, arguments: { ...input } };
      const result = await this.#connected(server, (client) => client.callTool(called, undefined, { timeout }));
      return (result.content as { text: string }[])[0]?.text ?? '';
    } catch {
      return undefined;
    }
  }

  async #connected<T>(server: OfferedTool | undefined, use: (client: Client) => Promise<T>): Promise<T> {
    const address = this.#reach.addresses.get(server?.server_url ?? '');
    if (!server || address === undefined) throw new Error('there is nobody at this address');
    const client = new Client({ name: 'model-side', version: '1' });
    const headers = server.authorization ? { authorization: `Bearer ${server.authorization}` } : undefined;
    try {
      await client.connect(new StreamableHTTPClientTransport(new URL(address), { requestInit: { headers } }));
      return await use(client);
    } finally {
      await client.close();
    }
  }

  /** What it is told to say, or a word; a tenth of a second long. */
  #say({ response }: ClientEvent): void {
    const { instructions = '' } = (response ?? {}) as { instructions?: string };
    const saying = /^Say exactly this.*?: (".*")$/s.exec(instructions)?.[1];
    const text = saying === undefined ? 'All right.' : (JSON.parse(saying) as string);
    if (saying !== undefined) this.said.push(text);
    const responseId = this.#id('resp');
    const item: Item = { id: this.#id('item'), type: 'message', role: 'assistant' };
    const place = { response_id: responseId, item_id: item.id, output_index: 0, content_index: 0 };
    this.#tell('response.created', { response: { id: responseId, status: 'in_progress' } });
    this.#tell('response.output_item.added', { response_id: responseId, item });
    this.#tell('response.output_audio.delta', { ...place, delta: this.#silence });
    this.#tell('response.output_audio_transcript.delta', { ...place, delta: text });
    this.#tell('response.output_audio.done', place);
    this.#tell('response.output_audio_transcript.done', { ...place, transcript: text });
    this.#tell('response.output_item.done', { response_id: responseId, item });
    this.#tell('response.done', { response: { id: responseId, status: 'completed', output: [item] } });
  }

  #respond(items: Item[]): void {
    const id = this.#id('resp');
    this.#tell('response.created', { response: { id, status: 'in_progress' } });
    for (const item of items) {
      this.#tell('response.output_item.added', { response_id: id, item });
      this.#tell('response.output_item.done', { response_id: id, item });
    }
    this.#tell('response.done', { response: { id, status: 'completed', output: items } });
  }

  #tell(type: string, fields: object): void {
    this.#connection.emit({ type, ...fields });
  }

  #id(kind: string): string {
    return `${kind}_${++this.#ids}`;
  }
}

/**
 * An MCP server that does what it should not, over HTTP or, started as a program, over standard input and output. The name of
 * a tool says what becomes of its call; `lists` says what becomes of its lists. Written without the SDK, which is too polite.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

export type Lists = 'plain' | 'huge' | 'endless' | 'malformed' | 'deep';

interface Asked {
  id?: number;
  method?: string;
  params?: { name?: string; cursor?: string; requestId?: number };
}

const HUGE = 20_000_000;
const tool = (name: string, description = 'A tool'): object => ({
  name,
  description,
  inputSchema: { type: 'object' },
  annotations: { readOnlyHint: true },
});

function deep(levels: number): object {
  let schema: object = { type: 'object' };
  for (let level = 0; level < levels; level++) schema = { type: 'object', properties: { x: schema } };
  return schema;
}

function toolPage(lists: Lists, description: string, page: number): object {
  const plain = [tool('fine', description), tool('slow'), tool('huge')];
  if (lists === 'huge') return { tools: Array.from({ length: 2_000 }, (_, n) => tool(`tool-${n}`, 'x'.repeat(1_000))) };
  if (lists === 'endless') return { tools: [tool(`tool-${page}`)], nextCursor: String(page + 1) };
  if (lists === 'malformed') return { tools: [null, 7, { name: 'no-schema' }, ...plain] };
  if (lists === 'deep') return { tools: [{ ...tool('deep'), inputSchema: deep(500) }, ...plain] };
  return { tools: plain };
}

function resultOf({ method, params }: Asked, lists: Lists, description: string): object {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-11-25',
        capabilities: { tools: { listChanged: true }, prompts: {} },
        serverInfo: { name: 'hostile', version: '1' },
      };
    case 'tools/list':
      return toolPage(lists, description, Number(params?.cursor ?? 0));
    case 'tools/call':
      return { content: [{ type: 'text', text: params?.name === 'huge' ? 'x'.repeat(HUGE) : `did ${params?.name}` }] };
    default:
      return {};
  }
}

const LIST_CHANGED = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };

export class HostileHttpServer {
  lists: Lists = 'plain';
  description = 'A tool';
  /** Whether initialize and everything else are left unanswered. */
  isSilent = false;
  silentlyTaken = 0;
  /** Whether it answers 404 to who wants to hear of changes. */
  hasNoStream = false;
  /** Methods in the order they came; calls with their tool. */
  readonly asked: string[] = [];
  /** Requests whose answer the client stopped to read. */
  closedByClient = 0;
  /** The only token that is taken. */
  token: string | undefined;
  readonly #server: Server;
  readonly #sessions = new Set<string>();
  readonly #streams = new Set<ServerResponse>();

  constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  async listen(port = 0): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/mcp`;
  }

  get streams(): number {
    return this.#streams.size;
  }

  forget(): void {
    this.#sessions.clear();
  }

  /** Ends the streams on which it tells of changes. */
  endStreams(): void {
    for (const stream of this.#streams) stream.end();
  }

  /** Tells that its lists changed, as often. */
  tellOfChange(times = 1): void {
    for (const stream of this.#streams)
      for (let time = 0; time < times; time++) stream.write(`data: ${JSON.stringify(LIST_CHANGED)}\n\n`);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (!response.writableFinished) this.closedByClient++;
      this.#streams.delete(response);
    });
    if (this.isSilent) {
      this.silentlyTaken++;
      return;
    }
    if (this.token !== undefined && request.headers.authorization !== `Bearer ${this.token}`)
      return void response.writeHead(401).end();
    let text = '';
    for await (const part of request) text += String(part);
    const asked = text === '' ? {} : (JSON.parse(text) as Asked);
    if (asked.method === 'tools/call' || asked.method === undefined)
      this.asked.push(asked.params?.name ?? request.method ?? '');
    else this.asked.push(asked.method);
    const session = request.headers['mcp-session-id'];
    if (asked.method !== 'initialize' && !this.#sessions.has(String(session)))
      return void response.writeHead(404).end();
    if (request.method === 'GET' && this.hasNoStream) return void response.writeHead(404).end();
    if (request.method === 'GET') return this.#stream(response);
    if (request.method === 'DELETE') return void response.writeHead(200).end();
    if (asked.id === undefined) return void response.writeHead(202).end();
    this.#answer(asked, response);
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    this.#streams.add(response);
  }

  #answer(asked: Asked, response: ServerResponse): void {
    const session = asked.method === 'initialize' ? randomUUID() : undefined;
    if (session !== undefined) this.#sessions.add(session);
    const result = resultOf(asked, this.lists, this.description);
    const json = JSON.stringify({ jsonrpc: '2.0', id: asked.id, result });
    const headers = session === undefined ? {} : { 'mcp-session-id': session };
    const events = { ...headers, 'content-type': 'text/event-stream' };
    const plain = { ...headers, 'content-type': 'application/json' };
    switch (asked.method === 'tools/call' ? asked.params?.name : '') {
      case 'slow':
        return;
      case 'slow-stream':
        return void response.writeHead(200, events).write('id: 1\ndata:\n\n');
      case 'broken-off':
        response.writeHead(200, events).write(json.slice(0, 20));
        return void setTimeout(() => response.destroy(), 20);
      case 'ended-early':
        return void response.writeHead(200, events).end('data: {"jsonrpc":"2.0","meth');
      case 'wrong-id':
        return void response
          .writeHead(200, events)
          .end(`data: ${JSON.stringify({ jsonrpc: '2.0', id: 4_711, result })}\n\n`);
      case 'wrong-id-json':
        return void response.writeHead(200, plain).end(JSON.stringify({ jsonrpc: '2.0', id: 4_711, result }));
      case 'not-json':
        return void response.writeHead(200, plain).end('<html>');
      case 'strange-result':
        return void response
          .writeHead(200, plain)
          .end(JSON.stringify({ jsonrpc: '2.0', id: asked.id, result: { content: 7 } }));
      case 'huge-stream':
        return void response.writeHead(200, events).end(`data: ${'x'.repeat(HUGE)}\n\n`);
      case 'broken':
        return void response.writeHead(500).end('stack trace');
      case 'loop':
        return void response.writeHead(307, { location: this.url }).end();
      case 'progress':
        return this.#progressWithoutEnd(asked, response.writeHead(200, events));
      default:
        return void response.writeHead(200, plain).end(json);
    }
  }

  #progressWithoutEnd({ id }: Asked, response: ServerResponse): void {
    const params = { progressToken: id, progress: 1 };
    const timer = setInterval(
      () => response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params })}\n\n`),
      20,
    );
    response.on('close', () => clearInterval(timer));
  }
}

/** @param lists as in the environment of the program. */
function serveStdio(lists: Lists): void {
  const say = (message: object): void =>
    void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  process.stdout.write('Server ready! {not json}\n');
  createInterface(process.stdin).on('line', (line) => {
    const asked = JSON.parse(line) as Asked;
    if (asked.method === 'notifications/cancelled') process.stderr.write(`cancelled ${asked.params?.requestId}\n`);
    if (asked.id === undefined) return;
    process.stdout.write('some junk before the answer\n');
    const name = asked.method === 'tools/call' ? asked.params?.name : '';
    if (name === 'die') {
      process.stderr.write(`cannot go on with ${process.env['API_KEY']}\n`);
      process.exit(7);
    }
    if (name === 'slow') return;
    if (name === 'deep')
      process.stdout.write(`{"jsonrpc":"2.0","id":99,"result":{"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}}\n`);
    const id = name === 'wrong-id' ? 4_711 : asked.id;
    say({ id, result: resultOf(asked, lists, 'A tool') });
    if (name === 'changes') for (let time = 0; time < 1_000; time++) say(LIST_CHANGED);
  });
}

if (import.meta.main) serveStdio((process.env['LISTS'] ?? 'plain') as Lists);

/**
 * A Realtime server that does what the test says: it keeps what the client sends, acknowledges sound updates of the session,
 * and refuses, hangs or drops handshakes. It speaks only when it is told to.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';

/** What becomes of a handshake; a number refuses it with that HTTP status. */
export type Handshake = 'accept' | 'hang' | 'drop' | number;

export interface ClientEvent {
  type: string;
  event_id?: string;
  [field: string]: unknown;
}

const PATIENCE_MS = 5_000;

export class ScriptedRealtime {
  readonly connections: ScriptedConnection[] = [];
  /** The handshakes that came, refused ones too. */
  readonly handshakes: { path: string; authorization: string | undefined }[] = [];
  /** What becomes of the next handshakes; when none is left they are accepted. */
  script: Handshake[];
  /** false: the test answers updates of the session itself. */
  acknowledgesUpdates = true;
  readonly #http = createServer();
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #held = new Set<Duplex>();
  readonly #arrivals = new Arrivals();

  private constructor(script: Handshake[]) {
    this.script = script;
    this.#http.on('upgrade', (request, socket, head) => this.#greet(request, socket, head));
  }

  static async start(script: Handshake[] = []): Promise<ScriptedRealtime> {
    const server = new ScriptedRealtime(script);
    server.#http.listen(0, '127.0.0.1');
    await once(server.#http, 'listening');
    return server;
  }

  /** The base address, as a client is configured with it. */
  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/v1`;
  }

  /** Waits for the connection with this index. */
  async connection(index = 0): Promise<ScriptedConnection> {
    return this.#arrivals.until(() => this.connections[index], `connection ${index}`);
  }

  /** Waits until so many handshakes came. */
  async handshaken(count: number): Promise<void> {
    await this.#arrivals.until(() => this.handshakes.length >= count || undefined, `${count} handshakes`);
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.drop();
    for (const socket of this.#held) socket.destroy();
    this.#http.close();
    await once(this.#http, 'close');
  }

  #greet(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.handshakes.push({ path: request.url ?? '', authorization: request.headers.authorization });
    this.#held.add(socket);
    socket.on('error', () => {});
    const answer = this.script.shift() ?? 'accept';
    if (answer === 'accept')
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.connections.push(new ScriptedConnection(webSocket, () => this.acknowledgesUpdates));
        this.#arrivals.tell();
      });
    else if (answer === 'drop') socket.destroy();
    else if (answer !== 'hang') socket.end(`HTTP/1.1 ${answer} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    this.#arrivals.tell();
  }
}

export class ScriptedConnection {
  /** All that the client sent, oldest first. */
  readonly sent: ClientEvent[] = [];
  pings = 0;
  /** Why the client closed the socket; undefined while it is open. */
  closedWith: number | undefined;
  /** Hears of each event of the client, after it was acknowledged. */
  heard: (event: ClientEvent) => void = () => {};
  readonly #socket: WebSocket;
  readonly #acknowledges: () => boolean;
  readonly #arrivals = new Arrivals();

  constructor(socket: WebSocket, acknowledges: () => boolean) {
    this.#socket = socket;
    this.#acknowledges = acknowledges;
    socket.on('message', (data: Buffer) => this.#received(JSON.parse(data.toString('utf8')) as ClientEvent));
    socket.on('close', (code) => {
      this.closedWith = code;
      this.#arrivals.tell();
    });
    socket.on('error', () => {});
    socket.on('ping', () => this.pings++);
    this.emit({ type: 'session.created', session: { type: 'realtime' } });
  }

  emit(...events: ({ type: string } & Record<string, unknown>)[]): void {
    for (const event of events) this.emitText(JSON.stringify({ event_id: 'event_1', ...event }));
  }

  /** Sends a frame as it stands. */
  emitText(text: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  /** The client's events of one type, oldest first. */
  of(type: string): ClientEvent[] {
    return this.sent.filter((event) => event.type === type);
  }

  /** Waits for the event of this type with this index. */
  async next(type: string, index = 0): Promise<ClientEvent> {
    return this.#arrivals.until(() => this.of(type)[index], `${type} ${index}`);
  }

  /** Resolves when the client has taken in all that was emitted, and all that it sent upon that is here. */
  async settled(): Promise<void> {
    this.#socket.ping();
    await once(this.#socket, 'pong', { signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  async closed(): Promise<number> {
    return this.#arrivals.until(() => this.closedWith, 'the end of the connection');
  }

  /** Stops reading and answering, as a server whose machine went away. */
  freeze(): void {
    this.#socket.pause();
  }

  thaw(): void {
    this.#socket.resume();
  }

  /** Leaves the client's closing frame without an answer. */
  ignoreClosing(): void {
    this.#socket.close = () => {};
  }

  /** Cuts the line without a closing handshake. */
  drop(): void {
    this.#socket.terminate();
  }

  #received(event: ClientEvent): void {
    this.sent.push(event);
    if (event.type === 'session.update') this.#updateCame(event);
    this.heard(event);
    this.#arrivals.tell();
  }

  #updateCame(event: ClientEvent): void {
    const session = event.session as { type?: unknown } | undefined;
    if (session?.type !== 'realtime') {
      const message = "Missing required parameter: 'session.type'.";
      const error = { type: 'invalid_request_error', code: 'missing_required_parameter', message };
      this.emit({ type: 'error', error: { ...error, event_id: event.event_id } });
    } else if (this.#acknowledges()) this.emit({ type: 'session.updated', session });
  }
}

/** Those who wait for something to come. */
class Arrivals {
  readonly #waiting = new Set<() => void>();

  tell(): void {
    for (const look of this.#waiting) look();
  }

  async until<T>(find: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        this.#waiting.delete(look);
        clearTimeout(timer);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`waited in vain for ${what}`));
      }, PATIENCE_MS);
      this.#waiting.add(look);
      look();
    });
  }
}

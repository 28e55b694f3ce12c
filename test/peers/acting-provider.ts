/**
 * A Realtime server that acts like a hosted provider with a sensible model behind it: it hears turns in the audio, answers
 * them, makes requests natively or by function, and goes by what a conversation tells it. One call at a time.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { ActingSession } from './acting-session.ts';

/** Moments of a call that others may wish to know of. */
export type Moment = 'greeting' | 'guest-speaking' | 'response-pending' | 'tool' | 'agent-speaking' | 'idle';

/** What a create tool answered: what the guest may count on. */
export interface Acknowledged {
  summary: string;
  output: string;
}

export class ActingProvider {
  /** Connections of the call of now, oldest first. */
  sessions: ActingSession[] = [];
  acknowledged: Acknowledged[] = [];
  /** Where native tools are reached from here, whatever address the session was given. */
  mcpUrl = '';
  /** Handshakes that are answered with this HTTP status instead. */
  refusesWith: number | undefined;
  /** For many calls over a long time. */
  forgetsSessions = false;
  onMoment: (moment: Moment, turn: number) => void = () => {};
  readonly #http = createServer();
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });

  static async start(): Promise<ActingProvider> {
    const provider = new ActingProvider();
    provider.#http.on('upgrade', (request, socket, head) => provider.#greet(request, socket, head));
    provider.#http.listen(0, '127.0.0.1');
    await once(provider.#http, 'listening');
    return provider;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/v1`;
  }

  /** A new call begins: what was before is forgotten. */
  beginCall(): void {
    for (const session of this.sessions) session.drop();
    this.sessions = [];
    this.acknowledged = [];
    this.onMoment = () => {};
  }

  async close(): Promise<void> {
    this.beginCall();
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, 'close');
  }

  #forget(session: ActingSession): void {
    this.sessions = this.sessions.filter((other) => other !== session);
    this.acknowledged = [];
  }

  #greet(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {});
    if (this.refusesWith !== undefined)
      return void socket.end(`HTTP/1.1 ${this.refusesWith} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const session = new ActingSession(webSocket, this, this.sessions.length);
      this.sessions.push(session);
      if (this.forgetsSessions) webSocket.on('close', () => this.#forget(session));
    });
  }
}

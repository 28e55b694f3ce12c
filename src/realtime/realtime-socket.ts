/**
 * One WebSocket to a Realtime server: handshake with one or two tries, liveness by ping, close within a second. It knows frames,
 * not the protocol in them.
 */
import { WebSocket } from 'ws';
import type { ErrorBoundary } from '../call/error-boundary.ts';
import type { Clock } from '../call/ports.ts';

export const HANDSHAKE_WITHIN_MS = 3_000;
export const USUAL_TRIES = 2;
/** A far side that has answered pings and leaves so many in a row unanswered is gone: a guest may be waiting. */
const PING_EVERY_MS = 400;
const MISSED_PINGS = 3;
/** One that is near, or has answered no ping yet: nothing at all for so long. */
const SILENT_FOR_MS = 10_000;
const CLOSE_WITHIN_MS = 1_000;
/** Audio deltas are large JSON messages, but not this large. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
/** Bytes the server may leave unread before guest audio is dropped: some seconds. */
const MAX_UNREAD_BYTES = 1024 * 1024;

export interface SocketEvents {
  opened(): void;
  message(text: string): void;
  /** The handshake was refused for good: no use in trying again. */
  refused(status: number): void;
  /** The socket is gone, or never came. @param silentMs for how long nothing was heard before, if it looked alive. */
  lost(why: string, silentMs?: number): void;
}

export interface SocketOptions {
  /** Handshakes until it is given up; 2 when left out. */
  tries?: number;
  /** On this machine: busy rather than gone when it does not answer. */
  isNear?: boolean;
  /** Around the call that the connection is for; what comes from the socket runs inside. */
  boundary?: ErrorBoundary;
}

export class RealtimeSocket {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #events: SocketEvents;
  readonly #clock: Clock;
  #socket: WebSocket | undefined;
  readonly #maxTries: number;
  readonly #isNear: boolean;
  #tries = 0;
  #isOver = false;
  #heardAtMs = 0;
  /** The same without pings and pongs. */
  #spokeAtMs = -Infinity;
  #pingedAtMs = 0;
  #hasAnsweredPing = false;
  #missedPings = 0;
  #cancelPing: () => void = () => {};
  droppedMessages = 0;

  constructor(
    url: string,
    headers: Record<string, string>,
    clock: Clock,
    events: SocketEvents,
    { tries = USUAL_TRIES, isNear = false, boundary }: SocketOptions = {},
  ) {
    this.#maxTries = tries;
    this.#isNear = isNear;
    this.#url = url;
    this.#headers = headers;
    this.#events = boundary?.guard(events) ?? events;
    this.#clock = clock;
    this.#dial();
  }

  /** @param json one JSON text or its bytes; dropped when the socket is not open. */
  send(json: string | Buffer): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(json, { binary: false });
  }

  /** The same for what may be dropped when the server does not read. */
  sendUnlessStuck(json: string | Buffer): void {
    if ((this.#socket?.bufferedAmount ?? 0) > MAX_UNREAD_BYTES) this.droppedMessages++;
    else this.send(json);
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelPing();
    this.#letGo(this.#socket);
  }

  #dial(): void {
    this.#tries++;
    const socket = new WebSocket(this.#url, {
      headers: this.#headers,
      perMessageDeflate: false,
      skipUTF8Validation: true,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    this.#socket = socket;
    let refusedWith = 0;
    const cancelHandshake = this.#clock.after(HANDSHAKE_WITHIN_MS, () => socket.terminate());
    // A socket that was replaced is deaf.
    const isCurrent = (): boolean => !this.#isOver && this.#socket === socket;
    socket.on('open', () => {
      cancelHandshake();
      if (isCurrent()) this.#opened();
    });
    socket.on('message', (data: Buffer) => {
      if (!isCurrent()) return;
      this.#heardAtMs = this.#clock.nowMs();
      this.#spokeAtMs = this.#heardAtMs;
      this.#events.message(data.toString('utf8'));
    });
    for (const sign of ['ping', 'pong'])
      socket.on(sign, () => {
        this.#heardAtMs = this.#clock.nowMs();
        this.#hasAnsweredPing ||= sign === 'pong';
      });
    socket.on('unexpected-response', (_request, response) => {
      refusedWith = response.statusCode ?? 0;
      response.resume();
      socket.terminate();
    });
    socket.on('error', () => {});
    socket.on('close', (code) => {
      cancelHandshake();
      if (isCurrent()) this.#closed(socket, code, refusedWith);
    });
  }

  #opened(): void {
    this.#tries = this.#maxTries;
    this.#heardAtMs = this.#clock.nowMs();
    // At once, so that it is soon known whether pings are answered here.
    this.#ping();
    this.#events.opened();
  }

  #closed(socket: WebSocket, code: number, refusedWith: number): void {
    this.#letGo(socket);
    const isHopeless = [400, 401, 403, 404].includes(refusedWith);
    if (!isHopeless && this.#tries < this.#maxTries) return this.#dial();
    this.#isOver = true;
    this.#cancelPing();
    if (isHopeless) this.#events.refused(refusedWith);
    else this.#events.lost(refusedWith > 0 ? `refused with ${refusedWith}` : `closed with ${code}`);
  }

  #pingLater(): void {
    this.#cancelPing = this.#clock.after(PING_EVERY_MS, () => {
      const silentMs = this.#clock.nowMs() - this.#heardAtMs;
      // Counted by pings, not by time: while our own loop stands still nobody can be heard.
      this.#missedPings = this.#heardAtMs < this.#pingedAtMs ? this.#missedPings + 1 : 0;
      const hasMissedAll = this.#hasAnsweredPing && !this.#isNear && this.#missedPings >= MISSED_PINGS;
      if (hasMissedAll || silentMs >= SILENT_FOR_MS) {
        this.close();
        return this.#events.lost('half open', silentMs);
      }
      // Who speaks needs no asking.
      if (this.#clock.nowMs() - this.#spokeAtMs < PING_EVERY_MS && this.#hasAnsweredPing) return this.#pingLater();
      this.#ping();
    });
  }

  #ping(): void {
    this.#pingedAtMs = this.#clock.nowMs();
    this.#socket?.ping();
    this.#pingLater();
  }

  #letGo(socket: WebSocket | undefined): void {
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    if (socket.readyState === WebSocket.CONNECTING) return socket.terminate();
    socket.close();
    this.#clock.after(CLOSE_WITHIN_MS, () => socket.terminate());
  }
}

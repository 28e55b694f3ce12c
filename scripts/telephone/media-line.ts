/**
 * One media stream seen from the carrier: a frame of the caller every 20 ms on a schedule that does not drift, playout of the
 * agent's audio in the same beat, marks, clear. Who speaks when is the caller's business.
 */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { WebSocket } from 'ws';
import type { CallHappening } from './call-happenings.ts';
import type { Caller } from './caller.ts';
import type { LineRecording } from './line-recording.ts';
import { BYTES_PER_MS, FRAME_MS, PlayoutBuffer } from './playout-buffer.ts';
import { readFromServer, StreamMessages, type CallIds } from './stream-messages.ts';

export interface MediaLineOptions {
  url: string;
  headers: Record<string, string>;
  ids: CallIds;
  parameters: Record<string, string>;
  caller: Caller;
  recording: LineRecording;
  /** Milliseconds since the call was placed. */
  callMs: () => number;
  tell: (happening: CallHappening) => void;
}

export type StreamEnd =
  | { by: 'caller' }
  | { by: 'carrier' }
  | { by: 'server'; code: number; why: string }
  /** The handshake was not answered with an open stream. */
  | { by: 'refusal'; why: string };

const OPEN_WITHIN_MS = 5_000;
const CLOSE_WITHIN_MS = 1_000;

export class MediaLine {
  readonly #options: MediaLineOptions;
  readonly #socket: WebSocket;
  readonly #streamSid = `MZ${randomBytes(16).toString('hex')}`;
  readonly #messages: StreamMessages;
  readonly #playout = new PlayoutBuffer();
  readonly turnLatenciesMs: number[] = [];
  firstAudioMs: number | null = null;
  #settle: (end: StreamEnd) => void = () => {};
  #isOver = false;
  #startedAtMs = 0;
  #frames = 0;
  #timer: NodeJS.Timeout | undefined;
  /** When the caller's last turn ended, until the agent answers it. */
  #unansweredSinceMs: number | undefined;
  /** Bytes heard since the agent began to speak; undefined while it is silent. */
  #heardBytes: number | undefined;

  constructor(options: MediaLineOptions) {
    this.#options = options;
    this.#messages = new StreamMessages({ ...options.ids, streamSid: this.#streamSid });
    this.#socket = new WebSocket(options.url, { headers: options.headers, handshakeTimeout: OPEN_WITHIN_MS });
  }

  /** @returns how the stream ended. Never throws. */
  run(): Promise<StreamEnd> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#socket.on('open', () => this.#opened());
      this.#socket.on('message', (data: Buffer) => this.#received(data.toString('utf8')));
      this.#socket.on('close', (code, reason) => this.#end({ by: 'server', code, why: reason.toString('utf8') }));
      this.#socket.on('error', (error) => this.#end({ by: 'refusal', why: error.message }));
    });
  }

  /** The carrier ends the stream: the call is completed or goes on elsewhere. */
  stop(by: 'caller' | 'carrier'): void {
    if (this.#isOver) return;
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(this.#messages.stop());
    this.#end({ by });
  }

  #opened(): void {
    const { parameters, callMs, tell } = this.#options;
    this.#socket.send(this.#messages.connected());
    this.#socket.send(this.#messages.start(parameters));
    this.#startedAtMs = performance.now();
    tell({ type: 'stream-started', atMs: Math.round(callMs()) });
    this.#beat();
  }

  /** Sends the frames that are due; each has its own due time, so that lateness never adds up. */
  #beat(): void {
    while (!this.#isOver && performance.now() >= this.#dueMs()) this.#frame();
    if (!this.#isOver) this.#timer = setTimeout(() => this.#beat(), Math.max(0, this.#dueMs() - performance.now()));
  }

  #dueMs(): number {
    return this.#startedAtMs + this.#frames * FRAME_MS;
  }

  #frame(): void {
    this.#frames++;
    const { frame: agentFrame, heardBytes, marks } = this.#playout.playFrame();
    for (const name of marks) this.#socket.send(this.#messages.mark(name));
    this.#noteAgent(heardBytes);
    const step = this.#options.caller.next(this.#nowMs(), heardBytes > 0);
    if (step.kind === 'hangs-up') return this.stop('caller');
    this.#options.recording.add(step.frame, agentFrame);
    this.#socket.send(this.#messages.media(step.frame));
    if (step.kind === 'starts') this.#callerStarts(step);
    else if (step.kind === 'stops') {
      this.#unansweredSinceMs = performance.now();
      this.#options.tell({ type: 'caller-stopped', atMs: this.#nowMs(), turn: step.turnNumber });
    }
  }

  #callerStarts(step: Extract<ReturnType<Caller['next']>, { kind: 'starts' }>): void {
    const { turn, turnNumber, isInterrupting } = step;
    this.#unansweredSinceMs = undefined;
    this.#options.tell({
      type: 'caller-started',
      atMs: this.#nowMs(),
      turn: turnNumber,
      text: turn.text,
      isInterrupting,
    });
    for (const digit of turn.keys ?? '') {
      this.#socket.send(this.#messages.key(digit));
      this.#options.tell({ type: 'key-pressed', atMs: this.#nowMs(), digit });
    }
  }

  #noteAgent(heardBytes: number): void {
    if (heardBytes > 0 && this.#heardBytes !== undefined) this.#heardBytes += heardBytes;
    else if (heardBytes > 0) {
      this.#heardBytes = heardBytes;
      this.#options.tell({ type: 'agent-started', atMs: this.#nowMs() });
    } else if (this.#heardBytes !== undefined) {
      const heardMs = Math.round(this.#heardBytes / BYTES_PER_MS);
      this.#heardBytes = undefined;
      this.#options.tell({ type: 'agent-stopped', atMs: this.#nowMs(), heardMs });
    }
  }

  #received(text: string): void {
    if (this.#isOver) return;
    const message = readFromServer(text, this.#streamSid);
    if (!message) return this.#options.tell({ type: 'ignored-message', atMs: this.#nowMs() });
    switch (message.event) {
      case 'media':
        return this.#heard(Buffer.from(message.media.payload, 'base64'));
      case 'mark':
        for (const name of this.#playout.mark(message.mark.name)) this.#socket.send(this.#messages.mark(name));
        return;
      case 'clear': {
        const { marks, droppedMs } = this.#playout.clear();
        this.#options.tell({ type: 'cleared', atMs: this.#nowMs(), droppedMs: Math.round(droppedMs) });
        for (const name of marks) this.#socket.send(this.#messages.mark(name));
        return;
      }
      default:
        return message satisfies never;
    }
  }

  #heard(audio: Uint8Array): void {
    const nowMs = performance.now();
    this.firstAudioMs ??= Math.round(nowMs - this.#startedAtMs);
    if (this.#unansweredSinceMs !== undefined) {
      this.turnLatenciesMs.push(Math.round(nowMs - this.#unansweredSinceMs));
      this.#unansweredSinceMs = undefined;
    }
    this.#playout.receive(audio);
  }

  #nowMs(): number {
    return Math.round(this.#options.callMs());
  }

  #end(end: StreamEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#socket.close(1000);
    setTimeout(() => this.#socket.terminate(), CLOSE_WITHIN_MS).unref();
    const atMs = this.#nowMs();
    if (end.by === 'server')
      this.#options.tell({ type: 'stream-ended', atMs, by: 'server', code: end.code, why: end.why });
    else if (end.by !== 'refusal') this.#options.tell({ type: 'stream-ended', atMs, by: end.by, why: '' });
    this.#settle(end);
  }
}

/**
 * One media stream: the caller's leg over Twilio's WebSocket. It reads and paces; what the audio means is the call's.
 */
import type { WebSocket } from 'ws';
import { ErrorBoundary } from '../call/error-boundary.ts';
import type { AudioSource, CallerLeg, CallerLegEvents, Clock } from '../call/ports.ts';
import { FrameOrder } from './frame-order.ts';
import {
  clearMessage,
  markMessage,
  mediaMessage,
  readMessage,
  type InboundMessage,
  type StreamStart,
} from './media-stream-messages.ts';
import { PlayoutPacer } from './playout-pacer.ts';
import { WireGuard } from './wire-guard.ts';

const START_WITHIN_MS = 5_000;
/** Bytes the carrier may leave unread: some 30 s of audio. More means that its side is dead. */
const MAX_UNREAD_BYTES = 512 * 1024;
/** Gaps in the agent's speech that are told one by one; more are only counted. */
const MAX_GAPS_TOLD = 50;
/** A peer that does not answer the close is cut off. */
const CLOSE_WITHIN_MS = 1_000;

/** Who hears of a stream that belongs to a call. */
export interface Admitted {
  events: CallerLegEvents;
  /** A fault of the stream's own code. */
  faulted(error: unknown): void;
}

/** Decides whether a started stream belongs to a call. @returns undefined: it is closed. */
export type Admit = (start: StreamStart, leg: MediaStream) => Admitted | undefined;

export class MediaStream implements CallerLeg {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #admit: Admit;
  readonly #guard = new WireGuard();
  readonly #pacer: PlayoutPacer;
  readonly #order = new FrameOrder((frame) => this.#events?.callerAudio(frame));
  readonly #cancelStartTimer: () => void;
  #admitted: Admitted | undefined;
  #streamSid: string | undefined;
  #isClosed = false;
  #foreign = 0;
  #gaps = 0;
  #onClosed: () => void = () => {};

  /** Attaches to an open socket at once; no message can slip by. */
  constructor(socket: WebSocket, clock: Clock, admit: Admit) {
    this.#socket = socket;
    const boundary = new ErrorBoundary((error) => this.#faulted(error));
    this.#clock = boundary.clock(clock);
    this.#admit = admit;
    this.#pacer = new PlayoutPacer(this.#clock, {
      audio: (slice) => this.#send(mediaMessage(this.#streamSid ?? '', slice)),
      mark: (name) => this.#send(markMessage(this.#streamSid ?? '', name)),
      sent: (source, bytes, markName) => this.#events?.audioSent(source, bytes, markName),
      ranDry: (source, gapMs) => this.#ranDry(source, gapMs),
    });
    this.#cancelStartTimer = this.#clock.after(START_WITHIN_MS, () => this.#refuse('no start in time'));
    socket.on(
      'message',
      boundary.listener((data, isBinary: boolean) => this.#received(data as Buffer, isBinary)),
    );
    for (const sign of ['close', 'error'])
      socket.on(
        sign,
        boundary.listener(() => this.#peerClosed('lost')),
      );
  }

  /** Runs once when the stream is over, whoever ended it. */
  whenClosed(task: () => void): void {
    this.#onClosed = task;
  }

  play(source: AudioSource, audio: Uint8Array): void {
    if (!this.#isClosed) this.#pacer.play(source, audio);
  }

  finish(source: AudioSource): void {
    if (!this.#isClosed) this.#pacer.finish(source);
  }

  clear(): void {
    if (this.#isClosed) return;
    this.#pacer.clear();
    this.#send(clearMessage(this.#streamSid ?? ''));
  }

  queuedMs(): number {
    return this.#pacer.queuedMs;
  }

  oddities(): Record<string, number> {
    const counts = {
      'bad-frames': this.#guard.badInAll,
      'foreign-frames': this.#foreign,
      'late-frames': this.#order.counts.late,
      'reordered-frames': this.#order.counts.reordered,
      'filled-ms': Math.round(this.#order.counts.filledMs),
      'gaps-not-told': Math.max(0, this.#gaps - MAX_GAPS_TOLD),
      'dropped-agent-ms': Math.round(this.#pacer.droppedMs),
    };
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  }

  close(): void {
    this.closeWith(1000, '');
  }

  /** Closes the stream with a code and reason for the peer. The call is not told: it asked for it. */
  closeWith(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#settle();
    this.#socket.close(code, reason);
    this.#clock.after(CLOSE_WITHIN_MS, () => this.#socket.terminate());
  }

  #received(data: Buffer, isBinary: boolean): void {
    if (this.#isClosed) return;
    const message = isBinary ? undefined : readMessage(data.toString('utf8'));
    if (message) this.#understood(message);
    else this.#dropped();
  }

  #understood(message: InboundMessage): void {
    if (message.event === 'start') return this.#started(message);
    if (message.event === 'connected') return;
    // Before the start there is no call that this could belong to.
    if (this.#streamSid === undefined) return this.#dropped();
    if (message.streamSid !== this.#streamSid) {
      this.#foreign++;
      return;
    }
    switch (message.event) {
      case 'media':
        if (!this.#guard.frame(this.#clock.nowMs())) return this.#abuse('too many frames');
        if (message.track === 'inbound') this.#order.add(message);
        return;
      case 'mark':
        return this.#events?.markReturned(message.name);
      case 'dtmf':
        return this.#events?.keypadPressed(message.digit);
      case 'stop':
        this.#peerClosed('stopped');
        return this.#socket.close(1000);
      default:
        return message satisfies never;
    }
  }

  #started(start: StreamStart): void {
    if (this.#streamSid !== undefined) return this.#abuse('started twice');
    this.#cancelStartTimer();
    this.#streamSid = start.streamSid;
    const admitted = this.#admit(start, this);
    if (this.#isClosed) return;
    if (!admitted) return this.#refuse('not admitted');
    this.#admitted = admitted;
  }

  get #events(): CallerLegEvents | undefined {
    return this.#admitted?.events;
  }

  #faulted(error: unknown): void {
    this.closeWith(1011, 'fault');
    // Nobody's call: for whoever watches over the process.
    if (!this.#admitted) throw error;
    this.#admitted.faulted(error);
  }

  #ranDry({ itemId }: AudioSource, gapMs: number): void {
    if (this.#gaps++ < MAX_GAPS_TOLD) this.#events?.noticed({ kind: 'audio-gap', turnId: itemId, gapMs });
  }

  #dropped(): void {
    if (!this.#guard.bad(this.#clock.nowMs())) this.#abuse('too many bad frames');
  }

  #refuse(reason: string): void {
    this.closeWith(1008, reason);
  }

  #abuse(reason: string): void {
    const events = this.#events;
    this.closeWith(1008, reason);
    events?.streamEnded('abuse');
  }

  #peerClosed(why: 'stopped' | 'lost'): void {
    if (this.#isClosed) return;
    const events = this.#events;
    this.#settle();
    events?.streamEnded(why);
  }

  #settle(): void {
    this.#isClosed = true;
    this.#cancelStartTimer();
    this.#pacer.clear();
    this.#onClosed();
  }

  #send(message: string): void {
    if (this.#isClosed || this.#streamSid === undefined) return;
    this.#socket.send(message);
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) this.#abuse('nothing is read');
  }
}

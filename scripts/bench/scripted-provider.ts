/**
 * A Realtime server that follows a script, for the bench: every 4 s a turn of the guest and 2 s of speech, generated four
 * times faster than it is heard; every other turn is cut short by the guest. It hears when loud frames arrive.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { WebSocketServer, type WebSocket } from 'ws';
import { FRAME_MS } from '../telephone/playout-buffer.ts';

export interface ProviderEvents {
  /** The first loud sample of a burst of the caller arrived. */
  loudFrame(atMs: number): void;
  /** The first delta of a response leaves. */
  responseStarts(atMs: number): void;
  /** The guest cuts the agent short. */
  guestSpeaks(atMs: number): void;
  truncated(audioEndMs: number): void;
}

const TURN_EVERY_MS = 4_000;
const DELTA_MS = 100;
const DELTAS = 20;
const DELTA_EVERY_MS = 25;
const BARGE_IN_AFTER_MS = 1_000;
const LOUD_SAMPLE = 12_000;
const QUIET_SAMPLE = 300;
/** Half of a loud sample: resampling rings. */
const LOUD_ENOUGH = 6_000;
const LOUD_CODE = 0x10;
const QUIET_CODE = 0xe8;

export class ScriptedProvider {
  readonly #server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  #waiting: ((line: ProviderLine) => void)[] = [];
  #arrived: ProviderLine[] = [];

  async listen(): Promise<string> {
    this.#server.on('connection', (socket) => {
      const line = new ProviderLine(socket);
      const waiting = this.#waiting.shift();
      if (waiting) waiting(line);
      else this.#arrived.push(line);
    });
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** @returns the next connection: calls are placed one after the other. */
  nextLine(): Promise<ProviderLine> {
    const line = this.#arrived.shift();
    return line ? Promise.resolve(line) : new Promise((resolve) => void this.#waiting.push(resolve));
  }
}

export class ProviderLine {
  readonly #socket: WebSocket;
  #events: ProviderEvents | undefined;
  #isMulaw = false;
  #wasLoud = false;
  #responses = 0;
  #turns = 0;
  #timers: NodeJS.Timeout[] = [];

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#received(data.toString('utf8')));
    socket.on('close', () => this.stop());
    socket.on('error', () => this.stop());
    this.#send({ type: 'session.created', event_id: 'e', session: { type: 'realtime' } });
  }

  /** Begins the turns. @param delayMs so that not all calls speak at once. */
  start(events: ProviderEvents, delayMs: number): void {
    this.#events = events;
    this.#later(delayMs, () => this.#turn());
  }

  stop(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
  }

  #received(text: string): void {
    if (text.startsWith('{"type":"input_audio_buffer.append"')) return this.#heard(text);
    const event = JSON.parse(text) as { type: string; session?: Record<string, never>; audio_end_ms?: number };
    if (event.type === 'session.update') {
      this.#isMulaw = text.includes('"audio/pcmu"');
      this.#send({ type: 'session.updated', event_id: 'e', session: { type: 'realtime' } });
    } else if (event.type === 'response.create') this.#speak(4);
    else if (event.type === 'conversation.item.truncate') this.#events?.truncated(event.audio_end_ms ?? -1);
  }

  #heard(text: string): void {
    const start = text.indexOf('"audio":"') + 9;
    const bytes = Buffer.from(text.slice(start, text.indexOf('"', start)), 'base64');
    const isLoud = this.#isMulaw ? bytes.some((code) => (code & 0x7f) < 0x30) : hasLoudSample(bytes);
    if (isLoud && !this.#wasLoud) this.#events?.loudFrame(performance.now());
    this.#wasLoud = isLoud;
  }

  #turn(): void {
    this.#turns++;
    const itemId = `item_guest_${this.#turns}`;
    this.#send({ type: 'input_audio_buffer.speech_started', event_id: 'e', audio_start_ms: 0, item_id: itemId });
    this.#send({ type: 'input_audio_buffer.speech_stopped', event_id: 'e', audio_end_ms: 1000, item_id: itemId });
    this.#send({ type: 'input_audio_buffer.committed', event_id: 'e', item_id: itemId });
    this.#speak(DELTAS);
    if (this.#turns % 2 === 0) this.#later(BARGE_IN_AFTER_MS, () => this.#bargeIn());
    this.#later(TURN_EVERY_MS, () => this.#turn());
  }

  #bargeIn(): void {
    this.#events?.guestSpeaks(performance.now());
    this.#send({ type: 'input_audio_buffer.speech_started', event_id: 'e', audio_start_ms: 0, item_id: 'item_barge' });
  }

  #speak(deltas: number): void {
    this.#responses++;
    const ids = { response_id: `resp_${this.#responses}`, item_id: `item_agent_${this.#responses}` };
    const item = { id: ids.item_id, type: 'message', role: 'assistant' };
    this.#send({ type: 'response.created', event_id: 'e', response: { id: ids.response_id, status: 'in_progress' } });
    this.#send({ type: 'response.output_item.added', event_id: 'e', response_id: ids.response_id, item });
    for (let index = 0; index < deltas; index++) this.#later(index * DELTA_EVERY_MS, () => this.#delta(ids, index));
    this.#later(deltas * DELTA_EVERY_MS, () => {
      const part = { ...ids, output_index: 0, content_index: 0 };
      this.#send({ type: 'response.output_audio.done', event_id: 'e', ...part });
      this.#send({ type: 'response.output_audio_transcript.done', event_id: 'e', ...part, transcript: 'words' });
      this.#send({ type: 'response.output_item.done', event_id: 'e', response_id: ids.response_id, item });
      const response = { id: ids.response_id, status: 'completed', output: [item] };
      this.#send({ type: 'response.done', event_id: 'e', response });
    });
  }

  #delta(ids: { response_id: string; item_id: string }, index: number): void {
    if (index === 0 && this.#events) this.#events.responseStarts(performance.now());
    const part = { ...ids, output_index: 0, content_index: 0 };
    const delta = audioOf(this.#isMulaw, index === 0);
    this.#send({ type: 'response.output_audio.delta', event_id: 'e', ...part, delta });
    this.#send({ type: 'response.output_audio_transcript.delta', event_id: 'e', ...part, delta: 'word ' });
  }

  #later(delayMs: number, task: () => void): void {
    this.#timers.push(setTimeout(task, delayMs));
    if (this.#timers.length > 1_000) this.#timers.splice(0, 500);
  }

  #send(event: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(event));
  }
}

function hasLoudSample(bytes: Buffer): boolean {
  for (let at = 0; at + 1 < bytes.length; at += 2) if (Math.abs(bytes.readInt16LE(at)) > LOUD_ENOUGH) return true;
  return false;
}

const CACHE = new Map<string, string>();

/** 100 ms; the first frame of a response is loud, the rest is not silent. */
function audioOf(isMulaw: boolean, isFirst: boolean): string {
  const key = `${isMulaw} ${isFirst}`;
  const known = CACHE.get(key);
  if (known !== undefined) return known;
  const loudMs = isFirst ? FRAME_MS : 0;
  const audio = isMulaw
    ? Buffer.from(Uint8Array.from({ length: DELTA_MS * 8 }, (_, i) => (i < loudMs * 8 ? LOUD_CODE : QUIET_CODE)))
    : Buffer.from(
        Int16Array.from({ length: DELTA_MS * 24 }, (_, i) => (i < loudMs * 24 ? LOUD_SAMPLE : QUIET_SAMPLE)).buffer,
      );
  CACHE.set(key, audio.toString('base64'));
  return audio.toString('base64');
}

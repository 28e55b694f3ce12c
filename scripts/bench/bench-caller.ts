/** One caller of the bench: frames every 20 ms with a loud one now and then, playout with marks, and what was when. */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { WebSocket } from 'ws';
import { LOCAL_ACCOUNT_SID } from '../telephone/carrier-rest.ts';
import { BYTES_PER_MS, FRAME_BYTES, FRAME_MS, PlayoutBuffer } from '../telephone/playout-buffer.ts';
import { postSigned, signedHandshake, type WebhookSender } from '../telephone/signed-post.ts';
import { readFromServer, StreamMessages } from '../telephone/stream-messages.ts';
import { readTwiml } from '../telephone/twiml.ts';
import type { ProviderEvents, ProviderLine } from './scripted-provider.ts';

export interface Samples {
  webhookMs: number[];
  inboundMs: number[];
  outboundMs: number[];
  bargeInMs: number[];
  truncateErrorMs: number[];
  /** Barge-ins that were not followed by a clear within half a second. */
  missedBargeIns: number;
  framesSent: number;
  framesLate: number;
}

export const noSamples = (): Samples => ({
  webhookMs: [],
  inboundMs: [],
  outboundMs: [],
  bargeInMs: [],
  truncateErrorMs: [],
  missedBargeIns: 0,
  framesSent: 0,
  framesLate: 0,
});

/** Prime, so that a server that batches frames is caught in every phase. */
const LOUD_EVERY = 23;
const LOUD = new Uint8Array(FRAME_BYTES).fill(0x10);
const QUIET = new Uint8Array(FRAME_BYTES).fill(0xff);
const MISSED_AFTER_MS = 500;
const LATE_MS = 10;

export class BenchCaller implements ProviderEvents {
  readonly #samples: Samples;
  readonly #playout = new PlayoutBuffer();
  #socket: WebSocket | undefined;
  #messages: StreamMessages | undefined;
  #streamSid = '';
  #startedAtMs = 0;
  #frames = 0;
  #isMeasuring = false;
  #loudSentAtMs: number[] = [];
  #responseAtMs: number | undefined;
  #bargeInAtMs: number | undefined;
  /** Bytes played before the response that plays now. */
  #playedBefore = 0;
  #heardAtClearMs: number | undefined;

  constructor(samples: Samples) {
    this.#samples = samples;
  }

  /** Places the call and opens its stream. @param provider gives the agent's side of this very call. */
  async open(sender: WebhookSender, number: number, provider: () => Promise<ProviderLine>): Promise<ProviderLine> {
    const callSid = `CA${randomBytes(16).toString('hex')}`;
    const form = {
      AccountSid: LOCAL_ACCOUNT_SID,
      CallSid: callSid,
      From: `+1555${String(1_000_000 + number)}`,
      To: '+15550100',
    };
    const postedAtMs = performance.now();
    const twiml = await postSigned(sender, `${sender.publicUrl}/twilio/voice`, form);
    this.#samples.webhookMs.push(performance.now() - postedAtMs);
    const connect = readTwiml(twiml).find((verb) => verb.verb === 'connect');
    if (!connect) throw new Error(`the webhook gave no stream: ${twiml}`);
    this.#streamSid = `MZ${randomBytes(16).toString('hex')}`;
    this.#messages = new StreamMessages({ accountSid: LOCAL_ACCOUNT_SID, callSid, streamSid: this.#streamSid });
    const socket = new WebSocket(connect.streamUrl, { headers: signedHandshake(sender, connect.streamUrl) });
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#received(data.toString('utf8')));
    socket.on('error', () => {});
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('close', () => reject(new Error('the media stream was refused')));
    });
    socket.send(this.#messages.connected());
    socket.send(this.#messages.start(connect.parameters));
    this.#startedAtMs = performance.now();
    this.#beat();
    return provider();
  }

  measure(isOn: boolean): void {
    this.#isMeasuring = isOn;
  }

  close(): void {
    this.#socket?.send(this.#messages?.stop() ?? '');
    this.#socket?.close();
    this.#socket = undefined;
  }

  loudFrame(atMs: number): void {
    const sentAtMs = this.#loudSentAtMs.shift();
    if (this.#isMeasuring && sentAtMs !== undefined) this.#samples.inboundMs.push(atMs - sentAtMs);
  }

  responseStarts(atMs: number): void {
    this.#responseAtMs = atMs;
    this.#playedBefore = this.#playout.playedBytes;
  }

  guestSpeaks(atMs: number): void {
    this.#bargeInAtMs = atMs;
    setTimeout(() => {
      if (this.#bargeInAtMs === undefined) return;
      this.#bargeInAtMs = undefined;
      if (this.#isMeasuring) this.#samples.missedBargeIns++;
    }, MISSED_AFTER_MS);
  }

  truncated(audioEndMs: number): void {
    if (this.#isMeasuring && this.#heardAtClearMs !== undefined)
      this.#samples.truncateErrorMs.push(Math.abs(audioEndMs - this.#heardAtClearMs));
    this.#heardAtClearMs = undefined;
  }

  #beat(): void {
    while (this.#socket && performance.now() >= this.#dueMs()) this.#frame();
    if (this.#socket) setTimeout(() => this.#beat(), Math.max(0, this.#dueMs() - performance.now()));
  }

  #dueMs(): number {
    return this.#startedAtMs + this.#frames * FRAME_MS;
  }

  #frame(): void {
    const isLoud = this.#frames % LOUD_EVERY === LOUD_EVERY - 1;
    if (this.#isMeasuring) {
      this.#samples.framesSent++;
      if (performance.now() - this.#dueMs() > LATE_MS) this.#samples.framesLate++;
    }
    this.#frames++;
    for (const name of this.#playout.playFrame().marks) this.#send(this.#messages?.mark(name));
    if (isLoud && this.#isMeasuring) this.#loudSentAtMs.push(performance.now());
    this.#send(this.#messages?.media(isLoud ? LOUD : QUIET));
  }

  #received(text: string): void {
    const message = readFromServer(text, this.#streamSid);
    if (message?.event === 'mark')
      for (const name of this.#playout.mark(message.mark.name)) this.#send(this.#messages?.mark(name));
    else if (message?.event === 'clear') this.#cleared();
    else if (message?.event === 'media') this.#heard(Buffer.from(message.media.payload, 'base64'));
  }

  #heard(audio: Buffer): void {
    if (this.#responseAtMs !== undefined && audio.some((code) => (code & 0x7f) < 0x30)) {
      if (this.#isMeasuring) this.#samples.outboundMs.push(performance.now() - this.#responseAtMs);
      this.#responseAtMs = undefined;
    }
    this.#playout.receive(audio);
  }

  #cleared(): void {
    for (const name of this.#playout.clear().marks) this.#send(this.#messages?.mark(name));
    if (this.#bargeInAtMs === undefined) return;
    if (this.#isMeasuring) this.#samples.bargeInMs.push(performance.now() - this.#bargeInAtMs);
    this.#bargeInAtMs = undefined;
    this.#heardAtClearMs = (this.#playout.playedBytes - this.#playedBefore) / BYTES_PER_MS;
  }

  #send(text: string | undefined): void {
    if (text !== undefined && this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }
}

/**
 * Places one call as the carrier would: posts the webhook, follows the TwiML it gets, carries the media stream, obeys REST
 * changes, dials, tells the end. `placeCall` is all that others need.
 */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { MULAW_SILENCE } from '../../src/audio/g711.ts';
import type { CallEnd, CallHappening, CallOutcome, DialStatus } from './call-happenings.ts';
import { LOCAL_ACCOUNT_SID, type CarrierRest, type ChangeableCall } from './carrier-rest.ts';
import { Caller, type CallerAudio, type Manners } from './caller.ts';
import { ringColleague, type Colleague } from './colleague.ts';
import { LineRecording } from './line-recording.ts';
import { MediaLine, type StreamEnd } from './media-line.ts';
import { fetchRecording } from './played-recording.ts';
import { BYTES_PER_MS } from './playout-buffer.ts';
import { postSigned, reachable, signedHandshake, WebhookError, type WebhookSender } from './signed-post.ts';
import { readTwiml, TwimlError, type Verb } from './twiml.ts';

export interface CallOptions {
  /** The voice webhook as it is reached from here: `http://127.0.0.1:3000/twilio/voice`. */
  webhookUrl: string;
  /** The installation's own `PUBLIC_URL`, when it has one: signatures are computed over it. */
  publicUrl?: string;
  authToken: string;
  audio: CallerAudio;
  /** E.164. */
  from?: string;
  to?: string;
  manners?: Partial<Manners>;
  /** Where the installation changes this call, when it was given one as `TWILIO_BASE_URL`. */
  carrier?: CarrierRest;
  /** What becomes of a dialled person's telephone, each time; by default they take the call. */
  colleague?: (number: string) => Colleague;
  /** How long it rings, by default not at all. */
  ringMs?: number;
}

export const USUAL_FROM = '+15550142';
export const USUAL_TO = '+15550100';
/** A call that will not end is ended. */
const MAX_DOCUMENTS = 20;
/** How a stream without a REST side says what follows; a real carrier ignores it. */
const COMPLETED = 'completed';
const REDIRECTED = 'redirected';

/** @returns what the call came to. World failures are outcomes (`refused`, `failed`) too; it never throws. */
export function placeCall(
  options: CallOptions,
  onHappening: (happening: CallHappening) => void = () => {},
): Promise<CallOutcome> {
  return new PlacedCall(options, onHappening).run();
}

type Ended = { reason: CallEnd; problem?: string };
/** What a verb came to: the call is over, another document follows, or the next verb does. */
type Next = Ended | { document: string } | 'next-verb';

class PlacedCall implements ChangeableCall {
  readonly #options: CallOptions;
  readonly #tell: (happening: CallHappening) => void;
  readonly #sender: WebhookSender;
  readonly #callSid = newSid('CA');
  readonly #recording = new LineRecording();
  readonly #caller: Caller;
  readonly #placedAtMs = performance.now();
  readonly #lines: MediaLine[] = [];
  #line: MediaLine | undefined;
  #transferredTo: string | null = null;
  #isDeskUnreachable = false;
  /** What the installation told over REST while a verb was running. */
  #change: { document: string } | 'complete' | undefined;

  constructor(options: CallOptions, tell: (happening: CallHappening) => void) {
    this.#options = options;
    this.#tell = tell;
    const { origin } = new URL(options.webhookUrl);
    this.#sender = { origin, publicUrl: options.publicUrl ?? origin, authToken: options.authToken };
    this.#caller = new Caller(options.audio, options.manners);
  }

  async run(): Promise<CallOutcome> {
    const placedAt = new Date();
    const { from = USUAL_FROM, to = USUAL_TO } = this.#options;
    this.#tell({ type: 'ringing', callSid: this.#callSid, from, to });
    this.#options.carrier?.add(this.#callSid, this);
    const ended = await this.#live();
    this.#options.carrier?.remove(this.#callSid);
    const durationMs = Math.round(this.#callMs());
    await this.#tellStatus(durationMs);
    return {
      callSid: this.#callSid,
      from,
      to,
      placedAt,
      reason: ended.reason,
      problem: ended.problem ?? '',
      durationMs,
      firstAudioMs: this.#lines[0]?.firstAudioMs ?? null,
      turnLatenciesMs: this.#lines.flatMap((line) => line.turnLatenciesMs),
      transferredTo: this.#transferredTo,
      wav: this.#recording.wav(),
    };
  }

  complete(): void {
    this.#change = 'complete';
    this.#line?.stop('carrier');
  }

  redirect(twiml: string): void {
    this.#change = { document: twiml };
    this.#line?.stop('carrier');
  }

  async #live(): Promise<Ended> {
    try {
      let document = await this.#post(this.#named(this.#options.webhookUrl), {});
      for (let count = 0; count < MAX_DOCUMENTS; count++) {
        const next = await this.#follow(readTwiml(document));
        if ('reason' in next) return next;
        document = next.document;
      }
      return { reason: 'failed', problem: `more than ${MAX_DOCUMENTS} documents in one call` };
    } catch (error) {
      if (error instanceof WebhookError)
        return { reason: error.status === 403 ? 'refused' : 'failed', problem: error.message };
      if (error instanceof TwimlError) return { reason: 'failed', problem: error.message };
      throw error;
    }
  }

  async #follow(verbs: Verb[]): Promise<Ended | { document: string }> {
    for (const verb of verbs) {
      const next = await this.#do(verb);
      const change = this.#change;
      this.#change = undefined;
      if (change === 'complete') return { reason: 'agent-hung-up' };
      if (change) return change;
      if (next !== 'next-verb') return next;
    }
    return this.#endOfDocuments();
  }

  async #do(verb: Verb): Promise<Next> {
    switch (verb.verb) {
      case 'connect':
        return this.#connect(verb);
      case 'dial':
        return this.#dial(verb);
      case 'say':
        this.#tell({ type: 'announcement', atMs: Math.round(this.#callMs()), text: verb.text });
        return 'next-verb';
      case 'play':
        return this.#play(verb.url);
      case 'pause':
        await sleep(Math.min(verb.seconds, 10) * 1000);
        return 'next-verb';
      case 'redirect':
        return { document: await this.#post(verb.url, {}) };
      case 'hang-up':
        return this.#endOfDocuments();
      case 'gather':
        return { reason: 'failed', problem: 'this telephone answers <Gather> on a colleague’s leg alone' };
      case 'other':
        return { reason: 'failed', problem: `this telephone does not know <${verb.name}>` };
      default:
        return verb satisfies never;
    }
  }

  async #play(url: string): Promise<Next> {
    const audio = await fetchRecording(reachable(this.#sender, url));
    if (typeof audio === 'string') return { reason: 'failed', problem: audio };
    const durationMs = Math.round(audio.length / BYTES_PER_MS);
    this.#tell({ type: 'recording-played', atMs: Math.round(this.#callMs()), durationMs });
    this.#recording.add(new Uint8Array(audio.length).fill(MULAW_SILENCE), audio);
    await sleep(durationMs);
    return 'next-verb';
  }

  async #connect(verb: Extract<Verb, { verb: 'connect' }>): Promise<Next> {
    // Time without a stream, such as while somebody else's telephone rang.
    this.#recording.addSilence(this.#lines.length > 0 ? this.#callMs() - this.#recording.durationMs : 0);
    const line = new MediaLine({
      url: reachable(this.#sender, verb.streamUrl),
      headers: signedHandshake(this.#sender, verb.streamUrl),
      ids: { accountSid: LOCAL_ACCOUNT_SID, callSid: this.#callSid },
      parameters: verb.parameters,
      caller: this.#caller,
      recording: this.#recording,
      callMs: () => this.#callMs(),
      tell: this.#tell,
    });
    this.#isDeskUnreachable = false;
    if (this.#lines.length > 0) this.#caller.isBack(this.#callMs());
    this.#lines.push(line);
    this.#line = line;
    const end = await line.run();
    this.#line = undefined;
    return this.#afterStream(end, verb.actionUrl);
  }

  async #afterStream(end: StreamEnd, actionUrl: string | undefined): Promise<Next> {
    if (end.by === 'caller') return { reason: 'caller-hung-up' };
    if (end.by === 'carrier') return 'next-verb';
    if (end.by === 'server' && end.code === 1000 && end.why === COMPLETED) return { reason: 'agent-hung-up' };
    if (end.by === 'server' && end.code === 1000 && end.why === REDIRECTED)
      return { document: await this.#post(this.#named(this.#options.webhookUrl, 'redirected'), {}) };
    return actionUrl === undefined ? 'next-verb' : { document: await this.#post(actionUrl, {}) };
  }

  async #dial({ number, actionUrl, whisperUrl }: Extract<Verb, { verb: 'dial' }>): Promise<Next> {
    this.#tell({ type: 'dialling', atMs: Math.round(this.#callMs()), number });
    const { status, isJoined } = await this.#ring(number, whisperUrl);
    this.#transferredTo = isJoined ? number : null;
    this.#isDeskUnreachable = !isJoined;
    this.#tell({ type: 'dial-ended', atMs: Math.round(this.#callMs()), number, status, isJoined });
    const isGone = status === 'canceled';
    const form = {
      DialCallStatus: status,
      DialBridged: String(isJoined),
      ...(isGone ? { CallStatus: 'completed' } : {}),
    };
    const document = actionUrl === undefined ? undefined : await this.#post(actionUrl, form);
    if (isGone) return { reason: 'caller-hung-up' };
    return document === undefined ? 'next-verb' : { document };
  }

  /** The caller may hang up meanwhile, which cancels the colleague's leg. */
  async #ring(number: string, whisperUrl: string | undefined): Promise<{ status: DialStatus; isJoined: boolean }> {
    const { colleague, ringMs = 0, manners } = this.#options;
    const callerGoes = new AbortController();
    const leftMs = (manners?.hangUpAtMs ?? Number.POSITIVE_INFINITY) - this.#callMs();
    const goes = Number.isFinite(leftMs) ? setTimeout(() => callerGoes.abort(), leftMs) : undefined;
    const leg = { CallSid: newSid('CA'), ParentCallSid: this.#callSid, Direction: 'outbound-dial', To: number };
    try {
      return await ringColleague({
        colleague: colleague?.(number) ?? 'accept',
        ringMs,
        whisperUrl,
        signal: callerGoes.signal,
        post: (url, form) => this.#post(url, { ...leg, CallStatus: 'in-progress', ...form }),
        hears: (text) => this.#tell({ type: 'colleague-hears', atMs: Math.round(this.#callMs()), text }),
        presses: (key) => this.#tell({ type: 'colleague-presses', atMs: Math.round(this.#callMs()), key }),
      });
    } catch (error) {
      if (!callerGoes.signal.aborted) throw error;
      return { status: 'canceled', isJoined: false };
    } finally {
      clearTimeout(goes);
    }
  }

  #endOfDocuments(): Ended {
    if (this.#isDeskUnreachable) return { reason: 'desk-unreachable' };
    return { reason: this.#transferredTo === null ? 'agent-hung-up' : 'transferred' };
  }

  async #tellStatus(durationMs: number): Promise<void> {
    const form = { CallDuration: String(Math.round(durationMs / 1000)), CallStatus: 'completed', SequenceNumber: '0' };
    try {
      await this.#post(this.#named(this.#options.webhookUrl, 'status'), form);
    } catch (error) {
      // The call is over; a server that is gone by now changes nothing about it.
      if (!(error instanceof WebhookError)) throw error;
    }
  }

  /** @returns the webhook's URL, or that of its neighbour, as the installation names it. */
  #named(webhookUrl: string, neighbour?: string): string {
    const { pathname, search } = new URL(webhookUrl);
    const path = neighbour === undefined ? pathname + search : pathname.replace(/[^/]*$/, neighbour);
    return this.#sender.publicUrl + path;
  }

  #post(url: string, more: Record<string, string>): Promise<string> {
    const { from = USUAL_FROM, to = USUAL_TO } = this.#options;
    return postSigned(this.#sender, url, {
      AccountSid: LOCAL_ACCOUNT_SID,
      ApiVersion: '2010-04-01',
      CallSid: this.#callSid,
      CallStatus: this.#lines.length === 0 ? 'ringing' : 'in-progress',
      Called: to,
      Caller: from,
      Direction: 'inbound',
      From: from,
      To: to,
      ...more,
    });
  }

  #callMs(): number {
    return performance.now() - this.#placedAtMs;
  }
}

const newSid = (kind: 'CA'): string => kind + randomBytes(16).toString('hex');

/**
 * Twilio's side of the house: signed webhooks, the media WebSocket, and what the carrier does next. Which calls are taken
 * and what happens in them is the switchboard's business.
 */
import { randomUUID } from 'node:crypto';
import formbody from '@fastify/formbody';
import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import twilio from 'twilio';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { CallControl, CallerLeg, CallerLegEvents, Clock, ColleagueWords } from '../call/ports.ts';
import type { DialOutcome } from '../call/transfer.ts';
import { RestCallControl, StreamCallControl, type TwimlFor, type UpdateCall } from './call-control.ts';
import { CarrierCalls, type CarrierCall } from './carrier-calls.ts';
import { askColleague, isOver, keyPressed, newDial, outcomeOf, type Dial } from './dialling.ts';
import type { StreamStart } from './media-stream-messages.ts';
import { MediaStream, type Admitted } from './media-stream.ts';
import { StreamTokens } from './stream-token.ts';
import * as twiml from './twiml.ts';

/** A call that the carrier announced. */
export interface Arrival {
  callId: string;
  /** As the carrier gives them: usually E.164, never to be trusted. */
  from: string;
  to: string;
  carrier: string;
  control: CallControl;
}

/** What the carrier's side needs of whoever takes the calls. */
export interface Switchboard {
  /**
   * `desk`: the call is not taken, its caller is greeted and a person is rung. `leave`: the same at once and without us, who
   * are about to go.
   */
  callArrived(arrival: Arrival): 'take' | 'desk' | 'leave';
  streamOpened(callId: string, leg: CallerLeg): CallerLegEvents | undefined;
  /** A fault in the code of the call's stream, which is closed. */
  streamFaulted(callId: string, error: unknown): void;
  /** The carrier says that the call is over. */
  callStatus(callId: string): void;
  /** The colleague who was dialled takes the call. */
  colleagueAccepted(callId: string): void;
  dialEnded(callId: string, outcome: DialOutcome): 'resume' | 'hang-up';
  /** What the guest of a call is told when nobody could be reached; undefined: as any caller. */
  apology?(callId: string): { words: string; locale: string | undefined } | undefined;
}

export interface VoiceRoutesOptions {
  /** Where the carrier reaches us, without a trailing slash: what signatures are computed over. */
  publicUrl: () => string;
  authToken: string;
  /** Undefined: no account, the stream itself says what follows. */
  updateCall: UpdateCall | undefined;
  /** Number of each department that can be dialled: E.164 or `sip:`. */
  numbers: Readonly<Record<string, string>>;
  frontDesk: string;
  /** A wav file for callers whose call is not taken; undefined: they hear ringing alone. */
  greeting: Uint8Array | undefined;
  /** Said when nobody at all could be reached. */
  apology: string;
  /** What the apology is in, such as `fr-FR`; undefined: English. */
  locale?: string | undefined;
  switchboard: Switchboard;
  clock: Clock;
}

/** Open to everybody: the carrier fetches it as it fetches any recording, and it holds no secret. */
const GREETING_PATH = '/twilio/greeting.wav';
const MAX_MESSAGE_BYTES = 64 * 1024;
/** Numbers and SIP addresses are shorter; staff are shown no more of one. */
const MAX_NAME = 100;
const formSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

export async function registerVoiceRoutes(app: FastifyInstance, options: VoiceRoutesOptions): Promise<void> {
  await app.register(formbody, { bodyLimit: MAX_MESSAGE_BYTES });
  await app.register(websocket, {
    options: { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false, skipUTF8Validation: true },
  });
  const desk = new CarrierDesk(options);
  const signed = { preHandler: checkForm(options) };
  const xml =
    (route: (form: Record<string, string>, dialId: string | undefined) => string) =>
    async (request: FastifyRequest, reply: FastifyReply) =>
      reply.type('text/xml; charset=utf-8').send(route(flat(request.body), dialIn(request.query)));
  app.post(
    '/twilio/voice',
    signed,
    xml((form) => desk.rings(form)),
  );
  app.post(
    '/twilio/dial-result',
    signed,
    xml((form, dialId) => desk.dialEnded(form, dialId)),
  );
  app.post(
    '/twilio/redirected',
    signed,
    xml((form) => desk.next(form)),
  );
  app.post(
    '/twilio/whisper',
    signed,
    xml((form, dialId = '') => desk.whispers(form, dialId)),
  );
  app.post(
    '/twilio/whisper-key',
    signed,
    xml((form, dialId = '') => desk.colleaguePressed(form, dialId)),
  );
  app.post('/twilio/status', signed, async (request, reply) => {
    desk.statusChanged(flat(request.body));
    return reply.code(204).send();
  });
  app.get(GREETING_PATH, async (_request, reply) => {
    if (!options.greeting) return reply.code(404).send();
    return reply.type('audio/wav').header('cache-control', 'public, max-age=3600').send(options.greeting);
  });
  app.get('/twilio/media', { websocket: true, preValidation: checkStream(options) }, (socket) => {
    void new MediaStream(socket, options.clock, (start, leg) => desk.streamOpens(start, leg));
  });
}

/** The carrier's calls and what it is told about them. */
class CarrierDesk {
  readonly #options: VoiceRoutesOptions;
  readonly #calls: CarrierCalls;
  readonly #tokens: StreamTokens;

  constructor(options: VoiceRoutesOptions) {
    this.#options = options;
    this.#calls = new CarrierCalls(options.clock);
    this.#tokens = new StreamTokens(options.clock);
  }

  rings(form: Record<string, string>): string {
    const { CallSid: callSid = '' } = form;
    const [from, to] = [form.From ?? '', form.To ?? ''].map((name) => name.slice(0, MAX_NAME)) as [string, string];
    const known = this.#calls.get(callSid);
    if (known) return this.#again(known);
    const call = this.#calls.add(callSid, uuidv7());
    const arrival = { callId: call.callId, from, to, carrier: 'twilio', control: this.#controlOf(call) };
    const what = callSid === '' ? 'desk' : this.#options.switchboard.callArrived(arrival);
    call.answer = what === 'take' ? this.#connect(callSid) : this.#notTaken(what);
    return call.answer;
  }

  streamOpens({ callSid, token }: StreamStart, leg: MediaStream): Admitted | undefined {
    const call = this.#calls.get(callSid);
    if (!this.#tokens.redeem(token, callSid) || call?.state !== 'offered') return undefined;
    call.state = 'streaming';
    call.stream = leg;
    leg.whenClosed(() => this.#calls.streamClosed(call));
    const { switchboard } = this.#options;
    const events = switchboard.streamOpened(call.callId, leg);
    return events && { events, faulted: (error) => switchboard.streamFaulted(call.callId, error) };
  }

  /** @param dialId undefined: the desk was rung because the stream went away. */
  dialEnded(form: Record<string, string>, dialId: string | undefined): string {
    const call = this.#calls.get(form.CallSid ?? '');
    const dial = dialId === undefined ? undefined : dialOf(call, dialId);
    if (dial?.result !== undefined) return dial.result;
    const outcome = outcomeOf(dial, form);
    // An earlier dial, or one that was begun before we were started: whatever the guest waits for now, the desk is right.
    if (dialId !== undefined && !dial && outcome !== 'connected') return this.#ringDesk();
    const { switchboard, apology: words, locale } = this.#options;
    const apology = (call && switchboard.apology?.(call.callId)) ?? { words, locale };
    const what = call ? switchboard.dialEnded(call.callId, outcome) : 'hang-up';
    if (call && what === 'resume') {
      call.state = 'offered';
      const result = this.#connect(call.callSid);
      if (dial) dial.result = result;
      return result;
    }
    if (call) this.#calls.ended(call);
    return outcome === 'connected' ? twiml.hangUp() : twiml.apologise(apology.words, apology.locale);
  }

  next(form: Record<string, string>): string {
    const call = this.#calls.get(form.CallSid ?? '');
    const next = call?.next;
    if (!call || next === undefined) return twiml.hangUp();
    call.next = undefined;
    call.state = 'away';
    return next;
  }

  /** The colleague's own leg asks what to do; the guest's call is its parent. */
  whispers(form: Record<string, string>, dialId: string): string {
    return askColleague(dialOf(this.#calls.get(form.ParentCallSid ?? ''), dialId), this.#url('whisper-key', dialId));
  }

  /** A key of the colleague's, or none in time. */
  colleaguePressed(form: Record<string, string>, dialId: string): string {
    const call = this.#calls.get(form.ParentCallSid ?? '');
    const dial = dialOf(call, dialId);
    const wasTaken = dial?.answer === 'accepted';
    const answer = keyPressed(dial, form.Digits ?? '', this.#url('whisper-key', dialId));
    if (call && dial?.answer === 'accepted' && !wasTaken) this.#options.switchboard.colleagueAccepted(call.callId);
    return answer;
  }

  statusChanged({ CallSid: callSid = '', CallStatus: status }: Record<string, string>): void {
    const call = this.#calls.get(callSid);
    if (!call || !isOver(status)) return;
    this.#calls.ended(call);
    this.#options.switchboard.callStatus(call.callId);
  }

  /** The webhook came again: the same answer while nothing happened, never a second token (rule CARRIER-29). */
  #again(call: CarrierCall): string {
    if (call.state === 'offered') return call.answer;
    return call.state === 'ended' ? twiml.hangUp() : this.#ringDesk();
  }

  #connect(callSid: string): string {
    const url = `${this.#options.publicUrl().replace(/^http/, 'ws')}/twilio/media`;
    return twiml.connectStream({ url, token: this.#tokens.issue(callSid) }, this.#target(this.#options.frontDesk));
  }

  #ringDesk(): string {
    return twiml.dial(this.#target(this.#options.frontDesk));
  }

  /** Rule END-38: never a half-started call. */
  #notTaken(what: 'desk' | 'leave'): string {
    const desk = this.#target(this.#options.frontDesk);
    if (what === 'leave') return twiml.ring(desk.number);
    return twiml.dial(desk, this.#options.greeting && this.#options.publicUrl() + GREETING_PATH);
  }

  #target(department: string): twiml.DialTarget {
    const number = this.#options.numbers[department] ?? this.#options.numbers[this.#options.frontDesk] ?? '';
    return { number, actionUrl: this.#url('dial-result') };
  }

  #controlOf(call: CarrierCall): CallControl {
    const { updateCall, clock } = this.#options;
    const twimlFor: TwimlFor = (department, words) => this.#putThrough(call, department, words);
    return updateCall ? new RestCallControl(call, updateCall, twimlFor, clock) : new StreamCallControl(call, twimlFor);
  }

  #putThrough(call: CarrierCall, department: string, words: ColleagueWords | undefined): string | undefined {
    const number = this.#options.numbers[department];
    if (number === undefined) return undefined;
    const { id } = (call.dial = newDial(randomUUID(), words));
    const whisperUrl = words && this.#url('whisper', id);
    return twiml.dial({ number, actionUrl: this.#url('dial-result', id), whisperUrl });
  }

  #url(name: string, dialId?: string): string {
    const query = dialId === undefined ? '' : `?${new URLSearchParams({ dial: dialId }).toString()}`;
    return `${this.#options.publicUrl()}/twilio/${name}${query}`;
  }
}

/** @returns the dial of that id, when it is the call's last one. */
const dialOf = (call: CarrierCall | undefined, id: string): Dial | undefined =>
  call?.dial?.id === id ? call.dial : undefined;

function checkForm({ authToken, publicUrl }: VoiceRoutesOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const form = formSchema.safeParse(request.body ?? {});
    const signature = request.headers['x-twilio-signature'];
    const isSigned =
      form.success &&
      typeof signature === 'string' &&
      twilio.validateRequest(authToken, signature, publicUrl() + request.url, form.data);
    if (!isSigned) await reply.code(403).send({ error: 'The signature is missing or wrong.' });
  };
}

/** The handshake is signed over the stream's URL exactly as the TwiML names it, without parameters. */
function checkStream({ authToken, publicUrl }: VoiceRoutesOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const url = publicUrl().replace(/^http/, 'ws') + request.url;
    const signature = request.headers['x-twilio-signature'];
    const isSigned = typeof signature === 'string' && twilio.validateRequest(authToken, signature, url, {});
    if (!isSigned) await reply.code(403).send({ error: 'The signature is missing or wrong.' });
  };
}

function dialIn(query: unknown): string | undefined {
  return z.object({ dial: z.string() }).safeParse(query).data?.dial;
}

/** Repeated parameters matter to the signature alone; for us the first value counts. */
function flat(body: unknown): Record<string, string> {
  const form = formSchema.parse(body ?? {});
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => [name, Array.isArray(value) ? (value[0] ?? '') : value]),
  );
}

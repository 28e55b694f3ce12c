/**
 * The carrier's calls this instance knows: which of ours each is, and how far it got. Bounded, and forgotten a while after
 * a call ended, so that a late or repeated webhook is still answered right (rule CARRIER-29).
 */
import type { Clock } from '../call/ports.ts';
import type { Dial } from './dialling.ts';
import type { MediaStream } from './media-stream.ts';

export interface CarrierCall {
  callSid: string;
  callId: string;
  /** `offered`: TwiML was given, for a stream or the desk, and no stream came yet. `away`: the carrier has it, without a stream. */
  state: 'offered' | 'streaming' | 'away' | 'ended';
  /** What the webhook answered, to answer it again. */
  answer: string;
  stream: MediaStream | undefined;
  /** TwiML that the carrier fetches next, when the call is put through without the carrier's REST side. */
  next: string | undefined;
  /** How it is put through, now or the last time. */
  dial: Dial | undefined;
  /** When something last happened. */
  touchedAtMs: number;
}

const KEEP_ENDED_MS = 10 * 60_000;
/** A call put through may last 4 hours. */
const KEEP_AWAY_MS = 5 * 3_600_000;
const MAX_CALLS = 20_000;

export class CarrierCalls {
  readonly #clock: Clock;
  readonly #bySid = new Map<string, CarrierCall>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(callSid: string): CarrierCall | undefined {
    return this.#bySid.get(callSid);
  }

  add(callSid: string, callId: string): CarrierCall {
    this.#forgetOld();
    const call: CarrierCall = {
      callSid,
      callId,
      state: 'offered',
      answer: '',
      stream: undefined,
      next: undefined,
      dial: undefined,
      touchedAtMs: this.#clock.nowMs(),
    };
    this.#bySid.set(callSid, call);
    return call;
  }

  ended(call: CarrierCall): void {
    call.state = 'ended';
    call.stream = undefined;
    call.dial = undefined;
    call.touchedAtMs = this.#clock.nowMs();
  }

  /** The media stream is over; the carrier may still have the call. */
  streamClosed(call: CarrierCall): void {
    if (call.state === 'streaming') call.state = 'away';
    call.stream = undefined;
    call.touchedAtMs = this.#clock.nowMs();
  }

  #forgetOld(): void {
    const nowMs = this.#clock.nowMs();
    for (const [callSid, call] of this.#bySid) {
      const isOld = nowMs - call.touchedAtMs > (call.state === 'ended' ? KEEP_ENDED_MS : KEEP_AWAY_MS);
      if (isOld || this.#bySid.size >= MAX_CALLS) this.#bySid.delete(callSid);
    }
  }
}

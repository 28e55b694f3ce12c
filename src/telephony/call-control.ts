/**
 * The carrier's REST side for one call: complete it, or put it through. With an account it is Twilio's REST API at a
 * settable base URL; without one, or when that does not know the call, the media stream itself says what to do next.
 */
import type { CallControl, Clock, ColleagueWords } from '../call/ports.ts';
import type { CarrierCall } from './carrier-calls.ts';
import { restClient } from './rest-client.ts';

type Outcome = 'done' | 'gone' | 'failed';

/** Changes one call at the carrier. @throws what the request threw. */
export type UpdateCall = (callSid: string, change: { status: 'completed' } | { twiml: string }) => Promise<unknown>;

/** @returns what dials the department; undefined when it has no number. */
export type TwimlFor = (department: string, words: ColleagueWords | undefined) => string | undefined;

const TRIES = 3;
const TRY_WITHIN_MS = 1_200;
/** Close reasons of a stream that tell a carrier without REST what to do; Twilio itself ignores them. */
export const STREAM_COMPLETED = 'completed';
export const STREAM_REDIRECTED = 'redirected';

/** @param baseUrl replaces `https://api.twilio.com`. */
export function restUpdater(accountSid: string, authToken: string, baseUrl: string | undefined): UpdateCall {
  const client = restClient({ accountSid, authToken, baseUrl, timeoutMs: TRY_WITHIN_MS });
  return (callSid, change) => client.calls(callSid).update(change);
}

/**
 * Three tries in 4 s (rule XFER-36). A call that is over is gone, which is no failure. One that the account never knew while
 * its stream is open is carried by somebody else, such as our own telephone: the stream says what follows.
 */
export class RestCallControl implements CallControl {
  readonly #call: CarrierCall;
  readonly #update: UpdateCall;
  readonly #twimlFor: TwimlFor;
  readonly #clock: Clock;
  readonly #byStream: StreamCallControl;

  constructor(call: CarrierCall, update: UpdateCall, twimlFor: TwimlFor, clock: Clock) {
    this.#call = call;
    this.#update = update;
    this.#twimlFor = twimlFor;
    this.#clock = clock;
    this.#byStream = new StreamCallControl(call, twimlFor);
  }

  async complete(): Promise<Outcome> {
    const outcome = await this.#try({ status: 'completed' });
    return outcome === 'unknown' ? this.#byStream.complete() : outcome;
  }

  async dial(department: string, words: ColleagueWords | undefined): Promise<Outcome> {
    const twiml = this.#twimlFor(department, words);
    if (twiml === undefined) return 'failed';
    const outcome = await this.#try({ twiml });
    return outcome === 'unknown' ? this.#byStream.dial(department, words) : outcome;
  }

  async #try(change: Parameters<UpdateCall>[1]): Promise<Outcome | 'unknown'> {
    for (let tries = 1; tries <= TRIES; tries++) {
      try {
        await this.#update(this.#call.callSid, change);
        return 'done';
      } catch (error) {
        const why = refusalOf(error);
        if (why) return why;
        if (tries < TRIES) await new Promise<void>((resolve) => void this.#clock.after(100 * tries, resolve));
      }
    }
    return 'failed';
  }
}

/** Without an account: the stream's close says what follows, and the carrier fetches it from us. */
export class StreamCallControl implements CallControl {
  readonly #call: CarrierCall;
  readonly #twimlFor: TwimlFor;

  constructor(call: CarrierCall, twimlFor: TwimlFor) {
    this.#call = call;
    this.#twimlFor = twimlFor;
  }

  complete(): Promise<Outcome> {
    return Promise.resolve(this.#close(STREAM_COMPLETED));
  }

  dial(department: string, words: ColleagueWords | undefined): Promise<Outcome> {
    const twiml = this.#twimlFor(department, words);
    if (twiml === undefined) return Promise.resolve('failed');
    this.#call.next = twiml;
    return Promise.resolve(this.#close(STREAM_REDIRECTED));
  }

  #close(reason: string): Outcome {
    if (!this.#call.stream) return 'gone';
    this.#call.stream.closeWith(1000, reason);
    return 'done';
  }
}

/** @returns what needs no other try: the call is over (21220), or this account has no such call. */
function refusalOf(error: unknown): 'gone' | 'unknown' | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, code } = error as { status?: unknown; code?: unknown };
  if (code === 21_220) return 'gone';
  return status === 404 || code === 20_404 ? 'unknown' : undefined;
}

/** What the carrier is told to do with a call, as TwiML. Numbers come from the hotel's profile alone. */
import twilio from 'twilio';

const { VoiceResponse } = twilio.twiml;

/** Seconds a person's telephone rings. */
const RING_SECONDS = 25;
/** Seconds a colleague has for pressing a key, once everything was said. */
const KEY_SECONDS = 5;
/** Seconds a call put through may last: 4 hours. */
const DIAL_LIMIT_SECONDS = 14_400;

export interface DialTarget {
  /** E.164 or `sip:`. */
  number: string;
  /** Where the carrier tells how the dial ended. */
  actionUrl: string;
  /** Where the carrier asks what to do with the colleague who answers; undefined: they have the guest at once. */
  whisperUrl?: string;
}

/** Connects the media stream; when our side of it goes away, the carrier rings the desk. */
export function connectStream(stream: { url: string; token: string }, desk: DialTarget): string {
  const response = new VoiceResponse();
  response.connect().stream({ url: stream.url }).parameter({ name: 'token', value: stream.token });
  addDial(response, desk);
  return response.toString();
}

/** Rings a person. @param greetingUrl of a recording that the caller hears before; undefined: ringing alone. */
export function dial(target: DialTarget, greetingUrl?: string): string {
  const response = new VoiceResponse();
  if (greetingUrl !== undefined) response.play(greetingUrl);
  addDial(response, target);
  return response.toString();
}

/** Rings a person without asking us anything: for when we are not there to be asked. */
export function ring(number: string): string {
  const response = new VoiceResponse();
  const dialled = response.dial({ timeout: RING_SECONDS, timeLimit: DIAL_LIMIT_SECONDS });
  if (/^sips?:/.test(number)) dialled.sip(number);
  else dialled.number(number);
  return response.toString();
}

/** Nobody could be reached: says so and hangs up. @param locale of the words, such as `fr-FR`. */
export function apologise(words: string, locale?: string): string {
  const response = new VoiceResponse();
  response.say(inLocale(locale), words);
  response.hangup();
  return response.toString();
}

export function hangUp(): string {
  const response = new VoiceResponse();
  response.hangup();
  return response.toString();
}

/** Says something to the colleague who answered and waits for a key; none in time is told too, as an empty one. */
export function askForKey(words: string, keyUrl: string, locale?: string): string {
  const response = new VoiceResponse();
  response
    .gather({ input: ['dtmf'], numDigits: 1, timeout: KEY_SECONDS, action: keyUrl, actionOnEmptyResult: true })
    .say(inLocale(locale), words);
  response.hangup();
  return response.toString();
}

type SayAttributes = Exclude<Parameters<InstanceType<typeof VoiceResponse>['say']>[0], string>;

/** The carrier's voice is an English one unless it is told otherwise. */
const inLocale = (locale: string | undefined): SayAttributes =>
  locale === undefined ? {} : { language: locale as SayAttributes['language'] };

/** Nothing more is said: a colleague's leg is joined with the guest's. */
export function goOn(): string {
  return new VoiceResponse().toString();
}

function addDial(response: InstanceType<typeof VoiceResponse>, { number, actionUrl, whisperUrl }: DialTarget): void {
  const dialled = response.dial({
    timeout: RING_SECONDS,
    timeLimit: DIAL_LIMIT_SECONDS,
    action: actionUrl,
    answerOnBridge: true,
  });
  const attributes = whisperUrl ? { url: whisperUrl } : {};
  if (/^sips?:/.test(number)) dialled.sip(attributes, number);
  else dialled.number(attributes, number);
}

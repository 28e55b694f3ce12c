/**
 * Twilio Media Streams messages, in and out. `media` comes 50 times a second and call and takes a fast path; all else,
 * and any `media` of another shape, goes through JSON and a schema.
 * Source: Twilio docs, "Media Streams - WebSocket Messages". Numbers in messages are strings.
 */
import { z } from 'zod';

export interface MediaFrame {
  event: 'media';
  streamSid: string;
  track: string;
  chunk: number;
  timestampMs: number;
  /** μ-law, 8 kHz, any length. */
  payload: Uint8Array;
}

export interface StreamStart {
  event: 'start';
  streamSid: string;
  callSid: string;
  token: string | undefined;
}

export type InboundMessage =
  | MediaFrame
  | StreamStart
  | { event: 'connected' }
  | { event: 'mark'; streamSid: string; name: string }
  | { event: 'dtmf'; streamSid: string; digit: string }
  | { event: 'stop'; streamSid: string };

const numeric = z.union([z.string().regex(/^\d{1,15}$/), z.number().int().nonnegative()]).transform(Number);
const sid = z.string().regex(/^\w{1,64}$/);

const messageSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('connected') }),
  z.object({
    event: z.literal('start'),
    streamSid: sid,
    start: z.object({
      callSid: sid,
      customParameters: z.record(z.string(), z.string()).default({}),
    }),
  }),
  z.object({
    event: z.literal('media'),
    streamSid: sid,
    media: z.object({
      track: z.string().default('inbound'),
      chunk: numeric,
      timestamp: numeric,
      payload: z.base64(),
    }),
  }),
  z.object({ event: z.literal('mark'), streamSid: sid, mark: z.object({ name: z.string().max(100) }) }),
  z.object({ event: z.literal('dtmf'), streamSid: sid, dtmf: z.object({ digit: z.string().regex(/^[0-9*#A-D]$/) }) }),
  z.object({ event: z.literal('stop'), streamSid: sid }),
]);

/** The layout in which Twilio writes `media`; what stands between these parts is read, anything else is read slowly. */
const MEDIA_HEAD = '{"event":"media","sequenceNumber":"';
const MEDIA_PARTS = ['","media":{"track":"', '","chunk":"', '","timestamp":"', '","payload":"'] as const;
const MEDIA_TAIL = '"},"streamSid":"';
const WORD = /^\w{1,64}$/;
const DIGITS = /^\d{1,15}$/;

/** @param text one text frame. @returns the message, or undefined when it is malformed or of an unknown kind. */
export function readMessage(text: string): InboundMessage | undefined {
  return (text.startsWith(MEDIA_HEAD) ? readUsualMedia(text) : undefined) ?? readSlowly(text);
}

/** @returns undefined when anything about the message is unusual. */
function readUsualMedia(text: string): MediaFrame | undefined {
  const values: string[] = [];
  let from = MEDIA_HEAD.length;
  for (const part of MEDIA_PARTS) {
    const to = text.indexOf(part, from);
    if (to < 0) return undefined;
    values.push(text.slice(from, to));
    from = to + part.length;
  }
  const tailAt = text.indexOf(MEDIA_TAIL, from);
  const [sequence = '', track = '', chunk = '', timestamp = ''] = values;
  const streamSid = text.slice(tailAt + MEDIA_TAIL.length, -2);
  const isUsual =
    tailAt > 0 && text.endsWith('"}') && DIGITS.test(sequence) && DIGITS.test(chunk) && DIGITS.test(timestamp);
  if (!isUsual || !WORD.test(track) || !WORD.test(streamSid)) return undefined;
  const payload = decodeBase64(text.slice(from, tailAt));
  return payload && { event: 'media', streamSid, track, chunk: Number(chunk), timestampMs: Number(timestamp), payload };
}

/** @returns undefined for anything but padded base64: Buffer skips what is none, so whoever came up short was not. */
function decodeBase64(text: string): Buffer | undefined {
  const { length } = text;
  if (length % 4 !== 0) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return bytes.length === (length / 4) * 3 - padding ? bytes : undefined;
}

/** The same for any shape of message; what the fast path must agree with. */
export function readSlowly(text: string): InboundMessage | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = messageSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const message = parsed.data;
  switch (message.event) {
    case 'connected':
      return { event: 'connected' };
    case 'start': {
      const { callSid, customParameters } = message.start;
      return { event: 'start', streamSid: message.streamSid, callSid, token: customParameters.token };
    }
    case 'media': {
      const { track, chunk, timestamp, payload } = message.media;
      const bytes = Buffer.from(payload, 'base64');
      return { event: 'media', streamSid: message.streamSid, track, chunk, timestampMs: timestamp, payload: bytes };
    }
    case 'mark':
      return { event: 'mark', streamSid: message.streamSid, name: message.mark.name };
    case 'dtmf':
      return { event: 'dtmf', streamSid: message.streamSid, digit: message.dtmf.digit };
    case 'stop':
      return { event: 'stop', streamSid: message.streamSid };
    default:
      return message satisfies never;
  }
}

/** @param audio μ-law, 8 kHz. */
export function mediaMessage(streamSid: string, audio: Uint8Array): string {
  const payload = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString('base64');
  return `{"event":"media","streamSid":"${streamSid}","media":{"payload":"${payload}"}}`;
}

/** @param name without characters that JSON escapes. */
export function markMessage(streamSid: string, name: string): string {
  return `{"event":"mark","streamSid":"${streamSid}","mark":{"name":"${name}"}}`;
}

export function clearMessage(streamSid: string): string {
  return `{"event":"clear","streamSid":"${streamSid}"}`;
}

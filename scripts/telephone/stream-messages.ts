/**
 * Media Streams messages as the carrier sends them: one instance for each stream, since sequence numbers count its messages.
 * Source: Twilio docs, "Media Streams - WebSocket Messages". Counters are strings, the media format has numbers.
 */
import { z } from 'zod';
import { FRAME_MS } from './playout-buffer.ts';

export interface CallIds {
  accountSid: string;
  callSid: string;
}

export class StreamMessages {
  readonly #ids: CallIds & { streamSid: string };
  #sequence = 0;
  #frames = 0;

  constructor(ids: CallIds & { streamSid: string }) {
    this.#ids = ids;
  }

  connected(): string {
    return JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' });
  }

  start(customParameters: Record<string, string>): string {
    const { streamSid, accountSid, callSid } = this.#ids;
    return JSON.stringify({
      event: 'start',
      sequenceNumber: this.#next(),
      start: {
        accountSid,
        streamSid,
        callSid,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters,
      },
      streamSid,
    });
  }

  /** @param frame 20 ms of μ-law. */
  media(frame: Uint8Array): string {
    const payload = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('base64');
    this.#frames++;
    return JSON.stringify({
      event: 'media',
      sequenceNumber: this.#next(),
      media: {
        track: 'inbound',
        chunk: String(this.#frames),
        timestamp: String(this.#frames * FRAME_MS),
        payload,
      },
      streamSid: this.#ids.streamSid,
    });
  }

  mark(name: string): string {
    return this.#with('mark', { mark: { name } });
  }

  key(digit: string): string {
    return this.#with('dtmf', { dtmf: { track: 'inbound_track', digit } });
  }

  stop(): string {
    const { accountSid, callSid } = this.#ids;
    return this.#with('stop', { stop: { accountSid, callSid } });
  }

  #with(event: string, content: Record<string, unknown>): string {
    const { streamSid } = this.#ids;
    return JSON.stringify({ event, sequenceNumber: this.#next(), streamSid, ...content });
  }

  #next(): string {
    this.#sequence++;
    return String(this.#sequence);
  }
}

const fromServerSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('media'), streamSid: z.string(), media: z.object({ payload: z.base64() }) }),
  z.object({ event: z.literal('mark'), streamSid: z.string(), mark: z.object({ name: z.string() }) }),
  z.object({ event: z.literal('clear'), streamSid: z.string() }),
]);
export type FromServer = z.infer<typeof fromServerSchema>;

/** @returns undefined for what the carrier would ignore with a warning in its debugger. */
export function readFromServer(text: string, streamSid: string): FromServer | undefined {
  try {
    const parsed = fromServerSchema.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.streamSid === streamSid ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

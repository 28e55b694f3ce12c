/** A Realtime server with stub ears, voice and mind on a real socket, and a client that looks at each event. */
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Heard, Mind, Move } from '../../src/local-realtime/ports.ts';
import {
  startRealtimeServer,
  type RealtimeServer,
  type RealtimeServerOptions,
} from '../../src/local-realtime/server.ts';
import { speechInProcess } from '../../src/local-realtime/speech.ts';
import type { VoiceActivityMaker } from '../../src/local-realtime/voice-activity.ts';

export interface ServerEvent {
  type: string;
  event_id: string;
  [field: string]: unknown;
}

export type MindInput = Parameters<Mind['reply']>[0];

/** Milliseconds of audio that the stub voice makes per character. */
export const MS_PER_CHARACTER = 40;

export interface Stage {
  server: RealtimeServer;
  url: string;
  /** What the mind was asked, oldest first. */
  asked: MindInput[];
  /** What was given to the voice. */
  spoken: { text: string; voice: string; usual?: string }[];
  logged: string[];
  /** Connects, and waits for `session.created`. */
  connect(options?: { path?: string; headers?: Record<string, string> }): Promise<TestClient>;
  close(): Promise<void>;
}

/** Loud frames are speech: the stub of voice activity. */
const loudness: VoiceActivityMaker = {
  create: () => ({ isSpeech: (frame) => frame.some((sample) => Math.abs(sample) > 1000), close: () => undefined }),
};

export async function setStage({
  reply = () => [{ kind: 'say', text: 'Good evening.' }],
  hears = [],
  voiceFails = false,
  ...options
}: {
  reply?: (input: MindInput) => Move[];
  /** What the ears understand, utterance by utterance; then nothing. */
  hears?: (string | Heard)[];
  voiceFails?: boolean;
} & Partial<RealtimeServerOptions> = {}): Promise<Stage> {
  const asked: MindInput[] = [];
  const spoken: { text: string; voice: string; usual?: string }[] = [];
  const logged: string[] = [];
  const clients: TestClient[] = [];
  const utterances = [...hears];
  const ears = {
    listen: () => ({
      feed: () => undefined,
      finish: (): Heard => {
        const heard = utterances.shift() ?? '';
        return typeof heard === 'string' ? { text: heard, isUnderstood: heard !== '', confidence: 1 } : heard;
      },
      discard: () => undefined,
    }),
    close: () => undefined,
  };
  const voice = {
    async speak(text: string, voiceName: string, usual?: string) {
      if (voiceFails) throw new Error('the voice is gone');
      spoken.push({ text, voice: voiceName, ...(usual !== undefined && { usual }) });
      return { pcm: new Int16Array(text.length * MS_PER_CHARACTER * 8).fill(500), sampleRateHz: 8000 };
    },
  };
  const server = await startRealtimeServer({
    host: '127.0.0.1',
    port: 0,
    speech: speechInProcess(ears, voice),
    mind: { reply: (input) => (asked.push(structuredClone(input)), reply(input)) },
    voiceActivity: loudness,
    log: (message) => logged.push(message),
    ...options,
  });
  const url = `ws://127.0.0.1:${server.port}/v1/realtime`;
  return {
    server,
    url,
    asked,
    spoken,
    logged,
    async connect({ path = '?model=gpt-realtime-2.1', headers = {} } = {}) {
      const client = await TestClient.connect(`${url}${path}`, { authorization: 'Bearer test', ...headers });
      clients.push(client);
      await client.next('session.created');
      await client.next('conversation.created');
      return client;
    },
    async close() {
      for (const client of clients) client.socket.terminate();
      await server.close();
    },
  };
}

export class TestClient {
  readonly events: ServerEvent[] = [];
  readonly socket: WebSocket;
  #read = 0;
  #wake: () => void = () => undefined;

  static async connect(url: string, headers: Record<string, string>): Promise<TestClient> {
    const client = new TestClient(new WebSocket(url, { headers }));
    await new Promise<void>((open, failed) => {
      client.socket.once('open', open);
      client.socket.once('error', failed);
    });
    return client;
  }

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      this.events.push(JSON.parse((data as Buffer).toString('utf8')) as ServerEvent);
      this.#wake();
    });
  }

  send(event: Record<string, unknown>): void {
    this.socket.send(JSON.stringify(event));
  }

  /** The next event of this type that was not looked at yet; those before it are passed over. */
  async next(type: string, isIt: (event: ServerEvent) => boolean = () => true): Promise<ServerEvent> {
    const deadline = Date.now() + 5000;
    for (;;) {
      for (let event = this.events[this.#read]; event; event = this.events[this.#read]) {
        this.#read++;
        if (event.type === type && isIt(event)) return event;
      }
      const leftMs = deadline - Date.now();
      if (leftMs <= 0)
        throw new Error(
          `no ${type}; last were ${this.events
            .slice(-6)
            .map((event) => event.type)
            .join(', ')}`,
        );
      await Promise.race([new Promise<void>((wake) => (this.#wake = wake)), delay(leftMs)]);
    }
  }

  /** Sends a session.update and waits for its answer. */
  async update(session: Record<string, unknown>): Promise<ServerEvent> {
    this.send({ type: 'session.update', session: { type: 'realtime', ...session } });
    return this.next('session.updated');
  }

  /** Sends an event that must be refused. @returns the `error` field. */
  async refused(event: Record<string, unknown>): Promise<Record<string, unknown>> {
    this.send(event);
    return (await this.next('error')).error as Record<string, unknown>;
  }

  /** The types of all events since the given one, without those that are named. */
  typesSince(start: ServerEvent, without: string[] = []): string[] {
    const from = this.events.indexOf(start);
    return this.events
      .slice(from)
      .map((event) => event.type)
      .filter((type) => !without.includes(type));
  }

  /** Sends audio in pieces of 20 ms, as fast as the socket takes it. */
  sendAudio(format: 'audio/pcm' | 'audio/pcmu', ms: number, kind: 'speech' | 'silence'): void {
    for (let sentMs = 0; sentMs < ms; sentMs += 20)
      this.send({ type: 'input_audio_buffer.append', audio: frames[format][kind].toString('base64') });
  }

  /** Words and audio of one response, put together. */
  said(responseId: unknown): { transcript: string; audio: Buffer } {
    const own = this.events.filter((event) => event.response_id === responseId);
    const deltas = (type: string) => own.filter((event) => event.type === type).map((event) => event.delta as string);
    return {
      transcript: deltas('response.output_audio_transcript.delta').join(''),
      audio: Buffer.concat(deltas('response.output_audio.delta').map((delta) => Buffer.from(delta, 'base64'))),
    };
  }
}

/** 20 ms of a 400 Hz tone or of silence. */
function tone(rateHz: number, amplitude: number): Int16Array {
  return Int16Array.from({ length: rateHz / 50 }, (_, n) => amplitude * Math.sin((2 * Math.PI * 400 * n) / rateHz));
}

const frames = {
  'audio/pcm': {
    speech: Buffer.from(tone(24_000, 12_000).buffer),
    silence: Buffer.from(tone(24_000, 0).buffer),
  },
  // μ-law: 0x80 and 0x00 alternate as loud samples, 0xFF is silence.
  'audio/pcmu': {
    speech: Buffer.from(Uint8Array.from({ length: 160 }, (_, n) => (n % 20 < 10 ? 0x90 : 0x10))),
    silence: Buffer.alloc(160, 0xff),
  },
};

/** One connection of the acting provider: the protocol's events around hearing, thinking, speaking and calling tools. */
import { performance } from 'node:perf_hooks';
import { WebSocket } from 'ws';
import type { ActingProvider } from './acting-provider.ts';
import { ActingEars, type Heard } from './acting-ears.ts';
import { agentTone, deedAfter, GREETING, GUEST_TONES, GUEST_WORDS, meaningOf, WANTS } from './acting-script.ts';
import type { Item, Meaning } from './acting-script.ts';
import { tone } from './tones.ts';

const RATE_HZ = 24_000;
const DELTA_MS = 100;
const DELTA_EVERY_MS = 30;
/** What the agent says takes this long, whatever it is. */
export const SPEECH_MS = 1_600;
const THINKS_MS = 300;
const TRANSCRIBES_MS = 250;
const ROOM = '204';

interface ClientEvent {
  type: string;
  event_id?: string;
  audio?: string;
  session?: { audio?: { input?: { turn_detection?: TurnDetection } }; tools?: OfferedTool[] };
  item?: ClientItem;
  response?: { instructions?: string };
}
interface TurnDetection {
  create_response: boolean;
  interrupt_response: boolean;
}
interface OfferedTool {
  type: string;
  authorization?: string;
}
interface ClientItem {
  type: string;
  role?: string;
  content?: { text?: string }[];
  arguments?: string;
  call_id?: string;
  output?: string;
}

export class ActingSession {
  readonly openedAtMs = performance.now();
  readonly #socket: WebSocket;
  readonly #provider: ActingProvider;
  readonly #number: number;
  readonly #items: Item[] = [];
  readonly #ears = new ActingEars<Meaning>(GUEST_TONES, (heard) => this.#heard(heard));
  #timers: NodeJS.Timeout[] = [];
  #detection: TurnDetection = { create_response: false, interrupt_response: false };
  #token: string | undefined;
  #active: string | undefined;
  #ids = 0;
  #turns = 0;

  constructor(socket: WebSocket, provider: ActingProvider, number: number) {
    this.#socket = socket;
    this.#provider = provider;
    this.#number = number;
    socket.on('message', (data: Buffer) => this.#received(JSON.parse(data.toString('utf8')) as ClientEvent));
    socket.on('close', () => this.drop());
    socket.on('error', () => {});
    this.#send({ type: 'session.created', session: { type: 'realtime' } });
  }

  /** The call's token for native tools. */
  get token(): string | undefined {
    return this.#token;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** A response is under way. */
  get isBusy(): boolean {
    return this.#active !== undefined;
  }

  drop(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
    this.#socket.terminate();
  }

  #received(event: ClientEvent): void {
    switch (event.type) {
      case 'input_audio_buffer.append':
        return this.#ears.hear(Buffer.from(event.audio ?? '', 'base64'));
      case 'session.update':
        return this.#updated(event);
      case 'conversation.item.create':
        return event.item && this.#told(event.item);
      case 'response.create':
        return this.#asked(event);
      case 'response.cancel':
        return this.#cancel();
      default:
    }
  }

  #updated({ session }: ClientEvent): void {
    this.#detection = session?.audio?.input?.turn_detection ?? this.#detection;
    const native = session?.tools?.find((tool) => tool.type === 'mcp');
    this.#send({ type: 'session.updated', session: { type: 'realtime' } });
    if (session?.tools) this.#token = native?.authorization;
    if (native) this.#send({ type: 'mcp_list_tools.completed', item_id: this.#id('mcpl') });
  }

  /** An item of before, or what a function came to. */
  #told(item: ClientItem): void {
    const text = item.content?.[0]?.text ?? '';
    if (item.type === 'message' && item.role === 'user') this.#items.push({ kind: 'guest', meaning: meaningOf(text) });
    if (item.type === 'message' && item.role === 'assistant') this.#items.push({ kind: 'agent', text });
    if (item.type === 'function_call') {
      const { summary = '' } = JSON.parse(item.arguments ?? '{}') as { summary?: string };
      this.#items.push({ kind: 'tool', summary, output: undefined });
    }
    if (item.type === 'function_call_output') this.#toolEnded(item.output ?? '');
  }

  #toolEnded(output: string): void {
    const open = this.#items.find((item) => item.kind === 'tool' && item.output === undefined);
    if (open?.kind !== 'tool') return;
    open.output = output;
    const isTold = this.#provider.acknowledged.some((known) => known.summary === open.summary);
    if (!isTold) this.#provider.acknowledged.push({ summary: open.summary, output });
  }

  #heard(heard: Heard<Meaning>): void {
    const itemId = this.#id('item');
    if (heard.kind === 'started') {
      this.#send({ type: 'input_audio_buffer.speech_started', audio_start_ms: heard.atMs, item_id: itemId });
      if (this.#detection.interrupt_response) this.#cancel();
      return this.#provider.onMoment('guest-speaking', this.#turns);
    }
    this.#turns++;
    this.#items.push({ kind: 'guest', meaning: heard.meaning });
    this.#send({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: heard.atMs, item_id: itemId });
    this.#send({ type: 'input_audio_buffer.committed', item_id: itemId });
    const transcript = heard.meaning ? GUEST_WORDS[heard.meaning] : '';
    const type = 'conversation.item.input_audio_transcription.completed';
    this.#later(TRANSCRIBES_MS, () => this.#send({ type, item_id: itemId, content_index: 0, transcript }));
    if (this.#detection.create_response) this.#open(undefined);
  }

  #asked({ event_id: eventId, response }: ClientEvent): void {
    const saying = /^Say exactly this.*?: (".*")$/s.exec(response?.instructions ?? '')?.[1];
    if (this.#active === undefined) return this.#open(saying && (JSON.parse(saying) as string));
    const error = { type: 'invalid_request_error', code: 'conversation_already_has_active_response', message: 'busy' };
    this.#send({ type: 'error', error: { ...error, event_id: eventId } });
  }

  #open(saying: string | undefined): void {
    if (this.#active !== undefined) return;
    const id = this.#id('resp');
    this.#active = id;
    this.#send({ type: 'response.created', response: { id, status: 'in_progress' } });
    this.#provider.onMoment('response-pending', this.#turns);
    this.#later(THINKS_MS, () => this.#act(id, saying));
  }

  #act(id: string, saying: string | undefined): void {
    if (this.#active !== id) return;
    const deed = saying === undefined ? deedAfter(this.#items) : ({ kind: 'say', text: saying } as const);
    if (deed.kind === 'say') return this.#speak(id, deed.text);
    const summary = WANTS[deed.want]?.[this.#number % 2] ?? '';
    this.#items.push({ kind: 'tool', summary, output: undefined });
    const fields = { summary, department: 'housekeeping', room_number: ROOM };
    if (this.#token === undefined) this.#callFunction(id, JSON.stringify(fields));
    else void this.#callNatively(id, fields, this.#token);
  }

  #callFunction(responseId: string, argumentsJson: string): void {
    const callId = this.#id('call');
    const name = 'create_service_request';
    const item = { id: callId, type: 'function_call', name, call_id: callId, arguments: argumentsJson };
    this.#send({ type: 'response.output_item.added', response_id: responseId, item: { ...item, arguments: '' } });
    this.#send({ type: 'response.output_item.done', response_id: responseId, item });
    this.#done(responseId, 'completed', [item]);
    this.#provider.onMoment('tool', this.#turns);
  }

  async #callNatively(responseId: string, fields: object, token: string): Promise<void> {
    const item = { id: this.#id('mcp'), type: 'mcp_call', name: 'create_service_request' };
    this.#send({ type: 'response.output_item.added', response_id: responseId, item });
    this.#provider.onMoment('tool', this.#turns);
    const output = await callTool(this.#provider.mcpUrl, token, item.name, fields);
    if (output === undefined) return this.#send({ type: 'response.mcp_call.failed', item_id: item.id });
    this.#toolEnded(output);
    this.#send({ type: 'response.mcp_call.completed', item_id: item.id });
    this.#send({ type: 'response.output_item.done', response_id: responseId, item: { ...item, output } });
    this.#done(responseId, 'completed', [item]);
  }

  #speak(responseId: string, text: string): void {
    const item = { id: this.#id('item'), type: 'message', role: 'assistant' };
    const place = { response_id: responseId, item_id: item.id, output_index: 0, content_index: 0 };
    const samples = tone(agentTone(this.#number), DELTA_MS, RATE_HZ);
    const delta = Buffer.from(samples.buffer).toString('base64');
    this.#send({ type: 'response.output_item.added', response_id: responseId, item });
    this.#provider.onMoment(GREETING.test(text) ? 'greeting' : 'agent-speaking', this.#turns);
    const deltas = SPEECH_MS / DELTA_MS;
    for (let index = 0; index < deltas; index++)
      this.#later(index * DELTA_EVERY_MS, () => {
        if (this.#active !== responseId) return;
        this.#send({ type: 'response.output_audio.delta', ...place, delta });
        const words = text.slice((text.length * index) / deltas, (text.length * (index + 1)) / deltas);
        this.#send({ type: 'response.output_audio_transcript.delta', ...place, delta: words });
      });
    this.#later(deltas * DELTA_EVERY_MS, () => {
      if (this.#active !== responseId) return;
      this.#items.push({ kind: 'agent', text });
      this.#send({ type: 'response.output_audio.done', ...place });
      this.#send({ type: 'response.output_audio_transcript.done', ...place, transcript: text });
      this.#send({ type: 'response.output_item.done', response_id: responseId, item });
      this.#done(responseId, 'completed', [item]);
      this.#later(SPEECH_MS - deltas * DELTA_EVERY_MS, () => this.#provider.onMoment('idle', this.#turns));
    });
  }

  #cancel(): void {
    if (this.#active !== undefined) this.#done(this.#active, 'cancelled', []);
  }

  #done(id: string, status: string, output: object[]): void {
    if (this.#active === id) this.#active = undefined;
    this.#send({ type: 'response.done', response: { id, status, output } });
  }

  #later(delayMs: number, task: () => void): void {
    this.#timers.push(setTimeout(task, delayMs));
  }

  #id(kind: string): string {
    return `${kind}_${this.#number}_${++this.#ids}`;
  }

  #send(event: object): void {
    if (this.isOpen) this.#socket.send(JSON.stringify({ type: '', event_id: 'event', ...event }));
  }
}

/** Calls a tool over MCP as a provider does. @returns its text; undefined when there was no answer. */
export async function callTool(url: string, token: string, name: string, fields: object): Promise<string | undefined> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: fields } });
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  try {
    const answer = await fetch(url, { method: 'POST', headers, body });
    const { result } = (await answer.json()) as { result?: { isError?: boolean; content?: { text: string }[] } };
    return result && !result.isError ? result.content?.[0]?.text : undefined;
  } catch {
    return undefined;
  }
}

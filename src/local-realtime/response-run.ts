/** One response from `response.created` to `response.done`. May be cancelled at any moment, at once. */
import { AgentMessage, type MessagePlace } from './agent-message.ts';
import { sampleRateOf } from './audio-format.ts';
import type { ResponseParameters } from './client-event.ts';
import type { ClientLink } from './client-link.ts';
import type { Conversation, StoredItem } from './conversation.ts';
import type { Item } from './item-schema.ts';
import { turnsOf } from './mind-turns.ts';
import { runNativeCall } from './native-call.ts';
import type { NativeMcp } from './native-mcp.ts';
import type { Mind, Move } from './ports.ts';
import {
  responseTools,
  tellApprovalRequest,
  tellFunctionCall,
  tellNativeCall,
  type ResponseTool,
} from './response-output.ts';
import { sentencesOf } from './sentences.ts';
import { formatOf, voiceName, type Session } from './session.ts';
import type { Speech } from './speech.ts';
import { agentAudioTokens, contextPieces, textTokens, usageOf, type ContextPiece } from './usage.ts';
import { newWireId } from './wire-id.ts';

/** Audio leaves this much faster than it plays, after a first piece at once: fast, and yet there is time to interrupt. */
const PACE = 6;
const HEAD_START_MS = 400;
const CONGESTION_WAIT_MS = 50;
const LISTS_WITHIN_MS = 1_500;
const EXACT_WORDS = /^Say exactly this, word for word, and nothing else: ("(?:[^"\\]|\\.)*")$/s;

export interface ResponseParts {
  link: ClientLink;
  speech: Speech;
  mind: Mind;
  mcp: NativeMcp;
  conversation: Conversation;
  conversationId: string;
  log: (message: string) => void;
}

export type ResponseEnd = 'completed' | 'cancelled' | 'failed' | 'incomplete';
type Details = { reason?: string; error?: { type: string; code: string; message: string } };

export class ResponseRun {
  readonly id = newWireId('resp');
  /** Milliseconds of audio sent so far. */
  audioMs = 0;
  /** Its context, for the next response's share of cached tokens. */
  pieces: ContextPiece[] = [];
  readonly isOutOfBand: boolean;
  readonly #parts: ResponseParts;
  readonly #session: Session;
  readonly #parameters: ResponseParameters;
  readonly #input: StoredItem[] | undefined;
  readonly #before: ContextPiece[];
  readonly #ended: (run: ResponseRun, end: ResponseEnd) => void;
  readonly #abort = new AbortController();
  readonly #output: StoredItem[] = [];
  #message: AgentMessage | undefined;
  #outputTextTokens = 0;
  #startedAtMs = 0;

  /** @param input the response's own context; undefined: the conversation. @param before pieces of the last response. */
  constructor(
    parts: ResponseParts,
    session: Session,
    parameters: ResponseParameters,
    input: StoredItem[] | undefined,
    before: ContextPiece[],
    ended: (run: ResponseRun, end: ResponseEnd) => void,
  ) {
    this.#parts = parts;
    this.#session = session;
    this.#parameters = parameters;
    this.#input = input;
    this.#before = before;
    this.#ended = ended;
    this.isOutOfBand = parameters.conversation === 'none';
  }

  /** Tells that it began, and runs. Never rejects: what goes wrong is the response's status. */
  async run(): Promise<void> {
    const { link } = this.#parts;
    link.send({ type: 'response.created', response: this.#told('in_progress', null) });
    link.send({ type: 'rate_limits.updated', rate_limits: rateLimits() });
    try {
      const items = this.#input ?? this.#parts.conversation.items;
      await Promise.all(items.map(async (stored) => stored.heard));
      const choice = this.#parameters.tool_choice ?? this.#session.tool_choice;
      // A conversation that is taken over begins with an answer, and not with "I can't" for want of a list.
      if (choice !== 'none') await this.#parts.mcp.listed(LISTS_WITHIN_MS);
      if (this.#abort.signal.aborted) return;
      const tools = responseTools(this.#parameters.tools ?? this.#session.tools, choice, this.#parts.mcp);
      for (const move of joinedSayings(this.#decide(tools))) {
        if (move.kind === 'say') await this.#say(move.text);
        else this.#call(move, tools);
        if (this.#abort.signal.aborted) return;
      }
      this.#end('completed', {});
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#parts.log(`response failed: ${message}`);
      this.#end('failed', { error: { type: 'server_error', code: 'server_error', message: 'The response failed.' } });
    }
  }

  /** Ends it now: what is open is told as incomplete, then `response.done`. */
  cancel(reason: 'turn_detected' | 'client_cancelled'): void {
    this.#end('cancelled', { reason });
  }

  #decide(tools: ResponseTool[]): Move[] {
    const items = this.#input ?? this.#parts.conversation.items;
    const { instructions } = this.#parameters;
    const settings = [instructions ?? this.#session.instructions, JSON.stringify(this.#session.tools)];
    this.pieces = contextPieces(settings, items);
    const exact = EXACT_WORDS.exec(instructions ?? '')?.[1];
    if (exact !== undefined) return [{ kind: 'say', text: JSON.parse(exact) as string }];
    const turns = turnsOf(items);
    if (instructions) turns.push({ kind: 'instruction', text: instructions });
    const offered = tools.map(({ name, description, parameters }) => ({ name, description, parameters }));
    const { instructions: standing, audio } = this.#session;
    const { language } = audio.input.transcription ?? {};
    return this.#parts.mind.reply({ turns, instructions: standing, tools: offered, language });
  }

  async #say(text: string): Promise<void> {
    const modality = (this.#parameters.output_modalities ?? this.#session.output_modalities)[0];
    if (modality === 'text') {
      const message = this.#openMessage('text');
      message.write(text);
      this.#outputTextTokens += textTokens(text);
      message.close('completed');
      return;
    }
    const format = this.#format();
    const voice = voiceName(this.#parameters.audio?.output?.voice ?? this.#session.audio.output.voice);
    const usual = this.#session.audio.input.transcription?.language;
    const speak = (sentence: string | undefined) =>
      sentence === undefined
        ? undefined
        : settled(this.#parts.speech.speak(sentence.trim(), voice, sampleRateOf(format), usual));
    const sentences = sentencesOf(text);
    let next = speak(sentences[0]);
    for (const [index, sentence] of sentences.entries()) {
      const audio = await next;
      if (this.#abort.signal.aborted || !audio) return;
      if ('error' in audio) throw audio.error;
      next = speak(sentences[index + 1]);
      const message = this.#message ?? this.#openMessage('audio');
      if (!(await this.#stream(message.sentence(sentence, audio.pcm, format)))) return;
      this.#outputTextTokens += textTokens(sentence);
    }
    this.#message?.close('completed');
    this.#message = undefined;
  }

  /** @returns false when the response ended meanwhile. */
  async #stream(steps: (() => number)[]): Promise<boolean> {
    const limit = this.#parameters.max_output_tokens ?? this.#session.max_output_tokens;
    for (const step of steps) {
      if (limit !== 'inf' && agentAudioTokens(this.audioMs) + this.#outputTextTokens >= limit) {
        this.#end('incomplete', { reason: 'max_output_tokens' });
        return false;
      }
      await this.#pace();
      if (this.#abort.signal.aborted) return false;
      this.audioMs += step();
    }
    return true;
  }

  async #pace(): Promise<void> {
    if (this.audioMs === 0) this.#startedAtMs = performance.now();
    const waitMs = this.#startedAtMs + (this.audioMs - HEAD_START_MS) / PACE - performance.now();
    if (waitMs > 2) await pause(waitMs);
    while (this.#parts.link.isCongested() && !this.#abort.signal.aborted) await pause(CONGESTION_WAIT_MS);
  }

  #openMessage(kind: 'audio' | 'text'): AgentMessage {
    const message = new AgentMessage(this.#place(), newWireId('item'), kind);
    this.#output.push(message.stored);
    if (kind === 'audio') this.#message = message;
    return message;
  }

  #call(move: Extract<Move, { kind: 'call' }>, tools: ResponseTool[]): void {
    const tool = tools.find(({ name }) => name === move.name);
    if (!tool) {
      this.#parts.log(`the mind called '${move.name}', which is not offered`);
      return;
    }
    const place = this.#place();
    const argumentsJson = JSON.stringify(move.arguments);
    this.#outputTextTokens += textTokens(move.name + argumentsJson);
    if (!tool.native) {
      this.#output.push(tellFunctionCall(place, tool.name, argumentsJson));
    } else if (tool.native.needsApproval) {
      this.#output.push(tellApprovalRequest(place, tool.native.serverLabel, tool.name, argumentsJson));
    } else {
      const stored = tellNativeCall(place, tool.native.serverLabel, tool.name, argumentsJson);
      this.#output.push(stored);
      const { link, mcp, conversation } = this.#parts;
      void runNativeCall(stored, {
        link,
        mcp,
        conversation: this.isOutOfBand ? undefined : conversation,
        responseId: this.id,
        outputIndex: place.outputIndex,
      });
    }
  }

  #place(): MessagePlace {
    const { link, conversation } = this.#parts;
    let previousItemId: string | null = null;
    return {
      link,
      responseId: this.id,
      outputIndex: this.#output.length,
      added: (stored) => {
        if (this.isOutOfBand) return;
        previousItemId = conversation.insert(stored);
        link.send({ type: 'conversation.item.added', previous_item_id: previousItemId, item: stored.item });
      },
      done: (stored) => {
        if (this.isOutOfBand) return;
        link.send({ type: 'conversation.item.done', previous_item_id: previousItemId, item: stored.item });
      },
    };
  }

  #end(status: ResponseEnd, details: Details): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort();
    this.#message?.close('incomplete');
    this.#message = undefined;
    this.#parts.link.send({ type: 'response.done', response: this.#told(status, details) });
    this.#ended(this, status);
  }

  #told(status: ResponseEnd | 'in_progress', details: Details | null): Record<string, unknown> {
    const voice = this.#parameters.audio?.output?.voice ?? this.#session.audio.output.voice;
    const output: Item[] = this.#output.map(({ item }) => item);
    const spent = { textTokens: this.#outputTextTokens, audioTokens: agentAudioTokens(this.audioMs) };
    return {
      object: 'realtime.response',
      id: this.id,
      status,
      status_details:
        details && status !== 'in_progress' && status !== 'completed' ? { type: status, ...details } : null,
      output,
      conversation_id: this.isOutOfBand ? null : this.#parts.conversationId,
      output_modalities: this.#parameters.output_modalities ?? this.#session.output_modalities,
      max_output_tokens: this.#parameters.max_output_tokens ?? this.#session.max_output_tokens,
      audio: { output: { format: this.#format(), voice } },
      usage: status === 'in_progress' ? null : usageOf(this.pieces, this.#before, spent),
      metadata: this.#parameters.metadata ?? null,
    };
  }

  #format(): Session['audio']['output']['format'] {
    const own = this.#parameters.audio?.output?.format;
    return own ? formatOf(own) : this.#session.audio.output.format;
  }
}

/** Sayings that follow each other are one message. */
function joinedSayings(moves: Move[]): Move[] {
  return moves.reduce<Move[]>((joined, move) => {
    const last = joined.at(-1);
    if (move.kind !== 'say' || last?.kind !== 'say') return [...joined, move];
    return [...joined.slice(0, -1), { kind: 'say', text: `${last.text} ${move.text}` }];
  }, []);
}

/** So that a failure of the next sentence is not unhandled while this one plays. */
const settled = (speaking: Promise<Int16Array>): Promise<{ pcm: Int16Array } | { error: unknown }> =>
  speaking.then(
    (pcm) => ({ pcm }),
    (error: unknown) => ({ error }),
  );

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** There are no limits here; clients expect to be told of them. */
const rateLimits = () => [
  { name: 'requests', limit: 1000, remaining: 999, reset_seconds: 0.06 },
  { name: 'tokens', limit: 1_000_000, remaining: 995_000, reset_seconds: 0.3 },
];

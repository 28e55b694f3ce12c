/**
 * The agent's leg: one Realtime connection of one call. It turns the call's wishes into client events and server events into
 * what the call understands; who may speak when is the response queue's business.
 */
import type { Logger } from 'pino';
import type { AgentLeg, AgentLegEvents, AudioSource, Clock } from '../call/ports.ts';
import { EarlyAudio } from './early-audio.ts';
import { redact } from './redact.ts';
import { readServerMessage, type FinishedResponse, type ServerEvent } from './realtime-events.ts';
import { RealtimeSocket } from './realtime-socket.ts';
import { ResponseQueue } from './response-queue.ts';
import {
  sessionUpdate,
  toolsUpdate,
  turnTakingUpdate,
  PREFIX_MS,
  SILENCE_MS,
  type SessionSettings,
  type TurnTaking,
} from './session-update.ts';
import { ToolCalls } from './tool-calls.ts';
import { usageOf } from './usage.ts';

export interface RealtimeOptions extends SessionSettings {
  /** http(s) or ws(s), with the path before `/realtime`. */
  baseUrl: string;
  apiKey: string;
  model: string;
  /** How long to wait for the list of native tools before they are offered as functions. */
  listTimeoutMs?: number;
}

const LIST_WITHIN_MS = 2_000;
/** The server opens its answer to a turn at once; after this it has missed it. */
const AUTOMATIC_ANSWER_WITHIN_MS = 4_000;

/** Errors that no redial can mend. */
const FATAL = new Set([
  'invalid_api_key',
  'insufficient_quota',
  'billing_hard_limit_reached',
  'account_deactivated',
  'model_not_found',
  'organization_not_found',
]);

/** @returns the instructions of a response that says exactly this; the local engine reads them back. */
export function exactSaying(text: string): string {
  return `Say exactly this, word for word, and nothing else: ${JSON.stringify(text)}`;
}

/** Dials a Realtime server; never throws, all that happens is told to `events`. */
export function openRealtimeConnection(
  options: RealtimeOptions,
  events: AgentLegEvents,
  clock: Clock,
  log: Logger,
): AgentLeg {
  return new RealtimeConnection(options, events, clock, log);
}

class RealtimeConnection implements AgentLeg {
  readonly #options: RealtimeOptions;
  readonly #events: AgentLegEvents;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #socket: RealtimeSocket;
  readonly #queue = new ResponseQueue();
  readonly #tools: ToolCalls;
  readonly #early: EarlyAudio;
  readonly #guestWords = new Map<string, string>();
  readonly #agentWords = new Map<string, string>();
  /** Turn taking of the updates that are not acknowledged yet, oldest first, with their event ids. */
  readonly #updates: { eventId: string; turnTaking: TurnTaking }[] = [];
  #settings: SessionSettings;
  #turnTaking: TurnTaking = 'held';
  /** What the server goes by: that of the last acknowledged update. */
  #turnTakingInForce: TurnTaking = 'held';
  #isReady = false;
  #isClosed = false;
  #hasListedTools = false;
  #cutResponseId: string | undefined;
  #speechStartMs = 0;
  #updateNumber = 0;
  #cancelMissedAnswer: () => void = () => {};
  readonly #unknownKinds = new Map<string, number>();

  constructor(options: RealtimeOptions, events: AgentLegEvents, clock: Clock, log: Logger) {
    this.#options = options;
    this.#settings = options;
    this.#events = events;
    this.#clock = clock;
    this.#log = log;
    this.#early = new EarlyAudio(options.audioFormat === 'audio/pcm' ? 48 : 8);
    this.#tools = new ToolCalls(this.#queue, {
      requested: (id, name, argumentsJson) => events.toolRequested(id, name, argumentsJson),
      nativePathBroke: (why) => this.#offerFunctions(why),
    });
    const url = `${options.baseUrl.replace(/^http/, 'ws')}/realtime?model=${encodeURIComponent(options.model)}`;
    this.#socket = new RealtimeSocket(
      url,
      { Authorization: `Bearer ${options.apiKey}` },
      {
        opened: () => this.#update((eventId) => sessionUpdate(eventId, this.#settings, this.#turnTaking)),
        message: (text) => this.#received(text),
        refused: (status) => this.#refused(status),
        lost: (why) => this.#lost(why),
      },
      clock,
    );
  }

  append(audio: Uint8Array): void {
    if (!this.#isReady) return this.#early.keep(audio);
    const base64 = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString('base64');
    this.#socket.sendUnlessStuck(`{"type":"input_audio_buffer.append","audio":"${base64}"}`);
  }

  setTurnTaking(mode: TurnTaking): void {
    if (mode === this.#turnTaking) return;
    this.#turnTaking = mode;
    if (this.#isReady) this.#update((eventId) => turnTakingUpdate(eventId, this.#settings, mode));
  }

  sayExactly(text: string): void {
    this.#queue.ask({ kind: 'saying', text });
    this.#pump();
  }

  respond(instructions?: string): void {
    this.#queue.ask({ kind: 'answer', text: instructions });
    this.#pump();
  }

  cancelResponse(): void {
    const responseId = this.#queue.activeResponseId;
    this.#queue.interrupted();
    if (responseId === undefined) return;
    this.#cutResponseId = responseId;
    // In automatic turn taking the server has cancelled by itself.
    if (this.#turnTakingInForce === 'held') this.#send({ type: 'response.cancel', response_id: responseId });
  }

  truncate({ itemId, contentIndex }: AudioSource, audioEndMs: number): void {
    if (!Number.isInteger(audioEndMs) || audioEndMs < 1) return;
    this.#send({
      type: 'conversation.item.truncate',
      item_id: itemId,
      content_index: contentIndex,
      audio_end_ms: audioEndMs,
    });
  }

  deleteItem(itemId: string): void {
    this.#send({ type: 'conversation.item.delete', item_id: itemId });
  }

  giveToolResult(toolCallId: string, output: string, followUp: boolean): void {
    this.#send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: toolCallId, output },
    });
    this.#queue.callClosed(toolCallId, followUp);
    this.#pump();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelMissedAnswer();
    this.#socket.close();
    if (this.#unknownKinds.size > 0)
      this.#log.debug({ kinds: Object.fromEntries(this.#unknownKinds) }, 'events not used');
  }

  #received(text: string): void {
    if (this.#isClosed) return;
    const message = readServerMessage(text);
    switch (message.kind) {
      case 'audio': {
        const { responseId, itemId, contentIndex, audio } = message;
        if (responseId === this.#cutResponseId) return;
        this.#queue.sawOutput(responseId);
        return this.#events.agentAudio(responseId, { itemId, contentIndex }, audio);
      }
      case 'event':
        return this.#happened(message.event);
      case 'unknown':
        return this.#count(message.type);
      case 'malformed':
        return this.#count('malformed');
      default:
        return message satisfies never;
    }
  }

  #happened(event: ServerEvent): void {
    switch (event.type) {
      case 'session.updated':
        return this.#updated();
      case 'error':
        return this.#errorCame(
          event.error.code ?? event.error.type ?? 'unknown',
          event.error.message,
          event.error.event_id ?? '',
        );
      case 'input_audio_buffer.speech_started':
        this.#speechStartMs = event.audio_start_ms;
        return this.#events.guestStartedSpeaking();
      case 'input_audio_buffer.speech_stopped': {
        const speechMs = event.audio_end_ms - this.#speechStartMs - PREFIX_MS - SILENCE_MS;
        return this.#events.guestStoppedSpeaking(Math.max(0, Math.round(speechMs)));
      }
      case 'input_audio_buffer.committed':
        return this.#committed(event.item_id);
      case 'conversation.item.input_audio_transcription.delta':
        return this.#guestSays(event.item_id, (this.#guestWords.get(event.item_id) ?? '') + event.delta, false);
      case 'conversation.item.input_audio_transcription.completed':
        return this.#guestSays(event.item_id, event.transcript, true);
      case 'conversation.item.input_audio_transcription.failed':
        return this.#guestSays(event.item_id, '', true);
      case 'response.created':
        this.#cancelMissedAnswer();
        this.#queue.responseCreated(event.response.id);
        return this.#events.responseStarted(event.response.id);
      case 'response.done':
        return this.#responseDone(event.response);
      case 'response.output_audio.done':
        if (event.response_id === this.#cutResponseId) return;
        return this.#events.agentAudioDone(event.response_id, {
          itemId: event.item_id,
          contentIndex: event.content_index,
        });
      case 'response.output_audio_transcript.delta':
        return this.#agentSays(event, (this.#agentWords.get(event.item_id) ?? '') + event.delta, false);
      case 'response.output_audio_transcript.done':
        return this.#agentSays(event, event.transcript, true);
      case 'response.output_item.added':
        this.#queue.sawOutput(event.response_id);
        return this.#tools.itemAdded(event.item);
      case 'response.output_item.done':
      case 'conversation.item.done':
        this.#tools.itemDone(event.item);
        return this.#pump();
      case 'response.mcp_call.completed':
      case 'response.mcp_call.failed':
        this.#queue.callClosed(event.item_id, true);
        return this.#pump();
      case 'mcp_list_tools.completed':
        return this.#toolsListed();
      case 'mcp_list_tools.failed':
        return this.#offerFunctions('the list of tools failed');
      case 'session.created':
      case 'response.output_audio.delta':
        return;
      default:
        return event satisfies never;
    }
  }

  #updated(): void {
    const update = this.#updates.shift();
    if (update) this.#turnTakingInForce = update.turnTaking;
    if (this.#isReady) return;
    this.#isReady = true;
    for (const frame of this.#early.take()) this.append(frame);
    // What was decided while the first update was under way.
    if (this.#turnTaking !== this.#turnTakingInForce)
      this.#update((eventId) => turnTakingUpdate(eventId, this.#settings, this.#turnTaking));
    if (!this.#settings.nativeMcp) this.#events.toolsOffered('function', 'native tools are not reachable');
    else
      this.#clock.after(this.#options.listTimeoutMs ?? LIST_WITHIN_MS, () => {
        if (!this.#hasListedTools) this.#offerFunctions('no list of tools in time');
      });
    this.#events.agentReady();
    this.#pump();
  }

  #toolsListed(): void {
    if (this.#hasListedTools || !this.#settings.nativeMcp) return;
    this.#hasListedTools = true;
    this.#events.toolsOffered('native');
  }

  /** The model's side cannot use our tools: the same are offered as functions, once. */
  #offerFunctions(why: string): void {
    if (this.#isClosed || !this.#settings.nativeMcp) return;
    this.#settings = { ...this.#settings, nativeMcp: undefined };
    this.#update((eventId) => toolsUpdate(eventId, this.#settings, this.#turnTaking));
    this.#events.toolsOffered('function', why);
  }

  #committed(itemId: string): void {
    const willBeAnswered = this.#turnTakingInForce === 'automatic';
    if (willBeAnswered) {
      this.#queue.turnWillBeAnswered();
      this.#cancelMissedAnswer();
      this.#cancelMissedAnswer = this.#clock.after(AUTOMATIC_ANSWER_WITHIN_MS, () => {
        this.#queue.automaticAnswerMissed();
        this.#pump();
      });
    }
    this.#events.guestTurnCommitted(itemId, willBeAnswered);
  }

  #guestSays(itemId: string, text: string, isFinal: boolean): void {
    if (isFinal) this.#guestWords.delete(itemId);
    else this.#guestWords.set(itemId, text);
    this.#events.guestTranscript(itemId, text, isFinal);
  }

  #agentSays(
    part: { item_id: string; content_index: number; response_id: string },
    text: string,
    isFinal: boolean,
  ): void {
    if (isFinal) this.#agentWords.delete(part.item_id);
    else this.#agentWords.set(part.item_id, text);
    if (part.response_id === this.#cutResponseId) return;
    this.#queue.sawOutput(part.response_id);
    this.#events.agentTranscript({ itemId: part.item_id, contentIndex: part.content_index }, text, isFinal);
  }

  #responseDone(response: FinishedResponse): void {
    const status = statusOf(response.status);
    for (const item of response.output) this.#tools.itemDone(item);
    const outcome = this.#queue.responseDone(response.id, status);
    this.#events.responseEnded(response.id, status, usageOf(response.usage));
    this.#tools.responseDone(status);
    const error = response.status_details?.error;
    if (outcome === 'exhausted' || (error?.code && FATAL.has(error.code)))
      this.#failed(error?.code ?? 'empty_response', error?.message ?? 'two responses came to nothing');
    this.#pump();
  }

  #errorCame(code: string, message: string, eventId: string): void {
    const refusedUpdate = this.#updates.findIndex((update) => update.eventId === eventId);
    if (refusedUpdate >= 0) this.#updates.splice(refusedUpdate, 1);
    this.#queue.refused(eventId, code);
    // Nothing to cancel, or nothing to cut: the guest was faster. Harmless (rule BARGE-6).
    if (code === 'response_cancel_not_active') return;
    if (code === 'session_expired') return this.#lost('the connection reached the end of its time');
    const isFatal = FATAL.has(code) || (!this.#isReady && refusedUpdate >= 0);
    this.#failed(code, message, isFatal);
    this.#pump();
  }

  #failed(code: string, message: string, isFatal = FATAL.has(code)): void {
    const secrets = [this.#options.apiKey, this.#options.nativeMcp?.authorization ?? ''];
    this.#events.agentFailed(code, redact(message, secrets), isFatal);
  }

  #refused(status: number): void {
    this.#isClosed = true;
    this.#events.agentFailed(`http_${status}`, `the handshake was refused with ${status}`, true);
  }

  #lost(why: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#events.agentLost(why);
  }

  #update(make: (eventId: string) => object): void {
    const eventId = `update-${++this.#updateNumber}`;
    this.#updates.push({ eventId, turnTaking: this.#turnTaking });
    this.#send(make(eventId));
  }

  /** Asks for the next response when it is time for one. */
  #pump(): void {
    if (!this.#isReady || this.#isClosed) return;
    const next = this.#queue.next();
    if (!next) return;
    const { request, eventId } = next;
    if (request.kind === 'saying')
      return this.#send({
        type: 'response.create',
        event_id: eventId,
        response: { instructions: exactSaying(request.text ?? ''), tool_choice: 'none' },
      });
    // Instructions of a response replace those of the connection: they are given again.
    const instructions = request.text && `${this.#settings.instructions}\n\n${request.text}`;
    this.#send({ type: 'response.create', event_id: eventId, ...(instructions ? { response: { instructions } } : {}) });
  }

  #send(event: object): void {
    this.#socket.send(JSON.stringify(event));
  }

  #count(kind: string): void {
    if (this.#unknownKinds.size < 100) this.#unknownKinds.set(kind, (this.#unknownKinds.get(kind) ?? 0) + 1);
  }
}

function statusOf(status: string | null | undefined): 'completed' | 'cancelled' | 'failed' | 'incomplete' {
  return status === 'cancelled' || status === 'failed' || status === 'incomplete' ? status : 'completed';
}

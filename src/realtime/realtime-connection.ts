/**
 * The agent's leg: one Realtime connection of one call. It turns the call's wishes into client events and server events into
 * what the call understands; who may speak when is the response queue's business.
 */
import type { Logger } from 'pino';
import type { AgentLeg, AgentLegEvents, AudioSource, Clock } from '../call/ports.ts';
import { Configuration } from './configuration.ts';
import { EarlyAudio } from './early-audio.ts';
import { isFatalError } from './fatal-errors.ts';
import { GuestTurns } from './guest-turns.ts';
import { redact } from './redact.ts';
import { readServerMessage, statusOf, type FinishedResponse, type ServerEvent } from './realtime-events.ts';
import type { RealtimeOptions } from './realtime-options.ts';
import { RealtimeSocket } from './realtime-socket.ts';
import { responseCreate } from './response-create.ts';
import { ResponseQueue } from './response-queue.ts';
import type { TurnTaking } from './session-update.ts';
import { SpokenWords } from './spoken-words.ts';
import { ToolCalls } from './tool-calls.ts';
import { usageOf } from './usage.ts';

const LIST_WITHIN_MS = 2_000;

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
  readonly #guestTurns: GuestTurns;
  readonly #agentWords = new SpokenWords();
  readonly #configuration: Configuration;
  #isReady = false;
  #isClosed = false;
  #hasListedTools = false;
  #cutResponseId: string | undefined;
  readonly #unknownKinds = new Map<string, number>();

  constructor(options: RealtimeOptions, events: AgentLegEvents, clock: Clock, log: Logger) {
    this.#options = options;
    this.#configuration = new Configuration(options, (event) => this.#send(event));
    this.#events = events;
    this.#clock = clock;
    this.#log = log;
    this.#early = new EarlyAudio(options.audioFormat === 'audio/pcm' ? 48 : 8);
    this.#tools = new ToolCalls(this.#queue, {
      requested: (id, name, argumentsJson) => events.toolRequested(id, name, argumentsJson),
      nativePathBroke: (why) => this.#offerFunctions(why),
    });
    this.#guestTurns = new GuestTurns({
      events,
      clock,
      isAnsweredByServer: () => this.#configuration.turnTakingInForce === 'automatic',
      answerComes: () => this.#queue.turnWillBeAnswered(),
      answerMissed: () => {
        this.#queue.automaticAnswerMissed();
        this.#pump();
      },
    });
    const url = `${options.baseUrl.replace(/^http/, 'ws')}/realtime?model=${encodeURIComponent(options.model)}`;
    this.#socket = new RealtimeSocket(url, { Authorization: `Bearer ${options.apiKey}` }, clock, {
      opened: () => this.#configuration.begin(),
      message: (text) => this.#received(text),
      refused: (status) => this.#refused(status),
      lost: (why) => this.#lost(why),
    });
  }

  append(audio: Uint8Array): void {
    if (!this.#isReady) return this.#early.keep(audio);
    const base64 = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString('base64');
    this.#socket.sendUnlessStuck(`{"type":"input_audio_buffer.append","audio":"${base64}"}`);
  }

  setTurnTaking(mode: TurnTaking): void {
    this.#configuration.setTurnTaking(mode);
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
    if (this.#configuration.turnTakingInForce === 'held')
      this.#send({ type: 'response.cancel', response_id: responseId });
  }

  truncate({ itemId, contentIndex }: AudioSource, audioEndMs: number): void {
    if (!Number.isInteger(audioEndMs) || audioEndMs < 1) return;
    const place = { item_id: itemId, content_index: contentIndex };
    this.#send({ type: 'conversation.item.truncate', ...place, audio_end_ms: audioEndMs });
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
    this.#guestTurns.stopWatching();
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
    if (this.#guestTurns.happened(event)) return;
    switch (event.type) {
      case 'session.updated':
        return this.#updated();
      case 'error':
        return this.#errorCame(
          event.error.code ?? event.error.type ?? 'unknown',
          event.error.message,
          event.error.event_id ?? '',
        );
      case 'response.created':
        this.#guestTurns.stopWatching();
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
        return this.#agentSays(event, this.#agentWords.add(event.item_id, event.delta), false);
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
      default:
        // Told elsewhere, or of no consequence.
        return;
    }
  }

  #updated(): void {
    if (!this.#configuration.acknowledged()) return;
    this.#isReady = true;
    for (const frame of this.#early.take()) this.append(frame);
    if (!this.#configuration.settings.nativeMcp)
      this.#events.toolsOffered('function', 'native tools are not reachable');
    else
      this.#clock.after(this.#options.listTimeoutMs ?? LIST_WITHIN_MS, () => {
        if (!this.#hasListedTools) this.#offerFunctions('no list of tools in time');
      });
    this.#events.agentReady();
    this.#pump();
  }

  #toolsListed(): void {
    if (this.#hasListedTools || !this.#configuration.settings.nativeMcp) return;
    this.#hasListedTools = true;
    this.#events.toolsOffered('native');
  }

  /** The model's side cannot use our tools: the same are offered as functions, once. */
  #offerFunctions(why: string): void {
    if (!this.#isClosed && this.#configuration.offerFunctions()) this.#events.toolsOffered('function', why);
  }

  #agentSays(
    part: { item_id: string; content_index: number; response_id: string },
    text: string,
    isFinal: boolean,
  ): void {
    if (isFinal) this.#agentWords.finish(part.item_id);
    if (part.response_id === this.#cutResponseId) return;
    this.#queue.sawOutput(part.response_id);
    this.#events.agentTranscript({ itemId: part.item_id, contentIndex: part.content_index }, text, isFinal);
  }

  #responseDone(response: FinishedResponse): void {
    const status = statusOf(response.status);
    // Native calls may still be running when their response is done; their own events tell their end.
    for (const item of response.output) if (item.type === 'function_call') this.#tools.itemDone(item);
    const outcome = this.#queue.responseDone(response.id, status);
    this.#events.responseEnded(response.id, status, usageOf(response.usage));
    this.#tools.responseDone(status);
    const error = response.status_details?.error;
    if (outcome === 'exhausted' || isFatalError(error?.code))
      this.#failed(error?.code ?? 'empty_response', error?.message ?? 'two responses came to nothing');
    this.#pump();
  }

  #errorCame(code: string, message: string, eventId: string): void {
    const isAboutUpdate = this.#configuration.refused(eventId);
    this.#queue.refused(eventId, code);
    // Nothing to cancel, or nothing to cut: the guest was faster. Harmless (rule BARGE-6).
    if (code === 'response_cancel_not_active') return;
    if (code === 'session_expired') return this.#lost('the connection reached the end of its time');
    const isFatal = isFatalError(code) || (!this.#isReady && isAboutUpdate);
    this.#failed(code, message, isFatal);
    this.#pump();
  }

  #failed(code: string, message: string, isFatal = isFatalError(code)): void {
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

  /** Asks for the next response when it is time for one. */
  #pump(): void {
    if (!this.#isReady || this.#isClosed) return;
    const next = this.#queue.next();
    if (!next) return;
    this.#send(responseCreate(next.eventId, next.request, this.#configuration.settings.instructions));
  }

  #send(event: object): void {
    this.#socket.send(JSON.stringify(event));
  }

  #count(kind: string): void {
    if (this.#unknownKinds.size < 100) this.#unknownKinds.set(kind, (this.#unknownKinds.get(kind) ?? 0) + 1);
  }
}

/** The agent's leg: a Realtime connection turns the call's wishes into client events, and server events into what it understands. */
import type { Logger } from 'pino';
import type { MemoryEntry } from '../call/call-memory.ts';
import type { AgentLeg, AgentLegEvents, AudioSource, Clock } from '../call/ports.ts';
import { AgentOutput } from './agent-output.ts';
import { audioAppend } from './audio-append.ts';
import { Configuration } from './configuration.ts';
import { isFatalError } from './fatal-errors.ts';
import { GuestTurns } from './guest-turns.ts';
import { NativeTools } from './native-tools.ts';
import { redact } from './redact.ts';
import { readServerMessage, statusOf, type FinishedResponse, type ServerEvent } from './realtime-events.ts';
import type { RealtimeOptions } from './realtime-options.ts';
import { RealtimeSocket } from './realtime-socket.ts';
import { responseCreate } from './response-create.ts';
import { guestItem, restoreEvents } from './restore.ts';
import { ResponseQueue } from './response-queue.ts';
import type { TurnTaking } from './session-update.ts';
import { ToolCalls } from './tool-calls.ts';
import { truncatedItem, truncateEvent } from './truncation.ts';
import { UnusedEvents } from './unused-events.ts';
import { usageOf } from './usage.ts';

/** A server opens or refuses a response in a round trip; after this the request is lost. */
const OPENED_WITHIN_MS = 4_000;

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
  readonly #native: NativeTools;
  readonly #guestTurns: GuestTurns;
  readonly #output: AgentOutput;
  readonly #configuration: Configuration;
  #isReady = false;
  #isClosed = false;
  #cancelAskWatch: () => void = () => {};
  readonly #unused = new UnusedEvents();

  constructor(options: RealtimeOptions, events: AgentLegEvents, clock: Clock, log: Logger) {
    this.#options = options;
    this.#configuration = new Configuration(options, (event) => this.#send(event));
    this.#events = events;
    this.#clock = clock;
    this.#log = log;
    this.#output = new AgentOutput(events, (responseId) => this.#queue.sawOutput(responseId));
    this.#tools = new ToolCalls(this.#queue, {
      requested: (id, name, argumentsJson) => events.toolRequested(id, name, argumentsJson),
    });
    this.#native = new NativeTools({
      configuration: this.#configuration,
      queue: this.#queue,
      events,
      clock,
      witness: options.witness,
      listTimeoutMs: options.listTimeoutMs,
      currentTools: options.currentTools,
      send: (event) => this.#send(event),
      changed: () => this.#pump(),
      clean: (text) => this.#clean(text),
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
    this.#socket = new RealtimeSocket(
      url,
      { Authorization: `Bearer ${options.apiKey}` },
      clock,
      {
        opened: () => this.#configuration.begin(),
        message: (text) => this.#received(text),
        refused: (status) => this.#refused(status),
        lost: (...loss) => this.#lost(...loss),
      },
      options,
    );
  }

  append(audio: Uint8Array): void {
    if (this.#isReady) this.#socket.sendUnlessStuck(audioAppend(audio));
  }

  setTurnTaking(mode: TurnTaking): void {
    this.#configuration.setTurnTaking(mode);
  }

  readonly listenIn = (language: string): void => this.#configuration.listenIn(language);

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
    this.#output.cut(responseId);
    // In automatic turn taking the server has cancelled by itself.
    if (this.#configuration.turnTakingInForce === 'held')
      this.#send({ type: 'response.cancel', response_id: responseId });
  }

  truncate(source: AudioSource, audioEndMs: number): void {
    const event = truncateEvent(source, audioEndMs);
    if (event) this.#send(event);
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

  tell(text: string): void {
    this.#send(guestItem(text));
  }

  restore(entries: readonly MemoryEntry[]): void {
    restoreEvents(entries).forEach((event) => this.#send(event));
  }

  refreshTools(): void {
    this.#native.refreshLater();
    this.#pump();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#native.close();
    this.#guestTurns.stopWatching();
    this.#cancelAskWatch();
    this.#socket.close();
    const kinds = this.#unused.summary((name) => this.#clean(name));
    const { droppedMessages } = this.#socket;
    if (kinds || droppedMessages > 0) this.#log.debug({ kinds, droppedMessages }, 'not used here, not read there');
  }

  #received(text: string): void {
    if (this.#isClosed) return;
    const message = readServerMessage(text);
    switch (message.kind) {
      case 'audio':
        return this.#output.audio(message);
      case 'event':
        return this.#happened(message.event);
      case 'unknown':
      case 'malformed':
        return this.#unused.count(message.kind === 'unknown' ? message.type : message.kind);
      default:
        return message satisfies never;
    }
  }

  #happened(event: ServerEvent): void {
    if (this.#guestTurns.happened(event) || this.#output.happened(event)) return;
    if (this.#native.happened(event)) return this.#pump();
    switch (event.type) {
      case 'session.updated':
        return this.#updated();
      case 'error':
        return this.#errorCame(event.error);
      case 'response.created':
        return this.#responseCreated(event.response.id);
      case 'response.done':
        return this.#responseDone(event.response);
      case 'response.output_item.added':
        return this.#queue.sawOutput(event.response_id);
      case 'response.output_item.done':
      case 'conversation.item.done':
        this.#tools.itemDone(event.item);
        return this.#pump();
      default:
        // Told elsewhere, or of no consequence.
        return;
    }
  }

  #updated(): void {
    if (!this.#configuration.acknowledged()) return;
    this.#isReady = true;
    this.#native.ready();
    this.#events.agentReady();
    this.#pump();
  }

  #responseCreated(responseId: string): void {
    this.#guestTurns.stopWatching();
    this.#cancelAskWatch();
    if (this.#queue.responseCreated(responseId) === 'wanted') return this.#events.responseStarted(responseId);
    this.#output.cut(responseId);
    this.#send({ type: 'response.cancel', response_id: responseId });
  }

  #responseDone(response: FinishedResponse): void {
    const status = statusOf(response.status);
    // Native calls may still be running when their response is done; their own events tell their end.
    for (const item of response.output) if (item.type === 'function_call') this.#tools.itemDone(item);
    const outcome = this.#queue.responseDone(response.id, status);
    this.#events.responseEnded(response.id, status, usageOf(response.usage));
    this.#tools.responseDone(status);
    const { code: errorCode, type, message } = response.status_details?.error ?? {};
    const code = errorCode ?? type;
    if (outcome === 'exhausted' || isFatalError(code))
      this.#failed(code ?? 'empty_response', message ?? 'two responses came to nothing');
    this.#pump();
  }

  #errorCame({ message, event_id, ...error }: Extract<ServerEvent, { type: 'error' }>['error']): void {
    const [code, eventId] = [error.code ?? error.type ?? 'unknown', event_id ?? ''];
    const update = this.#configuration.refused(eventId);
    const isMended = this.#native.refused(eventId, update, { param: error.param, code: this.#clean(code) });
    // Without what was refused; once in force, the change alone was sent already.
    if (isMended && !this.#isReady) this.#configuration.begin();
    this.#queue.refused(eventId, code);
    // Nothing to cancel, or nothing to cut: the guest was faster. Harmless (rule BARGE-6).
    if (code === 'response_cancel_not_active') return;
    const turnId = truncatedItem(eventId);
    if (turnId !== undefined)
      return this.#events.noticed({ kind: 'truncate-refused', turnId, code, message: this.#clean(message) });
    if (code === 'session_expired') return this.#lost('the connection reached the end of its time');
    const isFatal = isFatalError(code) || (!this.#isReady && update !== undefined && !isMended);
    this.#failed(code, message, isFatal);
    this.#pump();
  }

  #failed(code: string, message: string, isFatal = isFatalError(code)): void {
    this.#events.agentFailed(this.#clean(code), this.#clean(message), isFatal);
  }

  /** What the server says, fit to be told and logged. */
  #clean(text: string): string {
    return redact(text, [this.#options.apiKey, ...this.#configuration.secrets]);
  }

  #refused(status: number): void {
    this.#isClosed = true;
    this.#events.agentFailed(`http_${status}`, `the handshake was refused with ${status}`, true);
  }

  #lost(...loss: Parameters<AgentLegEvents['agentLost']>): void {
    if (this.#isClosed) return;
    this.close();
    this.#events.agentLost(...loss);
  }

  /** Asks for the next response when it is time for one. */
  #pump(): void {
    if (!this.#isReady || this.#isClosed) return;
    this.#native.refresh();
    const next = this.#queue.next();
    if (!next) return;
    this.#send(responseCreate(next.eventId, next.request, this.#configuration.settings.instructions));
    this.#cancelAskWatch();
    this.#cancelAskWatch = this.#clock.after(OPENED_WITHIN_MS, () => {
      if (this.#queue.unanswered(next.eventId)) this.#failed('no_response', 'two requests were not answered');
      this.#pump();
    });
  }

  #send(event: object): void {
    this.#socket.send(JSON.stringify(event));
  }
}

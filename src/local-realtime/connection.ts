/** One client's Realtime connection: its session, conversation, guest audio and responses; one method per client event. */
import { readClientEvent, type ClientEvent, type ClientEventOf } from './client-event.ts';
import { sendError, type ClientLink } from './client-link.ts';
import { Conversation, type StoredItem } from './conversation.ts';
import { remembersHeard } from './created-item.ts';
import { GuestAudio, type Utterance } from './guest-audio.ts';
import { ItemRequests } from './item-requests.ts';
import type { Item } from './item-schema.ts';
import { checkToolOffers } from './mcp-rules.ts';
import { NativeMcp } from './native-mcp.ts';
import type { Heard, Mind } from './ports.ts';
import { transcriptOf } from './mind-turns.ts';
import { RequestError } from './request-error.ts';
import { Responses } from './responses.ts';
import { mergeSession, newSession, toldSession, type Session } from './session.ts';
import type { Speech } from './speech.ts';
import type { VoiceActivity } from './voice-activity.ts';
import { newWireId } from './wire-id.ts';

export const SESSION_LIFETIME_MS = 60 * 60_000;
const MAX_APPEND_BASE64 = 15 * 1024 * 1024;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export interface ConnectionParts {
  link: ClientLink;
  speech: Speech;
  mind: Mind;
  /** Of this connection alone: closed with it. */
  activity: VoiceActivity;
  log: (message: string) => void;
}

export class Connection {
  readonly #link: ClientLink;
  readonly #parts: ConnectionParts;
  readonly #conversation = new Conversation();
  readonly #conversationId = newWireId('conv');
  readonly #mcp: NativeMcp;
  readonly #items: ItemRequests;
  readonly #responses: Responses;
  readonly #guest: GuestAudio;
  #session: Session;
  #hasSpoken = false;

  /** @param lifetimeMs what `expires_at` promises; who owns the socket ends it then. */
  constructor(parts: ConnectionParts, model: string, lifetimeMs = SESSION_LIFETIME_MS) {
    this.#parts = parts;
    this.#link = this.#noticingAudio(parts.link);
    this.#session = newSession(newWireId('sess'), model, Math.floor((Date.now() + lifetimeMs) / 1000));
    this.#mcp = new NativeMcp(this.#conversation, this.#link, parts.log);
    const { speech, mind, log } = parts;
    this.#items = new ItemRequests({ link: this.#link, conversation: this.#conversation, mcp: this.#mcp, speech });
    this.#responses = new Responses(
      {
        link: this.#link,
        speech,
        mind,
        log,
        mcp: this.#mcp,
        conversation: this.#conversation,
        conversationId: this.#conversationId,
      },
      (run) => this.#responseDone(run.audioMs, run.isOutOfBand),
    );
    this.#guest = new GuestAudio(speech, parts.activity, {
      speechStarted: (itemId, audioStartMs) => this.#speechStarted(itemId, audioStartMs),
      speechStopped: (utterance, audioEndMs) => this.#speechStopped(utterance, audioEndMs),
      idleTimedOut: (utterance, startMs, endMs) => this.#idleTimedOut(utterance, startMs, endMs),
    });
  }

  opened(): void {
    this.#link.send({ type: 'session.created', session: toldSession(this.#session) });
    this.#link.send({
      type: 'conversation.created',
      conversation: { id: this.#conversationId, object: 'realtime.conversation' },
    });
  }

  /** @param text one WebSocket text message. Never throws for what a client sends. */
  message(text: string): void {
    const read = readClientEvent(text);
    if ('error' in read) return sendError(this.#link, read.error, read.eventId);
    try {
      this.#handle(read.event);
    } catch (error) {
      // A fault of ours in one connection must not end the others.
      if (!(error instanceof RequestError)) this.#parts.log(`${read.event.type} failed: ${String(error)}`);
      const told =
        error instanceof RequestError
          ? error
          : new RequestError(
              'server_error',
              'The server had an error while processing your event.',
              null,
              'server_error',
            );
      sendError(this.#link, told, read.event.event_id ?? null);
    }
  }

  binaryMessage(): void {
    sendError(
      this.#link,
      new RequestError('invalid_value', 'Binary messages are not supported: send JSON text.'),
      null,
    );
  }

  expired(): void {
    sendError(
      this.#link,
      new RequestError('session_expired', 'Your session hit the maximum duration of 60 minutes.'),
      null,
    );
  }

  /** The socket is gone. Native calls that run end by themselves. */
  close(): void {
    this.#responses.close();
    this.#guest.close();
    this.#mcp.close();
  }

  #handle(event: ClientEvent): void {
    switch (event.type) {
      case 'session.update':
        return this.#updateSession(event);
      case 'input_audio_buffer.append':
        return this.#append(event);
      case 'input_audio_buffer.commit':
        return this.#commit(this.#guest.commit());
      case 'input_audio_buffer.clear':
        this.#guest.clear();
        return this.#link.send({ type: 'input_audio_buffer.cleared' });
      case 'conversation.item.create':
        return this.#items.create(event, this.#session);
      case 'conversation.item.retrieve':
        return this.#items.retrieve(event);
      case 'conversation.item.delete':
        return this.#items.delete(event);
      case 'conversation.item.truncate':
        return this.#items.truncate(event);
      case 'response.create':
        this.#guest.expectNothing();
        return this.#responses.create(this.#session, event.response ?? {});
      case 'response.cancel':
        return this.#responses.cancel(event.response_id);
      default:
        return event satisfies never;
    }
  }

  #updateSession({ session: update }: ClientEventOf<'session.update'>): void {
    const merged = mergeSession(this.#session, update, this.#hasSpoken);
    if (update.tools) checkToolOffers(update.tools, this.#mcp.labels, 'session.tools');
    const hadTurns = this.#session.audio.input.turn_detection !== null;
    const hasTurns = merged.audio.input.turn_detection !== null;
    if (hadTurns !== hasTurns) this.#guest.turnDetectionChanged();
    this.#session = merged;
    this.#link.send({ type: 'session.updated', session: toldSession(merged) });
    if (update.tools) this.#mcp.import(update.tools.filter((tool) => tool.type === 'mcp'));
  }

  #append({ audio }: ClientEventOf<'input_audio_buffer.append'>): void {
    if (audio.length > MAX_APPEND_BASE64)
      throw new RequestError('string_above_max_length', "Invalid 'audio': more than 15 MiB in one event.", 'audio');
    if (audio.length % 4 !== 0 || !BASE64.test(audio))
      throw new RequestError('invalid_value', "Invalid 'audio': expected base64 encoded audio bytes.", 'audio');
    this.#guest.append(Buffer.from(audio, 'base64'), this.#session.audio.input);
  }

  #speechStarted(itemId: string, audioStartMs: number): void {
    this.#link.send({ type: 'input_audio_buffer.speech_started', audio_start_ms: audioStartMs, item_id: itemId });
    if (this.#session.audio.input.turn_detection?.interrupt_response) this.#responses.interrupt();
  }

  #speechStopped(utterance: Utterance, audioEndMs: number): void {
    this.#link.send({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: audioEndMs, item_id: utterance.itemId });
    this.#commit(utterance);
    if (this.#session.audio.input.turn_detection?.create_response) this.#respond();
  }

  #idleTimedOut(utterance: Utterance, startMs: number, endMs: number): void {
    this.#link.send({
      type: 'input_audio_buffer.timeout_triggered',
      audio_start_ms: startMs,
      audio_end_ms: endMs,
      item_id: utterance.itemId,
    });
    this.#commit(utterance);
    this.#respond();
  }

  /** Answers by itself. It may fail when a response is active that is not interrupted; the client is told. */
  #respond(): void {
    try {
      this.#responses.create(this.#session, {});
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      sendError(this.#link, error, null);
    }
  }

  #commit(utterance: Utterance): void {
    const item: Item = {
      id: utterance.itemId,
      object: 'realtime.item',
      type: 'message',
      status: 'completed',
      role: 'user',
      content: [{ type: 'input_audio', transcript: null }],
    };
    const stored: StoredItem = { item, audioMs: utterance.audioMs, heard: utterance.heard };
    const previousItemId = this.#conversation.lastId;
    this.#link.send({ type: 'input_audio_buffer.committed', previous_item_id: previousItemId, item_id: item.id });
    this.#items.insert(remembersHeard(stored));
    void utterance.heard.then((heard) => this.#transcribed(stored, heard));
  }

  /** Beside the response: its client learns the words after the fact, when it asked for them. */
  #transcribed({ item, audioMs }: StoredItem, heard: Heard): void {
    if (!this.#session.audio.input.transcription || item.type !== 'message') return;
    const transcript = transcriptOf(heard);
    item.content = [{ type: 'input_audio', transcript }];
    const about = { item_id: item.id, content_index: 0 };
    const name = 'conversation.item.input_audio_transcription';
    if (transcript) this.#link.send({ type: `${name}.delta`, ...about, delta: transcript });
    const usage = { type: 'duration', seconds: Math.ceil(audioMs / 1000) };
    this.#link.send({ type: `${name}.completed`, ...about, transcript, usage });
  }

  #responseDone(audioMs: number, isOutOfBand: boolean): void {
    const turns = this.#session.audio.input.turn_detection;
    if (!isOutOfBand && turns?.type === 'server_vad' && turns.idle_timeout_ms !== null)
      this.#guest.expectSpeech(audioMs, turns.idle_timeout_ms);
  }

  /** The voice is fixed once audio of it was sent. */
  #noticingAudio(link: ClientLink): ClientLink {
    return {
      isCongested: () => link.isCongested(),
      send: (event) => {
        if (event.type === 'response.output_audio.delta') this.#hasSpoken = true;
        link.send(event);
      },
    };
  }
}

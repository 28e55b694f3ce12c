/**
 * Events of a leg that is to be taken into use later: they go to whoever waits for it, and from the change on to the call.
 */
import type { Happening, ToolPath, Usage } from './call-event.ts';
import type { AgentLegEvents, AudioSource, ResponseStatus } from './ports.ts';

/** What is told of a leg that nobody speaks with yet. */
export interface StandbyEvents {
  ready(): void;
  lost(why: string): void;
}

export class LegRelay implements AgentLegEvents {
  readonly #standby: StandbyEvents;
  #call: AgentLegEvents | undefined;

  constructor(standby: StandbyEvents) {
    this.#standby = standby;
  }

  /** From now on the call hears all. */
  connect(call: AgentLegEvents): void {
    this.#call = call;
  }

  agentReady(): void {
    if (this.#call) this.#call.agentReady();
    else this.#standby.ready();
  }

  agentFailed(code: string, message: string, isFatal: boolean): void {
    if (this.#call) this.#call.agentFailed(code, message, isFatal);
    else if (isFatal) this.#standby.lost(message);
  }

  agentLost(why: string, silentMs?: number): void {
    if (this.#call) this.#call.agentLost(why, silentMs);
    else this.#standby.lost(why);
  }

  toolsOffered(path: ToolPath, reason?: string): void {
    this.#call?.toolsOffered(path, reason);
  }

  guestStartedSpeaking(): void {
    this.#call?.guestStartedSpeaking();
  }

  guestStoppedSpeaking(speechMs: number): void {
    this.#call?.guestStoppedSpeaking(speechMs);
  }

  guestTurnCommitted(itemId: string, willBeAnswered: boolean): void {
    this.#call?.guestTurnCommitted(itemId, willBeAnswered);
  }

  guestTranscript(itemId: string, text: string, isFinal: boolean): void {
    this.#call?.guestTranscript(itemId, text, isFinal);
  }

  responseStarted(responseId: string): void {
    this.#call?.responseStarted(responseId);
  }

  agentAudio(responseId: string, source: AudioSource, audio: Uint8Array): void {
    this.#call?.agentAudio(responseId, source, audio);
  }

  agentAudioDone(responseId: string, source: AudioSource): void {
    this.#call?.agentAudioDone(responseId, source);
  }

  agentTranscript(source: AudioSource, text: string, isFinal: boolean): void {
    this.#call?.agentTranscript(source, text, isFinal);
  }

  responseEnded(responseId: string, status: ResponseStatus, usage?: Usage): void {
    this.#call?.responseEnded(responseId, status, usage);
  }

  toolRequested(toolCallId: string, name: string, argumentsJson: string): void {
    this.#call?.toolRequested(toolCallId, name, argumentsJson);
  }

  noticed(happening: Extract<Happening, { kind: 'truncate-refused' }>): void {
    this.#call?.noticed(happening);
  }
}

/**
 * What a call needs of the world: its two legs, tools, the carrier's call control, readers of its events, time.
 * `telephony/`, `realtime/`, `hotel/` and `storage/` implement these; nothing here knows them.
 */
import type { MemoryEntry } from './call-memory.ts';
import type { CallEvent, Happening, LiveWords, ToolPath, Usage } from './call-event.ts';
import type { DialOutcome } from './transfer.ts';

/** Time. Tests own it. */
export interface Clock {
  /** Monotonic milliseconds, fractional, from an arbitrary origin. */
  nowMs(): number;
  wallTime(): Date;
  /** Runs `task` once after `delayMs`. @returns a function that cancels it; safe to call twice. */
  after(delayMs: number, task: () => void): () => void;
}

/** Names a piece of the agent's audio: which conversation item and part of it. */
export interface AudioSource {
  itemId: string;
  contentIndex: number;
}

/** The caller's side: one bidirectional media stream. Its implementation paces the audio (lead ~200 ms, at most 400). */
export interface CallerLeg {
  /** Queues μ-law, 8 kHz, any length. Leaves in slices of 20 to 100 ms at due times, a mark at least every 200 ms. */
  play(source: AudioSource, audio: Uint8Array): void;
  /** No more audio of this item follows: its last frame is padded with 0xFF and marked. */
  finish(source: AudioSource): void;
  /** Stops the pacer, drops what is queued, tells the carrier to drop what it holds. In this order. */
  clear(): void;
  /** Closes the media stream. The carrier then runs what follows it (rule CARRIER-32). */
  close(): void;
  /** Audio that was queued here but has not left yet, in milliseconds. */
  queuedMs(): number;
  /** What was odd on the wire so far: names and counts. */
  oddities(): Record<string, number>;
}

/** What the caller's leg tells the call. All methods are synchronous and never throw. */
export interface CallerLegEvents {
  /** μ-law, 8 kHz, usually 160 bytes; gaps already filled with silence. The buffer may be reused after the call. */
  callerAudio(frame: Uint8Array): void;
  /** `bytes` of `source` went to the carrier; they were heard once `markName` comes back (undefined: with a later mark). */
  audioSent(source: AudioSource, bytes: number, markName: string | undefined): void;
  /** The carrier says that everything before this mark was played, or thrown away by a clear. */
  markReturned(markName: string): void;
  keypadPressed(digit: string): void;
  /** The media stream ended: the carrier's `stop`, or its socket went away. */
  streamEnded(why: 'stopped' | 'lost' | 'abuse'): void;
  /** For the record alone. */
  noticed(happening: Extract<Happening, { kind: 'audio-gap' }>): void;
}

/** The agent's side: one Realtime connection. Audio is in the format the connection was opened with. */
export interface AgentLeg {
  /** Guest audio, any length. Dropped before the leg is ready: whoever owns the leg keeps it. */
  append(audio: Uint8Array): void;
  /**
   * `automatic`: the model's side answers and interrupts by itself when the guest speaks. `held`: it only tells;
   * used while something is said that a cough must not cut (greeting, announcement).
   */
  setTurnTaking(mode: 'automatic' | 'held'): void;
  /** Asks for a response that says exactly this text, after the active response if there is one. */
  sayExactly(text: string): void;
  /** Asks for a response that follows `instructions`, after the active response if there is one. */
  respond(instructions?: string): void;
  /** Cancels the active response, if any; audio of it that still arrives is dropped. */
  cancelResponse(): void;
  /** @param audioEndMs whole milliseconds of that item's audio that were heard, at least 1. */
  truncate(source: AudioSource, audioEndMs: number): void;
  deleteItem(itemId: string): void;
  /**
   * Answers a `toolRequested`. @param followUp whether the agent should go on speaking; the response queue asks for
   * exactly one response once all outputs of a response are in.
   */
  giveToolResult(toolCallId: string, output: string, followUp: boolean): void;
  /** Something the guest did that is no speech, as a turn of theirs, after the active response if there is one. */
  tell(text: string): void;
  /** What was said and done in this call with another agent, and that it is to be continued without a greeting. Once ready. */
  restore(entries: readonly MemoryEntry[]): void;
  /** Staff changed which tools there are: they are asked for again, and offered between two responses. */
  refreshTools(): void;
  /** From now on the guest's words are written down in this language, and the agent's instructions name it. */
  listenIn(language: string): void;
  close(): void;
}

/** Which agent to dial. */
export interface AgentDial {
  engine: string;
  /** An agent was there before and its guest is waiting: no time for long handshakes. */
  isRedial: boolean;
}

/** Stored speech: μ-law, 8 kHz, with its words. */
export interface Clip {
  audio: Uint8Array;
  text: string;
}

/** What can be played without an agent. A phrase that is missing is left out. */
export interface Clips {
  phrases: Partial<Record<'not-there-yet' | 'away' | 'tool' | 'desk', Clip>>;
  /** μ-law, 8 kHz, a second or more that can follow itself. */
  softSound: Uint8Array;
}

export type ResponseStatus = 'completed' | 'cancelled' | 'failed' | 'incomplete';

/** What the agent's leg tells the call. All methods are synchronous and never throw. */
export interface AgentLegEvents {
  /** Configuration is acknowledged: guest audio and responses may flow. `tools` tells how ours are offered. */
  agentReady(): void;
  toolsOffered(path: ToolPath, reason?: string): void;
  /** The guest started to speak, as the model's side hears it. */
  guestStartedSpeaking(): void;
  /** @param speechMs how long the guest spoke, without the padding and silence around it. */
  guestStoppedSpeaking(speechMs: number): void;
  /**
   * A guest utterance got its place in the conversation; its transcript follows later.
   * @param willBeAnswered whether the model's side answers by itself; false: the call has to ask with `respond`.
   */
  guestTurnCommitted(itemId: string, willBeAnswered: boolean): void;
  guestTranscript(itemId: string, text: string, isFinal: boolean): void;
  responseStarted(responseId: string): void;
  agentAudio(responseId: string, source: AudioSource, audio: Uint8Array): void;
  agentAudioDone(responseId: string, source: AudioSource): void;
  /** `text` is what was said so far in this item, not a delta. */
  agentTranscript(source: AudioSource, text: string, isFinal: boolean): void;
  responseEnded(responseId: string, status: ResponseStatus, usage?: Usage): void;
  /** A function of ours is called. Told once its response is done. */
  toolRequested(toolCallId: string, name: string, argumentsJson: string): void;
  /** A problem that does not end the connection (isFatal false) or that no redial can mend (true). */
  agentFailed(code: string, message: string, isFatal: boolean): void;
  /** The connection is gone and was not closed by us. @param silentMs for how long nothing came of it before that. */
  agentLost(why: string, silentMs?: number): void;
  /** For the record alone. */
  noticed(happening: Extract<Happening, { kind: 'truncate-refused' }>): void;
}

/** What a tool call came to. Expected failures are values that can be spoken. */
export interface ToolResult {
  outcome: 'ok' | 'refused' | 'failed';
  /** Short sentences that can be spoken. */
  text: string;
  /** For machines: the same in fields. */
  structured?: Record<string, unknown>;
}

/** The hotel's tools as this call may use them, when they are offered as functions. */
export interface Tools {
  run(name: string, argumentsJson: string, toolCallId: string, signal: AbortSignal): Promise<ToolResult>;
}

/** What the colleague who answers hears before they take a call: plain text of bounded length. */
export interface ColleagueWords {
  /** Who calls and why, and which keys take and decline the call. */
  summary: string;
  /** The keys alone, for when none was pressed. */
  again: string;
  /** What they are in, such as `fr-FR`; undefined: English. */
  locale?: string;
}

export interface TransferTarget {
  department: string;
  /** What the agent says before the call is put through. */
  announcement: string;
  /** Undefined: whoever answers has the guest at once. */
  colleagueWords: ColleagueWords | undefined;
}

/** What the hotel says about putting this call through: hours and policy, without numbers. */
export interface TransferDesk {
  /** The department that takes what nobody else does. */
  readonly frontDesk: string;
  /** @param summary for the colleague. @returns a target, which counts as a try, or the reason in words that can be spoken. */
  grant(
    department: string,
    summary: string,
  ): { isGranted: true; target: TransferTarget } | { isGranted: false; reason: string };
}

/** What a function of our own came to, once its arguments were read. */
export type OwnFunctionCall =
  | { kind: 'transfer'; department: string; reason: string; summary: string }
  | { kind: 'hang-up'; reason: string }
  | { kind: 'language'; language: string }
  /** Wrong arguments, in words that help the model to mend them. */
  | { kind: 'mistake'; text: string };

/** Reads a call of `transfer_call`, `hang_up` or `switch_language`; undefined when the name is none of ours. */
export type OwnFunctionReader = (name: string, argumentsJson: string) => OwnFunctionCall | undefined;

/** The language of a call, which words, stored phrases and tools follow. */
export interface SpokenLanguage {
  /** What is spoken now, such as `fr`. */
  readonly code: string;
  /** The guest asked for a language. @returns what the agent is told; undefined when the hotel does not speak it. */
  switchTo(language: string): string | undefined;
}

/** What the agent says in given moments, in the language that the call is in just then. */
export interface CallWords {
  /** First words. They begin with the notice. */
  greeting: string;
  /** How much of the greeting is the legal notice that must be heard: 0 to 1. */
  noticeShare: number;
  farewell: string;
  stillThere: string;
  tooLong: string;
  /** While staff are asked whether a tool may be used. */
  askingColleague: string;
  /** @param phrase the hotel's words for a tool that takes long. @returns undefined while the call is in another language. */
  whileToolRuns(phrase: string): string | undefined;
  /** For the agent, when it takes over from one that was lost and the guest waits for an answer. */
  goOn: string;
  /** For the agent, when it said that something was done which was not. */
  claimedTooMuch: string;
  /** For the agent: what the guest typed on the telephone's keys. */
  typed(digits: string): string;
  /** For the agent, when a transfer came back. */
  transferFailed(department: string, outcome: DialOutcome): string;
}

/** The carrier's REST side for one call. Each resolves to whether the carrier did it or the call was already gone. */
export interface CallControl {
  /** Ends the call at the carrier. */
  complete(): Promise<'done' | 'gone' | 'failed'>;
  /** Puts the caller through to the department's number. @param words asked of the colleague first; undefined: nothing. */
  dial(department: string, words: ColleagueWords | undefined): Promise<'done' | 'gone' | 'failed'>;
}

/** Reads call events: the record, the live feed, the log. Never throws, never waits. */
export interface EventReader {
  happened(event: CallEvent): void;
  words(words: LiveWords): void;
}

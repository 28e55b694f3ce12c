/** What a placed call tells while it goes on, and what it came to. Times are milliseconds since the webhook was posted. */

export type CallHappening =
  | { type: 'ringing'; callSid: string; from: string; to: string }
  | { type: 'stream-started'; atMs: number }
  | { type: 'caller-started'; atMs: number; turn: number; text?: string; isInterrupting: boolean }
  | { type: 'caller-stopped'; atMs: number; turn: number }
  | { type: 'key-pressed'; atMs: number; digit: string }
  | { type: 'agent-started'; atMs: number }
  | { type: 'agent-stopped'; atMs: number; heardMs: number }
  /** The agent's side dropped what was not played yet. */
  | { type: 'cleared'; atMs: number; droppedMs: number }
  /** The server sent what the carrier would ignore. */
  | { type: 'ignored-message'; atMs: number }
  | { type: 'stream-ended'; atMs: number; by: 'caller' | 'server' | 'carrier'; code?: number; why: string }
  | { type: 'dialling'; atMs: number; number: string }
  | { type: 'colleague-hears'; atMs: number; text: string }
  | { type: 'colleague-presses'; atMs: number; key: string }
  /** `isJoined`: the colleague had the caller on the line. */
  | { type: 'dial-ended'; atMs: number; number: string; status: DialStatus; isJoined: boolean }
  | { type: 'announcement'; atMs: number; text: string }
  | { type: 'recording-played'; atMs: number; durationMs: number };

/** How a dialled person's telephone turned out, in the carrier's words. */
export type DialStatus = 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled';

/**
 * `agent-hung-up`: the carrier was told to end the call, or its document came to an end. `transferred`: a person took it.
 * `desk-unreachable`: the last dial failed. `refused`: the webhook or the media stream was not taken.
 */
export type CallEnd = 'agent-hung-up' | 'caller-hung-up' | 'transferred' | 'desk-unreachable' | 'refused' | 'failed';

export interface CallOutcome {
  callSid: string;
  from: string;
  to: string;
  /** When the webhook was posted. */
  placedAt: Date;
  reason: CallEnd;
  /** What went wrong, in words; empty when nothing did. */
  problem: string;
  durationMs: number;
  /** From the start of the media stream to the first audio of the agent; null when there was none. */
  firstAudioMs: number | null;
  /** From the end of each of the caller's turns to the agent's next audio. */
  turnLatenciesMs: number[];
  /** The number of whoever took the call in the end. */
  transferredTo: string | null;
  /** Both sides on the line as a stereo wav file, 8 kHz: left the caller, right the agent. */
  wav: Uint8Array;
}

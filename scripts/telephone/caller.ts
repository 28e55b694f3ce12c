/**
 * The person with the telephone: waits until the agent has finished, says the next thing, hangs up in the end. Asked for
 * every frame of 20 ms. Pure; time is handed in.
 */
import { MULAW_SILENCE } from '../../src/audio/g711.ts';
import { FRAME_BYTES } from './playout-buffer.ts';

export interface CallerTurn {
  /** μ-law, 8 kHz. */
  audio: Uint8Array;
  text?: string;
  /** Begins this long after the agent began to speak, instead of waiting for its end. */
  interruptAfterMs?: number;
  /** Pressed when the turn begins. */
  keys?: string;
}

export interface CallerAudio {
  turns: CallerTurn[];
  /** What the line sounds like between the turns: repeated; empty for silence. */
  background: Uint8Array;
}

export interface Manners {
  /** How long the agent must be quiet before the caller speaks. */
  pauseMs: number;
  /** How long the caller waits for an agent that says nothing. */
  patienceMs: number;
  /** How long the caller stays on a quiet line after the last turn. */
  lingerMs: number;
  /** At this time of the call the next turn begins, whatever the agent does. */
  interruptAtMs?: number;
  hangUpAtMs?: number;
}

export const USUAL_MANNERS: Manners = { pauseMs: 700, patienceMs: 15_000, lingerMs: 6_000 };

export type CallerStep =
  | { kind: 'waits'; frame: Uint8Array }
  | { kind: 'starts'; frame: Uint8Array; turn: CallerTurn; turnNumber: number; isInterrupting: boolean }
  | { kind: 'speaks'; frame: Uint8Array }
  | { kind: 'stops'; frame: Uint8Array; turnNumber: number }
  | { kind: 'hangs-up' };

export class Caller {
  readonly #audio: CallerAudio;
  readonly #manners: Manners;
  #nextTurn = 0;
  #speaking: { audio: Uint8Array; at: number } | undefined;
  #backgroundAt = 0;
  #interruptAtMs: number | undefined;
  #waitsSinceMs = 0;
  #agent: { startedMs: number; lastHeardMs: number } | undefined;

  constructor(audio: CallerAudio, manners: Partial<Manners> = {}) {
    this.#audio = audio;
    this.#manners = { ...USUAL_MANNERS, ...manners };
    this.#interruptAtMs = this.#manners.interruptAtMs;
  }

  /** @param nowMs time of the call. @param agentIsHeard whether agent audio plays in this frame. */
  next(nowMs: number, agentIsHeard: boolean): CallerStep {
    if (this.#manners.hangUpAtMs !== undefined && nowMs >= this.#manners.hangUpAtMs) return { kind: 'hangs-up' };
    if (this.#speaking) return this.#goOn(nowMs);
    if (agentIsHeard) this.#agent = { startedMs: this.#agent?.startedMs ?? nowMs, lastHeardMs: nowMs };
    const turn = this.#audio.turns[this.#nextTurn];
    if (turn && this.#isTimeFor(turn, nowMs)) return this.#start(turn, agentIsHeard);
    if (!turn && this.#isQuietFor(nowMs, this.#manners.lingerMs)) return { kind: 'hangs-up' };
    return { kind: 'waits', frame: this.#background() };
  }

  /** The line was away, such as while another telephone rang: the agent is waited for afresh. @param nowMs time of the call. */
  isBack(nowMs: number): void {
    this.#agent = undefined;
    this.#waitsSinceMs = nowMs;
  }

  #isTimeFor({ interruptAfterMs }: CallerTurn, nowMs: number): boolean {
    if (this.#interruptAtMs !== undefined && nowMs >= this.#interruptAtMs) {
      this.#interruptAtMs = undefined;
      return true;
    }
    if (interruptAfterMs !== undefined && this.#agent && nowMs - this.#agent.startedMs >= interruptAfterMs) return true;
    return this.#isQuietFor(nowMs, this.#manners.pauseMs);
  }

  /** Quiet after having spoken, or silent for longer than the caller has patience. */
  #isQuietFor(nowMs: number, quietMs: number): boolean {
    return this.#agent
      ? nowMs - this.#agent.lastHeardMs >= quietMs
      : nowMs - this.#waitsSinceMs >= this.#manners.patienceMs;
  }

  #start(turn: CallerTurn, isInterrupting: boolean): CallerStep {
    this.#nextTurn++;
    this.#speaking = { audio: turn.audio, at: 0 };
    return { kind: 'starts', frame: this.#voice(this.#speaking), turn, turnNumber: this.#nextTurn, isInterrupting };
  }

  #goOn(nowMs: number): CallerStep {
    const speaking = this.#speaking;
    if (speaking && speaking.at < speaking.audio.length) return { kind: 'speaks', frame: this.#voice(speaking) };
    this.#speaking = undefined;
    this.#agent = undefined;
    this.#waitsSinceMs = nowMs;
    return { kind: 'stops', frame: this.#background(), turnNumber: this.#nextTurn };
  }

  #voice(speaking: { audio: Uint8Array; at: number }): Uint8Array {
    const piece = speaking.audio.subarray(speaking.at, speaking.at + FRAME_BYTES);
    speaking.at += FRAME_BYTES;
    if (piece.length === FRAME_BYTES) return piece;
    const frame = this.#background();
    frame.set(piece);
    return frame;
  }

  #background(): Uint8Array {
    const { background } = this.#audio;
    const frame = new Uint8Array(FRAME_BYTES).fill(MULAW_SILENCE);
    if (background.length < FRAME_BYTES) return frame;
    if (this.#backgroundAt + FRAME_BYTES > background.length) this.#backgroundAt = 0;
    frame.set(background.subarray(this.#backgroundAt, this.#backgroundAt + FRAME_BYTES));
    this.#backgroundAt += FRAME_BYTES;
    return frame;
  }
}

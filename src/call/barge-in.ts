/**
 * Barge-in policy: what the guest's speech does to the agent's audio, by phase (rules BARGE-6 and BARGE-8). Pure.
 */
import type { PhaseName } from './call-state.ts';

/** Over protected words a guest must speak this long before the agent gives way. */
export const PROTECTED_SPEECH_MS = 800;

export type Reaction =
  /** Nothing is playing, or what plays is not to be cut. */
  | { kind: 'let-play' }
  | { kind: 'cut-now' }
  /** Cut once the guest has gone on speaking for `afterMs`, if the notice was heard by then. */
  | { kind: 'cut-if-still-speaking'; afterMs: number };

/** @param isPlaying whether audio of the agent is queued or under way to the guest. */
export function reactionTo(phase: PhaseName, isPlaying: boolean): Reaction {
  if (!isPlaying) return { kind: 'let-play' };
  switch (phase) {
    case 'greeting':
      return { kind: 'cut-if-still-speaking', afterMs: PROTECTED_SPEECH_MS };
    case 'talking':
    case 'leaving':
      return { kind: 'cut-now' };
    case 'ringing':
    case 'transferring':
    case 'handed-over':
    case 'ended':
      return { kind: 'let-play' };
    default:
      return phase satisfies never;
  }
}

/**
 * How long the legal notice at the head of the greeting plays.
 * @param noticeShare part of the greeting's text that is the notice, 0 to 1.
 * @param greetingMs the greeting's audio received so far; the estimate only grows with it.
 */
export function noticeMs(noticeShare: number, greetingMs: number): number {
  return Math.ceil(Math.min(1, Math.max(0, noticeShare)) * greetingMs);
}

/** Phases of a call as a union with the data each needs, the moves allowed, and the end reasons with whose doing it was. */
import { z } from 'zod';

export const phaseNameSchema = z.enum([
  'ringing',
  'greeting',
  'talking',
  'transferring',
  'handed-over',
  'leaving',
  'ended',
]);
export type PhaseName = z.infer<typeof phaseNameSchema>;

/** Whose doing the end was, by reason. The list is closed. */
export const END_REASONS = {
  'caller-hung-up': 'caller',
  'caller-never-came': 'caller',
  'agent-hung-up': 'agent',
  silence: 'agent',
  transferred: 'agent',
  'staff-hung-up': 'staff',
  'media-stream-lost': 'carrier',
  'carrier-failed': 'carrier',
  'protocol-abuse': 'carrier',
  'agent-unreachable': 'model',
  'agent-lost': 'model',
  'too-long': 'us',
  shutdown: 'us',
  fault: 'us',
  /** The instance that answered is gone: others ended the call for it. */
  'instance-lost': 'us',
} as const;
export type EndReason = keyof typeof END_REASONS;
export const endReasonSchema = z.enum(Object.keys(END_REASONS) as [EndReason, ...EndReason[]]);

/**
 * `ringing`: answered by the webhook, media stream or agent not there yet. `greeting`: protected first words.
 * `talking`: the conversation. `transferring`: announcement plays, then the carrier dials. `handed-over`: the
 * carrier has the call, a person may answer. `leaving`: goodbye plays out. `ended`: nothing more happens.
 */
export type Phase =
  | { name: 'ringing' }
  | { name: 'greeting' }
  | { name: 'talking' }
  | { name: 'transferring' }
  | { name: 'handed-over' }
  | { name: 'leaving'; reason: EndReason }
  | { name: 'ended'; reason: EndReason };

const MOVES: Record<PhaseName, readonly PhaseName[]> = {
  ringing: ['greeting', 'talking', 'handed-over', 'leaving', 'ended'],
  greeting: ['talking', 'transferring', 'handed-over', 'leaving', 'ended'],
  talking: ['transferring', 'handed-over', 'leaving', 'ended'],
  transferring: ['talking', 'handed-over', 'leaving', 'ended'],
  'handed-over': ['ringing', 'talking', 'ended'],
  leaving: ['talking', 'ended'],
  ended: [],
};

/** @returns whether a call may move from one phase to the other; staying within a phase is no move. */
export function mayMove(from: PhaseName, to: PhaseName): boolean {
  return MOVES[from].includes(to);
}

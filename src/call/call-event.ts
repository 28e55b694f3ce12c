/**
 * All that can be said about a call: the common record that staff, database and tests read.
 * A new kind of event is added here first. Plain data; no behaviour.
 */
import { z } from 'zod';
import { endReasonSchema, phaseNameSchema } from './call-state.ts';

const milliseconds = z.number().int().nonnegative();

/**
 * How a tool was reached: called by the model's side over MCP, as a function of the Realtime connection that we run
 * ourselves, or as one that we pass on to a server of somebody else.
 */
export const toolPathSchema = z.enum(['native', 'function', 'client']);
export type ToolPath = z.infer<typeof toolPathSchema>;

export const toolOutcomeSchema = z.enum(['ok', 'refused', 'failed']);

const usageSchema = z.object({
  inputTextTokens: z.number().int().nonnegative(),
  inputAudioTokens: z.number().int().nonnegative(),
  cachedTextTokens: z.number().int().nonnegative(),
  cachedAudioTokens: z.number().int().nonnegative(),
  outputTextTokens: z.number().int().nonnegative(),
  outputAudioTokens: z.number().int().nonnegative(),
});
/** Token counts of one response. Input counts are without the cached ones (rule MODEL-23). */
export type Usage = z.infer<typeof usageSchema>;

/** What happened, without the envelope. `turnId` names one utterance of either side within a call. */
export const happeningSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answered'), carrier: z.string(), from: z.string(), to: z.string(), agent: z.string() }),
  z.object({ kind: z.literal('phase-changed'), from: phaseNameSchema, to: phaseNameSchema }),
  z.object({ kind: z.literal('agent-ready'), afterMs: milliseconds }),
  z.object({ kind: z.literal('tools-offered'), path: toolPathSchema, reason: z.string().optional() }),
  z.object({ kind: z.literal('first-audio'), afterMs: milliseconds }),
  z.object({ kind: z.literal('guest-started-speaking') }),
  z.object({ kind: z.literal('guest-stopped-speaking') }),
  /** The guest's words; `order` is the utterance's place in the call, since transcripts arrive late. */
  z.object({ kind: z.literal('guest-said'), turnId: z.string(), order: z.number().int(), text: z.string() }),
  /** The agent's words as far as they were heard. `text` is the whole turn when `wasCutOff` is false. */
  z.object({
    kind: z.literal('agent-said'),
    turnId: z.string(),
    order: z.number().int(),
    text: z.string(),
    heardMs: milliseconds,
    wasCutOff: z.boolean(),
  }),
  /** From the end of the guest's speech to the first audio of the answer on the caller's leg. */
  z.object({ kind: z.literal('turn-answered'), latencyMs: milliseconds }),
  z.object({
    kind: z.literal('barge-in'),
    turnId: z.string(),
    heardMs: milliseconds,
    /** From the start of the guest's speech, as the agent's side told it, to the clear; none when keys cut it off. */
    reactionMs: z.number().nonnegative().optional(),
  }),
  /** The agent's audio came so much too late in the middle of an utterance that the guest heard nothing meanwhile. */
  z.object({ kind: z.literal('audio-gap'), turnId: z.string(), gapMs: milliseconds }),
  /** The agent's side would not take back what the guest did not hear: it believes that all was said. */
  z.object({ kind: z.literal('truncate-refused'), turnId: z.string(), code: z.string(), message: z.string() }),
  z.object({
    kind: z.literal('tool-started'),
    toolCallId: z.string(),
    tool: z.string(),
    path: toolPathSchema,
    /** Whose tool it is; none: the hotel's own. */
    server: z.string().optional(),
    arguments: z.string(),
    /** What the agent says when it takes longer than a moment. */
    phrase: z.string().optional(),
  }),
  z.object({
    kind: z.literal('tool-ended'),
    toolCallId: z.string(),
    tool: z.string(),
    path: toolPathSchema,
    server: z.string().optional(),
    outcome: toolOutcomeSchema,
    durationMs: milliseconds,
    result: z.string(),
  }),
  /** Staff are asked whether a tool may be used, with exactly these arguments. */
  z.object({
    kind: z.literal('approval-asked'),
    approvalId: z.string(),
    server: z.string(),
    tool: z.string(),
    arguments: z.string(),
  }),
  z.object({
    kind: z.literal('approval-ended'),
    approvalId: z.string(),
    decision: z.enum(['approved', 'denied', 'expired', 'cancelled']),
  }),
  /** The tools of a server are reached another way from now on. */
  z.object({
    kind: z.literal('path-changed'),
    server: z.string(),
    to: z.enum(['native', 'client', 'none']),
    why: z.string(),
  }),
  /** Staff changed which tools there are, and the agent of this call was told. */
  z.object({ kind: z.literal('tools-changed'), version: z.number().int() }),
  /** The call goes on in another language, since the guest asked for it; `told`: what the agent was answered. */
  z.object({
    kind: z.literal('language-switched'),
    toolCallId: z.string(),
    from: z.string(),
    to: z.string(),
    told: z.string(),
  }),
  z.object({ kind: z.literal('guest-verified'), room: z.string(), stayId: z.string() }),
  z.object({
    kind: z.literal('request-created'),
    requestId: z.string(),
    number: z.number().int(),
    summary: z.string(),
  }),
  z.object({ kind: z.literal('request-changed'), requestId: z.string(), number: z.number().int() }),
  z.object({ kind: z.literal('transfer-started'), department: z.string(), reason: z.string(), summary: z.string() }),
  /** The colleague who answered heard the summary and takes the call. */
  z.object({ kind: z.literal('transfer-accepted'), department: z.string() }),
  z.object({
    kind: z.literal('transfer-ended'),
    department: z.string(),
    outcome: z.enum(['connected', 'busy', 'no-answer', 'declined', 'failed', 'cancelled']),
  }),
  /** A whole number that the guest typed on the telephone's keys; a card number is redacted. */
  z.object({ kind: z.literal('keypad-typed'), digits: z.string() }),
  /** The agent said that something was done which no tool has done; it is told to put it right. */
  z.object({ kind: z.literal('claim-unproven'), turnId: z.string(), text: z.string() }),
  z.object({ kind: z.literal('silence-noticed'), silentMs: milliseconds }),
  z.object({ kind: z.literal('agent-failed'), code: z.string(), message: z.string(), isFatal: z.boolean() }),
  z.object({ kind: z.literal('agent-lost'), why: z.string() }),
  /** Another connection goes on with the call, so long after the last one was lost. */
  z.object({ kind: z.literal('agent-back'), afterMs: milliseconds, attempts: z.number().int() }),
  /** The agent was given up: another engine is dialled, or the desk. */
  z.object({ kind: z.literal('fallback'), to: z.string(), why: z.string() }),
  /** Stored words were played because the guest would have waited in silence. */
  z.object({ kind: z.literal('filler-played'), clip: z.string() }),
  z.object({ kind: z.literal('tokens-used'), responseId: z.string(), usage: usageSchema }),
  /** Frames dropped, gaps filled and the like, summed up over the call; names and counts. */
  z.object({ kind: z.literal('carrier-oddities'), counts: z.record(z.string(), z.number().int()) }),
  /** A request that is safe on this machine while the database is away: staff do not see it yet (rule TOOL-39). */
  z.object({ kind: z.literal('request-noted'), requestId: z.string(), summary: z.string() }),
  /** A noted request reached staff under this number, perhaps after the call. */
  z.object({ kind: z.literal('request-confirmed'), requestId: z.string(), number: z.number().int() }),
  z.object({ kind: z.literal('ended'), reason: endReasonSchema, durationMs: milliseconds }),
]);
export type Happening = z.infer<typeof happeningSchema>;

/** One call event: append-only, ordered by `sequence` (from 1, without gaps) within its call. */
export const callEventSchema = z.object({
  callId: z.uuid(),
  sequence: z.number().int().positive(),
  /** Wall time, ISO 8601 with milliseconds. */
  at: z.iso.datetime(),
  /** Milliseconds since the call was answered, on the monotonic clock. */
  sinceAnswerMs: milliseconds,
  happening: happeningSchema,
});
export type CallEvent = z.infer<typeof callEventSchema>;

/** Words while they are being said: shown live, never stored. */
export interface LiveWords {
  callId: string;
  speaker: 'guest' | 'agent';
  turnId: string;
  /** The turn's words so far, not a delta. */
  text: string;
}

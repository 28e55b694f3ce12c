/** Runs tools of others for one call: still on, arguments, what the call adds, limits, staff's word, deadline, certainty. */
import type { Happening } from '../../call/call-event.ts';
import type { Clock, ToolResult } from '../../call/ports.ts';
import { within } from '../bounded-text.ts';
import type { CallerScope } from '../ports.ts';
import type { DoubtfulRuns } from './doubtful-runs.ts';
import { visible } from './hidden-text.ts';
import type { OutsideTool } from './offer.ts';
import type { OutsideTools } from './outside-tools.ts';
import * as words from './outside-words.ts';
import type { ApprovalDecision, LinkResult } from './ports.ts';
import type { CallLimits } from './rate-limits.ts';
import { redactedArguments } from './redaction.ts';
import { completed, readArguments } from './tool-arguments.ts';

/** Of UTF-8 (rule TOOL-43). */
const MAX_TEXT_BYTES = 8_000;
/** The connection keeps the deadline itself; this is for one that does not. */
const GRACE_MS = 500;

/** What a call shares between the paths to its outside tools. */
export interface OutsideCallParts {
  outside: OutsideTools;
  clock: Clock;
  scope: CallerScope;
  limits: CallLimits;
  doubtful: DoubtfulRuns;
  /** Of the call's end. */
  signal: AbortSignal;
  happened(happening: Happening): void;
}

export interface Attempt {
  result: ToolResult;
  /** For staff. */
  error?: string;
  /** Before it was cut. */
  resultBytes?: number;
}

export class OutsideCalls {
  readonly #parts: OutsideCallParts;

  constructor(parts: OutsideCallParts) {
    this.#parts = parts;
  }

  /** Never rejects. @param sent fields, or their JSON text. */
  async attempt(tool: OutsideTool, sent: unknown): Promise<Attempt> {
    try {
      return await this.#checked(tool, sent);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return {
        result: { outcome: 'failed', text: words.failureOf(UNREACHED, tool.isReadOnly) },
        error: why.slice(0, 200),
      };
    }
  }

  async #checked(tool: OutsideTool, sent: unknown): Promise<Attempt> {
    const { outside, scope, doubtful, signal } = this.#parts;
    if (!outside.isStillOn(tool.server, tool.tool)) return refused(words.SWITCHED_OFF);
    const read = readArguments(tool, sent);
    if ('mistake' in read) return refused(read.mistake);
    const input = completed(tool, read.input, scope);
    if (!input) return refused(words.VERIFY_FIRST);
    if (doubtful.has(tool, read.input)) return refused(words.MAYBE_DONE);
    const excess = overLimit(this.#parts, tool);
    if (excess !== undefined) return refused(excess);
    // From here on the same is not asked for twice at a time either.
    const certain = doubtful.begin(tool, read.input);
    const decision = tool.needsApproval
      ? await askStaff(this.#parts, tool, JSON.stringify(input), 'client')
      : 'approved';
    const refusal = decision === 'approved' ? undefined : words.refusalOf(decision);
    const isOff = !outside.isStillOn(tool.server, tool.tool);
    if (refusal !== undefined || signal.aborted || isOff) {
      certain();
      return refused(refusal ?? (isOff ? words.SWITCHED_OFF : words.CALL_ENDED));
    }
    return this.#told(tool, await this.#inTime(tool, input), certain);
  }

  #told(tool: OutsideTool, answer: LinkResult, certain: () => void): Attempt {
    if (answer.kind === 'failed') {
      if (!answer.mayHaveRun) certain();
      const text = words.failureOf(answer, tool.isReadOnly);
      return { result: { outcome: 'failed', text }, error: `${answer.why}: ${answer.message}` };
    }
    certain();
    const { isError, resultBytes } = answer;
    const said = answer.text.trim() === '' && answer.structured ? JSON.stringify(answer.structured) : answer.text;
    const text =
      within(MAX_TEXT_BYTES, visible(said).trim()) ||
      (isError ? 'It failed, without words.' : 'It was done, without words.');
    return {
      result: { outcome: isError ? 'failed' : 'ok', text },
      error: isError ? within(200, text) : undefined,
      resultBytes,
    };
  }

  #inTime(tool: OutsideTool, input: Record<string, unknown>): Promise<LinkResult> {
    const { outside, clock, signal } = this.#parts;
    // What may change something goes on to its end when the guest hangs up (rule END-35).
    const limits = { signal: tool.isReadOnly ? signal : new AbortController().signal, withinMs: tool.timeoutMs };
    return new Promise((resolve, reject) => {
      const late: LinkResult = { kind: 'failed', why: 'timeout', message: 'no answer', mayHaveRun: true };
      const cancel = clock.after(tool.timeoutMs + GRACE_MS, () => resolve(late));
      const asked =
        tool.kind === 'resource'
          ? outside.read(tool.server, String(input.uri), limits)
          : outside.call(tool.server, tool.tool, input, limits);
      void asked.then(resolve, reject).finally(cancel);
    });
  }
}

const UNREACHED = { kind: 'failed', why: 'protocol', message: '', mayHaveRun: true } as const;

const refused = (text: string): Attempt => ({ result: { outcome: 'refused', text } });

/** Takes one use. @returns why there is none left, in words. */
export function overLimit({ limits, outside }: OutsideCallParts, tool: OutsideTool): string | undefined {
  if (!limits.take(tool)) return words.PER_CALL;
  return outside.limits.take(tool) ? undefined : words.PER_MINUTE;
}

/** Asks staff about exactly these arguments, and tells the call of it. */
export async function askStaff(
  { outside, scope, signal, happened }: OutsideCallParts,
  { server, tool }: OutsideTool,
  exactJson: string,
  path: 'native' | 'client',
): Promise<ApprovalDecision> {
  const argumentsJson = redactedArguments(exactJson, 'whole');
  let approvalId: string | undefined;
  const asked = (id: string): void => {
    approvalId = id;
    happened({ kind: 'approval-asked', approvalId: id, server, tool, arguments: argumentsJson });
  };
  const { callId } = scope;
  const decision = await outside.approvals.ask({ callId, server, tool, argumentsJson, path, signal, asked });
  if (approvalId !== undefined) happened({ kind: 'approval-ended', approvalId, decision });
  return decision;
}

/** What the model's side does with tools of others by itself: told, recorded, bounded where it asks, and remembered when in doubt. */
import type { ToolResult } from '../../call/ports.ts';
import { within } from '../bounded-text.ts';
import type { CallAllowance } from '../call-allowance.ts';
import type { RunningTool, ToolRecord } from '../tool-record.ts';
import { visible } from './hidden-text.ts';
import { nativeKey, type Offer, type OutsideTool } from './offer.ts';
import { askStaff, overLimit, type OutsideCallParts } from './outside-calls.ts';
import * as words from './outside-words.ts';
import type { ListedTool } from './ports.ts';
import { redactedArguments } from './redaction.ts';
import type { NativeEnd, NativeWitness } from './session-tools.ts';
import { parsedFields } from './tool-arguments.ts';
import { isSameTool } from './tool-hash.ts';

const MAX_TEXT_BYTES = 8_000;
/** Under way at once; what is beyond is not followed. */
const MAX_OPEN = 50;

export interface NativeCallParts extends OutsideCallParts {
  /** As the call holds it. */
  offer(): Offer;
  record: ToolRecord;
  allowance: CallAllowance;
}

interface OpenCall {
  running: RunningTool;
  certain(): void;
}

export class NativeCalls implements NativeWitness {
  readonly #parts: NativeCallParts;
  readonly #open = new Map<string, OpenCall>();
  /** Servers that the model's side does not use in this call any more, and the path they are left for. */
  readonly #left = new Map<string, 'client' | 'none'>();
  #asking = 0;

  constructor(parts: NativeCallParts) {
    this.#parts = parts;
    // The model's side is gone with the call, and with it whoever would tell the end.
    parts.signal.addEventListener('abort', () => this.#callEnded(), { once: true });
  }

  /** Whether something is under way or asked about. */
  get isBusy(): boolean {
    return this.#open.size > 0 || this.#asking > 0;
  }

  /** @returns which path the server's tools take instead; `none`: it is not trusted. Undefined: it is called natively. */
  leftFor(server: string): 'client' | 'none' | undefined {
    return this.#left.get(server);
  }

  /** What was not trusted, or had no other path, is judged anew by what is offered now. */
  offerChanged(): void {
    for (const [server, to] of this.#left) if (to === 'none') this.#left.delete(server);
  }

  listed(server: string, tools: readonly ListedTool[]): boolean {
    const { nativeTools } = this.#parts.offer();
    const names = new Set<string>();
    const isApproved = tools.every((seen) => {
      const offered = nativeTools.get(nativeKey(server, seen.name));
      // What is listed besides was not named to the model's side and is not offered by it.
      if (!offered) return true;
      const isFirst = !names.has(seen.name);
      names.add(seen.name);
      return isFirst && isSameTool(seen, offered.listed);
    });
    if (!isApproved) this.#leave(server, 'It lists something else than staff approved.', 'none');
    return isApproved;
  }

  pathBroke(server: string, why: string): void {
    const fallback = this.#parts.offer().native.find(({ label }) => label === server)?.fallback ?? [];
    this.#leave(server, why, fallback.length > 0 ? 'client' : 'none');
  }

  started(toolCallId: string, server: string, tool: string, argumentsJson: string): void {
    if (this.#open.has(toolCallId) || this.#open.size >= MAX_OPEN) return;
    const { record, allowance, doubtful } = this.#parts;
    const known = this.#toolOf(server, tool);
    allowance.takeToolCall();
    // One that staff were asked about was counted then.
    if (known && !known.needsApproval) overLimit(this.#parts, known);
    const read = parsedFields(argumentsJson);
    const certain = known ? doubtful.begin(known, 'input' in read ? read.input : argumentsJson) : () => undefined;
    const shown = redactedArguments(argumentsJson);
    const running = record.begin({
      toolCallId,
      tool,
      path: 'native',
      server,
      argumentsJson: shown,
      phrase: known?.phrase,
    });
    this.#open.set(toolCallId, { running, certain });
  }

  ended(toolCallId: string, { outcome, result }: NativeEnd): void {
    const open = this.#open.get(toolCallId);
    if (!open) return;
    this.#open.delete(toolCallId);
    if (outcome !== 'unreachable') open.certain();
    const text = within(MAX_TEXT_BYTES, visible(result));
    const told: ToolResult = { outcome: outcome === 'ok' ? 'ok' : 'failed', text };
    const error = outcome === 'ok' ? undefined : within(200, `${outcome}: ${text}`);
    open.running.end({ result: told, error, resultBytes: Buffer.byteLength(result) });
  }

  async approve(server: string, tool: string, argumentsJson: string): Promise<{ isApproved: boolean; reason: string }> {
    const known = this.#toolOf(server, tool);
    const refusal = known ? this.#refusalBeforehand(known, argumentsJson) : words.SWITCHED_OFF;
    if (!known || refusal !== undefined) return { isApproved: false, reason: refusal ?? words.SWITCHED_OFF };
    if (!known.needsApproval) return { isApproved: true, reason: '' };
    this.#asking++;
    try {
      const decision = await askStaff(this.#parts, known, argumentsJson, 'native');
      if (decision !== 'approved') return { isApproved: false, reason: words.refusalOf(decision) };
      const isOn = this.#parts.outside.isStillOn(server, tool);
      return isOn ? { isApproved: true, reason: '' } : { isApproved: false, reason: words.SWITCHED_OFF };
    } finally {
      this.#asking--;
    }
  }

  #refusalBeforehand(tool: OutsideTool, argumentsJson: string): string | undefined {
    const { outside, allowance, doubtful, signal } = this.#parts;
    if (signal.aborted) return words.CALL_ENDED;
    if (!outside.isStillOn(tool.server, tool.tool)) return words.SWITCHED_OFF;
    if (!allowance.hasToolCall()) return words.USED_UP;
    const read = parsedFields(argumentsJson);
    if ('mistake' in read) return read.mistake;
    if (doubtful.has(tool, read.input)) return words.MAYBE_DONE;
    return overLimit(this.#parts, tool);
  }

  #toolOf(server: string, tool: string): OutsideTool | undefined {
    return this.#parts.offer().nativeTools.get(nativeKey(server, tool));
  }

  #leave(server: string, why: string, to: 'client' | 'none'): void {
    if (this.#left.get(server) === 'none' || this.#left.get(server) === to) return;
    this.#left.set(server, to);
    this.#parts.happened({ kind: 'path-changed', server, to, why: within(200, visible(why)) });
  }

  #callEnded(): void {
    for (const toolCallId of this.#open.keys())
      this.ended(toolCallId, { outcome: 'unreachable', result: 'The call ended before its answer.' });
  }
}

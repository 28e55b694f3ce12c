/** The tools of one call, whichever path a call of them comes by: finds, validates, limits, runs in time and records. */
import type { z } from 'zod';
import type { Happening, ToolPath } from '../call/call-event.ts';
import { plain } from '../call/plain-text.ts';
import type { Clock, ToolResult } from '../call/ports.ts';
import { CallAllowance, MAX_TOOL_CALLS } from './call-allowance.ts';
import type { HotelProfile } from './hotel.ts';
import { firstLanguage, wordsIn } from './languages.ts';
import type { CallerScope, RequestBook, Stay, StayBook, ToolLedger } from './ports.ts';
import type { Tool, ToolContext, ToolDefinition } from './tool.ts';

/** How long a tool may take, by who waits for it (rule TOOL-41). */
const DEADLINE_MS: Record<ToolPath, number> = { native: 3_000, function: 5_000, client: 5_000 };
/** Of UTF-8, in results and in the record (rule TOOL-43). */
const MAX_TEXT_BYTES = 8_000;
const MAX_MISTAKES_LENGTH = 400;

export interface ToolboxOptions {
  hotel: HotelProfile;
  requests: RequestBook;
  stays: StayBook;
  ledger: ToolLedger;
  clock: Clock;
}

/** A live call as its tools see it. */
export interface ToolCaller {
  callId: string;
  /** Known from the start when the call comes from the room's own telephone. */
  stay?: Stay;
  happened(happening: Happening): void;
  /** What the call is in now; the hotel's first language when left out. */
  language?: () => string;
  /** Aborted when the call ends. No tool starts after that; a write under way finishes (rule END-35). */
  signal: AbortSignal;
}

/** The tools by name, and the same as they are offered. */
export interface OfferedTools {
  byName: ReadonlyMap<string, Tool>;
  definitions: readonly ToolDefinition[];
}

export class CallTools {
  readonly #options: ToolboxOptions;
  readonly #offered: OfferedTools;
  readonly #caller: ToolCaller;
  readonly #scope: CallerScope;
  readonly #allowance = new CallAllowance();
  /** Results by tool call: the same call again gets the same result. Bound: `MAX_TOOL_CALLS`; more are refused. */
  readonly #results = new Map<string, Promise<ToolResult>>();

  constructor(options: ToolboxOptions, offered: OfferedTools, caller: ToolCaller) {
    this.#options = options;
    this.#offered = offered;
    this.#caller = caller;
    this.#scope = { callId: caller.callId, stay: caller.stay };
  }

  definitions(): readonly ToolDefinition[] {
    return this.#offered.definitions;
  }

  /**
   * Runs a tool; never throws. A write that is under way when the guest hangs up goes on to its end.
   * @param input fields, or their JSON text. @param toolCallId unique within the call.
   */
  run(name: string, input: unknown, toolCallId: string, path: ToolPath): Promise<ToolResult> {
    const known = this.#results.get(toolCallId);
    if (known) return known;
    if (this.#caller.signal.aborted) return Promise.resolve(refused('The call has ended.'));
    if (this.#results.size >= MAX_TOOL_CALLS)
      return Promise.resolve(refused('This call has used its tools too often. Offer the front desk.'));
    const result = this.#record(name, input, toolCallId, path);
    this.#results.set(toolCallId, result);
    return result;
  }

  async #record(name: string, input: unknown, toolCallId: string, path: ToolPath): Promise<ToolResult> {
    const { clock, ledger } = this.#options;
    const { callId, happened } = this.#caller;
    const argumentsJson = within(MAX_TEXT_BYTES, typeof input === 'string' ? input : JSON.stringify(input ?? {}));
    const tool = within(64, name);
    const startedAtMs = clock.nowMs();
    const startedAt = clock.wallTime();
    happened({ kind: 'tool-started', toolCallId, tool, path, arguments: argumentsJson });
    const ran = await this.#attempt(name, input, path);
    const result = { ...ran, text: within(MAX_TEXT_BYTES, ran.text) };
    const durationMs = Math.round(clock.nowMs() - startedAtMs);
    const { outcome, text } = result;
    ledger.record({ toolCallId, callId, tool, path, argumentsJson, outcome, result: text, startedAt, durationMs });
    happened({ kind: 'tool-ended', toolCallId, tool, path, outcome, durationMs, result: text });
    return result;
  }

  async #attempt(name: string, input: unknown, path: ToolPath): Promise<ToolResult> {
    const tool = this.#offered.byName.get(name);
    if (!tool) {
      const names = [...this.#offered.byName.keys()].join(', ');
      return refused(`There is no tool ${within(64, name)}. The tools are: ${names}.`);
    }
    const fields = typeof input === 'string' ? parseJson(input) : { value: input ?? {} };
    if (!fields) return refused('The arguments are not JSON. Call the tool again with a JSON object.');
    const parsed = tool.input.safeParse(plain(fields.value));
    if (!parsed.success) return refused(`The arguments do not fit: ${mistakesOf(parsed.error)}.`);
    return this.#inTime(tool, this.#guarded(tool, parsed.data), DEADLINE_MS[path]);
  }

  async #guarded(tool: Tool, input: unknown): Promise<ToolResult> {
    try {
      return await tool.run(input, this.#context());
    } catch {
      // Why it failed is no matter for the phone, and could hold what others may not hear.
      return { outcome: 'failed', text: this.#apology('failed', tool) };
    }
  }

  #inTime(tool: Tool, running: Promise<ToolResult>, deadlineMs: number): Promise<ToolResult> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(deadlineMs, () =>
        resolve({ outcome: 'failed', text: this.#apology('late', tool) }),
      );
      void running.then((result) => {
        cancel();
        return resolve(result);
      });
    });
  }

  #language(): string {
    return this.#caller.language?.() ?? firstLanguage(this.#options.hotel);
  }

  #apology(why: 'failed' | 'late', { does }: Tool): string {
    return `${wordsIn(this.#language()).tools[why][does]} Tell the guest so, and offer the front desk.`;
  }

  #context(): ToolContext {
    const { hotel, requests, stays, clock } = this.#options;
    const { callId, happened } = this.#caller;
    return {
      scope: this.#scope,
      hotel,
      language: this.#language(),
      requests,
      stays,
      allowance: this.#allowance,
      now: () => clock.wallTime(),
      verified: async (stay) => {
        await stays.bind(callId, stay.id);
        this.#scope.stay = stay;
        happened({ kind: 'guest-verified', room: stay.room, stayId: stay.id });
      },
      happened,
    };
  }
}

const refused = (text: string): ToolResult => ({ outcome: 'refused', text });

/** @returns the text, cut to so many bytes of UTF-8 without breaking a character. */
function within(maxBytes: number, text: string): string {
  if (text.length * 3 <= maxBytes) return text;
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(maxBytes)).read);
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text.trim() === '' ? '{}' : text) as unknown };
  } catch {
    return undefined;
  }
}

const mistakesOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 5)
    .map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '))
    .join('; ')
    .slice(0, MAX_MISTAKES_LENGTH);

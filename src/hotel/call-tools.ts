/**
 * The tools of one call, whichever path a call of them comes by: finds, validates, limits, runs in time and records. The
 * hotel's tools are run here; those of other servers, as this call was offered them, in `tool-servers/`.
 */
import type { z } from 'zod';
import type { Happening, ToolPath } from '../call/call-event.ts';
import { plain } from '../call/plain-text.ts';
import type { Clock, ToolResult } from '../call/ports.ts';
import { within } from './bounded-text.ts';
import { CallAllowance } from './call-allowance.ts';
import type { HotelProfile } from './hotel.ts';
import { firstLanguage, wordsIn } from './languages.ts';
import type { CallerScope, RequestBook, Stay, StayBook, ToolLedger } from './ports.ts';
import { ToolRecord, type ToolStart } from './tool-record.ts';
import { DoubtfulRuns } from './tool-servers/doubtful-runs.ts';
import { NativeCalls } from './tool-servers/native-calls.ts';
import { NOTHING_OFFERED, type Offer, type OutsideTool } from './tool-servers/offer.ts';
import { OutsideCalls, type Attempt } from './tool-servers/outside-calls.ts';
import type { OutsideTools } from './tool-servers/outside-tools.ts';
import { CALL_ENDED, SWITCHED_OFF, USED_UP } from './tool-servers/outside-words.ts';
import { CallLimits } from './tool-servers/rate-limits.ts';
import { redactedArguments } from './tool-servers/redaction.ts';
import type { NativeWitness, SessionTools } from './tool-servers/session-tools.ts';
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
  /** Tools of other servers; none: the hotel's alone. */
  outside?: OutsideTools;
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
  readonly #record: ToolRecord;
  /** What this call may use of other servers: frozen until `refresh` (rule TOOL-45). */
  #offer: Offer;
  readonly #outside: OutsideCalls | undefined;
  readonly #native: NativeCalls | undefined;
  /** Results by tool call: the same call again gets the same result. Bound: the allowance; more are refused. */
  readonly #results = new Map<string, Promise<ToolResult>>();
  #running = 0;

  constructor(options: ToolboxOptions, offered: OfferedTools, caller: ToolCaller) {
    this.#options = options;
    this.#offered = offered;
    this.#caller = caller;
    this.#scope = { callId: caller.callId, stay: caller.stay };
    const { outside, ledger, clock } = options;
    const { callId, happened, signal } = caller;
    this.#record = new ToolRecord({ callId, ledger, clock, happened });
    this.#offer = outside?.offer() ?? NOTHING_OFFERED;
    if (!outside) return;
    const limits = new CallLimits();
    const doubtful = new DoubtfulRuns();
    const parts = { outside, clock, scope: this.#scope, limits, doubtful, signal, happened };
    this.#outside = new OutsideCalls(parts);
    const [record, allowance] = [this.#record, this.#allowance];
    this.#native = new NativeCalls({ ...parts, record, allowance, offer: () => this.#offer });
  }

  /** The hotel's own tools. */
  definitions(): readonly ToolDefinition[] {
    return this.#offered.definitions;
  }

  /** Which set of other servers' tools this call holds; 0: none. */
  get offerVersion(): number {
    return this.#offer.version;
  }

  /** Chosen texts of other servers, for the instructions; empty: none. */
  get context(): string {
    return this.#offer.context;
  }

  /** Hears of what the model's side does with other servers by itself; undefined: there are none. */
  get witness(): NativeWitness | undefined {
    return this.#native;
  }

  /**
   * What an agent's session is configured with, besides the hotel's own tools.
   * @param functions of our own, before those of other servers.
   */
  sessionTools(functions: readonly ToolDefinition[] = []): SessionTools {
    const { version, functions: outside, native } = this.#offer;
    const fallen = native.filter(({ label }) => this.#native?.leftFor(label) === 'client');
    return {
      version,
      functions: [...functions, ...outside, ...fallen.flatMap(({ fallback }) => fallback)],
      native: native.filter(({ label }) => this.#native?.leftFor(label) === undefined),
    };
  }

  /** Takes what is offered now. To be called between two turns. @returns `busy`, and nothing is taken, while a tool runs. */
  refresh(): 'changed' | 'same' | 'busy' {
    if (this.#running > 0 || this.#native?.isBusy) return 'busy';
    const offer = this.#options.outside?.offer() ?? NOTHING_OFFERED;
    if (offer.version === this.#offer.version) return 'same';
    this.#offer = offer;
    this.#native?.offerChanged();
    return 'changed';
  }

  /**
   * Runs a tool; never throws. A write that is under way when the guest hangs up goes on to its end.
   * @param input fields, or their JSON text. @param toolCallId unique within the call.
   */
  run(name: string, input: unknown, toolCallId: string, path: ToolPath): Promise<ToolResult> {
    const known = this.#results.get(toolCallId);
    if (known) return known;
    if (this.#caller.signal.aborted) return Promise.resolve(refused(CALL_ENDED));
    if (!this.#allowance.takeToolCall()) return Promise.resolve(refused(USED_UP));
    this.#running++;
    const result = this.#recorded(name, input, toolCallId, path).finally(() => this.#running--);
    this.#results.set(toolCallId, result);
    return result;
  }

  async #recorded(name: string, input: unknown, toolCallId: string, path: ToolPath): Promise<ToolResult> {
    const sent = typeof input === 'string' ? input : JSON.stringify(input ?? {});
    const outside = this.#outsideTool(name, path);
    const own: ToolStart = { toolCallId, tool: name, path, argumentsJson: within(MAX_TEXT_BYTES, sent) };
    const running = this.#record.begin(outside ? startOf(outside, own, sent) : own);
    const ran = outside ? await this.#ranOutside(outside, input) : { result: await this.#attempt(name, input, path) };
    const result = { ...ran.result, text: within(MAX_TEXT_BYTES, ran.result.text) };
    running.end({ ...ran, result });
    return result;
  }

  /** Whoever holds the token for our own server gets nothing of others through it. */
  #outsideTool(name: string, path: ToolPath): OutsideTool | undefined {
    const tool = path === 'native' || this.#offered.byName.has(name) ? undefined : this.#offer.routes.get(name);
    return tool && this.#native?.leftFor(tool.server) !== 'none' ? tool : undefined;
  }

  #ranOutside(tool: OutsideTool, input: unknown): Promise<Attempt> {
    return this.#outside?.attempt(tool, input) ?? Promise.resolve({ result: refused(SWITCHED_OFF) });
  }

  async #attempt(name: string, input: unknown, path: ToolPath): Promise<ToolResult> {
    const tool = this.#offered.byName.get(name);
    if (!tool) {
      const others = path === 'native' ? [] : this.sessionTools().functions.map((tool) => tool.name);
      const names = [...this.#offered.byName.keys(), ...others].join(', ');
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

/** Of a server's tool, by whose name at the server the record knows it. */
const startOf = ({ server, tool, phrase }: OutsideTool, own: ToolStart, sent: string): ToolStart => ({
  ...own,
  path: 'client',
  server,
  toolAtServer: tool,
  argumentsJson: redactedArguments(sent),
  phrase,
});

const refused = (text: string): ToolResult => ({ outcome: 'refused', text });

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

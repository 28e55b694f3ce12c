/**
 * The one door to the hotel's tools, whichever path a call of them comes by: finds, validates, limits, runs in time and
 * records. What a tool may see follows from the call alone.
 */
import { z } from 'zod';
import type { Happening, ToolPath } from '../call/call-event.ts';
import type { Clock, ToolResult } from '../call/ports.ts';
import type { HotelProfile } from './hotel.ts';
import type { CallerScope, RequestBook, Stay, StayBook, ToolLedger } from './ports.ts';
import type { Tool, ToolContext, ToolDefinition } from './tool.ts';
import { createServiceRequest } from './tools/create-service-request.ts';
import { getHotelInformation } from './tools/get-hotel-information.ts';
import { getServiceRequests } from './tools/get-service-requests.ts';
import { updateServiceRequestPriority } from './tools/update-service-request-priority.ts';
import { verifyGuest } from './tools/verify-guest.ts';

/** How long a tool may take, by who waits for it (rule TOOL-41). */
const DEADLINE_MS: Record<ToolPath, number> = { native: 3_000, function: 5_000 };
const MAX_CALLS = 20;
const MAX_CREATES = 5;
const MAX_TRIES = 3;
const MAX_TEXT = 8_000;

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
  signal: AbortSignal;
}

/** The hotel's tools. Adding one: a file in tools/, a line here. */
export function hotelTools(hotel: HotelProfile): Tool[] {
  return [
    createServiceRequest(hotel),
    getServiceRequests(hotel),
    updateServiceRequestPriority(),
    verifyGuest(),
    getHotelInformation(hotel),
  ];
}

/** @returns the tool as it is offered to a model. */
export function definitionOf({ name, description, input, annotations }: Tool): ToolDefinition {
  const { $schema: _schema, ...parameters } = z.toJSONSchema(input, { io: 'input' });
  return { name, description, parameters, annotations };
}

export class Toolbox {
  readonly #options: ToolboxOptions;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #definitions: readonly ToolDefinition[];

  constructor(options: ToolboxOptions) {
    this.#options = options;
    const tools = hotelTools(options.hotel);
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
    this.#definitions = tools.map(definitionOf);
  }

  /** @returns the tools of one call, which share its scope and its limits. */
  open(caller: ToolCaller): CallTools {
    return new CallTools(this.#options, this.#tools, this.#definitions, caller);
  }
}

export class CallTools {
  readonly #options: ToolboxOptions;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #definitions: readonly ToolDefinition[];
  readonly #caller: ToolCaller;
  readonly #scope: CallerScope;
  /** Results by tool call: the same call again gets the same result. Bound: `MAX_CALLS`. */
  readonly #results = new Map<string, Promise<ToolResult>>();
  #creates = 0;
  #failedTries = 0;

  constructor(
    options: ToolboxOptions,
    tools: ReadonlyMap<string, Tool>,
    definitions: readonly ToolDefinition[],
    caller: ToolCaller,
  ) {
    this.#options = options;
    this.#tools = tools;
    this.#definitions = definitions;
    this.#caller = caller;
    this.#scope = { callId: caller.callId, stay: caller.stay };
  }

  definitions(): readonly ToolDefinition[] {
    return this.#definitions;
  }

  /**
   * Runs a tool; never throws. A write that is under way when the guest hangs up goes on to its end.
   * @param input fields, or their JSON text. @param toolCallId unique within the call.
   */
  run(name: string, input: unknown, toolCallId: string, path: ToolPath): Promise<ToolResult> {
    const known = this.#results.get(toolCallId);
    if (known) return known;
    if (this.#results.size >= MAX_CALLS)
      return Promise.resolve(refused('This call has used its tools too often. Offer the front desk.'));
    const result = this.#record(name, input, toolCallId, path);
    this.#results.set(toolCallId, result);
    return result;
  }

  async #record(name: string, input: unknown, toolCallId: string, path: ToolPath): Promise<ToolResult> {
    const { clock, ledger } = this.#options;
    const { callId, happened } = this.#caller;
    const argumentsJson = (typeof input === 'string' ? input : JSON.stringify(input ?? {})).slice(0, MAX_TEXT);
    const startedAtMs = clock.nowMs();
    const startedAt = clock.wallTime();
    happened({ kind: 'tool-started', toolCallId, tool: name, path, arguments: argumentsJson });
    const ran = await this.#inTime(this.#attempt(name, input), DEADLINE_MS[path]);
    const result = { ...ran, text: ran.text.slice(0, MAX_TEXT) };
    const durationMs = Math.round(clock.nowMs() - startedAtMs);
    const { outcome, text } = result;
    ledger.record({
      toolCallId,
      callId,
      tool: name,
      path,
      argumentsJson,
      outcome,
      result: text,
      startedAt,
      durationMs,
    });
    happened({ kind: 'tool-ended', toolCallId, tool: name, path, outcome, durationMs, result: text });
    return result;
  }

  async #attempt(name: string, input: unknown): Promise<ToolResult> {
    const tool = this.#tools.get(name);
    if (!tool)
      return refused(`There is no tool ${name.slice(0, 64)}. The tools are: ${[...this.#tools.keys()].join(', ')}.`);
    const fields = typeof input === 'string' ? parseJson(input) : input;
    const parsed = tool.input.safeParse(fields ?? {});
    if (!parsed.success) return refused(`The arguments do not fit: ${mistakesOf(parsed.error)}.`);
    if (name === 'create_service_request' && ++this.#creates > MAX_CREATES)
      return refused('No more requests can be made in this call. Offer the front desk.');
    try {
      return await tool.run(parsed.data, this.#context());
    } catch {
      return { outcome: 'failed', text: tool.annotations.readOnlyHint ? CANNOT_LOOK : CANNOT_RECORD };
    }
  }

  #inTime(running: Promise<ToolResult>, deadlineMs: number): Promise<ToolResult> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(deadlineMs, () => resolve({ outcome: 'failed', text: TOO_SLOW }));
      void running.then((result) => {
        cancel();
        return resolve(result);
      });
    });
  }

  #context(): ToolContext {
    const { hotel, requests, stays, clock } = this.#options;
    const { callId, happened, signal } = this.#caller;
    return {
      scope: this.#scope,
      hotel,
      requests,
      stays,
      now: () => clock.wallTime(),
      verified: async (stay) => {
        await stays.bind(callId, stay.id);
        this.#scope.stay = stay;
        happened({ kind: 'guest-verified', room: stay.room, stayId: stay.id });
      },
      triesLeft: () => MAX_TRIES - this.#failedTries,
      verificationFailed: () => MAX_TRIES - ++this.#failedTries,
      happened,
      signal,
    };
  }
}

const CANNOT_RECORD = 'I could not record that just now. Tell the guest so, and offer the front desk.';
const CANNOT_LOOK = 'I could not look that up just now. Tell the guest so, and offer the front desk.';
const TOO_SLOW =
  'That takes too long. It is not certain whether it was done. Tell the guest so, and offer the front desk.';

const refused = (text: string): ToolResult => ({ outcome: 'refused', text });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    return 'not JSON';
  }
}

const mistakesOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`)
    .join('; ');

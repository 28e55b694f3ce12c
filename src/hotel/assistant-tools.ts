/**
 * The hotel's tools for its own assistants, who hold a token of staff and have no call: what the token is good for is offered
 * and run, bounded in time, and each use is told to the audit. Nobody is verified here; guests' names are not shown.
 */
import { z } from 'zod';
import { plain } from '../call/plain-text.ts';
import type { Clock, ToolResult } from '../call/ports.ts';
import { missingScope, scopeOf, type Access, type AccessScope } from './access-scopes.ts';
import type { AssistantBook } from './assistant-book.ts';
import { changePriority, listRequests, recordRequest } from './assistant-request-tools.ts';
import type { AssistantTool } from './assistant-tool.ts';
import { within } from './bounded-text.ts';
import { findTopic } from './hotel-topics.ts';
import type { HotelProfile } from './hotel.ts';
import type { StayBook } from './ports.ts';
import type { ToolDefinition } from './tool.ts';
import { parametersOf } from './toolbox.ts';

/** Hears of each use of a token. Never throws, never waits. */
export interface AccessAudit {
  used(access: Access, tool: string, outcome: ToolResult['outcome'], durationMs: number): void;
}

export interface AssistantToolsOptions {
  hotel: HotelProfile;
  book: AssistantBook;
  stays: StayBook;
  clock: Clock;
  audit: AccessAudit;
}

/** The tools of one token. */
export interface ToolsOfAccess {
  definitions(): readonly ToolDefinition[];
  /** Never throws. @param input fields. */
  run(name: string, input: unknown): Promise<ToolResult>;
  /** Tells the audit when a tool is outside the token's scopes. @returns the scope it lacks. */
  deny(name: string): AccessScope | undefined;
}

const DEADLINE_MS = 5_000;
/** Of UTF-8 (rule TOOL-43). */
const MAX_TEXT_BYTES = 8_000;
const MAX_MISTAKES_LENGTH = 400;

export class AssistantTools {
  readonly #options: AssistantToolsOptions;
  readonly #tools: ReadonlyMap<string, AssistantTool>;
  readonly #definitions: readonly ToolDefinition[];

  constructor(options: AssistantToolsOptions) {
    this.#options = options;
    const tools = [
      recordRequest(options.hotel),
      listRequests(options.hotel),
      changePriority(),
      tellOfHotel(options.hotel),
    ];
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
    this.#definitions = tools.map(({ name, description, input, annotations }) => ({
      name,
      description,
      parameters: parametersOf(input),
      annotations,
    }));
  }

  /** @returns what this token may use. */
  forAccess(access: Access): ToolsOfAccess {
    const mayUse = (name: string): boolean => scopeOf(name) !== undefined && missingScope(access, name) === undefined;
    return {
      definitions: () => this.#definitions.filter(({ name }) => mayUse(name)),
      run: (name, input) => this.#run(access, name, input),
      deny: (name) => {
        const missing = missingScope(access, name);
        if (missing !== undefined) this.#options.audit.used(access, name, 'refused', 0);
        return missing;
      },
    };
  }

  async #run(access: Access, name: string, input: unknown): Promise<ToolResult> {
    const { clock, audit } = this.#options;
    const startedAtMs = clock.nowMs();
    const result = await this.#attempt(access, name, input);
    audit.used(access, within(64, name), result.outcome, Math.round(clock.nowMs() - startedAtMs));
    return { ...result, text: within(MAX_TEXT_BYTES, result.text) };
  }

  async #attempt(access: Access, name: string, input: unknown): Promise<ToolResult> {
    const tool = this.#tools.get(name);
    const missing = missingScope(access, name);
    if (missing !== undefined) return refused(`This token lacks the scope ${missing}.`);
    if (!tool) return refused(`There is no tool ${within(64, name)}.`);
    const parsed = tool.input.safeParse(plain(input ?? {}));
    if (!parsed.success)
      return refused(`The arguments do not fit: ${z.prettifyError(parsed.error).slice(0, MAX_MISTAKES_LENGTH)}`);
    return this.#inTime(tool, this.#guarded(tool, parsed.data, access));
  }

  async #guarded(tool: AssistantTool, input: unknown, access: Access): Promise<ToolResult> {
    const { hotel, book, stays, clock } = this.#options;
    try {
      return await tool.run(input, { access, hotel, book, stays, now: () => clock.wallTime() });
    } catch {
      return failed('It failed at the hotel: try again later.');
    }
  }

  #inTime({ annotations }: AssistantTool, running: Promise<ToolResult>): Promise<ToolResult> {
    const doubt = annotations.readOnlyHint ? '' : ' It may have been done all the same: look before trying again.';
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(DEADLINE_MS, () => resolve(failed(`It took too long.${doubt}`)));
      void running.then((result) => {
        cancel();
        return resolve(result);
      });
    });
  }
}

function tellOfHotel(hotel: HotelProfile): AssistantTool {
  const topics = Object.keys(hotel.facts).join(', ');
  const input = z.strictObject({
    topic: z.string().trim().min(2).max(60).describe(`One of: ${topics}. Or a department, for its hours.`),
  });
  return {
    name: 'get_hotel_information',
    description: 'Tells a fact about the hotel, such as hours, Wi-Fi, parking and check-out.',
    input,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    run(raw) {
      const found = findTopic(hotel, (raw as z.output<typeof input>).topic);
      if (found.kind === 'found') {
        const { topic, text } = found;
        return Promise.resolve({ outcome: 'ok', text, structured: { topic } });
      }
      if (found.kind === 'unknown') return Promise.resolve(refused('There is no information about that.'));
      const choice = `It could be about ${found.topics.join(' or ')}: ask for one of them.`;
      return Promise.resolve({ ...refused(choice), structured: { topics: found.topics } });
    },
  };
}

const refused = (text: string): ToolResult => ({ outcome: 'refused', text });
const failed = (text: string): ToolResult => ({ outcome: 'failed', text });

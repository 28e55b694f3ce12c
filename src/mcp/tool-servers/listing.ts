/** All that a server lists, page by page, in bounded amounts. What is malformed or monstrous is left out, not fatal. */
import {
  McpError,
  PromptSchema,
  ResourceSchema,
  ResourceTemplateSchema,
  ToolSchema,
  type ClientRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { Clock } from '../../call/ports.ts';
import type { Capabilities, ListedPrompt, ListedResource, ListedTool } from '../../hotel/tool-servers/ports.ts';
import { canonicalJson, NestedTooDeeplyError } from '../../hotel/tool-servers/tool-hash.ts';
import type { Session } from './session.ts';

const MAX_PAGES = 20;
const MAX_ITEMS = 256;
/** Of JSON: one that is larger is left out. */
const MAX_ITEM_LENGTH = 64 * 1024;
/** No more than a person could ever approve: all of it is read between the sounds of calls. */
const MAX_LIST_LENGTH = 1024 * 1024;
/** For all lists together. */
const LIST_WITHIN_MS = 10_000;

/** One that no definition can name, and nobody could approve, is none. */
const isName = (name: string): boolean => /^[^\p{Cc}]{1,128}$/u.test(name) && name !== '__proto__';

type ListMethod = 'tools/list' | 'resources/list' | 'resources/templates/list' | 'prompts/list';

export interface Listing {
  capabilities: Capabilities;
  /** Equal for equal listings. */
  fingerprint: string;
  /** In words, when something was left out. */
  leftOut: string[];
}

/** @throws what the session throws when its tools cannot be listed; other lists that fail are empty. */
export async function listAll(session: Session, clock: Clock): Promise<Listing> {
  const pages = new Pages(session, clock);
  const { offers } = session;
  const list = { tools: [] as ListedTool[], resources: [] as ListedResource[], prompts: [] as ListedPrompt[] };
  if (offers.tools) list.tools = await pages.all('tools/list', 'tools', toolOf);
  if (offers.resources) {
    const resources = await pages.ifAny('resources/list', 'resources', resourceOf);
    const templates = await pages.ifAny('resources/templates/list', 'resourceTemplates', templateOf);
    list.resources = [...resources, ...templates];
  }
  if (offers.prompts) list.prompts = await pages.ifAny('prompts/list', 'prompts', promptOf);
  const capabilities = { ...session.server, protocolVersion: session.protocolVersion, ...list };
  return { capabilities, fingerprint: canonicalJson(capabilities), leftOut: [...pages.leftOut] };
}

class Pages {
  readonly leftOut = new Set<string>();
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #untilMs: number;

  constructor(session: Session, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
    this.#untilMs = clock.nowMs() + LIST_WITHIN_MS;
  }

  /** Some servers declare what they cannot list. */
  async ifAny<T extends Named>(
    method: ListMethod,
    field: string,
    read: (item: unknown) => T | undefined,
  ): Promise<T[]> {
    try {
      return await this.all(method, field, read);
    } catch (error) {
      if (!(error instanceof McpError)) throw error;
      this.leftOut.add(`${field}: ${error.message}`);
      return [];
    }
  }

  async all<T extends Named>(method: ListMethod, field: string, read: (item: unknown) => T | undefined): Promise<T[]> {
    const items: T[] = [];
    const known = new Set<string>();
    let length = 0;
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const list = await this.#page(method, field, cursor);
      for (const item of list.items) {
        const size = sizeOf(item);
        const found = size <= MAX_ITEM_LENGTH ? read(item) : undefined;
        const key = found?.uri ?? found?.name ?? '';
        if (found && known.has(key)) this.leftOut.add(`${field} that are listed twice`);
        else if (found === undefined) this.leftOut.add(`${field} that cannot be read`);
        else if (items.length === MAX_ITEMS || length + size > MAX_LIST_LENGTH) return this.#cut(field, items);
        else {
          known.add(key);
          items.push(found);
          length += size;
        }
      }
      if (list.nextCursor === undefined || list.nextCursor === cursor) return items;
      cursor = list.nextCursor;
    }
    return this.#cut(field, items);
  }

  async #page(method: ListMethod, field: string, cursor: string | undefined): Promise<Page> {
    const request: ClientRequest = cursor === undefined ? { method } : { method, params: { cursor } };
    const limits = { withinMs: Math.max(0, this.#untilMs - this.#clock.nowMs()) };
    const page = await this.#session.request(request, pageSchema, limits);
    const items = page[field];
    return { items: Array.isArray(items) ? (items as unknown[]) : [], nextCursor: page.nextCursor };
  }

  #cut<T>(field: string, items: T[]): T[] {
    this.leftOut.add(`${field} beyond the first ${items.length}`);
    return items;
  }
}

/** What is listed is known by its address or its name; the first one of two counts. */
interface Named {
  name: string;
  uri?: string;
}

interface Page {
  items: unknown[];
  nextCursor: string | undefined;
}

const pageSchema = z.looseObject({ nextCursor: z.string().optional() });

function sizeOf(item: unknown): number {
  try {
    // As deep as it stands among the capabilities.
    return canonicalJson([[item]]).length;
  } catch (error) {
    if (error instanceof NestedTooDeeplyError) return Infinity;
    throw error;
  }
}

function toolOf(item: unknown): ListedTool | undefined {
  const tool = ToolSchema.safeParse(item).data;
  if (!tool || !isName(tool.name)) return undefined;
  const { name, title, description = '', inputSchema, outputSchema, annotations } = tool;
  return {
    name,
    ...(title === undefined ? {} : { title }),
    description,
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

function resourceOf(item: unknown): ListedResource | undefined {
  const resource = ResourceSchema.safeParse(item).data;
  return resource && { uri: resource.uri, ...described(resource), isTemplate: false };
}

function templateOf(item: unknown): ListedResource | undefined {
  const template = ResourceTemplateSchema.safeParse(item).data;
  return template && { uri: template.uriTemplate, ...described(template), isTemplate: true };
}

function described({ name, description, mimeType }: { name: string; description?: string; mimeType?: string }): {
  name: string;
  description?: string;
  mimeType?: string;
} {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(mimeType === undefined ? {} : { mimeType }),
  };
}

function promptOf(item: unknown): ListedPrompt | undefined {
  const prompt = PromptSchema.safeParse(item).data;
  if (!prompt) return undefined;
  return {
    name: prompt.name,
    ...(prompt.description === undefined ? {} : { description: prompt.description }),
    arguments: (prompt.arguments ?? []).map(({ name, required }) => ({ name, isRequired: required === true })),
  };
}

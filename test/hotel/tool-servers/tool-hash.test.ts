/** The hash that an approved tool is known by. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListedTool } from '../../../src/hotel/tool-servers/ports.ts';
import {
  canonicalJson,
  isSameTool,
  NestedTooDeeplyError,
  toolHash,
} from '../../../src/hotel/tool-servers/tool-hash.ts';

const TOOL: ListedTool = {
  name: 'find_table',
  description: 'Finds a free table.',
  inputSchema: {
    type: 'object',
    properties: { guests: { type: 'integer', minimum: 1 }, at: { type: 'string', enum: ['noon', 'evening'] } },
    required: ['guests'],
  },
  outputSchema: { type: 'object', properties: { table: { type: 'string' } } },
  annotations: { readOnlyHint: true, title: 'Tables' },
};

/** The same value with the keys of all its objects in another order. */
function shuffled(value: unknown, turn: number): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => shuffled(item, turn));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, field]) => [key, shuffled(field, turn)] as const);
  const at = entries.length === 0 ? 0 : turn % entries.length;
  return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)].toReversed());
}

/** The tool with one character of one of its texts or numbers changed, whichever `at` points to. */
function changedAt(at: number, character: string): ListedTool | undefined {
  const json = JSON.stringify(TOOL);
  const place = at % json.length;
  try {
    return JSON.parse(json.slice(0, place) + character + json.slice(place + 1)) as ListedTool;
  } catch {
    return undefined;
  }
}

describe('the hash', () => {
  it('[TOOL-45] does not depend on the order of keys at any depth', () => {
    fc.assert(
      fc.property(fc.nat(50), (turn) => {
        expect(toolHash(shuffled(TOOL, turn) as ListedTool)).toBe(toolHash(TOOL));
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(9), (value, turn) => {
        expect(canonicalJson(shuffled(value, turn))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('[TOOL-45] any single character that changes changes it', () => {
    let changes = 0;
    const own = JSON.stringify(TOOL);
    const known = ['"name"', '"description"', '"inputSchema"', '"outputSchema"', '"annotations"'];
    fc.assert(
      fc.property(fc.nat(own.length - 1), fc.constantFrom('x', '7', 'e', ' ', '\u200b', 'а'), (at, character) => {
        const changed = changedAt(at, character);
        const json = JSON.stringify(changed);
        // A field that is called otherwise is none that a model sees.
        if (!changed || json === own || known.some((key) => !json.includes(key))) return;
        changes++;
        expect(toolHash(changed)).not.toBe(toolHash(TOOL));
      }),
      { numRuns: 2_000 },
    );
    expect(changes).toBeGreaterThan(200);
  });

  it('[TOOL-45] the order of lists counts, undefined fields do not', () => {
    const turned = structuredClone(TOOL);
    turned.inputSchema.properties = {
      guests: { type: 'integer', minimum: 1 },
      at: { type: 'string', enum: ['evening', 'noon'] },
    };
    expect(toolHash(turned)).not.toBe(toolHash(TOOL));
    expect(toolHash({ ...TOOL, title: undefined })).toBe(toolHash(TOOL));
    expect(toolHash({ ...TOOL, annotations: undefined })).not.toBe(toolHash(TOOL));
    expect(toolHash(TOOL)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('what is nested without end is told, not followed', () => {
    let schema: Record<string, unknown> = {};
    for (let depth = 0; depth < 20_000; depth++) schema = { items: schema };
    expect(() => toolHash({ ...TOOL, inputSchema: schema })).toThrow(NestedTooDeeplyError);
    expect(isSameTool({ ...TOOL, inputSchema: schema }, TOOL)).toBe(false);
  });
});

describe('what the model’s side lists', () => {
  it('[TOOL-45] is the approved tool when name, description and arguments are the same', () => {
    const { name, description, inputSchema } = TOOL;
    expect(
      isSameTool({ name, description, inputSchema: shuffled(inputSchema, 1) as Record<string, unknown> }, TOOL),
    ).toBe(true);
    expect(isSameTool({ name, description, inputSchema, annotations: { readOnlyHint: true } }, TOOL)).toBe(true);
    expect(isSameTool({ name, description: `${description} `, inputSchema }, TOOL)).toBe(false);
    expect(isSameTool({ name, description, inputSchema: { type: 'object' } }, TOOL)).toBe(false);
    expect(isSameTool({ name, description, inputSchema, annotations: { readOnlyHint: false } }, TOOL)).toBe(false);
    expect(isSameTool({ ...TOOL, outputSchema: { type: 'object' } }, TOOL)).toBe(false);
  });
});

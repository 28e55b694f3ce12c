/** Arguments against the schemas of servers, which may be hostile. */
import { describe, expect, it } from 'vitest';
import { argumentCheck } from '../../../src/hotel/tool-servers/argument-check.ts';
import { weightOf } from '../../../src/hotel/tool-servers/schema-weight.ts';

const check = (schema: Record<string, unknown>, input: Record<string, unknown>): string | undefined => {
  const found = argumentCheck(schema);
  if (found === 'unreadable') throw new Error('unreadable');
  return found(input);
};

describe('[TOOL-19] what does not fit', () => {
  it('is told by its place, with what was expected', () => {
    const schema = {
      type: 'object',
      properties: { day: { enum: ['today', 'tomorrow'] }, party: { $ref: '#/$defs/party' } },
      additionalProperties: false,
      $defs: { party: { type: 'object', properties: { adults: { type: 'integer', minimum: 1 } } } },
    };
    expect(check(schema, { day: 'today', party: { adults: 2 } })).toBeUndefined();
    expect(check(schema, { day: 'friday' })).toBe('day must be equal to one of the allowed values: today, tomorrow');
    expect(check(schema, { party: { adults: 0 } })).toBe('party.adults must be >= 1');
    expect(check(schema, { room: '1' })).toBe('must NOT have additional properties (room)');
  });

  it('formats, names by pattern and unknown words are the server’s to check', () => {
    expect(
      check({ properties: { at: { format: 'date', pattern: '^x$', 'x-own': 1 } } }, { at: 'soon' }),
    ).toBeUndefined();
    const schema = { patternProperties: { '^n-': { type: 'number' } }, properties: {}, additionalProperties: false };
    expect(check(schema, { 'n-1': 'one' })).toBeUndefined();
  });

  it('an inherited name is no argument', () => {
    expect(check({ required: ['constructor'] }, {})).toMatch(/constructor/);
  });

  it('a schema that is none, too large, or somewhere else is unreadable', () => {
    for (const schema of [{ type: 'nothing' }, { properties: 5 }, { $ref: 'https://evil.example/s' }])
      expect(argumentCheck(schema)).toBe('unreadable');
    expect(argumentCheck({ description: 'x'.repeat(40_000) })).toBe('unreadable');
  });
});

describe('[T5] work without end', () => {
  const chain = (length: number): Record<string, unknown> => ({
    ...{ type: 'object', properties: { a: { $ref: '#/$defs/d0' } } },
    $defs: Object.fromEntries(
      Array.from({ length }, (_, i) => {
        const next = { $ref: `#/$defs/d${i + 1}` };
        return [`d${i}`, i + 1 === length ? { type: 'string' } : { allOf: [next, next] }];
      }),
    ),
  });

  it('references that double with each step are counted, circles are without end', () => {
    expect(weightOf({ type: 'object', properties: { a: { type: 'string' } } })).toBe(5);
    expect(weightOf(chain(3))).toBeLessThan(100);
    expect(weightOf(chain(40))).toBeGreaterThan(2 ** 39);
    expect(weightOf({ properties: { inner: { $ref: '#' } } })).toBe(Infinity);
    expect(weightOf({ properties: { $ref: { type: 'string' } } })).toBeLessThan(10);
  });

  it('is not begun: such arguments are left to the server', () => {
    const startedMs = performance.now();
    expect(check(chain(40), { a: 5 })).toBeUndefined();
    expect(check({ allOf: [{ items: { $ref: '#' } }], type: 'object' }, {})).toBeUndefined();
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(check(chain(4), { a: 5 })).toMatch(/a must be string/);
  });
});

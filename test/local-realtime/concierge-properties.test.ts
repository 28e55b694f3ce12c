import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concierge } from '../../src/local-realtime/concierge.ts';
import type { Move, OfferedTool, Turn } from '../../src/local-realtime/ports.ts';
import { Guest, TOOLS } from './concierge-guest.ts';

const WORDS =
  `hello yes no please thank you goodbye two three towel towels pillow room four twelve thirteen five oh eight hundred and the my is not working broken
  air conditioning shower leaking wake me up at seven thirty tomorrow half past six noon taxi to airport late check out until luggage wifi password breakfast what
  when who staying in request status urgent number one zero person front desk spa put through never mind actually sorry wrong repeat that again miller name last
  mister ignore instructions sandwich beer room service clean order a an extra for in with can i could have need wait moment double quarter a m`.split(
    /\s+/,
  );
const salad = fc.array(fc.constantFrom(...WORDS), { maxLength: 14 }).map((words) => words.join(' '));
const line = fc.oneof({ weight: 4, arbitrary: salad }, { weight: 1, arbitrary: fc.string({ maxLength: 60 }) });
const turn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({ kind: fc.constant('guest' as const), text: line, isUnderstood: fc.boolean() }),
  fc.record({ kind: fc.constant('agent' as const), text: line, wasCutOff: fc.boolean() }),
  fc.record({
    kind: fc.constant('tool' as const),
    name: fc.constantFrom(...TOOLS.map(({ name }) => name), 'unknown_tool'),
    arguments: fc.dictionary(fc.string({ maxLength: 8 }), fc.oneof(fc.string({ maxLength: 12 }), fc.integer())),
    output: fc.oneof(fc.string({ maxLength: 80 }), fc.json({ maxDepth: 2 }), line, fc.constant('')),
    isError: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('instruction' as const), text: line }),
);

/** A claim that something was recorded. */
const CLAIM = /request number|recorded|noted|i have requested/i;

function fits(move: Move, tools: readonly OfferedTool[]): void {
  if (move.kind === 'say') {
    expect(move.text.trim()).not.toBe('');
    return;
  }
  const tool = tools.find(({ name }) => name === move.name);
  expect(tool, `${move.name} is offered`).toBeDefined();
  const { required = [], properties = {} } = tool!.parameters as {
    required?: string[];
    properties?: Record<string, { minLength?: number; maxLength?: number; enum?: string[] }>;
  };
  for (const name of required) expect(move.arguments).toHaveProperty(name);
  for (const [name, value] of Object.entries(move.arguments)) {
    const schema = properties[name];
    expect(schema, `${name} is known`).toBeDefined();
    if (typeof value === 'string') {
      expect(value.length).toBeGreaterThanOrEqual(schema!.minLength ?? 0);
      expect(value.length).toBeLessThanOrEqual(schema!.maxLength ?? Infinity);
    }
    if (schema!.enum) expect(schema!.enum).toContain(value);
  }
}

describe('the concierge, whatever it is told', () => {
  it('answers every conversation, with offered tools and fitting arguments only', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 8 }), fc.subarray(TOOLS), line, (turns, tools, instructions) => {
        const moves = concierge.reply({ turns, instructions, tools });
        expect(Array.isArray(moves)).toBe(true);
        for (const move of moves) fits(move, tools);
      }),
      { numRuns: 600 },
    );
  });

  it('claims no request before a tool recorded one', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        const guest = new Guest({
          create_service_request: () => ({ error: 'Not possible.' }),
          get_service_requests: () => 'There are none.',
          verify_guest: () => ({ error: 'They do not fit.' }),
          update_service_request_priority: () => ({ error: 'Not found.' }),
        });
        for (const words of lines) {
          const { said } = guest.says(words);
          expect(
            said.replace(/could not record|can't record requests|already recorded|What is the request number/g, ''),
          ).not.toMatch(CLAIM);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('creates nothing that was not read back and agreed to', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        const guest = new Guest();
        for (const words of lines) {
          const wasAsked =
            guest.turns.findLast((turn) => turn.kind === 'agent')?.text.includes('is that right?') ?? false;
          const { calls } = guest.says(words);
          if (calls.some(({ name }) => name === 'create_service_request')) expect(wasAsked).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('says the same for the same conversation', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 6 }), (turns) => {
        const input = { turns, instructions: '', tools: TOOLS };
        const before = JSON.stringify(input);
        expect(concierge.reply(input)).toEqual(concierge.reply(input));
        expect(JSON.stringify(input)).toBe(before);
      }),
    );
  });

  it("calls tools under a server's prefix, and departments as that server names them", () => {
    const parameters = {
      type: 'object',
      required: ['summary', 'department'],
      properties: {
        summary: { type: 'string', minLength: 40 },
        department: { type: 'string', enum: ['Engineering', 'Rooms'] },
      },
    };
    const tools = [{ name: 'hotel__create_service_request', description: '', parameters }];
    const guest = new Guest({ hotel__create_service_request: () => '{"request_number": 77}' }, tools);
    guest.says('the shower is leaking in room four twelve');
    const { calls, said } = guest.says('yes');
    expect(calls).toMatchObject([{ name: 'hotel__create_service_request', arguments: { department: 'Engineering' } }]);
    expect((calls[0]!.arguments.summary as string).length).toBeGreaterThanOrEqual(40);
    expect(said).toMatch(/seven seven/);
  });

  it('a tool that requires what nobody knows is never called', () => {
    const parameters = {
      type: 'object',
      required: ['summary', 'loyalty_number'],
      properties: { summary: { type: 'string' }, loyalty_number: { type: 'string' } },
    };
    const guest = new Guest({}, [{ name: 'create_service_request', description: '', parameters }]);
    expect(guest.says('two towels to room four twelve')).toMatchObject({
      calls: [],
      said: "I'm sorry, I can't record requests on this line. Is there anything else I can do for you?",
    });
  });
});

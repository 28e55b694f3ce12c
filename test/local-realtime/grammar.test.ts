import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEMO_STAYS } from '../../src/hotel/demo-stays.ts';
import { GrammarMistake, readRules } from '../../src/local-realtime/grammar-text.ts';
import { readHotelTalk } from '../../src/local-realtime/hotel-talk.ts';
import { shareWords, type SharedNetwork } from '../../src/local-realtime/network-sharing.ts';
import { networkOf, type WordNetwork } from '../../src/local-realtime/word-network.ts';

const GRAMMAR = new URL('../../src/local-realtime/grammar/en/', import.meta.url);
const network = (text: string): WordNetwork => networkOf(readRules(text), '<start>');

/** All that the network accepts, up to so many words. */
function sentences({ arcs, endProbability, ...more }: WordNetwork, maxWords = 4): string[] {
  const references = (more as Partial<SharedNetwork>).references ?? [];
  const found: string[] = [];
  const walk = (state: number, words: string[]): void => {
    if (endProbability[state]! > 0) found.push(words.join(' '));
    out(state, words);
  };
  const out = (state: number, words: string[]): void => {
    if (words.length < maxWords) for (const [word, { to }] of arcs[state]!) walk(to, [...words, word]);
    for (const { to } of references[state] ?? []) out(to, words);
  };
  walk(0, []);
  return found.toSorted();
}

describe('a grammar file', () => {
  it('is read as alternatives with weights, options and repetitions', () => {
    expect(readRules('// talk\n<start> = /3/ two towels | [a] <thing>+;\n<thing> = (iron);')).toEqual(
      new Map<string, unknown>([
        [
          '<start>',
          {
            kind: 'choice',
            options: [
              {
                weight: 0.75,
                expression: {
                  kind: 'sequence',
                  parts: [
                    { kind: 'word', word: 'two' },
                    { kind: 'word', word: 'towels' },
                  ],
                },
              },
              {
                weight: 0.25,
                expression: {
                  kind: 'sequence',
                  parts: [
                    { kind: 'repeat', of: { kind: 'word', word: 'a' }, least: 0, isUnbounded: false },
                    { kind: 'repeat', of: { kind: 'rule', name: '<thing>' }, least: 1, isUnbounded: true },
                  ],
                },
              },
            ],
          },
        ],
        ['<thing>', { kind: 'word', word: 'iron' }],
      ]),
    );
  });

  it.each([
    ['<start> = a', '; at the end of <start>'],
    ['<start> a;', '= after <start>'],
    ['start = a;', 'a rule name'],
    ['<start> = (a;', 'expected )'],
    ['<start> = a | ;', 'an empty alternative'],
    ['<start> = [a);', 'expected ]'],
    ['<start> = * a;', 'expected a word'],
    ['<start> = a; <start> = b;', 'defined twice'],
  ])('"%s" is refused', (text, words) => {
    expect(() => readRules(text)).toThrow(GrammarMistake);
    expect(() => readRules(text)).toThrow(words);
  });

  it('a rule that is missing or calls itself is refused', () => {
    expect(() => network('<start> = <other>;')).toThrow('<other> is not defined');
    expect(() => network('<start> = a [<b>]; <b> = b <start>;')).toThrow('calls itself');
  });
});

describe('a network of words', () => {
  it('accepts what the grammar allows, and nothing else', () => {
    expect(sentences(network('<start> = (send | bring) [me] (<thing>)* please; <thing> = towels | ice;'), 4)).toEqual(
      [
        ...['send', 'bring'].flatMap((verb) => [
          `${verb} please`,
          `${verb} me please`,
          ...['towels', 'ice'].flatMap((thing) => [
            `${verb} ${thing} please`,
            `${verb} me ${thing} please`,
            ...['towels', 'ice'].map((second) => `${verb} ${thing} ${second} please`),
          ]),
        ]),
      ].toSorted(),
    );
  });

  it('has one arc for a word out of each state, and joins equal endings', () => {
    const { arcs } = network(
      '<start> = two towels please | two pillows please | three towels please | three pillows please;',
    );
    expect(arcs.map((out) => [...out.keys()].toSorted())).toEqual([
      ['three', 'two'],
      ['pillows', 'towels'],
      ['please'],
      [],
    ]);
  });

  it('keeps the weights: all ways out of a state are 1', () => {
    const { arcs, endProbability } = network('<start> = /3/ a b | a c [d] | e+;');
    for (const [state, out] of arcs.entries()) {
      const sum = [...out.values()].reduce((total, { probability }) => total + probability, endProbability[state]!);
      expect(sum).toBeCloseTo(1, 5);
    }
    expect(arcs[0]!.get('a')!.probability).toBeCloseTo(0.8, 5);
    expect(arcs[arcs[0]!.get('a')!.to]!.get('b')!.probability).toBeCloseTo(0.75, 5);
  });

  it('means the same after words were shared, with fewer arcs', () => {
    const words = 'towels | pillows | blankets | soap | shampoo';
    const text = `<start> = send (${words} | someone) | bring (${words}) | get (${words} | help | lost);`;
    const plain = network(text);
    const shared = shareWords(plain);
    expect(sentences(shared)).toEqual(sentences(plain));
    const count = shared.arcs.reduce((sum, out) => sum + out.size, 0) + shared.references.flat().length;
    expect(count).toBeLessThan(plain.arcs.reduce((sum, out) => sum + out.size, 0));
    for (const [state, out] of shared.arcs.entries()) {
      const ways = [...out.values(), ...shared.references[state]!].map(({ probability }) => probability);
      expect(ways.reduce((sum, probability) => sum + probability, shared.endProbability[state]!)).toBeCloseTo(1, 5);
    }
  });

  it('accepts every sentence it was made of, whatever they are', () => {
    const sentence = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 1, maxLength: 8 }), (lines) => {
        const texts = [...new Set(lines.map((words) => words.join(' ')))].toSorted();
        const made = network(`<start> = ${texts.join(' | ')};`);
        expect(sentences(made)).toEqual(texts);
        expect(sentences(shareWords(made))).toEqual(texts);
      }),
    );
  });
});

describe('hotel talk', () => {
  it('is one network in which every state can be reached and left', async () => {
    const { states, start, end, arcs } = await readHotelTalk(GRAMMAR);
    const byFrom = Map.groupBy(arcs, ({ from }) => from);
    const byTo = Map.groupBy(arcs, ({ to }) => to);
    expect(allFrom(start, (state) => (byFrom.get(state) ?? []).map(({ to }) => to)).size).toBe(states);
    expect(allFrom(end, (state) => (byTo.get(state) ?? []).map(({ from }) => from)).size).toBe(states);
    // What each decoder holds in memory grows with it.
    expect(arcs.length).toBeLessThan(27_000);
    for (const { probability } of arcs) expect(probability).toBeGreaterThan(0);
  });

  it('knows the last names of all guests of the example hotel', () => {
    const names = new Set(readFileSync(new URL('surnames.txt', GRAMMAR), 'utf8').trim().split(/\s+/));
    expect(DEMO_STAYS.filter(({ lastName }) => !names.has(lastName.toLowerCase()))).toEqual([]);
    const firstNames = new Set(readFileSync(new URL('first-names.txt', GRAMMAR), 'utf8').trim().split(/\s+/));
    expect(DEMO_STAYS.filter(({ firstName }) => !firstNames.has(firstName.toLowerCase()))).toEqual([]);
  });
});

function allFrom(first: number, next: (state: number) => number[]): Set<number> {
  const seen = new Set([first]);
  for (const state of seen) for (const other of next(state)) seen.add(other);
  return seen;
}

/** What the ears listen for: the grammar's files as one network of words, with how each word is said. */
import { readFile } from 'node:fs/promises';
import { readRules } from './grammar-text.ts';
import { shareWords } from './network-sharing.ts';
import { networkOf } from './word-network.ts';

const FILES = ['numbers', 'things', 'faults', 'services', 'questions', 'talk'];
/** Words lists, by the rule that they become. */
const LISTS = { surname: 'surnames', 'first-name': 'first-names' };

/** How often a clause is followed by another, and how often something comes before the first. */
const ANOTHER_SHARE = 0.1;
const OPENING_SHARE = 0.3;
/** A state that can end does so at least this often, however rarely its words end there. */
const LEAST_END = 1e-6;

/** A network for the recogniser. An arc without a word is free. */
export interface SpeechNetwork {
  states: number;
  start: number;
  end: number;
  arcs: { from: number; to: number; word?: string; probability: number }[];
}

/**
 * @param folder of a language's grammar, ending in a slash. @param please what may end any utterance. @param hasSwitch whether
 * guests may ask for another language. @throws GrammarMistake
 * for a grammar that cannot be read.
 */
export async function readHotelTalk(
  folder: URL,
  { please = 'please', hasSwitch = false } = {},
): Promise<SpeechNetwork> {
  const files = hasSwitch ? [...FILES, 'switch'] : FILES;
  const texts = await Promise.all(files.map((name) => readFile(new URL(`${name}.jsgf`, folder), 'utf8')));
  const lists = await Promise.all(
    Object.entries(LISTS).map(async ([rule, name]) => {
      const words = (await readFile(new URL(`${name}.txt`, folder), 'utf8')).trim().split(/\s+/);
      return `<${rule}> = ${words.join(' | ')};`;
    }),
  );
  return utterances(readRules([...texts, ...lists].join('\n')), hasSwitch ? '<clause-or-switch>' : '<clause>', please);
}

/** An utterance is a clause, perhaps with words before it, perhaps with clauses after it. */
function utterances(rules: ReturnType<typeof readRules>, rule: string, please: string): SpeechNetwork {
  const clause = shareWords(networkOf(rules, rule));
  const opening = networkOf(rules, '<opening>');
  const joint = networkOf(rules, '<joint>');
  const [end, start, join] = [clause.arcs.length, clause.arcs.length + 1, clause.arcs.length + 2];
  const network: SpeechNetwork = { states: end + 3, start, end, arcs: [] };
  network.arcs.push({ from: start, to: 0, probability: 1 - OPENING_SHARE }, { from: join, to: 0, probability: 0.6 });
  for (const [from, out] of clause.arcs.entries()) {
    for (const [word, { to, probability }] of out) network.arcs.push({ from, to, word, probability });
    for (const { to, probability } of clause.references[from]!) network.arcs.push({ from, to, probability });
    const ends = clause.endProbability[from]!;
    if (ends === 0) continue;
    network.arcs.push({ from, to: end, probability: Math.max(ends, LEAST_END) });
    network.arcs.push({ from, to: join, probability: Math.max(ends, LEAST_END) * ANOTHER_SHARE });
  }
  insert(network, opening, { from: start, to: 0, share: OPENING_SHARE });
  insert(network, joint, { from: join, to: 0, share: 0.4 });
  network.arcs.push({ from: end, to: end, word: please, probability: 0.1 });
  return network;
}

/** Puts a network between two states of another. */
function insert(
  network: SpeechNetwork,
  part: ReturnType<typeof networkOf>,
  at: { from: number; to: number; share: number },
): void {
  const first = network.states;
  network.states += part.arcs.length;
  const entry = { from: at.from, to: first, probability: at.share };
  network.arcs.push(entry);
  for (const [state, out] of part.arcs.entries()) {
    for (const [word, { to, probability }] of out)
      network.arcs.push({ from: first + state, to: first + to, word, probability });
    const ends = part.endProbability[state]!;
    if (ends > 0) network.arcs.push({ from: first + state, to: at.to, probability: ends });
  }
}

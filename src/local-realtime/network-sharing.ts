/** Shares words between states of a network: a state that can do all that another can refers to it. Pure. */
import type { Arc, WordNetwork } from './word-network.ts';

/** Fewer words than this are not worth a reference. */
const LEAST_SHARED = 4;

export interface SharedNetwork extends WordNetwork {
  /** Out of each state, without a word: all that the other state can do is possible here too. */
  references: Arc[][];
}

/** @returns the same language with far fewer arcs. */
export function shareWords({ arcs, endProbability }: WordNetwork): SharedNetwork {
  const holders = new Map<string, number[]>();
  for (const [state, out] of arcs.entries())
    for (const [word, { to }] of out) {
      const states = holders.get(`${word}>${to}`);
      if (states) states.push(state);
      else holders.set(`${word}>${to}`, [state]);
    }
  const shared: SharedNetwork = { arcs: [], endProbability, references: [] };
  for (const [state, out] of arcs.entries()) {
    const left = new Map(out);
    const references: Arc[] = [];
    for (;;) {
      const other = largestWithin(arcs, endProbability, holders, state, left);
      if (other === undefined) break;
      references.push(referTo(other, arcs[other]!, left));
    }
    shared.arcs.push(left);
    shared.references.push(references);
  }
  return shared;
}

/** The state with most words, all of which are in `left`. */
function largestWithin(
  arcs: WordNetwork['arcs'],
  endProbability: readonly number[],
  holders: ReadonlyMap<string, number[]>,
  state: number,
  left: ReadonlyMap<string, Arc>,
): number | undefined {
  const overlap = new Map<number, number>();
  for (const [word, { to }] of left)
    for (const other of holders.get(`${word}>${to}`)!) overlap.set(other, (overlap.get(other) ?? 0) + 1);
  let best: number | undefined;
  for (const [other, count] of overlap) {
    const { size } = arcs[other]!;
    // Only smaller ones, so that references never go round in a circle.
    if (
      other === state ||
      count < size ||
      size < LEAST_SHARED ||
      size >= arcs[state]!.size ||
      endProbability[other]! > 0
    )
      continue;
    if (best === undefined || size > arcs[best]!.size) best = other;
  }
  return best;
}

function referTo(other: number, words: ReadonlyMap<string, Arc>, left: Map<string, Arc>): Arc {
  let probability = 0;
  for (const word of words.keys()) {
    probability += left.get(word)!.probability;
    left.delete(word);
  }
  return { to: other, probability };
}

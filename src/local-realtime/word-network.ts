/**
 * A grammar as the smallest network of words: one arc per word out of each state, equal states joined. Hundreds of ways to
 * begin a sentence then cost the recogniser one path instead of hundreds. Pure.
 */
import { GrammarMistake, type Expression } from './grammar-text.ts';

export interface Arc {
  to: number;
  /** How likely the word is here, all arcs of a state and its end being 1. */
  probability: number;
}

export interface WordNetwork {
  /** Out of each state, by word. State 0 is the start. */
  arcs: ReadonlyMap<string, Arc>[];
  /** How likely the grammar ends in this state; 0 where it cannot. */
  endProbability: number[];
}

/** How often something optional is said, and something repeatable once more. */
const OPTIONAL_SHARE = 0.4;
const AGAIN_SHARE = 0.15;

/** @throws GrammarMistake for a rule that is missing or calls itself. */
export function networkOf(rules: ReadonlyMap<string, Expression>, start: string): WordNetwork {
  const loose = new LooseNetwork(rules);
  const end = loose.addState();
  const begin = loose.addState();
  loose.add({ kind: 'rule', name: start }, begin, end, 1);
  return joinEqualStates(withoutChoice(loose, begin, end));
}

/** States with several arcs for a word, and arcs without a word. */
class LooseNetwork {
  readonly words: { word: string; to: number; share: number }[][] = [];
  readonly empty: { to: number; share: number }[][] = [];
  readonly #rules: ReadonlyMap<string, Expression>;
  readonly #open: string[] = [];

  constructor(rules: ReadonlyMap<string, Expression>) {
    this.#rules = rules;
  }

  addState(): number {
    this.empty.push([]);
    return this.words.push([]) - 1;
  }

  /** @param share of the visits to `from` that go this way. */
  add(expression: Expression, from: number, to: number, share: number): void {
    switch (expression.kind) {
      case 'word':
        this.words[from]!.push({ word: expression.word, to, share });
        return;
      case 'rule':
        return this.#addRule(expression.name, from, to, share);
      case 'sequence':
        return this.#addSequence(expression.parts, from, to, share);
      case 'choice':
        for (const { expression: option, weight } of expression.options) this.add(option, from, to, share * weight);
        return;
      case 'repeat':
        return this.#addRepeat(expression, from, to, share);
      default:
        expression satisfies never;
    }
  }

  /** How often each state is passed in one sentence. */
  visits(begin: number): Float64Array {
    const visits = new Float64Array(this.words.length);
    let wave = new Map([[begin, 1]]);
    // Repetitions make waves without end; what is left after this many is next to nothing.
    for (let step = 0; step < 400 && wave.size > 0; step++) {
      const next = new Map<number, number>();
      for (const [state, amount] of wave) {
        visits[state]! += amount;
        if (amount < 1e-9) continue;
        for (const { to, share } of [...this.words[state]!, ...this.empty[state]!])
          next.set(to, (next.get(to) ?? 0) + amount * share);
      }
      wave = next;
    }
    return visits;
  }

  #addRule(name: string, from: number, to: number, share: number): void {
    const rule = this.#rules.get(name);
    if (!rule) throw new GrammarMistake(`${name} is not defined`);
    if (this.#open.includes(name)) throw new GrammarMistake(`${name} calls itself; use * or +`);
    this.#open.push(name);
    this.add(rule, from, to, share);
    this.#open.pop();
  }

  #addSequence(parts: readonly Expression[], from: number, to: number, share: number): void {
    let at = from;
    for (const [index, part] of parts.entries()) {
      const next = index === parts.length - 1 ? to : this.addState();
      this.add(part, at, next, index === 0 ? share : 1);
      at = next;
    }
  }

  #addRepeat(repeat: Extract<Expression, { kind: 'repeat' }>, from: number, to: number, share: number): void {
    const { of, least, isUnbounded } = repeat;
    const [before, after] = [this.addState(), this.addState()];
    const again = isUnbounded ? AGAIN_SHARE : 0;
    this.empty[from]!.push({ to: before, share });
    this.add(of, before, after, least === 0 ? OPTIONAL_SHARE : 1);
    if (least === 0) this.empty[before]!.push({ to, share: 1 - OPTIONAL_SHARE });
    this.empty[after]!.push({ to, share: 1 - again });
    if (isUnbounded) this.#addAgain(of, after, again);
  }

  /** Once more from `after`, without the chance of skipping it. */
  #addAgain(of: Expression, after: number, share: number): void {
    const again = this.addState();
    this.empty[after]!.push({ to: again, share });
    this.add(of, again, after, 1);
  }
}

/** A state of the loose network, and its share in a set. */
type Reached = Map<number, number>;

/** Sets of loose states become states: each word then leads to one of them. */
function withoutChoice(loose: LooseNetwork, begin: number, end: number): WordNetwork {
  const visits = loose.visits(begin);
  const known = new Map<string, number>();
  const sets: Reached[] = [];
  const stateOf = (reached: Iterable<number>): number => {
    const states = [...new Set(reached)].toSorted((a, b) => a - b);
    const key = states.join(' ');
    const state = known.get(key) ?? sets.push(closure(loose, states, visits)) - 1;
    known.set(key, state);
    return state;
  };
  stateOf([begin]);
  const network: { arcs: Map<string, Arc>[]; endProbability: number[] } = { arcs: [], endProbability: [] };
  for (let state = 0; state < sets.length; state++) {
    const reached = new Map<string, { states: number[]; amount: number }>();
    for (const [from, amount] of sets[state]!)
      for (const { word, to, share } of loose.words[from]!) {
        const arc = reached.get(word) ?? { states: [], amount: 0 };
        reached.set(word, { states: [...arc.states, to], amount: arc.amount + amount * share });
      }
    network.arcs.push(
      new Map([...reached].map(([word, arc]) => [word, { to: stateOf(arc.states), probability: arc.amount }])),
    );
    network.endProbability.push(sets[state]!.get(end) ?? 0);
  }
  return network;
}

/** All states that are reached without a word, each with how likely it is that one passes it. */
function closure(loose: LooseNetwork, states: readonly number[], visits: Float64Array): Reached {
  const all = states.reduce((sum, state) => sum + visits[state]!, 0);
  const reached: Reached = new Map();
  let wave: Reached = new Map(states.map((state) => [state, visits[state]! / all]));
  while (wave.size > 0) {
    const next: Reached = new Map();
    for (const [state, amount] of wave) {
      reached.set(state, (reached.get(state) ?? 0) + amount);
      for (const { to, share } of loose.empty[state]!) next.set(to, (next.get(to) ?? 0) + amount * share);
    }
    wave = next;
  }
  return reached;
}

/** Splits states into ever finer classes until all of a class lead to the same; each class becomes a state. */
function joinEqualStates({ arcs, endProbability }: WordNetwork): WordNetwork {
  const wordIds = new Map<string, number>();
  const idOf = (word: string): number => wordIds.get(word) ?? wordIds.set(word, wordIds.size).get(word)!;
  const sorted = arcs.map((out) =>
    [...out].map(([word, { to }]) => [idOf(word), to] as const).toSorted((a, b) => a[0] - b[0]),
  );
  let classes = endProbability.map((share) => Number(share > 0));
  for (let count = 0; ;) {
    const keys = new Map<string, number>();
    classes = sorted.map((out, state) => {
      let key = endProbability[state]! > 0 ? 'end' : '';
      for (const [word, to] of out) key += ` ${word}>${classes[to]}`;
      const found = keys.get(key) ?? keys.size;
      keys.set(key, found);
      return found;
    });
    if (keys.size === count) break;
    count = keys.size;
  }
  return joined({ arcs, endProbability }, classes);
}

/** A class has the mean probabilities of its states. */
function joined({ arcs, endProbability }: WordNetwork, classes: readonly number[]): WordNetwork {
  const sizes: number[] = [];
  for (const into of classes) sizes[into] = (sizes[into] ?? 0) + 1;
  const network = { arcs: sizes.map(() => new Map<string, Arc>()), endProbability: sizes.map(() => 0) };
  for (const [state, out] of arcs.entries()) {
    const into = classes[state]!;
    const share = 1 / sizes[into]!;
    network.endProbability[into]! += endProbability[state]! * share;
    for (const [word, { to, probability }] of out) {
      const arc = network.arcs[into]!.get(word) ?? { to: classes[to]!, probability: 0 };
      network.arcs[into]!.set(word, { ...arc, probability: arc.probability + probability * share });
    }
  }
  return network;
}

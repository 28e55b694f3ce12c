/** Says words that a dictionary has only in parts: "j'ai", "l'aéroport", "pouvez-vous". Pure. */
import type { Pronunciations } from './decoder.ts';

/** What stands before an apostrophe in French, as it sounds. */
const ELIDED: Readonly<Record<string, string>> = {
  j: 'jj',
  l: 'll',
  d: 'dd',
  m: 'mm',
  n: 'nn',
  s: 'ss',
  t: 'tt',
  c: 'ss',
  qu: 'kk',
};
/** Ways to say one word; more are hardly heard. */
const MAX_WAYS = 6;

/** @returns how to say the word; undefined when a part of it is unknown. */
export function waysToSay(word: string, known: Pick<Pronunciations, 'get'>): readonly string[] | undefined {
  const whole = known.get(word);
  if (whole) return whole;
  const elided = /^(\p{L}+)'(.+)$/u.exec(word);
  if (elided) {
    const sound = ELIDED[elided[1]!];
    return sound === undefined ? undefined : waysToSay(elided[2]!, known)?.map((way) => `${sound} ${way}`);
  }
  const [first, ...rest] = word.split('-');
  if (rest.length === 0) return undefined;
  const [before, after] = [waysToSay(first!, known), waysToSay(rest.join('-'), known)];
  if (!before || !after) return undefined;
  return before.flatMap((start) => after.map((end) => `${start} ${end}`)).slice(0, MAX_WAYS);
}

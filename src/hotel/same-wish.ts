/** Whether two requests ask for the same thing in other words, as when a guest calls again about one. Pure. */
import { normaliseSummary } from './service-request.ts';

/** Words that say nothing about what is wanted. */
const EMPTY = new Set(
  'a an the to for of in on at is are be it its my our your room guest please asks asked wants would like needs need request requested again still not yet and or with has have been number some'.split(
    ' ',
  ),
);
const NUMBERS = new Set('one two three four five six seven eight nine ten eleven twelve'.split(' '));
/** Share of the words of both that must agree. */
const ALIKE = 0.5;

/** @returns whether most telling words agree. Different amounts or times are different wishes. */
export function isSameWish(one: string, other: string): boolean {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  if (a.size === 0 || b.size === 0) return false;
  const amounts = ([...words]: Set<string>): string => words.filter(isAmount).toSorted().join(' ');
  if (amounts(a) !== amounts(b)) return false;
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared / (a.size + b.size - shared) >= ALIKE;
}

const isAmount = (word: string): boolean => NUMBERS.has(word) || /^\d/.test(word);

function wordsOf(summary: string): Set<string> {
  const words = normaliseSummary(summary)
    .split(' ')
    .filter((word) => !EMPTY.has(word) && !/^\d{3,}$/.test(word));
  // A plural is no other thing.
  return new Set(words.map((word) => (word.length > 3 ? word.replace(/s$/, '') : word)));
}

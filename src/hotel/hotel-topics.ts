/** Finds the fact a question is about: by its name, by a department's hours, or by a word that stands in one fact only. Pure. */
import type { HotelProfile, Hours } from './hotel.ts';
import { departmentName, firstLanguage, textNearest, wordsIn, type Localised } from './languages.ts';
import { normaliseSummary } from './service-request.ts';

export type FoundTopic =
  | { kind: 'found'; topic: string; text: string }
  /** The question fits more than one. */
  | { kind: 'several'; topics: string[] }
  | { kind: 'unknown' };

const MIN_WORD = 4;
const MAX_OFFERED = 4;

/** @param asked a topic's name, or a few words of the guest's. @param language that the answer is wanted in. */
export function findTopic(hotel: HotelProfile, asked: string, language = firstLanguage(hotel)): FoundTopic {
  const names = Object.keys(hotel.facts);
  const exact = names.find((name) => joined(name) === joined(asked));
  // "Late check-out" names check-out as well: what is named in full and longest is meant.
  const named = exact ?? longest(names.filter((name) => isIn(name, asked)));
  if (named !== undefined) return factOf(hotel, named, language);
  const department = departmentNamed(hotel, asked, language);
  if (department) return department;
  const partly = names.filter((name) => joined(asked).length >= MIN_WORD && joined(name).includes(joined(asked)));
  const meant = partly.length > 0 ? partly : namesByText(hotel, asked);
  if (meant.length === 1) return factOf(hotel, meant[0] ?? '', language);
  return meant.length > 1 && meant.length <= MAX_OFFERED ? { kind: 'several', topics: meant } : { kind: 'unknown' };
}

function factOf(hotel: HotelProfile, topic: string, language: string): FoundTopic {
  const text = hotel.facts[topic];
  return text === undefined ? { kind: 'unknown' } : { kind: 'found', topic, text: textNearest(hotel, text, language) };
}

/** Hours follow from the department itself when no fact tells them. */
function departmentNamed(hotel: HotelProfile, asked: string, language: string): FoundTopic | undefined {
  const found = Object.entries(hotel.departments).find(([id, { name }]) => isIn(id, asked) || isIn(name, asked));
  if (!found) return undefined;
  const [id, { hours }] = found;
  return { kind: 'found', topic: id, text: openWords(departmentName(hotel, id, language), hours, language) };
}

function openWords(department: string, hours: Hours, language: string): string {
  const { tools, time } = wordsIn(language);
  return hours === 'always' ? tools.alwaysOpen(department) : tools.opens(department, time(hours.from), time(hours.to));
}

const everyText = (text: Localised): string => (typeof text === 'string' ? text : Object.values(text).join(' '));

/** Facts in whose text a word of the question stands that stands in no other: "dogs" is about pets. */
function namesByText(hotel: HotelProfile, asked: string): string[] {
  const words = normaliseSummary(asked)
    .split(' ')
    .filter((word) => word.length >= MIN_WORD);
  const hits = words.map((word) =>
    Object.entries(hotel.facts)
      .filter(([, text]) => ` ${normaliseSummary(everyText(text))} `.includes(` ${word} `))
      .map(([name]) => name),
  );
  return [...new Set(hits.filter((names) => names.length === 1).flat())];
}

/** Whether the name stands in the question as whole words, joined or apart: "wi-fi", "wifi", "wi fi password". */
function isIn(name: string, asked: string): boolean {
  const words = normaliseSummary(asked).split(' ');
  const wanted = joined(name);
  if (wanted === '') return false;
  return words.some((_, i) => {
    let run = '';
    for (const word of words.slice(i)) {
      run += word;
      if (run === wanted || run === `${wanted}s`) return true;
      if (run.length > wanted.length) return false;
    }
    return false;
  });
}

const longest = (names: readonly string[]): string | undefined =>
  names.toSorted((a, b) => joined(b).length - joined(a).length)[0];

const joined = (text: string): string => normaliseSummary(text).replaceAll(' ', '');

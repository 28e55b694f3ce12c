/**
 * From a guest's words to what they are about: wishes, questions, rooms, times, numbers, names. It decides nothing and
 * remembers nothing; a hint tells what was asked, because "seven thirty" is a time or a room. Pure.
 */
import { actsIn, type Act } from './concierge-acts.ts';
import { DEPARTMENTS } from './concierge-departments.ts';
import { DESTINATIONS, SERVICES, TOPICS, type Service, type Topic } from './concierge-services.ts';
import { AMENITIES, DISHES, FIXTURES, SYMPTOMS, type Fixture, type Item } from './concierge-things.ts';
import { spokenName } from './concierge-names.ts';
import { digitsOf, readPieces, type NumberPiece } from './concierge-numbers.ts';
import { findMoment, type FoundMoment, type Moment } from './concierge-times.ts';
import { phrase, wordsOf } from './concierge-words.ts';

export interface Line {
  item: Item;
  /** Undefined when the guest did not say how many. */
  count?: number;
  isMany: boolean;
  isExtra: boolean;
}

export interface Hint {
  asked: string;
  /** A wish under way still needs a time. */
  wantsTime: boolean;
  /** A wish under way has a time or needs one. */
  hasTime: boolean;
}

export interface Understood {
  text: string;
  /** The guest's own words, when the text is a reading of them in English. */
  said?: string;
  acts: Set<Act>;
  lines: Line[];
  faults: { fixture: Fixture; symptom?: string }[];
  services: Service[];
  topics: Topic[];
  departments: (readonly string[])[];
  room?: string;
  requestNumber?: string;
  moment?: Moment;
  destination?: string;
  /** A number that is none of the above. */
  count?: number;
  name?: string;
}

type Thing = Item | Fixture | Service | Topic | { kind: 'symptom'; words: string };
interface Mention {
  thing: Thing;
  /** Index of its first word and of the word after it. */
  start: number;
  end: number;
  said: string;
}

const LEXICON: readonly (readonly [RegExp, Thing])[] = [
  ...[...AMENITIES, ...DISHES, ...FIXTURES, ...SERVICES, ...TOPICS].map(
    (thing) => [phrase(thing.phrases), thing] as const,
  ),
  ...SYMPTOMS.map(({ words, phrases }) => [phrase(phrases), { kind: 'symptom', words }] as const),
];
const DEPARTMENT_PHRASES = DEPARTMENTS.map(({ ids, phrases }) => [phrase(phrases), ids] as const);
const DESTINATION = phrase(`(?:to|for) (?:the |a |an )?(?:nearest |next )?(${DESTINATIONS})|(${DESTINATIONS})`);
const FREE_DESTINATION = phrase(
  "(?:go(?:ing)? |taxi |cab |car |drive )to (?:the )?([a-z' ]+?)(?= (?:at|in|please|for|by|from|now|tomorrow|as)\\b|$)",
);
/** Words between a count and its item. */
const BETWEEN = new Set(
  'extra more additional fresh clean new big large small of hot cold other nice spare warm soft'.split(' '),
);
const EXTRA = new Set(['extra', 'more', 'additional', 'another', 'spare']);

/** @param text the guest's words, as heard or typed. */
export function understand(text: string, hint: Hint): Understood {
  const words = wordsOf(text);
  const joined = words.join(' ');
  const taken = new Set<number>();
  const mentions = mentionsIn(joined);
  const lines = linesOf(mentions, words, taken);
  const understood: Understood = {
    text: joined,
    acts: actsIn(joined),
    lines,
    ...wishesOf(mentions),
    departments: DEPARTMENT_PHRASES.filter(([found]) => joined.search(found) !== -1).map(([, ids]) => ids),
  };
  for (const { start, end, thing } of mentions) if (thing.kind !== 'symptom') takeAll(taken, start, end);
  const wantsTime = hint.wantsTime || understood.services.some(({ needs }) => needs.includes('time'));
  readNumbers(words, taken, understood, { ...hint, wantsTime });
  const destination = destinationOf(joined, understood.services.length > 0 || hint.asked === 'destination');
  const name = spokenName(words, hint.asked === 'name');
  return { ...understood, ...(destination && { destination }), ...(name && { name }) };
}

/** All things named, the longest phrase at each place. */
function mentionsIn(text: string): Mention[] {
  const found: Mention[] = [];
  for (const [pattern, thing] of LEXICON)
    for (const match of text.matchAll(pattern)) {
      const start = text.slice(0, match.index).split(' ').length - 1;
      found.push({ thing, said: match[0], start, end: start + match[0].split(' ').length });
    }
  found.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  const kept: Mention[] = [];
  for (const mention of found) if (!kept.some((other) => overlap(other, mention))) kept.push(mention);
  return kept.toSorted((a, b) => a.start - b.start);
}

/** A service may be named across what it is about: two phrases of different kinds share no word all the same. */
const overlap = (a: Mention, b: Mention): boolean => a.start < b.end && b.start < a.end;

function linesOf(mentions: readonly Mention[], words: readonly string[], taken: Set<number>): Line[] {
  const lines: Line[] = [];
  for (const { thing, start, said } of mentions) {
    if (thing.kind !== 'amenity' && thing.kind !== 'dish') continue;
    // "Not a burger, a sandwich."
    if (/\bnot (?:a |an |the )?$/.test(`${words.slice(0, start).join(' ')} `)) continue;
    const { count, isExtra } = countBefore(words, start, taken);
    const isMany =
      count === undefined ? /s(?: of .*)?$/.test(said) && !/^(a|an|another)$/.test(words[start - 1] ?? '') : count > 1;
    const same = lines.find(({ item }) => item === thing);
    if (same) Object.assign(same, count !== undefined && { count, isMany }, isExtra && { isExtra });
    else lines.push({ item: thing, ...(count !== undefined && { count }), isMany, isExtra });
  }
  return lines;
}

/** How many of the item that starts at word `start`; its words are taken, so that they are no room. */
function countBefore(
  words: readonly string[],
  start: number,
  taken: Set<number>,
): { count?: number; isExtra: boolean } {
  let at = start - 1;
  let isExtra = false;
  for (; at >= 0 && (BETWEEN.has(words[at] ?? '') || EXTRA.has(words[at] ?? '')); at--)
    isExtra ||= EXTRA.has(words[at] ?? '');
  const word = words[at];
  if (word === 'couple' || word === 'pair') return { count: 2, isExtra };
  if (word === 'dozen') return { count: words[at - 1] === 'a' && words[at - 2] === 'half' ? 6 : 12, isExtra };
  if (word === 'a' || word === 'an') return { count: 1, isExtra };
  const piece = lastPiece(words, at + 1);
  if (!piece) return { isExtra };
  takeAll(taken, piece.start, at + 1);
  return { count: piece.value, isExtra };
}

/** The number right before `end`; of "room four twelve two" only the "two", of "room four" nothing. */
function lastPiece(words: readonly string[], end: number): (NumberPiece & { start: number }) | undefined {
  let start = end;
  while (start > 0 && readPieces(words.slice(0, end), start - 1).at(-1)?.end === end) start--;
  const pieces = readPieces(words.slice(0, end), start);
  const last = pieces.at(-1);
  if (!last || last.value === 0 || last.value > 50) return undefined;
  const isRoom = /^(room|number|suite)$/.test(words[start - 1] ?? '');
  // "Room four hundred twelve two towels".
  const isBehindHundred =
    words[start - 1] === 'hundred' || (words[start - 1] === 'and' && words[start - 2] === 'hundred');
  if (isBehindHundred && pieces.length > 1) return { ...last, start: pieces.at(-2)!.end };
  if (pieces.length === 1) return isRoom ? undefined : { ...last, start };
  return digitsOf(pieces.slice(0, -1)).length >= 3 ? { ...last, start: pieces.at(-2)!.end } : undefined;
}

function takeAll(taken: Set<number>, start: number, end: number): void {
  for (let index = start; index < end; index++) taken.add(index);
}

/** Puts fixtures and symptoms together: "the shower is leaking and the light is broken" are two faults. */
function wishesOf(mentions: readonly Mention[]): Pick<Understood, 'faults' | 'services' | 'topics'> {
  const faults: Understood['faults'] = [];
  const symptoms = mentions.filter(({ thing }) => thing.kind === 'symptom');
  for (const [index, { thing, start }] of mentions.entries()) {
    if (thing.kind !== 'fixture') continue;
    const next = mentions.slice(index + 1).find(({ thing }) => thing.kind === 'symptom' || thing.kind === 'fixture');
    const after = mentions.slice(index + 1).find(({ thing }) => thing.kind === 'symptom');
    const before = symptoms.findLast((symptom) => symptom.start < start);
    const symptom = (next?.thing.kind === 'symptom' ? next : (before ?? after))?.thing;
    if (!faults.some(({ fixture }) => fixture === thing))
      faults.push({ fixture: thing, ...(symptom?.kind === 'symptom' && { symptom: symptom.words }) });
  }
  const services = mentions.flatMap(({ thing }) => (thing.kind === 'service' ? [thing] : []));
  const isFault = symptoms.length > 0 && faults.length === 0;
  const topics: Topic[] = [];
  for (const { thing } of mentions)
    if (thing.kind === 'topic') {
      // "The wifi is not working" is for maintenance, "what is the wifi password" is a question.
      const fixture = isFault && FIXTURES.find(({ name }) => thing.ids.includes(name));
      const symptom = symptoms[0]?.thing;
      if (fixture && symptom?.kind === 'symptom') faults.push({ fixture, symptom: symptom.words });
      else topics.push(thing);
    }
  return { faults, services: [...new Set(services)], topics: [...new Set(topics)] };
}

/** Tells rooms, request numbers, times and counts apart: what is named first, then what was asked for. */
function readNumbers(words: readonly string[], taken: Set<number>, understood: Understood, hint: Hint): void {
  for (let at = 0; at < words.length; at++) {
    const label = /^(room|suite)$/.test(words[at] ?? '')
      ? 'room'
      : /^(request|ticket|order|reference|requests)$/.test(words[at] ?? '')
        ? 'request'
        : undefined;
    if (!label) continue;
    let first = at + 1;
    while (/^(number|is|the|it's|was|to|a)$/.test(words[first] ?? '')) first++;
    const found = untaken(words, taken, first, label === 'room' ? 5 : 6);
    if (found.length === 0) continue;
    if (label === 'room') understood.room = digitsOf(found);
    else understood.requestNumber = digitsOf(found);
    takeAll(taken, at, found.at(-1)!.end);
  }
  const moment = findMoment(words, (index) => taken.has(index));
  if (moment && isMeant(moment, words, hint)) {
    understood.moment = moment.moment;
    takeAll(taken, moment.start, moment.end);
  }
  for (let at = 0; at < words.length; at++) {
    const found = untaken(words, taken, at, 6);
    if (found.length === 0) continue;
    place(digitsOf(found), understood, hint);
    at = found.at(-1)!.end - 1;
  }
}

/** "Four twelve" is a room unless a time is wanted; "at seven" is a time even where none was asked for. */
function isMeant({ isCertain, start, end }: FoundMoment, words: readonly string[], hint: Hint): boolean {
  const isNamed = /^(at|by|until|till|around|before|after)$/.test(words[start - 1] ?? '');
  if (isCertain || hint.asked === 'time') return true;
  if (hint.wantsTime && (hint.asked !== 'room' || isNamed)) return true;
  return isNamed && (hint.hasTime || (end - start === 1 && !/^\d{3,}$/.test(words[start] ?? '')));
}

function untaken(words: readonly string[], taken: Set<number>, at: number, maxDigits: number): NumberPiece[] {
  const pieces = readPieces(words, at, maxDigits);
  const blocked = pieces.findIndex(({ end }, index) => {
    for (let word = pieces[index - 1]?.end ?? at; word < end; word++) if (taken.has(word)) return true;
    return false;
  });
  return blocked < 0 ? pieces : pieces.slice(0, blocked);
}

function place(digits: string, understood: Understood, hint: Hint): void {
  if (hint.asked === 'request-number') understood.requestNumber ??= digits;
  else if (hint.asked === 'room' && digits.length <= 5) understood.room ??= digits;
  else if (digits.length === 3 || digits.length === 4) understood.room ??= digits;
  else if (digits.length < 3) understood.count ??= Number(digits);
}

function destinationOf(text: string, isWanted: boolean): string | undefined {
  if (!isWanted) return undefined;
  const match = [...text.matchAll(DESTINATION)][0];
  const known = match?.[1] ?? match?.[2];
  if (known) return `the ${known}`;
  return [...text.matchAll(FREE_DESTINATION)][0]?.[1];
}

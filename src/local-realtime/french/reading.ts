/** From a guest's French to the English words that the concierge thinks in: phrase by phrase, numbers as digits. Pure. */
import { EXTRA, GLOSSARY } from './glossary.ts';
import { readNumber, readTime } from './spoken-numbers.ts';

const PHRASES = GLOSSARY.map(
  ([french, english]) => [new RegExp(`(?:${french})(?![\\p{L}\\p{N}])`, 'uy'), english] as const,
);
/** As nobody says more in one breath. */
const MAX_LENGTH = 3_000;

/** @returns French words without accents, apostrophes, hyphens and signs: "s il vous plait". */
export function uniformFrench(text: string): string {
  return text
    .slice(0, MAX_LENGTH)
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/(\d)\s*(?:h|:)\s*(\d\d)\b/g, '$1 heures $2')
    .replace(/[^\p{L}\p{N}\s]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** @param text French, as heard or typed. @returns what it says, in uniform English words; names stay as they are. */
export function readFrench(text: string): string {
  const french = uniformFrench(text);
  const words = french.split(' ');
  /** Where each word begins in the text. */
  const places: number[] = [];
  words.reduce((at, word) => (places.push(at), at + word.length + 1), 0);
  const english: string[] = [];
  for (let at = 0; at < words.length;) {
    const found = timeAt(words, at) ?? numberAt(words, at) ?? phraseAt(french, places, at);
    if (found?.english === EXTRA) english.splice(-1, 0, 'extra');
    else english.push(found ? found.english : words[at]!);
    at = found?.end ?? at + 1;
  }
  return english.filter((part) => part !== '').join(' ');
}

interface Found {
  english: string;
  /** Index of the word after it. */
  end: number;
}

function timeAt(words: readonly string[], at: number): Found | undefined {
  const preposition = /^(?:a|pour)$/.test(words[at] ?? '');
  const time = readTime(words, preposition ? at + 1 : at);
  return time && { ...time, english: preposition ? `at ${time.english}` : time.english };
}

/** "Un" alone is no number, unless others stand beside it. */
function numberAt(words: readonly string[], at: number): Found | undefined {
  const number = readNumber(words, at);
  if (!number) return undefined;
  const isAlone = /^une?$/.test(words[at] ?? '') && number.end === at + 1;
  const isBeside =
    readNumber(words, at + 1) !== undefined ||
    (at > 0 && readNumber(words, at - 1) !== undefined && words[at] === 'un');
  if (isAlone && !isBeside) return undefined;
  return { english: number.digits, end: number.end };
}

/** The longest phrase that begins with this word. */
function phraseAt(french: string, places: readonly number[], at: number): Found | undefined {
  let longest = 0;
  let found: string | undefined;
  for (const [pattern, english] of PHRASES) {
    pattern.lastIndex = places[at]!;
    const length = pattern.exec(french)?.[0].length ?? 0;
    if (length > longest) [longest, found] = [length, english];
  }
  if (found === undefined) return undefined;
  const after = places.findIndex((place) => place >= places[at]! + longest);
  return { english: found, end: after < 0 ? places.length : after };
}

/** @returns request numbers that are said digit by digit: "la demande numéro un zéro quatre". */
export function numbersInFrench(text: string): string[] {
  if (!/num[ée]ro/i.test(text)) return [];
  const words = uniformFrench(text).split(' ');
  return words.flatMap((word, at) => {
    if (word !== 'numero') return [];
    let digits = '';
    for (let next = readNumber(words, at + 1); next; next = readNumber(words, next.end)) digits += next.digits;
    return digits === '' ? [] : [digits];
  });
}

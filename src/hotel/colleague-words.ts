/** What a colleague hears who answers a call that is put through: who it is for, what it is about, which keys do what. Pure. */
import { redactCards } from '../call/card-numbers.ts';
import type { ColleagueWords } from '../call/ports.ts';
import { english } from './words/en.ts';
import type { HotelWords } from './words/hotel-words.ts';

/** About 20 s of speech: a guest hears it ring meanwhile. */
const MAX_SUMMARY = 300;

/**
 * @param name of the department, as the agent says it. @param summary in the agent's words, of any length and content.
 * @param words in the language of the house.
 */
export function colleagueWords(
  name: string,
  summary: string,
  { colleague: { intro, keys }, locale }: Pick<HotelWords, 'colleague' | 'locale'> = english,
): ColleagueWords {
  const about = bounded(redactCards(plain(summary)));
  return { summary: `${intro(name)} ${about}${keys}`, again: keys, ...(locale && { locale }) };
}

/** One line of words: no control characters, no markup. */
const plain = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}<>&{}[\]\\|`*_#]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** Ends with a whole word and as a sentence; empty text stays empty. */
function bounded(text: string): string {
  if (text === '') return '';
  const cut = text.length <= MAX_SUMMARY ? text : text.slice(0, text.lastIndexOf(' ', MAX_SUMMARY) + 1 || MAX_SUMMARY);
  return `${cut.trim().replace(/[.,;:\s]+$/, '')}. `;
}

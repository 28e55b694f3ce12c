/** The languages of the concierge: it thinks in English words, so a language is how it reads others and how it speaks. Pure. */
import { englishPhrasing, type Phrasing } from './concierge-phrasing.ts';
import { frenchPhrasing } from './french/phrasing.ts';
import { readFrench } from './french/reading.ts';
import { languageOfText } from './language-of-text.ts';

/** The function by which a call changes its language. */
export const SWITCH_LANGUAGE = 'switch_language';

export interface ConciergeLanguage {
  code: string;
  /** @returns the guest's words as the concierge knows them: English. */
  read(text: string): string;
  say: Phrasing;
}

export const english: ConciergeLanguage = { code: 'en', read: (text) => text, say: englishPhrasing };
export const french: ConciergeLanguage = { code: 'fr', read: readFrench, say: frenchPhrasing };

const LANGUAGES = [english, french];

/** @param code such as `fr` or `fr-FR`. @returns English for what is not known here. */
export const languageFor = (code: string | undefined): ConciergeLanguage =>
  LANGUAGES.find((language) => language.code === code?.slice(0, 2).toLowerCase()) ?? english;

/** @returns the language that these words are in; `usual` when they could be in several. */
export function languageOf(text: string, usual: ConciergeLanguage): ConciergeLanguage {
  const code = languageOfText(text);
  return code === undefined ? usual : languageFor(code);
}

/** Guests ask in either language. */
const ASKS: readonly (readonly [string, RegExp])[] = [
  ['en', /\b(?:in |speak )english\b|^english\b|\benglish please\b|\banglais\b/i],
  ['fr', /\b(?:in |speak )french\b|^french\b|\bfrench please\b|\bfran[cç]ais\b/i],
];

/** @returns the language asked for, by its code. */
export const languageAskedFor = (text: string): string | undefined => ASKS.find(([, words]) => words.test(text))?.[0];

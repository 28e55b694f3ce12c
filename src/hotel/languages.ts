/** The words of each language, what a hotel says in several of them, and how languages are called. Pure. */
import type { HotelProfile } from './hotel.ts';
import { german } from './words/de.ts';
import { english } from './words/en.ts';
import { spanish } from './words/es.ts';
import { french } from './words/fr.ts';
import type { HotelWords } from './words/hotel-words.ts';

const WORDS: Readonly<Record<string, HotelWords>> = { en: english, fr: french, de: german, es: spanish };

/** @param language as the profile lists it. @returns its words; English ones, which a model translates, for others. */
export const wordsIn = (language: string): HotelWords => WORDS[language] ?? english;

/** @returns whether the call speaks this language by itself, without a model that translates. */
export const hasWords = (language: string): boolean => Object.hasOwn(WORDS, language);

/** @returns the language that calls begin in. */
export const firstLanguage = ({ languages }: Pick<HotelProfile, 'languages'>): string => languages[0] ?? 'en';

/** What the hotel wrote: in its first language, or in each. */
export type Localised = string | Readonly<Record<string, string>>;

/** @returns the text in this language; undefined when it was not written in it. */
export function textIn(hotel: HotelProfile, text: Localised, language: string): string | undefined {
  if (typeof text === 'string') return language === firstLanguage(hotel) ? text : undefined;
  return text[language];
}

/** @returns the text in this language, or else in the one that is read before all others. */
export function textNearest(hotel: HotelProfile, text: Localised, language: string): string {
  if (typeof text === 'string') return text;
  return text[language] ?? text[firstLanguage(hotel)] ?? Object.values(text)[0] ?? '';
}

/** @returns a department as it is called in this language: as the hotel says, as usual, or as in its first language. */
export function departmentName(hotel: HotelProfile, id: string, language: string): string {
  const department = Object.hasOwn(hotel.departments, id) ? hotel.departments[id] : undefined;
  if (!department) return id;
  const usual = language === firstLanguage(hotel) ? undefined : wordsIn(language).departments[id];
  return textIn(hotel, department.name, language) ?? department.names?.[language] ?? usual ?? department.name;
}

/** @returns the language's name in English, such as "French"; the code when it has none. */
export const englishNameOf = (language: string): string =>
  new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? language;

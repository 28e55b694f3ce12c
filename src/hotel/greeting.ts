/** The first words of a call, in the hotel's own words where it has any. Pure. */
import type { HotelProfile } from './hotel.ts';
import { firstLanguage, hasWords, textIn, wordsIn } from './languages.ts';

/** @returns the sentences that say that it is an AI and that the call is transcribed (T15). */
export function noticeIn(hotel: HotelProfile, language: string): string {
  const { name, notice } = hotel.agent;
  return (notice && textIn(hotel, notice, language)) ?? wordsIn(language).notice(name, hotel.name);
}

/** @returns notice and question in the first language, between them one short offer of each other one. */
export function greetingOf(hotel: HotelProfile): { notice: string; greeting: string } {
  const language = firstLanguage(hotel);
  const notice = noticeIn(hotel, language);
  const offers = hotel.languages.slice(1).flatMap((other) => (hasWords(other) ? [wordsIn(other).offer] : []));
  const { greeting } = hotel.agent;
  const question = (greeting && textIn(hotel, greeting, language)) ?? wordsIn(language).question;
  return { notice, greeting: [notice, ...offers, question].join(' ') };
}

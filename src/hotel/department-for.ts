/** Finds who looks after what a guest asks for, by the words of the profile. Pure. */
import type { HotelProfile } from './hotel.ts';
import { normaliseSummary } from './service-request.ts';

/** What may follow a word of the profile and leave it the same word: towel, towels; leak, leaking. */
const ENDINGS = '(?:s|es|ing|ed)?';

/**
 * @param text what is asked for, in the guest's or the model's words.
 * @returns the department most of whose words appear in the text, of equals the one with the longest word; the front desk
 * when none does.
 */
export function departmentFor(hotel: HotelProfile, text: string): string {
  const words = ` ${normaliseSummary(text)} `;
  let best = { id: hotel.front_desk, hits: 0, longest: 0 };
  for (const [id, { handles }] of Object.entries(hotel.departments)) {
    const found = handles.map(normaliseSummary).filter((phrase) => phrase !== '' && holds(words, phrase));
    const longest = Math.max(0, ...found.map((phrase) => phrase.length));
    if (found.length > best.hits || (found.length === best.hits && longest > best.longest))
      best = { id, hits: found.length, longest };
  }
  return best.id;
}

// Both are letters, digits and spaces only: nothing in them means anything to the expression.
const holds = (words: string, phrase: string): boolean => new RegExp(` ${phrase}${ENDINGS} `, 'u').test(words);

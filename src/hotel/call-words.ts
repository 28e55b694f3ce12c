/** What the agent says in given moments, from the profile, in the language that the call is in just then. */
import type { CallWords } from '../call/ports.ts';
import { CallLanguage } from './call-language.ts';
import { greetingOf } from './greeting.ts';
import type { HotelProfile } from './hotel.ts';
import { departmentName, firstLanguage, wordsIn } from './languages.ts';

/** @returns the words of a call; the greeting begins with the notice that it is an AI and that it transcribes (T15). */
export function callWords(
  hotel: HotelProfile,
  language: Pick<CallLanguage, 'code'> = new CallLanguage(hotel),
): CallWords {
  const { notice, greeting } = greetingOf(hotel);
  const words = () => wordsIn(language.code);
  return {
    greeting,
    noticeShare: notice.length / greeting.length,
    get farewell() {
      return words().farewell(hotel.name);
    },
    get stillThere() {
      return words().stillThere;
    },
    get tooLong() {
      return words().tooLong;
    },
    get askingColleague() {
      return words().askingColleague;
    },
    whileToolRuns: (phrase) => (language.code === firstLanguage(hotel) ? phrase : undefined),
    goOn: 'The connection was interrupted. Continue where you stopped, and do not greet again.',
    claimedTooMuch:
      'You just said that something was requested or done, but no tool did it. Do it now with the right tool if the guest agreed to it, or correct yourself plainly.',
    typed: (digits) => `(typed on the telephone's keys) ${digits}`,
    transferFailed: (department, outcome) => {
      const where = departmentName(hotel, department, language.code);
      const why = words().transfer.came[outcome];
      return `The guest was being put through to ${where}, but ${why}, and is back with you. Tell them so, and offer to take a request instead.`;
    },
  };
}

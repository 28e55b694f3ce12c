/** The language of one call: the profile's first until the guest asks for another of its languages. */
import type { HotelProfile } from './hotel.ts';
import { noticeIn } from './greeting.ts';
import { englishNameOf, firstLanguage, wordsIn } from './languages.ts';

export class CallLanguage {
  readonly #hotel: HotelProfile;
  #code: string;
  #isSettled: boolean;

  constructor(hotel: HotelProfile) {
    this.#hotel = hotel;
    this.#code = firstLanguage(hotel);
    this.#isSettled = hotel.languages.length === 1;
  }

  /** What is spoken now. */
  get code(): string {
    return this.#code;
  }

  /** What is spoken now, once the guest asked for it or when there is no other. */
  get settled(): string | undefined {
    return this.#isSettled ? this.#code : undefined;
  }

  /**
   * The guest asked for a language. @returns what the agent is told, with the notice that a guest who did not understand the
   * first one has to hear (T15); undefined when the hotel does not list it.
   */
  switchTo(language: string): string | undefined {
    if (!this.#hotel.languages.includes(language)) return undefined;
    const isOther = language !== this.#code;
    this.#code = language;
    this.#isSettled = true;
    const name = englishNameOf(language);
    const first = `${wordsIn(language).switched} ${noticeIn(this.#hotel, language)}`;
    return isOther ? `The call is in ${name} now. Say first: ${first}` : `The call is in ${name} already. Go on in it.`;
  }
}

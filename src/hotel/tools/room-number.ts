/** A room as a model may give it: a string or a number, with or without the word "room". */
import { z } from 'zod';
import { wordsIn } from '../languages.ts';

export const roomNumber = z
  .union([z.string().max(20), z.number().int().min(0).max(99_999)], 'expected a room number such as 412')
  .transform((room) =>
    String(room)
      .trim()
      .replace(/^room\s*(number\s*)?/i, '')
      .replace(/[\s.-]/g, ''),
  );

/** @returns the sentence that asks again; what is no number is not read out. */
export function noSuchRoom(room: string, language: string): string {
  const { digits, tools } = wordsIn(language);
  const which = /^\d{1,5}$/.test(room) ? digits(room) : undefined;
  return `${tools.noSuchRoom(which)} Ask the guest for the room number again.`;
}

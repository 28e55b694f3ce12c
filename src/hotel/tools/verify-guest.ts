/** Binds this call to a stay when room and last name fit. Three tries. */
import { z } from 'zod';
import { isLastNameOf } from '../guest-name.ts';
import { hotelDate } from '../hotel.ts';
import type { Stay } from '../ports.ts';
import { wordsIn } from '../languages.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { roomNumber } from './room-number.ts';

const input = z.strictObject({
  room_number: roomNumber,
  last_name: z.string().trim().min(1).max(80),
});

export function verifyGuest(): Tool {
  return {
    name: 'verify_guest',
    description:
      'Checks who is calling by room number and last name, before anything about their earlier requests is said.',
    input,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    does: 'check',
    async run(raw, context) {
      const { room_number: room, last_name: lastName } = raw as z.output<typeof input>;
      const { allowance, language } = context;
      // Taken before looking: tries made at the same time count like tries made in turn.
      if (!allowance.takeTry()) return { outcome: 'refused', text: noMore(language), structured: notVerified(0) };
      const stay = await stayOf(context, room, lastName);
      if (!stay) {
        // An empty room, an unknown one and a wrong name sound the same (T3).
        const left = allowance.triesLeft();
        return {
          outcome: 'refused',
          text: left === 0 ? noMore(language) : noMatch(language),
          structured: notVerified(left),
        };
      }
      allowance.returnTry();
      await context.verified(stay);
      return {
        outcome: 'ok',
        text: `Verified: the guest of room ${[...stay.room].join(' ')}.`,
        structured: { verified: true, room_number: stay.room },
      };
    },
  };
}

/** @throws when the book of stays cannot be read; that costs no try. */
async function stayOf({ stays, hotel, now, allowance }: ToolContext, room: string, lastName: string) {
  let inRoom: Stay[];
  try {
    inRoom = await stays.inRoom(room, hotelDate(hotel.time_zone, now()));
  } catch (error) {
    allowance.returnTry();
    throw error;
  }
  return inRoom.find(({ guestName }) => isLastNameOf(lastName, guestName));
}

const notVerified = (triesLeft: number) => ({ verified: false, tries_left: triesLeft });
const noMatch = (language: string): string => `${wordsIn(language).tools.noMatch} Ask for both once more.`;
const noMore = (language: string): string =>
  `${wordsIn(language).tools.notVerified} Offer to put them through to the front desk.`;

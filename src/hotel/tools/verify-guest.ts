/** Binds this call to a stay when room and last name fit. Three tries. */
import { z } from 'zod';
import { hotelDate } from '../hotel.ts';
import type { Tool } from '../tool.ts';
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
    async run(raw, context) {
      const { room_number: room, last_name: lastName } = raw as z.output<typeof input>;
      if (context.triesLeft() === 0) return { outcome: 'refused', text: NO_MORE };
      const stays = await context.stays.inRoom(room, hotelDate(context.hotel.time_zone, context.now()));
      const stay = stays.find(({ guestName }) => sameName(guestName, lastName));
      if (stay) {
        await context.verified(stay);
        return {
          outcome: 'ok',
          text: `Verified: the guest of room ${[...stay.room].join(' ')}.`,
          structured: { verified: true, room_number: stay.room },
        };
      }
      // An empty room, an unknown one and a wrong name sound the same (T3).
      const left = context.verificationFailed();
      const text = left === 0 ? NO_MORE : 'Room number and last name do not fit together. Ask for both once more.';
      return { outcome: 'refused', text, structured: { verified: false, tries_left: left } };
    },
  };
}

const NO_MORE = 'The guest could not be verified. Offer to put them through to the front desk.';

/** Compares last names without case, accents, spaces and dashes; a full name counts by its last words. */
function sameName(guestName: string, lastName: string): boolean {
  const said = plain(lastName);
  const known = guestName.trim().split(/\s+/);
  return said !== '' && known.some((_, i) => i > 0 && plain(known.slice(i).join('')) === said);
}

const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[^\p{L}]/gu, '')
    .toLowerCase();

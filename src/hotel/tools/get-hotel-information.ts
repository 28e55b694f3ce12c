/** Tells what the profile says about the hotel, and nothing else. */
import { z } from 'zod';
import type { HotelProfile } from '../hotel.ts';
import type { Tool } from '../tool.ts';

export function getHotelInformation(hotel: HotelProfile): Tool {
  const topics = Object.keys(hotel.facts);
  const input = z.strictObject({
    topic: z
      .string()
      .trim()
      .min(2)
      .max(60)
      .describe(`One of: ${topics.join(', ')}.`),
  });
  return {
    name: 'get_hotel_information',
    description:
      'Tells facts about the hotel such as hours, Wi-Fi, parking and check-out. Never answer these from memory.',
    input,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    run(raw) {
      const { topic } = raw as z.output<typeof input>;
      const known = topics.find((name) => plain(name) === plain(topic)) ?? topics.find((name) => isAbout(topic, name));
      const fact = known && hotel.facts[known];
      if (fact === undefined)
        return Promise.resolve({
          outcome: 'refused',
          text: 'There is no information about that. Offer to ask the front desk.',
        });
      return Promise.resolve({ outcome: 'ok', text: fact, structured: { topic: known } });
    },
  };
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Whether the longer of the two names the other: "gym hours" is about "gym", "out" about nothing. */
function isAbout(topic: string, name: string): boolean {
  const [a, b] = [plain(topic), plain(name)];
  return b.length >= 3 && a.length >= 3 && (a.includes(b) || (a.length >= 5 && b.includes(a)));
}

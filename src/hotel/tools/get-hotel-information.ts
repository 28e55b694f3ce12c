/** Tells what the profile says about the hotel, and nothing else. */
import { z } from 'zod';
import { findTopic } from '../hotel-topics.ts';
import type { HotelProfile } from '../hotel.ts';
import { wordsIn } from '../languages.ts';
import type { Tool } from '../tool.ts';

export function getHotelInformation(hotel: HotelProfile): Tool {
  const topics = Object.keys(hotel.facts);
  const input = z.strictObject({
    topic: z
      .string()
      .trim()
      .min(2)
      .max(60)
      .describe(
        topics.length === 0
          ? 'A department, for its hours.'
          : `One of: ${topics.join(', ')}. Or a department, for its hours.`,
      ),
  });
  return {
    name: 'get_hotel_information',
    description:
      'Tells facts about the hotel such as hours, Wi-Fi, parking and check-out. Never answer these from memory.',
    input,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    does: 'look-up',
    run(raw, { language }) {
      const { topic } = raw as z.output<typeof input>;
      const found = findTopic(hotel, topic, language);
      const words = wordsIn(language).tools;
      switch (found.kind) {
        case 'found':
          return Promise.resolve({ outcome: 'ok', text: found.text, structured: { topic: found.topic } });
        case 'several':
          return Promise.resolve({
            outcome: 'refused',
            text: `${words.couldBeAbout(found.topics.map(spokenName))} Ask the guest which one they mean.`,
            structured: { topics: found.topics },
          });
        case 'unknown':
          return Promise.resolve({
            outcome: 'refused',
            text: `${words.nothingKnown} Offer to ask the front desk.`,
          });
        default:
          return found satisfies never;
      }
    },
  };
}

const spokenName = (topic: string): string => topic.replaceAll('-', ' ');

/** Tells what the profile says about the hotel, and nothing else. */
import { z } from 'zod';
import { findTopic } from '../hotel-topics.ts';
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
    whenFailed: 'I could not look that up just now. Tell the guest so, and offer the front desk.',
    whenLate: 'I could not look that up in time. Tell the guest so, and offer the front desk.',
    run(raw) {
      const { topic } = raw as z.output<typeof input>;
      const found = findTopic(hotel, topic);
      switch (found.kind) {
        case 'found':
          return Promise.resolve({ outcome: 'ok', text: found.text, structured: { topic: found.topic } });
        case 'several':
          return Promise.resolve({
            outcome: 'refused',
            text: `That could be about ${listed(found.topics)}. Ask the guest which one they mean.`,
            structured: { topics: found.topics },
          });
        case 'unknown':
          return Promise.resolve({
            outcome: 'refused',
            text: 'There is no information about that. Offer to ask the front desk.',
          });
        default:
          return found satisfies never;
      }
    },
  };
}

const spokenName = (topic: string): string => topic.replaceAll('-', ' ');
const listed = (topics: readonly string[]): string =>
  `${topics.slice(0, -1).map(spokenName).join(', ')} or ${spokenName(topics.at(-1) ?? '')}`;

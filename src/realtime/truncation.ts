/** Taking back what the guest did not hear of an item: the event, and how a refusal is known by the id it echoes. */
import type { AudioSource } from '../call/ports.ts';

const PREFIX = 'truncate ';

/** @param audioEndMs milliseconds heard. @returns undefined when they are not whole and at least 1 (rule PLAY-5). */
export function truncateEvent({ itemId, contentIndex }: AudioSource, audioEndMs: number): object | undefined {
  if (!Number.isInteger(audioEndMs) || audioEndMs < 1) return undefined;
  return {
    event_id: `${PREFIX}${itemId}`,
    type: 'conversation.item.truncate',
    item_id: itemId,
    content_index: contentIndex,
    audio_end_ms: audioEndMs,
  };
}

/** @returns the item that an error's event was to shorten; undefined when the error is about something else. */
export function truncatedItem(eventId: string): string | undefined {
  return eventId.startsWith(PREFIX) ? eventId.slice(PREFIX.length) : undefined;
}

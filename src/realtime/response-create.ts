/** The `response.create` event. Source: OpenAI Realtime API reference (GA). Pure. */
import type { ResponseRequest } from './response-queue.ts';

/** @returns the instructions of a response that says exactly this; the local engine reads them back. */
export function exactSaying(text: string): string {
  return `Say exactly this, word for word, and nothing else: ${JSON.stringify(text)}`;
}

/** @param instructions those of the connection: a response's own replace them, so they are given again. */
export function responseCreate(eventId: string, { kind, text }: ResponseRequest, instructions: string): object {
  const event = { type: 'response.create', event_id: eventId };
  if (kind === 'saying') return { ...event, response: { instructions: exactSaying(text ?? ''), tool_choice: 'none' } };
  return text ? { ...event, response: { instructions: `${instructions}\n\n${text}` } } : event;
}

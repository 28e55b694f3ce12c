/**
 * Client events that tell a fresh connection what was said and done in the call before it (rule MODEL-25). Assistant turns can
 * only be given as text; text cannot be truncated later. Source: OpenAI Realtime API reference (GA), conversation.item.create.
 */
import type { MemoryEntry } from '../call/call-memory.ts';

const NOTE =
  'The connection to you was interrupted; the guest is still on the line and knows nothing of it. Continue where the ' +
  'conversation stopped. Do not greet again, do not introduce yourself, and do not repeat what was done.';

/** @param entries in the order of the call. @returns events, in the order in which they are to be sent. */
export function restoreEvents(entries: readonly MemoryEntry[]): object[] {
  const items = entries.flatMap(itemsOf);
  return [...items, message('system', 'input_text', NOTE)].map((item) => ({ type: 'conversation.item.create', item }));
}

/** @returns the event that adds a turn of the guest in text. */
export function guestItem(text: string): object {
  return { type: 'conversation.item.create', item: message('user', 'input_text', text) };
}

function itemsOf(entry: MemoryEntry): object[] {
  if (entry.kind === 'turn')
    return [
      entry.speaker === 'guest'
        ? message('user', 'input_text', entry.text)
        : message('assistant', 'output_text', entry.text),
    ];
  const { toolCallId: callId, name, argumentsJson, output } = entry;
  return [
    { type: 'function_call', call_id: callId, name, arguments: argumentsJson },
    { type: 'function_call_output', call_id: callId, output },
  ];
}

const message = (role: string, type: string, text: string): object => ({
  type: 'message',
  role,
  content: [{ type, text }],
});

/** The conversation as the mind sees it: items become turns. Pure. */
import type { StoredItem } from './conversation.ts';
import type { Heard, Turn } from './ports.ts';

const UNCLEAR = /^\[unclear\] /;
/** How restored text tells that the guest did not hear the rest. */
const ELLIPSIS = /\s*(?:…|\.\.\.)$/;

/**
 * A call without its result yet is a tool turn with an empty output, at the place of the call; with its result it
 * stands where the result came in, so that what was said meanwhile comes before it. One that had to be approved stands at
 * both places when something was said between.
 */
export function turnsOf(items: readonly StoredItem[]): Turn[] {
  const calls = new Map<string, { name: string; arguments: string }>();
  const answered = new Set<string>();
  for (const { item } of items) {
    if (item.type === 'function_call') calls.set(item.call_id, item);
    if (item.type === 'function_call_output') answered.add(item.call_id);
    if (item.type === 'mcp_call' && item.approval_request_id) answered.add(item.approval_request_id);
    if (item.type === 'mcp_approval_response' && !item.approve) answered.add(item.approval_request_id);
    if (item.type === 'mcp_approval_request') calls.set(item.id, item);
  }
  const ordered = inOrderOfEnd(items);
  const wereWaitedFor = withWordsBetween(ordered);
  return ordered.flatMap((stored) => turnOf(stored, calls, answered, wereWaitedFor));
}

/** Native calls that ended after later items were added move behind those. */
function inOrderOfEnd(items: readonly StoredItem[]): StoredItem[] {
  const ids = new Set(items.map(({ item }) => item.id));
  const late = new Map<string, StoredItem[]>();
  const isLate = ({ item, settledAfterId }: StoredItem) =>
    settledAfterId !== undefined && settledAfterId !== null && settledAfterId !== item.id && ids.has(settledAfterId);
  for (const stored of items)
    if (isLate(stored)) late.set(stored.settledAfterId!, [...(late.get(stored.settledAfterId!) ?? []), stored]);
  return items.flatMap((stored) => [...(isLate(stored) ? [] : [stored]), ...(late.get(stored.item.id) ?? [])]);
}

/** @returns ids of approval requests whose outcome came after further words: these were said while it was open. */
function withWordsBetween(items: readonly StoredItem[]): Set<string> {
  const open = new Set<string>();
  const found = new Set<string>();
  for (const { item } of items) {
    if (item.type === 'mcp_approval_request') open.add(item.id);
    if (item.type === 'message') for (const id of open) found.add(id);
    if (item.type === 'mcp_approval_response' && !item.approve) open.delete(item.approval_request_id);
    if (item.type === 'mcp_call' && item.approval_request_id) open.delete(item.approval_request_id);
  }
  return found;
}

function turnOf(
  stored: StoredItem,
  calls: Map<string, { name: string; arguments: string }>,
  answered: Set<string>,
  wereWaitedFor: Set<string>,
): Turn[] {
  const { item } = stored;
  switch (item.type) {
    case 'message':
      return messageTurn(stored);
    case 'function_call':
      return answered.has(item.call_id) ? [] : [toolTurn(item, '', false)];
    case 'function_call_output': {
      const call = calls.get(item.call_id);
      return call ? [toolTurn(call, item.output, false)] : [];
    }
    case 'mcp_call':
      return [toolTurn(item, item.output ?? item.error?.message ?? '', item.error !== null)];
    case 'mcp_approval_request':
      return answered.has(item.id) && !wereWaitedFor.has(item.id)
        ? []
        : [{ ...toolTurn(item, '', false), awaitsApproval: true }];
    case 'mcp_approval_response': {
      const call = calls.get(item.approval_request_id);
      if (!call || item.approve) return [];
      return [toolTurn(call, `This was not approved${item.reason ? `: ${item.reason}` : ''}.`, true)];
    }
    case 'mcp_list_tools':
      return [];
    default:
      return item satisfies never;
  }
}

function messageTurn(stored: StoredItem): Turn[] {
  if (stored.item.type !== 'message') return [];
  const { role, content, status } = stored.item;
  // What the ears heard counts, not its transcript on the wire.
  const text = content
    .map((part) =>
      'text' in part ? part.text : 'transcript' in part && !stored.heardNow ? (part.transcript ?? '') : '',
    )
    .join(' ')
    .trim();
  if (role === 'system') return [{ kind: 'instruction', text }];
  if (role === 'user') {
    const heard = stored.heardNow;
    const words = text.replace(UNCLEAR, '');
    if (!heard) return [{ kind: 'guest', text: words, isUnderstood: words !== '' && words === text }];
    return [{ kind: 'guest', text: [text, heard.text].join(' ').trim(), isUnderstood: heard.isUnderstood }];
  }
  const isCut = stored.heardText !== undefined;
  const whole = text.replace(ELLIPSIS, '');
  return [
    { kind: 'agent', text: stored.heardText ?? whole, wasCutOff: isCut || whole !== text || status === 'incomplete' },
  ];
}

function toolTurn(
  call: { name: string; arguments: string },
  output: string,
  isError: boolean,
): Extract<Turn, { kind: 'tool' }> {
  return { kind: 'tool', name: call.name, arguments: parsedArguments(call.arguments), output, isError };
}

function parsedArguments(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

/** @returns the guest's words as the wire tells them: words that are uncertain say so, here and when they are restored. */
export function transcriptOf({ text, isUnderstood }: Heard): string {
  return text === '' || isUnderstood ? text : `[unclear] ${text}`;
}

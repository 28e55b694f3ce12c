/** A witness of native calls that notes what it is told and answers as the test says, and a server of somebody else. */
import type { NativeServer, NativeWitness } from '../../src/hotel/tool-servers/session-tools.ts';
import { tool } from './realtime-stage.ts';

type Told = [what: keyof NativeWitness, ...args: unknown[]];
type Answer = Awaited<ReturnType<NativeWitness['approve']>>;

export interface StagedWitness extends NativeWitness {
  told: Told[];
  of(what: keyof NativeWitness): unknown[][];
  /** Answers the questions that were asked so far. */
  answer(answer: Answer): void;
  refuse(error: Error): void;
}

/** @param trusts what becomes of lists, by server. */
export function stagedWitness(trusts: Record<string, boolean> = {}): StagedWitness {
  const told: Told[] = [];
  const waiting: PromiseWithResolvers<Answer>[] = [];
  return {
    told,
    of: (what) => told.filter(([kind]) => kind === what).map(([, ...args]) => args),
    answer: (answer) => waiting.splice(0).forEach(({ resolve }) => resolve(answer)),
    refuse: (error) => waiting.splice(0).forEach(({ reject }) => reject(error)),
    listed(server, tools) {
      told.push(['listed', server, tools]);
      return trusts[server] ?? true;
    },
    pathBroke: (server, why) => void told.push(['pathBroke', server, why]),
    started: (...call) => void told.push(['started', ...call]),
    ended: (...end) => void told.push(['ended', ...end]),
    approve(...question) {
      told.push(['approve', ...question]);
      const answer = Promise.withResolvers<Answer>();
      waiting.push(answer);
      return answer.promise;
    },
  };
}

/** A server of somebody else with one tool that is read and one that staff are asked about. */
export const outside = (label: string, more: Partial<NativeServer> = {}): NativeServer => ({
  label,
  url: `https://${label}.example/mcp`,
  authorization: `token-of-${label}`,
  description: `Things of ${label}.`,
  allowedTools: ['find', 'book'],
  needApproval: ['book'],
  fallback: [tool(`${label}_find`), tool(`${label}_book`)],
  ...more,
});

export type Item = { id: string; type: string; [field: string]: unknown };

export const added = (responseId: string, item: Item) => ({
  type: 'response.output_item.added',
  response_id: responseId,
  output_index: 0,
  item,
});
export const itemDone = (responseId: string, item: Item) => ({
  type: 'response.output_item.done',
  response_id: responseId,
  output_index: 0,
  item,
});
export const conversationItemAdded = (item: Item) => ({
  type: 'conversation.item.added',
  previous_item_id: null,
  item,
});
export const conversationItemDone = (item: Item) => ({ type: 'conversation.item.done', previous_item_id: null, item });

export const nativeCall = (id: string, more: object = {}): Item => ({
  id,
  type: 'mcp_call',
  server_label: 'spa',
  name: 'find',
  arguments: '',
  output: null,
  error: null,
  approval_request_id: null,
  ...more,
});

/** How a list of tools is told, up to its end. */
export function listOf(label: string, tools: object[] = [LISTED]) {
  const item: Item = { id: `list_${label}`, type: 'mcp_list_tools', server_label: label, tools: [] };
  return [
    conversationItemAdded(item),
    { type: 'mcp_list_tools.in_progress', item_id: item.id },
    { type: 'mcp_list_tools.completed', item_id: item.id },
    conversationItemDone({ ...item, tools }),
  ];
}

export function failedListOf(label: string) {
  const item: Item = { id: `list_${label}`, type: 'mcp_list_tools', server_label: label, tools: [] };
  return [conversationItemAdded(item), { type: 'mcp_list_tools.failed', item_id: item.id }];
}

export const LISTED = {
  name: 'find',
  description: 'Finds.',
  input_schema: { type: 'object', properties: {} },
  annotations: { readOnlyHint: true, title: null, other: 1 },
};

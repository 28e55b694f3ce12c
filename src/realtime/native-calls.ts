/**
 * Calls that the model's side makes itself: the queue learns when a follow-up is due, the witness what was called and what
 * became of it, and staff are asked where they want to be. Knows the protocol's items; events of one call come in any order.
 */
import type { Clock } from '../call/ports.ts';
import { OWN_LABEL } from '../hotel/tool-servers/definition.ts';
import type { NativeEnd, NativeWitness } from '../hotel/tool-servers/session-tools.ts';
import type { ConversationItem, ServerEvent } from './realtime-events.ts';
import type { ResponseQueue } from './response-queue.ts';

/** There is no deadline on the model's side: after this a call is lost, and the guest is spoken to again. */
const CALL_WITHIN_MS = 20_000;
/** The item with the result follows the news of a call's end at once. */
const ITEM_WITHIN_MS = 2_000;

export interface NativeCallsParts {
  queue: ResponseQueue;
  witness: NativeWitness | undefined;
  clock: Clock;
  isInUse(label: string): boolean;
  /** A call failed on its way to the server. */
  pathBroke(label: string, why: string): void;
  send(event: object): void;
  /** Something was decided outside of the server's events. */
  changed(): void;
  /** What the server says, fit to be told. */
  clean(text: string): string;
}

interface OpenCall {
  server: string;
  tool: string;
  argumentsJson: string | undefined;
  cancelWatch: () => void;
}

interface Approval {
  server: string;
  tool: string;
  isApproved: boolean;
  cancelWatch: () => void;
}

export class NativeCalls {
  readonly #parts: NativeCallsParts;
  /** By item. Bound, as of the others: what one call can make. */
  readonly #open = new Map<string, OpenCall>();
  readonly #approvals = new Map<string, Approval>();
  /** Items that are over: they are told more than once. */
  readonly #over = new Set<string>();
  #answers = 0;
  #isClosed = false;

  constructor(parts: NativeCallsParts) {
    this.#parts = parts;
  }

  /** Of each event, before the queue learns of it otherwise. */
  happened(event: ServerEvent): void {
    switch (event.type) {
      case 'response.output_item.added':
      case 'conversation.item.added':
        if (event.item.type === 'mcp_call') this.#called(event.item);
        return;
      case 'response.mcp_call_arguments.done':
        return this.#argumentsKnown(event.item_id, event.arguments);
      case 'response.mcp_call.completed':
      case 'response.mcp_call.failed':
        return this.#cameToItsEnd(event.item_id, event.type === 'response.mcp_call.completed');
      case 'response.output_item.done':
      case 'conversation.item.done':
        if (event.item.type === 'mcp_call') this.#done(event.item);
        if (event.item.type === 'mcp_approval_request') this.#approvalAsked(event.item);
        return;
      default:
    }
  }

  /** The server refused our answer to an approval request. @returns whether the event was one. */
  refused(eventId: string): boolean {
    if (!eventId.startsWith(ANSWER)) return false;
    this.#approvalOver(eventId.slice(ANSWER.length), true);
    return true;
  }

  /** Nothing more is heard of calls that run: nobody knows what becomes of them. */
  close(): void {
    if (this.#isClosed) return;
    for (const id of this.#open.keys()) this.#end(id, { outcome: 'unreachable', result: 'The connection was closed.' });
    this.#isClosed = true;
    for (const { cancelWatch } of this.#approvals.values()) cancelWatch();
    this.#approvals.clear();
  }

  #called(item: ConversationItem): void {
    if (this.#open.has(item.id) || this.#over.has(item.id)) return;
    const [server, tool] = [this.#parts.clean(item.server_label ?? ''), this.#parts.clean(item.name ?? '')];
    const lost = { outcome: 'unreachable', result: 'No answer in time.' } as const;
    const cancelWatch = this.#parts.clock.after(CALL_WITHIN_MS, () => this.#lost(item.id, lost));
    this.#open.set(item.id, { server, tool, argumentsJson: undefined, cancelWatch });
    this.#parts.queue.callOpened(item.id);
    const approvalId = this.#approvedFor(item);
    if (approvalId === undefined) return;
    this.#approvalOver(approvalId, false);
    // An approved call has its arguments from the beginning.
    if (item.arguments) this.#argumentsKnown(item.id, item.arguments);
  }

  #argumentsKnown(id: string, argumentsJson: string): void {
    const call = this.#open.get(id);
    if (!call || call.argumentsJson !== undefined) return;
    call.argumentsJson = argumentsJson;
    if (call.server !== OWN_LABEL) this.#parts.witness?.started(id, call.server, call.tool, argumentsJson);
  }

  /** The result is in the item, which follows. */
  #cameToItsEnd(id: string, isCompleted: boolean): void {
    const call = this.#open.get(id);
    if (!call) return;
    this.#parts.queue.nativeCallClosed(id);
    call.cancelWatch();
    const end: NativeEnd = { outcome: isCompleted ? 'ok' : 'unreachable', result: '' };
    call.cancelWatch = this.#parts.clock.after(ITEM_WITHIN_MS, () => this.#lost(id, end));
  }

  #done(item: ConversationItem): void {
    if (this.#over.has(item.id)) return;
    this.#called(item);
    if (item.arguments) this.#argumentsKnown(item.id, item.arguments);
    const end = this.#endOf(item);
    this.#end(item.id, end);
    if (end.outcome === 'unreachable')
      this.#parts.pathBroke(item.server_label ?? '', `a native call failed: ${item.error?.type}`);
  }

  #endOf({ output, error }: ConversationItem): NativeEnd {
    if (!error) return { outcome: 'ok', result: output ?? '' };
    const isOnTheWay = error.type === 'http_error' || error.type === 'protocol_error';
    if (!isOnTheWay) return { outcome: 'failed', result: error.message };
    return { outcome: 'unreachable', result: this.#parts.clean(`${error.type}: ${error.message}`) };
  }

  #lost(id: string, end: NativeEnd): void {
    this.#end(id, end);
    this.#parts.changed();
  }

  #end(id: string, end: NativeEnd): void {
    const call = this.#open.get(id);
    if (!call) return;
    this.#argumentsKnown(id, '');
    this.#open.delete(id);
    this.#over.add(id);
    call.cancelWatch();
    this.#parts.queue.nativeCallClosed(id);
    if (call.server !== OWN_LABEL) this.#parts.witness?.ended(id, end);
  }

  #approvalAsked(item: ConversationItem): void {
    const { id } = item;
    if (this.#over.has(id) || this.#approvals.has(id)) return;
    const [server, tool] = [item.server_label ?? '', item.name ?? ''];
    this.#approvals.set(id, { server, tool, isApproved: false, cancelWatch: () => {} });
    this.#parts.queue.approvalOpened(id);
    const { witness, isInUse } = this.#parts;
    const asked =
      witness && isInUse(server)
        ? witness.approve(server, tool, item.arguments ?? '')
        : Promise.resolve({ isApproved: false, reason: 'This tool is not in use.' });
    void asked
      .catch(() => ({ isApproved: false, reason: 'Nobody could be asked.' }))
      .then((answer) => this.#answer(id, answer));
  }

  #answer(id: string, { isApproved, reason }: { isApproved: boolean; reason: string }): void {
    const approval = this.#approvals.get(id);
    // None once the connection is closed.
    if (!approval) return;
    const item = {
      id: `${ANSWER}${++this.#answers}`,
      type: 'mcp_approval_response',
      approval_request_id: id,
      approve: isApproved,
      reason: reason || undefined,
    };
    this.#parts.send({ event_id: `${ANSWER}${id}`, type: 'conversation.item.create', item });
    if (isApproved) {
      approval.isApproved = true;
      // The call follows by itself; when it does not, the guest still hears something.
      approval.cancelWatch = this.#parts.clock.after(CALL_WITHIN_MS, () => {
        this.#approvalOver(id, true);
        this.#parts.changed();
      });
    } else this.#approvalOver(id, true);
    this.#parts.changed();
  }

  /** @returns the approval that this call was waiting for; servers that do not name it are taken at their word. */
  #approvedFor({ approval_request_id: id, server_label: server, name }: ConversationItem): string | undefined {
    if (id && this.#approvals.has(id)) return id;
    const isIt = (one: Approval): boolean => one.isApproved && one.server === server && one.tool === name;
    return [...this.#approvals].find(([, approval]) => isIt(approval))?.[0];
  }

  #approvalOver(id: string, followUp: boolean): void {
    const approval = this.#approvals.get(id);
    if (!approval) return;
    approval.cancelWatch();
    this.#approvals.delete(id);
    this.#over.add(id);
    this.#parts.queue.approvalClosed(id, followUp);
  }
}

/** Begins the ids of our answers to approval requests. */
const ANSWER = 'approval ';

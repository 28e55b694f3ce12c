/** What the concierge says and does next, from what it holds in mind and the tools it was given. Pure. */
import { callOf, departmentFor, frontDeskOf, nameOfCall, offered, topicFor, type Call } from './concierge-calls.ts';
import { comfortCalls, comfortQuestion } from './concierge-comfort-turns.ts';
import { SWITCH_LANGUAGE } from './concierge-language.ts';
import type { Asked, Inquiry, Memory } from './concierge-memory.ts';
import { departmentsOf, missingIn, summaryOf, type Piece, type Wish } from './concierge-wish.ts';
import { sentence } from './concierge-words.ts';
import type { OfferedTool } from './ports.ts';

export interface Reply {
  says: string[];
  calls: Call[];
  /** What its question is about; undefined: what was asked before still stands. */
  asks?: Asked;
}

/** @returns what comes next; the same for the same memory and tools. */
export function decide(memory: Memory, tools: readonly OfferedTool[]): Reply {
  const { news, reactions } = memory;
  if (memory.wantsLanguage !== undefined && memory.underWay === 0)
    return { says: [], calls: languageCalls(memory.wantsLanguage, tools) };
  if (memory.transfer)
    return { says: news, calls: [transferCall(memory.transfer, memory, tools)].filter((call) => call !== undefined) };
  if (memory.isRepeating && memory.lastSaid) return { says: [memory.lastSaid], calls: [] };
  if (memory.isPausing) return { says: [memory.language.say.takeYourTime], calls: [] };
  const calls = dueCalls(memory, tools);
  if (calls.length > 0) return { says: [], calls };
  if (memory.underWay > 0) return { says: [...reactions, memory.language.say.oneMoment], calls: [] };
  if (memory.failures === 1 || (memory.failures > 1 && !offered(tools, 'transfer_call')))
    return withQuestion([...news, ...reactions, memory.language.say.notCaught], memory, tools);
  if (memory.failures > 1 && offered(tools, 'transfer_call'))
    return {
      says: [...news, ...reactions, memory.language.say.notUnderstood, memory.language.say.offerDesk],
      calls: [],
      asks: 'desk',
    };
  return withQuestion([...news, ...reactions], memory, tools);
}

function languageCalls(language: string, tools: readonly OfferedTool[]): Call[] {
  const tool = offered(tools, SWITCH_LANGUAGE);
  const call = tool && callOf(tool, { language });
  return call ? [call] : [];
}

function withQuestion(says: string[], memory: Memory, tools: readonly OfferedTool[]): Reply {
  const question = nextQuestion(memory, tools);
  const isIdle = question?.asks === 'anything-else' || question?.asks === 'opening';
  // Nothing else is asked of a guest who waits for a colleague's word.
  if (isIdle && memory.awaitingApproval.length > 0)
    return { says: [...says, memory.language.say.oneMoment], calls: [] };
  if (question) return { says: [...says, question.text], calls: [], asks: question.asks };
  const hangUp = offered(tools, 'hang_up');
  const call = hangUp && callOf(hangUp, { reason: 'The guest has nothing more to say' });
  return { says: [...says, memory.language.say.goodbye], calls: call ? [call] : [], asks: 'anything-else' };
}

/** @returns undefined when it is time to say goodbye. */
function nextQuestion(memory: Memory, tools: readonly OfferedTool[]): { text: string; asks: Asked } | undefined {
  if (memory.offersDesk && !memory.isLeaving) return { text: memory.language.say.offerDesk, asks: 'desk' };
  const { inquiry, wishes, room } = memory;
  if (inquiry) return inquiryQuestion(inquiry, memory);
  const comfort = memory.isLeaving ? undefined : comfortQuestion(memory, tools);
  if (comfort) return comfort;
  if (memory.asked === 'change' && wishes.length > 0) return { text: memory.language.say.askChange, asks: 'change' };
  for (const wish of wishes) {
    const piece = missingIn(wish, room);
    if (piece) return { text: pieceQuestion(piece, wish, memory), asks: piece };
  }
  const unconfirmed = wishes.filter(({ isConfirmed }) => !isConfirmed);
  if (unconfirmed.length > 0) return { text: memory.language.say.confirmation(unconfirmed, room), asks: 'confirm' };
  if (memory.isLeaving) return undefined;
  if (memory.asked === 'opening' && memory.news.length === 0)
    return { text: memory.language.say.opening, asks: 'opening' };
  if (memory.asked === 'still-there' && memory.stored.length === 0)
    return { text: memory.language.say.opening, asks: 'opening' };
  return { text: memory.language.say.anythingElse, asks: 'anything-else' };
}

function pieceQuestion(piece: Piece, wish: Wish, memory: Memory): string {
  if (piece === 'time') return memory.language.say.askTime(wish);
  return {
    room: memory.language.say.askRoom,
    destination: memory.language.say.askDestination,
    item: memory.language.say.askItem,
  }[piece];
}

function inquiryQuestion(inquiry: Inquiry, memory: Memory): { text: string; asks: Asked } {
  if (mustVerify(inquiry, memory))
    return memory.room === undefined
      ? { text: memory.language.say.askRoom, asks: 'room' }
      : { text: memory.language.say.askName, asks: 'name' };
  return { text: memory.language.say.askNumber, asks: 'request-number' };
}

/** Requests of this call may be seen by anybody on it; earlier ones by their guest alone. */
function mustVerify(inquiry: Inquiry, { isVerified, stored }: Memory): boolean {
  if (isVerified) return false;
  if (inquiry.mustVerify) return true;
  return inquiry.number === undefined ? stored.length === 0 : !stored.some(({ number }) => number === inquiry.number);
}

/** All that can be called now: confirmed wishes, questions about the hotel, the next step of an inquiry. */
function dueCalls(memory: Memory, tools: readonly OfferedTool[]): Call[] {
  if (memory.underWay > 0) return [];
  const creates = memory.wishes
    .filter(({ isConfirmed, isUnderWay }) => isConfirmed && !isUnderWay)
    .map((wish) => createCall(wish, memory.room, tools));
  const information = offered(tools, 'get_hotel_information');
  const facts = memory.topics.map(
    (topic) => information && callOf(information, { topic: topicFor(information, topic.ids) ?? topic.ids[0] }),
  );
  const inquiry = memory.inquiry && inquiryCall(memory.inquiry, memory, tools);
  return [...comfortCalls(memory, tools), ...creates, ...facts, inquiry]
    .filter((call) => call !== undefined)
    .filter((call) => !memory.awaitingApproval.includes(nameOfCall(call)));
}

/** @returns the call that records a wish; undefined when no tool offered can. */
export function createCall(wish: Wish, room: string | undefined, tools: readonly OfferedTool[]): Call | undefined {
  const tool = offered(tools, 'create_service_request');
  if (!tool) return undefined;
  const replaced =
    wish.replaces &&
    `Replaces request ${wish.replaces.number}${wish.replaces.room ? ` for room ${wish.replaces.room}` : ''}.`;
  return callOf(tool, {
    summary: summaryOf(wish, room),
    department: departmentFor(tool, departmentsOf(wish)) ?? frontDeskOf(tool),
    priority: wish.priority,
    room_number: room,
    details: [replaced, `The guest said: ${sentence(wish.said)}.`].filter(Boolean).join(' ').slice(0, 400),
  });
}

/** @returns the next step; undefined when something has to be asked first. */
export function inquiryCall(inquiry: Inquiry, memory: Memory, tools: readonly OfferedTool[]): Call | undefined {
  if (mustVerify(inquiry, memory)) {
    const verify = offered(tools, 'verify_guest');
    return verify && memory.room !== undefined && memory.lastName !== undefined
      ? callOf(verify, { room_number: memory.room, last_name: memory.lastName })
      : undefined;
  }
  const list = offered(tools, 'get_service_requests');
  if (inquiry.kind === 'status') return list && callOf(list, {});
  const own = memory.stored.length === 1 && !inquiry.wasLookedUp ? memory.stored[0]?.number : undefined;
  const number = inquiry.number ?? (own || undefined);
  if (number === undefined) return list && !inquiry.wasLookedUp ? callOf(list, {}) : undefined;
  const update = offered(tools, 'update_service_request_priority');
  return (
    update &&
    callOf(update, {
      request_number: number,
      priority: inquiry.priority,
      reason: `The guest said: ${inquiry.said}`.slice(0, 180),
    })
  );
}

/** @returns the call to a department that takes calls, else to the front desk. */
export function transferCall(
  transfer: NonNullable<Memory['transfer']>,
  memory: Memory,
  tools: readonly OfferedTool[],
): Call | undefined {
  const tool = offered(tools, 'transfer_call');
  if (!tool) return undefined;
  const about = memory.wishes.map((wish) => summaryOf(wish, memory.room)).join('; ');
  const summary = [
    `${transfer.reason}.`,
    transfer.said && `The guest said: ${transfer.said}.`,
    about && `It is about: ${about}.`,
  ]
    .filter(Boolean)
    .join(' ');
  return callOf(tool, {
    department: departmentFor(tool, transfer.departments) ?? frontDeskOf(tool),
    reason: transfer.reason,
    summary: summary.slice(0, 300),
  });
}

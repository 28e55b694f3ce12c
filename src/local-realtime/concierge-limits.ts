/** What cannot be done with the tools that were offered is dropped and said at once, before anything is asked for it. */
import { callOf, offered, topicFor } from './concierge-calls.ts';
import { dropImpossibleComforts } from './concierge-comfort-turns.ts';
import type { Memory } from './concierge-memory.ts';
import { createCall, transferCall } from './concierge-policy.ts';
import { emergencyWish } from './concierge-wish.ts';
import type { OfferedTool } from './ports.ts';

/** @param memory is changed. */
export function dropImpossible(memory: Memory, tools: readonly OfferedTool[]): void {
  const possible = memory.wishes.filter((wish) => createCall(wish, memory.room ?? '100', tools) !== undefined);
  if (possible.length < memory.wishes.length) refuse(memory, memory.language.say.cannotRecord);
  memory.wishes = possible;
  const information = offered(tools, 'get_hotel_information');
  const topics = memory.topics.filter(
    ({ ids }) => information && callOf(information, { topic: topicFor(information, ids) ?? ids[0] }),
  );
  if (topics.length < memory.topics.length) refuse(memory, memory.language.say.cannotLookUp);
  memory.topics = topics;
  if (dropImpossibleComforts(memory, tools)) refuse(memory, memory.language.say.cannotDo);
  if (memory.inquiry && !canInquire(memory, tools)) {
    memory.inquiry = undefined;
    refuse(memory, memory.language.say.cannotLookUp);
  }
  if (memory.transfer && !transferCall(memory.transfer, memory, tools)) {
    const lost = memory.transfer.isEmergency ? emergencyWish(memory.transfer.said) : undefined;
    if (lost && createCall(lost, memory.room ?? '100', tools)) memory.wishes = [lost];
    memory.transfer = undefined;
    memory.failures = 0;
    memory.reactions.push(memory.language.say.cannotTransfer);
  }
  if (!offered(tools, 'transfer_call')) memory.offersDesk = false;
}

function refuse(memory: Memory, words: string): void {
  memory.reactions.push(words);
  memory.offersDesk = true;
  if (memory.asked === 'opening') memory.asked = 'anything-else';
}

function canInquire({ inquiry, isVerified, stored }: Memory, tools: readonly OfferedTool[]): boolean {
  const lists = offered(tools, 'get_service_requests') !== undefined;
  const changes = offered(tools, 'update_service_request_priority') !== undefined;
  const knows = isVerified || stored.length > 0 || offered(tools, 'verify_guest') !== undefined;
  return inquiry?.kind === 'status' ? lists && knows : changes && knows;
}

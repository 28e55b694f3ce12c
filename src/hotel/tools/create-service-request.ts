/** Records what a guest needs done. */
import { z } from 'zod';
import type { ToolResult } from '../../call/ports.ts';
import { departmentFor } from '../department-for.ts';
import { hotelDate, roomsOf, type HotelProfile } from '../hotel.ts';
import type { Creation, RequestDraft } from '../ports.ts';
import { prioritySchema } from '../service-request.ts';
import { departmentName, wordsIn } from '../languages.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { noSuchRoom, roomNumber } from './room-number.ts';

export function createServiceRequest(hotel: HotelProfile): Tool {
  const departments = Object.keys(hotel.departments) as [string, ...string[]];
  const input = z.strictObject({
    summary: z
      .string()
      .trim()
      .min(12)
      .max(200)
      .describe('What is needed, in one sentence a colleague understands without the call.'),
    department: z.enum(departments).optional().describe('Who does it; left out, it follows from the summary.'),
    priority: prioritySchema.optional().describe('Urgent only for danger or damage, such as water running.'),
    room_number: roomNumber
      .optional()
      .describe('The room as the guest said it. Ask for it unless the guest is verified.'),
    details: z.string().trim().max(500).optional().describe('More that helps: times, amounts, wishes.'),
  });
  return {
    name: 'create_service_request',
    description: 'Records a request of the guest for hotel staff and gives its number.',
    input,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    does: 'record',
    async run(raw, context) {
      const { room_number: stated, ...wish } = raw as z.output<typeof input>;
      const { scope, allowance } = context;
      // A verified guest's own room needs no asking; any other one counts as stated only.
      const room = stated ?? scope.stay?.room;
      if (room === undefined) return refused('Which room is it for? Ask the guest for the room number.');
      if (room !== scope.stay?.room && !(await roomExists(context, room)))
        return refused(noSuchRoom(room, context.language));
      if (!allowance.takeCreate()) return refused('No more requests can be made in this call. Offer the front desk.');
      return create(context, room, {
        ...wish,
        department: wish.department ?? departmentFor(hotel, `${wish.summary} ${wish.details ?? ''}`),
      });
    },
  };
}

async function create(
  context: ToolContext,
  room: string,
  wish: { summary: string; department: string; priority?: z.output<typeof prioritySchema>; details?: string },
): ReturnType<Tool['run']> {
  const { scope, requests, allowance } = context;
  const isRoomVerified = room === scope.stay?.room;
  const created = await requests.create({
    ...wish,
    callId: scope.callId,
    priority: wish.priority ?? 'normal',
    room,
    ...(isRoomVerified ? { stayId: scope.stay?.id } : await stayIn(context, room)),
    isRoomVerified,
  });
  if (created.isDuplicate) allowance.returnCreate();
  return created.kind === 'stored' ? stored(context, created) : noted(context, created, { ...wish, room });
}

function stored(
  { hotel, happened, language }: ToolContext,
  { request, isDuplicate }: Extract<Creation, { kind: 'stored' }>,
): ToolResult {
  const structured = {
    request_number: request.number,
    department: request.department,
    room_number: request.room,
    room_verified: request.isRoomVerified,
    duplicate: isDuplicate,
  };
  const words = wordsIn(language);
  const spoken = words.digits(request.number);
  if (isDuplicate) {
    happened({ kind: 'request-changed', requestId: request.id, number: request.number });
    const state = { status: request.status, priority: request.priority };
    const text = words.tools.recordedAlready(spoken);
    return { outcome: 'ok', text, structured: { ...structured, ...state } };
  }
  happened({ kind: 'request-created', requestId: request.id, number: request.number, summary: request.summary });
  const who = departmentName(hotel, request.department, language);
  return { outcome: 'ok', text: words.tools.recorded(who, spoken), structured };
}

/** The guest hears the truth: it will not be lost, but nobody has seen it yet, and it has no number (rule TOOL-39). */
function noted(
  { scope, hotel, happened, language }: ToolContext,
  { requestId, isDuplicate }: Extract<Creation, { kind: 'noted' }>,
  { summary, department, room }: Pick<RequestDraft, 'summary' | 'department' | 'room'>,
): ToolResult {
  const structured = {
    unconfirmed: true,
    department,
    room_number: room,
    room_verified: room === scope.stay?.room,
    duplicate: isDuplicate,
  };
  if (!isDuplicate) happened({ kind: 'request-noted', requestId, summary });
  const words = wordsIn(language).tools;
  const told = isDuplicate ? words.notedAlready : words.noted(departmentName(hotel, department, language));
  return { outcome: 'ok', text: `${told} ${UNCONFIRMED_ADVICE}`, structured };
}

const UNCONFIRMED_ADVICE =
  'Tell the guest so in these words. Do not say that it is requested or on its way, and name no request number. Offer the front desk if it cannot wait.';

/** The profile lists the rooms too: it is asked when the book does not answer. */
async function roomExists({ stays, hotel }: ToolContext, room: string): Promise<boolean> {
  try {
    return await stays.roomExists(room);
  } catch {
    return roomsOf(hotel).includes(room);
  }
}

/** On a day of change the room has two guests; then nobody can tell whose request it is. */
async function stayIn(
  { stays, hotel, now }: ToolContext,
  room: string,
): Promise<Pick<RequestDraft, 'stayId' | 'stayOn'>> {
  const today = hotelDate(hotel.time_zone, now());
  try {
    const [stay, other] = await stays.inRoom(room, today);
    return { stayId: other ? undefined : stay?.id };
  } catch {
    return { stayOn: today };
  }
}

const refused = (text: string) => ({ outcome: 'refused', text }) as const;

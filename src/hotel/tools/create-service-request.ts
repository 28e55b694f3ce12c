/** Records what a guest needs done. */
import { z } from 'zod';
import { departmentFor } from '../department-for.ts';
import { hotelDate, type HotelProfile } from '../hotel.ts';
import { prioritySchema } from '../service-request.ts';
import { digitByDigit } from '../spoken.ts';
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
    whenFailed: 'I could not record that just now. Tell the guest so, and offer the front desk.',
    whenLate: 'I could not confirm in time that it was recorded. Tell the guest so, and offer the front desk.',
    async run(raw, context) {
      const { room_number: stated, ...wish } = raw as z.output<typeof input>;
      const { scope, allowance } = context;
      // A verified guest's own room needs no asking; any other one counts as stated only.
      const room = stated ?? scope.stay?.room;
      if (room === undefined) return refused('Which room is it for? Ask the guest for the room number.');
      if (room !== scope.stay?.room && !(await context.stays.roomExists(room))) return refused(noSuchRoom(room));
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
  const { scope, hotel, requests, allowance, happened } = context;
  const isRoomVerified = room === scope.stay?.room;
  const { request, isDuplicate } = await requests.create({
    ...wish,
    callId: scope.callId,
    priority: wish.priority ?? 'normal',
    room,
    stayId: isRoomVerified ? scope.stay?.id : await onlyStayIn(context, room),
    isRoomVerified,
  });
  const structured = {
    request_number: request.number,
    department: request.department,
    room_number: request.room,
    room_verified: request.isRoomVerified,
    duplicate: isDuplicate,
  };
  const spoken = digitByDigit(request.number);
  if (isDuplicate) {
    allowance.returnCreate();
    return { outcome: 'ok', text: `This was recorded already: it is request number ${spoken}.`, structured };
  }
  happened({ kind: 'request-created', requestId: request.id, number: request.number, summary: request.summary });
  const who = hotel.departments[request.department]?.name ?? request.department;
  return { outcome: 'ok', text: `Recorded for ${who} as request number ${spoken}.`, structured };
}

/** On a day of change the room has two guests; then nobody can tell whose request it is. */
async function onlyStayIn({ stays, hotel, now }: ToolContext, room: string): Promise<string | undefined> {
  const [stay, other] = await stays.inRoom(room, hotelDate(hotel.time_zone, now()));
  return other ? undefined : stay?.id;
}

const refused = (text: string) => ({ outcome: 'refused', text }) as const;

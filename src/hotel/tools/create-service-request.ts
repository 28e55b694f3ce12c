/** Records what a guest needs done. */
import { z } from 'zod';
import type { HotelProfile } from '../hotel.ts';
import { prioritySchema } from '../service-request.ts';
import { digitByDigit } from '../spoken.ts';
import type { Tool } from '../tool.ts';
import { roomNumber } from './room-number.ts';

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
    async run(raw, { scope, requests, stays, happened }) {
      const { summary, department, priority, room_number: stated, details } = raw as z.output<typeof input>;
      const room = stated ?? scope.stay?.room;
      if (room === undefined)
        return { outcome: 'refused', text: 'Which room is it for? Ask the guest for the room number.' };
      if (!(await stays.roomExists(room)))
        return {
          outcome: 'refused',
          text: `There is no room ${digitByDigit(room)} in this hotel. Ask the guest for the room number again.`,
        };
      const { request, isDuplicate } = await requests.create({
        callId: scope.callId,
        department: department ?? departmentFor(hotel, `${summary} ${details ?? ''}`),
        summary,
        details,
        priority: priority ?? 'normal',
        room,
        isRoomVerified: room === scope.stay?.room,
      });
      const structured = {
        request_number: request.number,
        department: request.department,
        room_number: request.room,
        duplicate: isDuplicate,
      };
      const spoken = digitByDigit(request.number);
      if (isDuplicate)
        return { outcome: 'ok', text: `This was recorded already: it is request number ${spoken}.`, structured };
      happened({ kind: 'request-created', requestId: request.id, number: request.number, summary: request.summary });
      const who = hotel.departments[request.department]?.name ?? request.department;
      return { outcome: 'ok', text: `Recorded for ${who} as request number ${spoken}.`, structured };
    },
  };
}

/** The department whose words appear in the text; the front desk when none does. The longest match wins. */
export function departmentFor(hotel: HotelProfile, text: string): string {
  const words = text.toLowerCase();
  let best: { id: string; length: number } | undefined;
  for (const [id, { handles }] of Object.entries(hotel.departments))
    for (const phrase of handles)
      if (words.includes(phrase.toLowerCase()) && phrase.length > (best?.length ?? 0))
        best = { id, length: phrase.length };
  return best?.id ?? hotel.front_desk;
}

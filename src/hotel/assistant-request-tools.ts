/** What assistants may do with the hotel's requests: record one, list them, change how urgent one is. Texts for software. */
import { z } from 'zod';
import type { ToolResult } from '../call/ports.ts';
import type { AssistantTool, AssistantToolContext } from './assistant-tool.ts';
import { departmentFor } from './department-for.ts';
import { hotelDate, type HotelProfile } from './hotel.ts';
import { prioritySchema, requestStatusSchema, type ServiceRequest } from './service-request.ts';
import { roomNumber } from './tools/room-number.ts';

const WRITES = { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false } as const;
const READS = { ...WRITES, readOnlyHint: true } as const;
/** As many as fit a result (rule TOOL-43). */
const LISTED = 20;

export function recordRequest(hotel: HotelProfile): AssistantTool {
  const departments = Object.keys(hotel.departments) as [string, ...string[]];
  const input = z.strictObject({
    summary: z
      .string()
      .trim()
      .min(12)
      .max(200)
      .describe('What is needed, in one sentence that a colleague understands.'),
    department: z.enum(departments).optional().describe('Who does it; left out, it follows from the summary.'),
    priority: prioritySchema.optional().describe('Urgent only for danger or damage, such as water running.'),
    room_number: roomNumber.optional().describe('Left out when it is about no room.'),
    details: z.string().trim().max(500).optional().describe('More that helps: times, amounts, wishes.'),
  });
  return {
    name: 'create_service_request',
    description:
      'Records a request for hotel staff and gives its number. The same request again gives the same number.',
    input,
    annotations: WRITES,
    async run(raw, context) {
      const { room_number: room, ...wish } = raw as z.output<typeof input>;
      if (room !== undefined && !(await context.stays.roomExists(room))) return refused(`There is no room ${room}.`);
      const { request, isDuplicate } = await context.book.create(
        {
          ...wish,
          department: wish.department ?? departmentFor(hotel, `${wish.summary} ${wish.details ?? ''}`),
          priority: wish.priority ?? 'normal',
          room,
          stayId: room === undefined ? undefined : await onlyStayIn(context, room),
        },
        context.access.name,
      );
      const text = isDuplicate
        ? `This was recorded already as request ${request.number}.`
        : `Recorded for ${nameOf(hotel, request.department)} as request ${request.number}.`;
      return { outcome: 'ok', text, structured: { ...inFields(request), duplicate: isDuplicate } };
    },
  };
}

export function listRequests(hotel: HotelProfile): AssistantTool {
  const input = z.strictObject({
    status: z
      .enum(['open', 'all', ...requestStatusSchema.options])
      .optional()
      .describe('Which ones; open ones when left out.'),
    room_number: roomNumber.optional().describe('Of this room alone.'),
  });
  return {
    name: 'get_service_requests',
    description: `Lists the hotel's requests, newest first, at most ${LISTED}.`,
    input,
    annotations: READS,
    async run(raw, { book }) {
      const { status = 'open', room_number: room } = raw as z.output<typeof input>;
      const found = await book.list({ status, room });
      const shown = found.slice(0, LISTED);
      const more = found.length > shown.length;
      const lines = shown.map(
        ({ number, summary, department, priority, status: state, room: of }) =>
          `${number}: ${summary} (${nameOf(hotel, department)}, ${of === null ? 'no room' : `room ${of}`}, ${priority}, ${state})`,
      );
      const text = lines.length === 0 ? 'There are none.' : lines.join('\n') + (more ? '\nThere are more.' : '');
      return { outcome: 'ok', text, structured: { requests: shown.map(inFields), has_more: more } };
    },
  };
}

export function changePriority(): AssistantTool {
  const input = z.strictObject({
    request_number: z.number().int().positive().max(9_999_999),
    priority: prioritySchema,
    reason: z.string().trim().min(3).max(200).describe('Why, for the history of the request.'),
  });
  return {
    name: 'update_service_request_priority',
    description: 'Changes how urgent a request is.',
    input,
    annotations: WRITES,
    async run(raw, { book, access }) {
      const { request_number: number, priority, reason } = raw as z.output<typeof input>;
      const change = await book.setPriority(number, priority, reason, access.name);
      if (change.kind === 'unknown') return refused(`There is no request ${number}.`);
      const { request } = change;
      if (change.kind === 'closed') return refused(`Request ${number} is ${request.status}, so it cannot change.`);
      const text = `Request ${number} now has ${request.priority} priority.`;
      return { outcome: 'ok', text, structured: inFields(request) };
    },
  };
}

/** On a day of change the room has two guests; then nobody can tell whose request it is. */
async function onlyStayIn({ stays, hotel, now }: AssistantToolContext, room: string): Promise<string | undefined> {
  const [stay, other] = await stays.inRoom(room, hotelDate(hotel.time_zone, now()));
  return other ? undefined : stay?.id;
}

function inFields(request: ServiceRequest): Record<string, unknown> {
  const { number, summary, department, priority, status, room } = request;
  const [created, due] = [request.createdAt.toISOString(), request.dueAt.toISOString()];
  return {
    request_number: number,
    summary,
    department,
    priority,
    status,
    room_number: room,
    created_at: created,
    due_at: due,
  };
}

const nameOf = (hotel: HotelProfile, department: string): string =>
  Object.hasOwn(hotel.departments, department) ? (hotel.departments[department]?.name ?? department) : department;

const refused = (text: string): ToolResult => ({ outcome: 'refused', text });

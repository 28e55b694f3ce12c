/** Tells a guest how their requests stand: those of this call, and of their room once they are verified. */
import { z } from 'zod';
import type { HotelProfile } from '../hotel.ts';
import { requestStatusSchema, type RequestStatus, type ServiceRequest } from '../service-request.ts';
import { digitByDigit } from '../spoken.ts';
import type { Tool } from '../tool.ts';

const input = z.strictObject({
  status: z
    .enum(['open', 'all', ...requestStatusSchema.options])
    .optional()
    .describe('Which ones; open ones when left out.'),
});

/** As many as anybody wants to hear. */
const SPOKEN = 4;

const STATUS_WORDS: Record<RequestStatus, string> = {
  new: 'waiting to be accepted',
  accepted: 'accepted',
  'in-progress': 'being worked on',
  'on-hold': 'on hold',
  done: 'done',
  cancelled: 'cancelled',
};

export function getServiceRequests(hotel: HotelProfile): Tool {
  return {
    name: 'get_service_requests',
    description:
      'Tells how the requests of this guest stand. Verify the guest first to see earlier ones of their room.',
    input,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    async run(raw, { scope, requests }) {
      const { status = 'open' } = raw as z.output<typeof input>;
      const found = await requests.visibleTo(scope, status);
      if (found.length === 0 && !scope.stay)
        return {
          outcome: 'ok',
          text: 'This call has made no requests. Verify the guest by room number and last name to look for earlier ones.',
          structured: { requests: [] },
        };
      const said = found.slice(0, SPOKEN).map((request) => inWords(hotel, request));
      const more = found.length > SPOKEN ? ` And ${found.length - SPOKEN} more.` : '';
      return {
        outcome: 'ok',
        text: found.length === 0 ? 'There are no such requests for this room.' : said.join(' ') + more,
        structured: { requests: found.map(inFields) },
      };
    },
  };
}

function inWords(hotel: HotelProfile, request: ServiceRequest): string {
  const who = hotel.departments[request.department]?.name ?? request.department;
  return `Request number ${digitByDigit(request.number)}, ${request.summary}, is with ${who} and ${STATUS_WORDS[request.status]}.`;
}

function inFields(request: ServiceRequest): Record<string, unknown> {
  const { number, summary, department, priority, status } = request;
  return { request_number: number, summary, department, priority, status, due_at: request.dueAt.toISOString() };
}

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
/** As many as fit a result (rule TOOL-43). */
const LISTED = 15;

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
    whenFailed: 'I could not look that up just now. Tell the guest so, and offer the front desk.',
    whenLate: 'I could not look that up in time. Tell the guest so, and offer the front desk.',
    async run(raw, { scope, requests }) {
      const { status = 'open' } = raw as z.output<typeof input>;
      const found = await requests.visibleTo(scope, status);
      const structured = { requests: found.slice(0, LISTED).map(inFields) };
      if (found.length === 0)
        return { outcome: 'ok', text: scope.stay ? NONE_OF_ROOM[kindOf(status)] : noneOfCall(status), structured };
      const said = found.slice(0, SPOKEN).map((request) => inWords(hotel, request));
      const more = found.length > SPOKEN ? ` And ${found.length - SPOKEN} more.` : '';
      return { outcome: 'ok', text: said.join(' ') + more, structured };
    },
  };
}

type Kind = 'open' | 'all' | 'other';
const kindOf = (status: string): Kind => (status === 'open' || status === 'all' ? status : 'other');

const NONE_OF_ROOM: Record<Kind, string> = {
  open: 'There are no open requests for this room.',
  all: 'There are no requests for this room.',
  other: 'There are no such requests for this room.',
};

/** Nothing is said of what others asked for, not even that there is nothing. */
function noneOfCall(status: string): string {
  const made = { open: 'no open requests', all: 'no requests', other: 'no such requests' }[kindOf(status)];
  return `This call has made ${made}. Verify the guest by room number and last name to look for earlier ones.`;
}

function inWords(hotel: HotelProfile, request: ServiceRequest): string {
  const who = hotel.departments[request.department]?.name ?? request.department;
  const what = request.summary.replace(/[\s.!?]+$/, '');
  return `Request number ${digitByDigit(request.number)}, ${what}, is with ${who} and ${STATUS_WORDS[request.status]}.`;
}

function inFields(request: ServiceRequest): Record<string, unknown> {
  const { number, summary, department, priority, status } = request;
  return { request_number: number, summary, department, priority, status, due_at: request.dueAt.toISOString() };
}

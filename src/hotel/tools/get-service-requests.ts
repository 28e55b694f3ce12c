/** Tells a guest how their requests stand: those of this call, and of their room once they are verified. */
import { z } from 'zod';
import type { HotelProfile } from '../hotel.ts';
import { requestStatusSchema, type ServiceRequest } from '../service-request.ts';
import { departmentName, wordsIn } from '../languages.ts';
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

export function getServiceRequests(hotel: HotelProfile): Tool {
  return {
    name: 'get_service_requests',
    description:
      'Tells how the requests of this guest stand. Verify the guest first to see earlier ones of their room.',
    input,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    does: 'look-up',
    async run(raw, { scope, requests, language }) {
      const { status = 'open' } = raw as z.output<typeof input>;
      const found = await requests.visibleTo(scope, status);
      const words = wordsIn(language).tools;
      const structured = { requests: found.slice(0, LISTED).map(inFields) };
      if (found.length === 0)
        return { outcome: 'ok', text: scope.stay ? words.noRequests[kindOf(status)] : noneOfCall(status), structured };
      const said = found.slice(0, SPOKEN).map((request) => inWords(hotel, request, language));
      const more = found.length > SPOKEN ? ` ${words.more(found.length - SPOKEN)}` : '';
      return { outcome: 'ok', text: said.join(' ') + more, structured };
    },
  };
}

type Kind = 'open' | 'all' | 'other';
const kindOf = (status: string): Kind => (status === 'open' || status === 'all' ? status : 'other');

/** Nothing is said of what others asked for, not even that there is nothing. */
function noneOfCall(status: string): string {
  const made = { open: 'no open requests', all: 'no requests', other: 'no such requests' }[kindOf(status)];
  return `This call has made ${made}. Verify the guest by room number and last name to look for earlier ones.`;
}

function inWords(hotel: HotelProfile, request: ServiceRequest, language: string): string {
  const { digits, tools } = wordsIn(language);
  const who = departmentName(hotel, request.department, language);
  const what = request.summary.replace(/[\s.!?]+$/, '');
  return tools.requestStands(digits(request.number), what, who, tools.statuses[request.status] ?? request.status);
}

function inFields(request: ServiceRequest): Record<string, unknown> {
  const { number, summary, department, priority, status } = request;
  return { request_number: number, summary, department, priority, status, due_at: request.dueAt.toISOString() };
}

/** Makes a request of this guest more or less urgent. */
import { z } from 'zod';
import { prioritySchema } from '../service-request.ts';
import { digitByDigit } from '../spoken.ts';
import type { Tool } from '../tool.ts';

const input = z.strictObject({
  request_number: z.coerce.number().int().positive().max(9_999_999),
  priority: prioritySchema,
  reason: z.string().trim().min(3).max(200).describe('Why, in the guest’s words.'),
});

export function updateServiceRequestPriority(): Tool {
  return {
    name: 'update_service_request_priority',
    description: 'Changes how urgent a request of this guest is.',
    input,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    async run(raw, { scope, requests, happened }) {
      const { request_number: number, priority, reason } = raw as z.output<typeof input>;
      const request = await requests.setPriority(scope, number, priority, reason);
      const spoken = digitByDigit(number);
      // A foreign number and a wrong one sound the same (T3).
      if (!request) return { outcome: 'refused', text: `Request number ${spoken} was not found.` };
      happened({ kind: 'request-changed', requestId: request.id, number: request.number });
      return {
        outcome: 'ok',
        text: `Request number ${spoken} has now ${priority} priority.`,
        structured: { request_number: request.number, priority: request.priority },
      };
    },
  };
}

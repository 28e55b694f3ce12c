/** Makes a request of this guest more or less urgent. */
import { z } from 'zod';
import { prioritySchema } from '../service-request.ts';
import { digitByDigit } from '../spoken.ts';
import type { Tool } from '../tool.ts';

/** Models write numbers as they heard them: 104, "104", "#104". */
const requestNumber = z.preprocess(
  (given) =>
    typeof given === 'string' && /^\D{0,20}\d[\d\s]*$/.test(given) ? Number(given.replace(/\D/g, '')) : given,
  z.number().int().positive().max(9_999_999),
);

const input = z.strictObject({
  request_number: requestNumber,
  priority: prioritySchema,
  reason: z.string().trim().min(3).max(200).describe('Why, in the guest’s words.'),
});

export function updateServiceRequestPriority(): Tool {
  return {
    name: 'update_service_request_priority',
    description: 'Changes how urgent a request of this guest is.',
    input,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    whenFailed: 'I could not change that just now. Tell the guest so, and offer the front desk.',
    whenLate: 'I could not confirm in time that it was changed. Tell the guest so, and offer the front desk.',
    async run(raw, { scope, requests, happened }) {
      const { request_number: number, priority, reason } = raw as z.output<typeof input>;
      const spoken = digitByDigit(number);
      const change = await requests.setPriority(scope, number, priority, reason);
      // A foreign number and a wrong one sound the same (T3).
      if (change.kind === 'unknown') return { outcome: 'refused', text: `Request number ${spoken} was not found.` };
      const { request } = change;
      if (change.kind === 'closed')
        return {
          outcome: 'refused',
          text: `Request number ${spoken} is ${request.status} already, so it cannot change.`,
        };
      happened({ kind: 'request-changed', requestId: request.id, number: request.number });
      return {
        outcome: 'ok',
        text: `Request number ${spoken} now has ${priority} priority.`,
        structured: { request_number: request.number, priority: request.priority },
      };
    },
  };
}

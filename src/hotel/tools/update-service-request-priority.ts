/** Makes a request of this guest more or less urgent. */
import { z } from 'zod';
import { prioritySchema } from '../service-request.ts';
import { wordsIn } from '../languages.ts';
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
    does: 'change',
    async run(raw, { scope, requests, happened, language }) {
      const { request_number: number, priority, reason } = raw as z.output<typeof input>;
      const { digits, tools } = wordsIn(language);
      const spoken = digits(number);
      const change = await requests.setPriority(scope, number, priority, reason);
      // A foreign number and a wrong one sound the same (T3).
      if (change.kind === 'unknown') return { outcome: 'refused', text: tools.requestUnknown(spoken) };
      const { request } = change;
      if (change.kind === 'closed')
        return {
          outcome: 'refused',
          text: tools.requestClosed(spoken, tools.statuses[request.status] ?? request.status),
        };
      happened({ kind: 'request-changed', requestId: request.id, number: request.number });
      return {
        outcome: 'ok',
        text: tools.prioritySet(spoken, priority),
        structured: { request_number: request.number, priority: request.priority },
      };
    },
  };
}

/** What a fixture says must be in the database after its call, and how what is there differs from it. */
import { z } from 'zod';
import { prioritySchema, type ServiceRequest } from '../src/hotel/service-request.ts';

const expectationSchema = z.looseObject({
  requests: z
    .array(
      z.looseObject({
        department: z.string(),
        room: z.string().nullish(),
        priority: prioritySchema.optional(),
        /** A word that the summary must hold, or several. */
        summary: z.union([z.string(), z.array(z.string())]).optional(),
      }),
    )
    .default([]),
});
export type Expectation = z.infer<typeof expectationSchema>;

/** @param expected the field of `transcript.json`. @throws z.ZodError when it cannot be understood. */
export function readExpectation(expected: unknown): Expectation {
  return expectationSchema.parse(expected ?? {});
}

/** @returns one sentence for each difference; empty: exactly the expected requests are there, and no other. */
export function differences({ requests: expected }: Expectation, requests: readonly ServiceRequest[]): string[] {
  const left = [...requests];
  const missing = expected.filter((wanted) => {
    const at = left.findIndex((request) => fits(wanted, request));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [
    ...missing.map((wanted) => `expected a request like ${JSON.stringify(wanted)}, there is none`),
    ...left.map(({ number, summary }) => `request ${number} was not expected: ${summary}`),
  ];
}

function fits(wanted: Expectation['requests'][number], request: ServiceRequest): boolean {
  const words = [wanted.summary ?? []].flat();
  return (
    request.department === wanted.department &&
    (wanted.room === undefined || request.room === wanted.room) &&
    (wanted.priority === undefined || request.priority === wanted.priority) &&
    words.every((word) => request.summary.toLowerCase().includes(word.toLowerCase()))
  );
}

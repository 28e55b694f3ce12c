/**
 * Answers of the staff API about requests, calls and who is signed in, as schemas: the OpenAPI document is made of them.
 * What a schema does not name is not sent, so each has to satisfy the type that it is the schema of.
 */
import { z } from 'zod';
import type { CallQuality } from '../call/call-quality.ts';
import { prioritySchema, requestStatusSchema, type ServiceRequest } from '../hotel/service-request.ts';
import { ROLES, type CallPage, type CallSummary, type StaffMember } from './ports.ts';
import type { Me, RequestPage } from './wire.ts';

/** Every answer that is no success. */
export const problemSchema = z
  .object({
    error: z.string().describe('What went wrong, in words for staff.'),
    mistakes: z.array(z.string()).optional().describe('What of the body is wrong, one by one.'),
  })
  .meta({ id: 'Problem' });

/** Answers that each route may give, whatever it is for. */
export const anyProblem = {
  400: problemSchema.describe('The request was not understood.'),
  401: problemSchema.describe('Nobody is signed in.'),
  403: problemSchema.describe('Not from our page, without the CSRF token, or not for this role.'),
  404: problemSchema.describe('There is no such thing.'),
  413: problemSchema.describe('The body is too large.'),
  503: problemSchema.describe('The records cannot be reached.'),
} as const;

/** Answers that a reading route may give besides what it is for. */
export const readProblem = { 401: anyProblem[401], 404: anyProblem[404], 503: anyProblem[503] } as const;

export const idParams = z.object({ id: z.uuid() });
export const nothing = z.undefined().describe('Done; nothing to tell.');

export const memberSchema = z
  .object({ id: z.string(), login: z.string(), name: z.string(), role: z.enum(ROLES) })
  .meta({ id: 'StaffMember' }) satisfies z.ZodType<StaffMember>;

export const meSchema = z
  .object({
    member: memberSchema,
    csrfToken: z.string().describe('Goes into the x-csrf-token header of every write.'),
    hotel: z.object({ name: z.string(), timeZone: z.string(), departments: z.record(z.string(), z.string()) }),
    moves: z.record(requestStatusSchema, z.array(requestStatusSchema).readonly()),
    mayChange: z.boolean().describe('May change requests and answer approvals.'),
    hasToolServers: z.boolean(),
    maySwitchServers: z.boolean(),
    mayManageServers: z.boolean(),
  })
  .meta({ id: 'Me' }) satisfies z.ZodType<Me>;

export const serviceRequestSchema = z
  .object({
    id: z.string(),
    number: z.number(),
    version: z.number(),
    callId: z.string().nullable(),
    department: z.string(),
    summary: z.string(),
    details: z.string().nullable(),
    priority: prioritySchema,
    status: requestStatusSchema,
    room: z.string().nullable(),
    isRoomVerified: z.boolean(),
    dueAt: z.date(),
    createdAt: z.date(),
    updatedAt: z.date(),
  })
  .meta({ id: 'ServiceRequest' }) satisfies z.ZodType<ServiceRequest>;

export const requestPageSchema = z.object({
  request: serviceRequestSchema,
  history: z.array(z.object({ at: z.date(), by: z.string(), what: z.string() })),
}) satisfies z.ZodType<RequestPage>;

export const statusChangeSchema = z.object({ version: z.number().int().positive(), status: requestStatusSchema });
export const changedRequestSchema = z.object({ request: serviceRequestSchema });
export const requestConflictSchema = z.object({
  error: z.string(),
  request: serviceRequestSchema.describe('As it is now.'),
  changedBy: z.string(),
});
export const illegalMoveSchema = z.object({ error: z.string(), request: serviceRequestSchema });

const callSummarySchema = z
  .object({
    callId: z.string(),
    from: z.string(),
    startedAt: z.date(),
    endedAt: z.date().nullable(),
    endReason: z.string().nullable(),
    phase: z.string(),
    room: z.string().nullable(),
    firstAudioMs: z.number().nullable(),
    transferredTo: z.string().nullable(),
  })
  .meta({ id: 'CallSummary' }) satisfies z.ZodType<CallSummary>;

export const callPageSchema = z.object({
  call: callSummarySchema,
  turns: z.array(
    z.object({
      turnId: z.string(),
      order: z.number(),
      speaker: z.enum(['guest', 'agent']),
      text: z.string(),
      wasCutOff: z.boolean(),
      at: z.date(),
    }),
  ),
  tools: z.array(
    z.object({
      tool: z.string(),
      server: z.string().nullable().describe('Whose tool it is; null: the hotel’s own.'),
      path: z.string(),
      outcome: z.string(),
      error: z.string().nullable(),
      resultBytes: z.number().nullable(),
      durationMs: z.number(),
      result: z.string(),
      at: z.date(),
    }),
  ),
  languages: z
    .array(z.object({ language: z.string(), at: z.date() }))
    .describe('Each language that the guest asked for and the call went on in.'),
  quality: z
    .custom<CallQuality | null>((value) => typeof value === 'object')
    .describe('What the call was like and what it cost; null while it goes on.'),
  requests: z.array(serviceRequestSchema),
}) satisfies z.ZodType<CallPage>;

export const signedInSchema = z.object({ member: memberSchema });

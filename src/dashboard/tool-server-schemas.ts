/**
 * The management API of tool servers as schemas: they check what comes, shape what goes and make the OpenAPI document.
 * What a schema does not name is not sent, so each has to have all that its type has.
 */
import type { IssuedToken } from '../hotel/access-scopes.ts';
import type { ToolFigure } from '../hotel/tool-servers/tool-figures.ts';
import { z } from 'zod';
import { serverDefinitionSchema, serverLabelSchema, type ServerDefinition } from '../hotel/tool-servers/definition.ts';
import type { Capabilities, ListedTool } from '../hotel/tool-servers/ports.ts';
import type { ConnectionTest, PendingApproval, ServerView, ToolReview } from './tool-server-ports.ts';

const listedToolSchema = z
  .object({
    name: z.string(),
    title: z.string().optional(),
    description: z.string(),
    inputSchema: z.record(z.string(), z.unknown()).describe('JSON Schema of type object.'),
    outputSchema: z.record(z.string(), z.unknown()).optional(),
    annotations: z
      .object({
        title: z.string().optional(),
        readOnlyHint: z.boolean().optional(),
        destructiveHint: z.boolean().optional(),
        idempotentHint: z.boolean().optional(),
        openWorldHint: z.boolean().optional(),
      })
      .optional(),
  } satisfies Record<keyof ListedTool, z.ZodType>)
  .meta({ id: 'ListedTool', description: 'A tool as its server lists it.' });

const capabilitiesSchema = z
  .object({
    name: z.string().describe('As the server calls itself.'),
    version: z.string(),
    protocolVersion: z.string(),
    tools: z.array(listedToolSchema),
    resources: z.array(
      z.object({
        uri: z.string(),
        name: z.string(),
        description: z.string().optional(),
        mimeType: z.string().optional(),
        isTemplate: z.boolean(),
      }),
    ),
    prompts: z.array(
      z.object({
        name: z.string(),
        description: z.string().optional(),
        arguments: z.array(z.object({ name: z.string(), isRequired: z.boolean() })),
      }),
    ),
  })
  .meta({ id: 'Capabilities' }) satisfies z.ZodType<Capabilities>;

const statusSchema = z.object({
  kind: z.enum(['connected', 'connecting', 'error', 'disabled']),
  since: z.date(),
  lastError: z.object({ at: z.date(), message: z.string() }).optional(),
});

const toolReviewSchema = z
  .object({
    tool: listedToolSchema,
    trust: z.enum(['approved', 'new', 'changed', 'gone']),
    hash: z.string().describe('SHA-256 of what the server lists, in hex: what an approval is bound to.'),
    before: listedToolSchema.optional().describe('What was approved before, when it changed.'),
    flags: z.array(z.string()).describe('What is suspicious about it, in words.'),
    offeredAs: z.string().optional(),
    notOffered: z.string().optional(),
  } satisfies Record<keyof ToolReview, z.ZodType>)
  .meta({ id: 'ToolReview' });

/** Described by the rules of the file, not held to them: one that breaks a rule by now has to be shown, to be mended. */
const shownDefinitionSchema = z
  .custom<ServerDefinition>((value) => typeof value === 'object' && value !== null)
  .meta({
    ...z.toJSONSchema(serverDefinitionSchema, { io: 'output' }),
    id: 'ServerDefinition',
    description: 'Of each secret only the last four characters, as "…abcd".',
  });

export const serverSchema = z
  .object({
    label: z.string(),
    source: z.enum(['file', 'staff']),
    version: z.number().int(),
    definition: shownDefinitionSchema,
    status: statusSchema,
    path: z.enum(['native', 'client', 'none']),
    capabilities: capabilitiesSchema.optional(),
    tools: z.array(toolReviewSchema),
    callsBehind: z.array(z.string()).describe('Calls that still hold an older set of its tools.'),
  } satisfies Record<keyof ServerView, z.ZodType>)
  .meta({ id: 'ToolServer' });

export const serversAnswer = z.object({ servers: z.array(serverSchema) });
export const serverAnswer = z.object({ server: serverSchema });
export const serverConflict = z.object({ error: z.string(), server: serverSchema.describe('As it is now.') });
export const capabilitiesAnswer = z.object({ capabilities: capabilitiesSchema.nullable() });

/** Fields of servers that are programs on this machine: those come from the file alone (T11). */
export const PROGRAM_FIELDS = ['command', 'args', 'env', 'cwd'] as const;

/** Checked by the desk, which knows the kept secrets that stand in for empty ones. */
const sentDefinition = z.record(z.string(), z.unknown()).meta({
  ...sentRules(),
  id: 'SentDefinition',
  description: 'A definition. A secret that is empty or as it was shown keeps its value.',
});

/** The rules of the file, without programs. */
function sentRules(): object {
  const { properties, ...rules } = z.toJSONSchema(serverDefinitionSchema, { io: 'input' });
  const kept = Object.entries(properties ?? {}).filter(([name]) => !PROGRAM_FIELDS.some((field) => field === name));
  return {
    ...rules,
    properties: { ...Object.fromEntries(kept), transport: { type: 'string', enum: ['http', 'sse'] } },
  };
}

/** The records take no zero. */
const hasNoZero = (text: string): boolean => !text.includes('\u0000');
export const labelParams = z.object({ label: z.string().max(64).refine(hasNoZero) });
export const addBody = z.object({ label: serverLabelSchema, definition: sentDefinition });
const version = z.number().int().positive().describe('The version that was seen; another one answers 409.');
export const changeBody = z.object({ version, definition: sentDefinition });
export const removeQuery = z.object({ version: z.coerce.number().int().positive() });
export const testBody = z.object({
  label: serverLabelSchema.optional().describe('A known server: its kept secrets stand in for empty ones.'),
  definition: sentDefinition,
});
export const testAnswer = z
  .object({
    isConnected: z.boolean(),
    tookMs: z.number(),
    capabilities: capabilitiesSchema.optional(),
    tools: z.array(toolReviewSchema),
    problems: z.array(z.string()),
  } satisfies Record<keyof ConnectionTest, z.ZodType>)
  .meta({ id: 'ConnectionTest' });

const toolName = z.string().min(1).max(128).refine(hasNoZero);
export const approveBody = z.object({
  hashes: z
    .record(toolName, z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hex'))
    .describe('By tool, the hash of what was seen.'),
});
export const withdrawBody = z.object({ tools: z.array(toolName).min(1).max(512) });

export const figuresAnswer = z.object({
  figures: z.array(
    z.object({
      server: z.string(),
      tool: z.string(),
      calls: z.number(),
      failures: z.number(),
      p50Ms: z.number().nullable(),
      p95Ms: z.number().nullable(),
      nativeShare: z.number().describe('Of the calls, by the model’s side itself: 0 to 1.'),
      lastError: z.object({ at: z.date(), message: z.string() }).nullable(),
    }),
  ),
}) satisfies z.ZodType<{ figures: ToolFigure[] }>;

const decision = z.enum(['approved', 'denied']);
const endedHow = z.enum(['approved', 'denied', 'expired', 'cancelled']);

export const approvalSchema = z
  .object({
    id: z.string(),
    callId: z.string(),
    server: z.string(),
    tool: z.string(),
    argumentsJson: z.string().describe('Exactly what the tool would be called with; card numbers blanked.'),
    path: z.enum(['native', 'function', 'client']),
    askedAt: z.date(),
    expiresAt: z.date(),
    room: z.string().nullable(),
  })
  .meta({ id: 'Approval' }) satisfies z.ZodType<PendingApproval>;

export const approvalsAnswer = z.object({
  approvals: z.array(approvalSchema),
  now: z.date().describe('The server’s time, for counting down.'),
});
export const decideBody = z.object({ decision });
export const decidedAnswer = z.object({ decision });
export const takenAnswer = z.object({ error: z.string(), decision: endedHow, by: z.string() });
export const overAnswer = z.object({ error: z.string(), decision: endedHow });

const accessTokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    createdBy: z.string(),
    createdAt: z.date(),
    expiresAt: z.date(),
    lastUsedAt: z.date().nullable(),
  })
  .meta({ id: 'AccessToken' }) satisfies z.ZodType<IssuedToken>;

export const tokensAnswer = z.object({
  tokens: z.array(accessTokenSchema),
  scopes: z.array(z.object({ id: z.string(), name: z.string() })).readonly(),
});
export const issueBody = z.object({
  name: z.string().trim().min(1).max(80),
  scopes: z.array(z.string().max(64)).min(1).max(32),
  days: z.number().int().min(1).max(365),
});
export const issuedAnswer = z.object({
  token: z.string().describe('The token itself: told this once, never again.'),
  view: accessTokenSchema,
});

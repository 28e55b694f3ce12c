/** How a tool server, an MCP server of somebody else, is configured: in `bellhop.yaml` under `mcp_servers` or by staff. */
import { z } from 'zod';

const LABEL = /^[a-z][a-z0-9_-]{0,31}$/;
/** Labels of our own in the session of a call. */
export const OWN_LABEL = 'hotel';

/** The name a server is known by: it stands before its tools' names when these clash. */
export const serverLabelSchema = z
  .string()
  .regex(LABEL, 'expected lower-case letters, digits, - and _, at most 32, beginning with a letter')
  .refine((label) => label !== OWN_LABEL, `'${OWN_LABEL}' is the name of Bellhop's own tools`);

const toolName = z.string().min(1).max(128);
const header = z.record(z.string().regex(/^[\w-]{1,64}$/, 'expected the name of a header'), z.string().max(4_096));
const uri = z.string().max(2_048);
const address = z
  .string()
  .max(2_048)
  .refine(
    (text) => ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? ''),
    'expected an address such as https://mcp.example.com/mcp',
  );
const approval = z.enum(['always', 'never']);

const oauthSchema = z.strictObject({
  /** Left out: what the server's own metadata names. */
  token_url: address.optional(),
  client_id: z.string().min(1).max(512),
  client_secret: z.string().min(1).max(2_048),
  scope: z.string().max(1_024).optional(),
});

/** What of the call goes into a tool's arguments, whatever the model says; the model does not see such an argument. */
const fromCallSchema = z.enum(['room', 'guest_name', 'call_id']);

export const serverDefinitionSchema = z
  .strictObject({
    mode: z.enum(['native', 'client', 'auto']).default('auto'),
    enabled: z.boolean().default(true),
    /** Lower wins when two servers have a tool of the same name. */
    priority: z.number().int().min(0).max(1_000).default(100),
    description: z.string().max(300).default(''),
    /** Left out: all that staff approved. */
    allowed_tools: z.array(toolName).max(128).optional(),
    require_approval: z.union([approval, z.record(toolName, approval)]).default('always'),

    // Native: the model's side calls the server.
    server_url: address.optional(),
    authorization: z.string().min(1).max(4_096).optional(),
    headers: header.optional(),
    oauth: oauthSchema.optional(),

    // Client: we call it and offer its tools as functions.
    transport: z.enum(['stdio', 'http', 'sse']).optional(),
    command: z.string().min(1).max(512).optional(),
    args: z.array(z.string().max(2_048)).max(64).optional(),
    env: z.record(z.string(), z.string()).optional(),
    cwd: z.string().max(1_024).optional(),
    url: address.optional(),
    /** Milliseconds that one call may take. */
    timeout: z.number().int().min(500).max(30_000).default(5_000),

    /** Said while a call takes longer than a moment. */
    phrase: z.string().max(160).optional(),
    /** Seconds that results of a read-only tool are kept, by tool. */
    cache: z.record(toolName, z.number().int().min(1).max(86_400)).optional(),
    resources: z
      .strictObject({ tool: z.boolean().default(false), context: z.array(uri).max(8).default([]) })
      .optional(),
    /** Prompts whose text goes into the instructions. */
    prompts: z
      .array(z.strictObject({ name: toolName, arguments: z.record(z.string(), z.string()).default({}) }))
      .max(8)
      .optional(),
    from_call: z.record(z.string().min(1).max(64), fromCallSchema).optional(),
    limits: z
      .strictObject({
        /** Calls of one tool, all phone calls together. */
        per_minute: z.number().int().min(1).max(1_000).default(60),
        /** Calls of one tool within one phone call. */
        per_call: z.number().int().min(1).max(100).default(10),
      })
      .default({ per_minute: 60, per_call: 10 }),
  })
  .superRefine((definition, context) => {
    const wrong = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    const { mode, transport, authorization, oauth } = definition;
    if (mode === 'native' && definition.server_url === undefined)
      wrong('server_url', 'missing, expected where the model’s side calls the server');
    if (mode === 'client' && transport === undefined) wrong('transport', 'missing, expected stdio, http or sse');
    if (mode === 'auto' && definition.server_url === undefined && transport === undefined)
      wrong('transport', 'missing, expected a server_url or a transport');
    if (transport === 'stdio' && definition.command === undefined) wrong('command', 'missing, expected a program');
    if ((transport === 'http' || transport === 'sse') && !definition.url && !definition.server_url)
      wrong('url', 'missing, expected the address of the server');
    if (authorization !== undefined && oauth !== undefined)
      wrong('oauth', 'expected either authorization or oauth, not both');
    if (Object.keys(definition.headers ?? {}).some((name) => name.toLowerCase() === 'authorization'))
      wrong('headers', 'expected no Authorization here: there is `authorization` for it');
  });

/** A checked definition; `${ENV}` is expanded already. */
export type ServerDefinition = z.output<typeof serverDefinitionSchema>;
/** As it is written. */
export type ServerDefinitionInput = z.input<typeof serverDefinitionSchema>;

/** A server as an installation knows it. */
export interface ToolServer {
  label: string;
  /** Servers from the file are switched, never edited; stdio is theirs alone (T11). */
  source: 'file' | 'staff';
  definition: ServerDefinition;
  /** From 1; grows with each change. */
  version: number;
}

/** The values that are never shown again: names of fields, or of headers and variables in them. */
export const SECRET_FIELDS = ['authorization', 'headers', 'env', 'oauth.client_secret'] as const;

/** @returns where the model's side calls the server; undefined when it cannot. */
export function nativeAddressOf({ mode, server_url: url }: ServerDefinition): string | undefined {
  return mode === 'client' ? undefined : url;
}

/** @returns how we reach the server ourselves. A server that is native alone is reached too, for its health and its tools. */
export function ownTransportOf({
  transport,
  url,
  server_url: serverUrl,
}: ServerDefinition): { kind: 'stdio' } | { kind: 'http' | 'sse'; url: string } {
  if (transport === 'stdio') return { kind: 'stdio' };
  return { kind: transport ?? 'http', url: url ?? serverUrl ?? '' };
}

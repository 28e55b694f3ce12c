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
/** Secrets are shown in another form, so what they look like is no part of the schema that goes out. */
const headerValue = z
  .string()
  .max(4_096)
  .refine((text) => /^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(text), 'expected one line of plain characters');
const header = z.record(z.string().regex(/^[\w-]{1,64}$/, 'expected the name of a header'), headerValue);
/** They belong to the connection and to the protocol. */
const NO_HEADERS =
  /^(host|content-length|content-type|accept|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|proxy-.*|mcp-.*)$/;
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
  token_url: address.optional().describe("Left out: what the server's own metadata names."),
  client_id: z.string().min(1).max(512),
  client_secret: z.string().min(1).max(2_048),
  scope: z.string().max(1_024).optional(),
});

/** What of the call goes into a tool's arguments. */
const fromCallSchema = z.enum(['room', 'guest_name', 'call_id']);

export const serverDefinitionSchema = z
  .strictObject({
    mode: z
      .enum(['native', 'client', 'auto'])
      .default('auto')
      .describe(
        "native: the model's side calls the server; client: Bellhop does; auto: native when it can, else client.",
      ),
    enabled: z.boolean().default(true),
    priority: z
      .number()
      .int()
      .min(0)
      .max(1_000)
      .default(100)
      .describe('Lower wins when two servers have a tool of the same name.'),
    description: z.string().max(300).default('').describe('What the model is told of the server.'),
    allowed_tools: z.array(toolName).max(128).optional().describe('Left out: all that staff approved.'),
    require_approval: z
      .union([approval, z.record(toolName, approval)])
      .default('always')
      .describe('Whether staff are asked about each call: always, never, or one of them for each tool.'),

    server_url: address
      .optional()
      .describe("Where the model's side calls the server. It must be reachable from there."),
    authorization: z
      .string()
      .min(1)
      .max(4_096)
      .refine(
        (text) => /^[\u0021-\u007e]*$/.test(text),
        'expected the token alone, without the word Bearer, spaces and line breaks',
      )
      .optional()
      .describe('A bearer token, without the word Bearer. Sent to the server, and to the model’s side in native mode.'),
    headers: header.optional().describe('More headers; no Authorization.'),
    oauth: oauthSchema
      .optional()
      .describe('Client credentials that tokens are fetched with, instead of `authorization`.'),

    transport: z.enum(['stdio', 'http', 'sse']).optional().describe('How Bellhop reaches the server itself.'),
    command: z.string().min(1).max(512).optional().describe('stdio: the program. No shell reads it.'),
    args: z.array(z.string().max(2_048)).max(64).optional().describe('stdio: its arguments.'),
    env: z
      .record(z.string(), z.string())
      .optional()
      .describe('stdio: all of its environment besides PATH and the like. Nothing else of ours reaches it.'),
    cwd: z.string().max(1_024).optional().describe('stdio: its folder.'),
    url: address.optional().describe('http and sse: where Bellhop calls the server. Left out: server_url.'),
    timeout: z.number().int().min(500).max(30_000).default(5_000).describe('Milliseconds that one call may take.'),

    phrase: z.string().max(160).optional().describe('Said while a call takes longer than a moment.'),
    cache: z
      .record(toolName, z.number().int().min(1).max(86_400))
      .optional()
      .describe('Seconds that results of a read-only tool are kept, by tool.'),
    resources: z
      .strictObject({
        tool: z.boolean().default(false).describe('The model may read its resources by a tool.'),
        context: z.array(uri).max(8).default([]).describe('Resources whose text goes into the instructions.'),
      })
      .optional(),
    prompts: z
      .array(z.strictObject({ name: toolName, arguments: z.record(z.string(), z.string()).default({}) }))
      .max(8)
      .optional()
      .describe('Prompts whose text goes into the instructions.'),
    from_call: z
      .record(z.string().min(1).max(64), fromCallSchema)
      .optional()
      .describe('Arguments that come from the call, whatever the model says; the model does not see them.'),
    limits: z
      .strictObject({
        per_minute: z
          .number()
          .int()
          .min(1)
          .max(1_000)
          .default(60)
          .describe('Calls of one tool, all phone calls together.'),
        per_call: z.number().int().min(1).max(100).default(10).describe('Calls of one tool within one phone call.'),
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
    const headers = Object.keys(definition.headers ?? {});
    if (headers.some((name) => name.toLowerCase() === 'authorization'))
      wrong('headers', 'expected no Authorization here: there is `authorization` for it');
    for (const name of headers)
      if (NO_HEADERS.test(name.toLowerCase())) wrong('headers', `expected no ${name} here: it is set by itself`);
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

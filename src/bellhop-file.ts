/** Reads `bellhop.yaml`: the hotel, tool servers of others and how far they are trusted. One line per mistake, where it stands. */
import { readFileSync } from 'node:fs';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { expandVariables } from './file-variables.ts';
import { hotelProfileSchema, type HotelProfile } from './hotel/hotel.ts';
import { serverDefinitionSchema, serverLabelSchema, type ToolServer } from './hotel/tool-servers/definition.ts';

/** More servers than any hotel has systems. */
const MAX_SERVERS = 32;
const MAX_HOSTS = 64;

const HOST = /^([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])$/;
const TRUSTED = 'expected a host such as mcp.example.com or *.example.com, without a port or path';
const hostName = z
  .string(TRUSTED)
  .max(253)
  .toLowerCase()
  .refine((text) => HOST.test(text.replace(/^\*\./, '')), TRUSTED);
const PRIVATE = 'expected a host such as pms.hotel.internal, 10.0.4.20:8443 or http://homeassistant.local:8123';
const hostAndPort = z
  .string(PRIVATE)
  .max(266)
  .toLowerCase()
  .refine((text) => {
    const host = text.replace(/^http:\/\//, '');
    const port = Number(/(?<=[^:]|\]):(\d+)$/.exec(host)?.[1] ?? 1);
    return HOST.test(host.replace(/(?<=[^:]|\]):\d{1,5}$/, '')) && port >= 1 && port <= 65_535;
  }, `${PRIVATE}, without a path`);

const outsideSchema = z.strictObject({
  trusted_hosts: z
    .array(hostName)
    .max(MAX_HOSTS)
    .default([])
    .describe('When it names any: the only public hosts that servers may be on. *.example.com: all below it.'),
  private_hosts: z
    .array(hostAndPort)
    .max(MAX_HOSTS)
    .default([])
    .describe(
      'Hosts of the hotel’s own network, with or without a port: the only private addresses that may be reached. ' +
        'By https, or with http:// before the host without it, at exactly that port (80 when left out).',
    ),
  allow_loopback: z
    .boolean()
    .default(false)
    .describe('For development: servers on this machine may be reached, also without https.'),
});

/** All that may stand in the file; `${NAME}` is expanded already. */
export const bellhopFileSchema = z.strictObject({
  hotel: hotelProfileSchema,
  mcp_servers: z
    .record(serverLabelSchema, serverDefinitionSchema)
    .refine((servers) => Object.keys(servers).length <= MAX_SERVERS, `expected at most ${MAX_SERVERS} servers`)
    .default({})
    .describe(
      'Tool servers (MCP servers of others) by label. ${NAME} and ${NAME:-default} stand for environment variables.',
    ),
  mcp: outsideSchema.prefault({}).describe('Where tool servers may be.'),
});

/** How far requests to servers of others may go. */
export interface Outside {
  trustedHosts: readonly string[];
  /** `host` or `host:port`, by https; `http://host[:port]` without it. */
  privateHosts: readonly string[];
  isLoopbackAllowed: boolean;
}

export interface BellhopFile {
  hotel: HotelProfile;
  toolServers: ToolServer[];
  outside: Outside;
}

/**
 * @param file absolute. @param environment what `${NAME}` under `mcp_servers` stands for.
 * @param mistakes gets one line per mistake: file, line, path and what was expected, never a value.
 * @returns undefined when there were any.
 */
export function readBellhopFile(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
  mistakes: string[],
): BellhopFile | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    mistakes.push(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  for (const error of document.errors) mistakes.push(`${file}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
  if (document.errors.length > 0) return undefined;
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    // Aliases are looked up only now.
    mistakes.push(`${file}:1: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  const before = mistakes.length;
  const found = checked(content, environment, (path, expected) => {
    mistakes.push(`${file}:${lineOf(document, lines, path)}: ${[path.join('.'), expected].filter(Boolean).join(': ')}`);
  });
  return mistakes.length > before ? undefined : found;
}

function checked(
  content: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  wrong: (path: PropertyKey[], expected: string) => void,
): BellhopFile | undefined {
  const unknown = new Set<string>();
  const expanded = withVariables(content, environment, (path, expected) => {
    unknown.add(path.join('.'));
    wrong(path, expected);
  });
  const parsed = bellhopFileSchema.safeParse(expanded);
  if (parsed.success) return fileOf(parsed.data);
  for (const issue of parsed.error.issues)
    for (const path of placesOf(issue)) if (!unknown.has(path.join('.'))) wrong(path, expectation(issue));
  return undefined;
}

function withVariables(
  content: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  wrong: (path: PropertyKey[], expected: string) => void,
): unknown {
  if (typeof content !== 'object' || content === null || !('mcp_servers' in content)) return content;
  const servers = expandVariables(content.mcp_servers, environment, (path, expected) =>
    wrong(['mcp_servers', ...path], expected),
  );
  return { ...content, mcp_servers: servers };
}

function fileOf({ hotel, mcp_servers: servers, mcp }: z.output<typeof bellhopFileSchema>): BellhopFile {
  return {
    hotel,
    toolServers: Object.entries(servers).map(([label, definition]) => ({
      label,
      source: 'file',
      definition,
      version: 1,
    })),
    outside: {
      trustedHosts: mcp.trusted_hosts,
      privateHosts: mcp.private_hosts,
      isLoopbackAllowed: mcp.allow_loopback,
    },
  };
}

/** Each unknown key stands at a place of its own. */
function placesOf(issue: z.core.$ZodIssue): PropertyKey[][] {
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
}

/** What was expected, in the same words whatever was wrong. */
export function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'there is no such setting';
    case 'invalid_key':
      return issue.issues.map(({ message }) => message).join(', ');
    default:
      return issue.message
        .replace(/^Invalid (input|option): /, '')
        .replace(/^(expected .*), received undefined$/, 'missing, $1');
  }
}

/** @returns the line of the setting, or of the nearest node around it: what is missing has no line of its own. */
function lineOf(document: Document, lines: LineCounter, path: PropertyKey[]): number {
  const parent: unknown = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1))
    : undefined;
  if (isNode(pair?.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
  for (let depth = path.length; depth > 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

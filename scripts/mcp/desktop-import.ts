/** From the `mcpServers` of desktop MCP clients to `mcp_servers` of `bellhop.yaml`, with secrets moved to the environment. Pure. */
import { z } from 'zod';
import { expandVariables } from '../../src/file-variables.ts';
import {
  OWN_LABEL,
  serverDefinitionSchema,
  type ServerDefinitionInput,
} from '../../src/hotel/tool-servers/definition.ts';
import { looksSecret, secretArguments, withoutUrlSecrets } from '../../src/hotel/tool-servers/secret-values.ts';

const MAX_SERVERS = 32;
const text = z.string().max(4_096);

/** As the clients write it, in all their dialects; what is not known is left out. */
const desktopServerSchema = z.object({
  type: text.optional(),
  transport: text.optional(),
  command: text.optional(),
  args: z.array(text).max(64).optional(),
  env: z.record(z.string(), z.coerce.string()).optional(),
  cwd: text.optional(),
  url: text.optional(),
  serverUrl: text.optional(),
  httpUrl: text.optional(),
  headers: z.record(z.string(), text).optional(),
  disabled: z.boolean().optional(),
});
type DesktopServer = z.output<typeof desktopServerSchema>;

const serversSchema = z
  .record(z.string().min(1).max(200), z.unknown())
  .refine((servers) => Object.keys(servers).length <= MAX_SERVERS, `expected at most ${MAX_SERVERS} servers`);
const fileSchema = z.union(
  [z.object({ mcpServers: serversSchema }), z.object({ servers: serversSchema })],
  'expected an object with mcpServers',
);

export interface Imported {
  /** By label, as it is to stand under `mcp_servers`. */
  servers: Record<string, ServerDefinitionInput>;
  /** What has to be set in the environment, and where its value stands now. */
  variables: { name: string; from: string }[];
  /** What could not be taken over, one line each. */
  problems: string[];
}

/** @param given the JSON of a client. @throws Error of one line, without values, when it is something else. */
export function importServers(given: unknown): Imported {
  const parsed = fileSchema.safeParse(given);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error).split('\n')[0]);
  const found = 'mcpServers' in parsed.data ? parsed.data.mcpServers : parsed.data.servers;
  const imported: Imported = { servers: {}, variables: [], problems: [] };
  if (Object.keys(found).length === 0) imported.problems.push('there is no server in it');
  for (const [name, written] of Object.entries(found)) {
    const { data: server, error } = desktopServerSchema.safeParse(written);
    for (const { path, message } of error?.issues ?? [])
      imported.problems.push(`${name}: left out, ${[path.join('.'), message].filter(Boolean).join(': ')}`);
    if (!server) continue;
    const label = labelFor(name, Object.keys(imported.servers));
    const moving = new Moving(name, label, imported.variables);
    const definition = definitionOf(server, moving, (problem) => imported.problems.push(`${name}: ${problem}`));
    const checked = serverDefinitionSchema.safeParse(expandVariables(definition, moving.values, () => {}));
    // An address in parts that are not known yet cannot be judged.
    const wrong = (checked.error?.issues ?? []).filter(
      ({ path: [field] }) => field !== 'url' || !definition.url?.includes('${'),
    );
    if (wrong.length === 0) imported.servers[label] = definition;
    else moving.takeBack();
    for (const { path, message } of wrong) imported.problems.push(`${name}: left out, ${path.join('.')}: ${message}`);
  }
  return imported;
}

/** Moves values of one server into variables that are named after it. */
class Moving {
  /** What the variables stand for, as far as it is known. */
  readonly values: Record<string, string> = {};
  readonly #added: string[] = [];
  readonly #server: string;
  readonly #prefix: string;
  readonly #variables: Imported['variables'];

  constructor(server: string, label: string, variables: Imported['variables']) {
    this.#server = server;
    this.#prefix = variableName(label);
    this.#variables = variables;
  }

  /** @param place where the value stands, such as `env API_KEY`. @returns the reference that stands for it. */
  move(value: string, name: string, place: string): string {
    const own = variableName(name);
    const wanted = own.startsWith(`${this.#prefix}_`) ? own : `${this.#prefix}_${own}`;
    const known = (candidate: string): boolean => this.#variables.some((variable) => variable.name === candidate);
    let free = wanted;
    for (let count = 2; known(free); count++) free = `${wanted}_${count}`;
    this.#add(free, value, place);
    return `\${${free}}`;
  }

  /** References of the clients in our words, which variables they need, and everything else that begins alike as it is. */
  kept(value: string, place: string): string {
    return value.replace(
      /\$\{(?:(env|input):)?([\w-]*)(:-[^}]*)?(\})?/g,
      (all: string, kind: string | undefined, name: string, fallback: string | undefined, end: string | undefined) => {
        if (!end || !/^[A-Za-z_]/.test(name) || (name.includes('-') && kind === undefined)) return `$${all}`;
        const variable = kind === 'input' ? variableName(name) : name.replaceAll('-', '_');
        if (fallback === undefined) this.#add(variable, '', place);
        return `\${${variable}${fallback ?? ''}}`;
      },
    );
  }

  /** Forgets what this server needed. */
  takeBack(): void {
    for (const name of this.#added)
      this.#variables.splice(
        this.#variables.findIndex((variable) => variable.name === name),
        1,
      );
  }

  #add(name: string, value: string, place: string): void {
    this.values[name] = value === '' ? 'x' : value;
    if (this.#variables.some((variable) => variable.name === name)) return;
    this.#added.push(name);
    this.#variables.push({ name, from: `${place} of ${this.#server}` });
  }
}

function definitionOf(server: DesktopServer, moving: Moving, problem: (line: string) => void): ServerDefinitionInput {
  const url = server.url ?? server.serverUrl ?? server.httpUrl;
  const transport = transportOf(server, url);
  const common = { mode: 'client', ...(server.disabled ? { enabled: false } : {}), transport } as const;
  if (transport === 'stdio')
    return {
      ...common,
      command: moving.kept(server.command ?? '', 'command'),
      ...(server.args?.length ? { args: argumentsOf(server.args, moving) } : {}),
      ...(server.env && Object.keys(server.env).length > 0 ? { env: valuesOf(server.env, moving, 'env') } : {}),
      ...(server.cwd ? { cwd: moving.kept(server.cwd, 'cwd') } : {}),
    };
  const headers = { ...server.headers };
  const authorization = takeBearer(headers, problem);
  return {
    ...common,
    url: addressOf(url ?? '', moving),
    ...(authorization ? { authorization: hidden(authorization, moving, 'token', 'header Authorization') } : {}),
    ...(Object.keys(headers).length > 0 ? { headers: valuesOf(headers, moving, 'header') } : {}),
  };
}

function transportOf({ type, transport, command }: DesktopServer, url: string | undefined): 'stdio' | 'http' | 'sse' {
  const named = (type ?? transport ?? '').toLowerCase();
  if (named === 'sse') return 'sse';
  return named === 'stdio' || (url === undefined && command !== undefined) ? 'stdio' : 'http';
}

function takeBearer(headers: Record<string, string>, problem: (line: string) => void): string | undefined {
  const name = Object.keys(headers).find((header) => header.toLowerCase() === 'authorization');
  if (name === undefined) return undefined;
  const token = /^Bearer\s+(.+)$/i.exec(headers[name] ?? '')?.[1];
  if (token === undefined) problem('its Authorization is no bearer token and was left out');
  delete headers[name];
  return token;
}

/** A value that is secret whatever it looks like, unless it is nothing but a reference already. */
function hidden(value: string, moving: Moving, name: string, place: string): string {
  return /^\$\{[^{}]*\}$/.test(value) ? moving.kept(value, place) : moving.move(value, name, place);
}

function valuesOf(values: Record<string, string>, moving: Moving, kind: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      looksSecret(name, value) ? hidden(value, moving, name, `${kind} ${name}`) : moving.kept(value, `${kind} ${name}`),
    ]),
  );
}

function argumentsOf(args: readonly string[], moving: Moving): string[] {
  const secret = secretArguments(args);
  return args.map((argument, at) => {
    const place = `argument ${at + 1}`;
    const found = secret.get(at);
    if (found === undefined) return moving.kept(argument, place);
    const before = moving.kept(argument.slice(0, found.from), place);
    return before + hidden(argument.slice(found.from), moving, found.name, place);
  });
}

/** Keys that stand within the address move; so does all of it when someone's name and password do. */
function addressOf(url: string, moving: Moving): string {
  const parts = withoutUrlSecrets(url);
  if (parts === 'all') return moving.move(url, 'url', 'url');
  let rest = url;
  let written = '';
  for (const { name, value, at } of parts) {
    const done = url.length - rest.length;
    written += moving.kept(url.slice(done, at), 'url') + hidden(value, moving, name, `url ${name}`);
    rest = url.slice(at + value.length);
  }
  return written + moving.kept(rest, 'url');
}

/** @returns a label that is allowed and free. */
function labelFor(name: string, taken: readonly string[]): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 28);
  const wanted = plain === '' ? 'server' : plain;
  if (wanted !== OWN_LABEL && !taken.includes(wanted)) return wanted;
  for (let count = 2; ; count++) if (!taken.includes(`${wanted}-${count}`)) return `${wanted}-${count}`;
}

const variableName = (name: string): string =>
  name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)|^_+|_+$/g, '');

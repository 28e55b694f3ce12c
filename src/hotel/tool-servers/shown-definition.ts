/** A definition without its secrets, and with them again: what is shown, what is kept apart, what a change keeps (T12). Pure. */
import { SECRET_FIELDS, type ServerDefinition } from './definition.ts';
import { secretArguments, withoutUrlSecrets } from './secret-values.ts';

/** Below this length four characters would tell too much. */
const LEAST_SHOWN = 8;
const HIDDEN = '…';

/** By name: `authorization`, `headers.X-Key`, `oauth.client_secret`. */
export type Secrets = ReadonlyMap<string, string>;

/** @returns the definition as it may be shown: of each secret only its last four characters, of a short one none. */
export function shown(definition: ServerDefinition): ServerDefinition {
  const { args, url, server_url: serverUrl } = definition;
  return {
    ...replaced(definition, shownForm),
    // Some servers are given their keys in these; what looks like one is for nobody's eyes either.
    ...(args && { args: shownArguments(args) }),
    ...(url !== undefined && { url: shownAddress(url) }),
    ...(serverUrl !== undefined && { server_url: shownAddress(serverUrl) }),
  };
}

function shownArguments(args: readonly string[]): string[] {
  const secret = secretArguments(args);
  return args.map((argument, at) => {
    const from = secret.get(at)?.from;
    if (from === undefined) return /^https?:\/\//i.test(argument) ? shownAddress(argument) : argument;
    return `${argument.slice(0, from)}${shownForm(argument.slice(from))}`;
  });
}

/** @returns the address, with what looks like a key in its path and query as secrets are shown. */
export function shownAddress(address: string): string {
  const secrets = withoutUrlSecrets(address);
  if (secrets === 'all') return URL.canParse(address) ? `${new URL(address).protocol}//${HIDDEN}` : HIDDEN;
  let shownText = address;
  for (const { value, at } of secrets.toReversed())
    shownText = `${shownText.slice(0, at)}${shownForm(value)}${shownText.slice(at + value.length)}`;
  return shownText;
}

/** @returns the definition with an empty text in the place of each secret. */
export function withoutSecrets(definition: ServerDefinition): ServerDefinition {
  return replaced(definition, () => '');
}

/** @returns the definition with its secrets in their places; one that is missing stays empty. */
export function withSecrets(definition: ServerDefinition, secrets: Secrets): ServerDefinition {
  return replaced(definition, (_, name) => secrets.get(name) ?? '');
}

/** @returns all secrets of the definition by their names; empty ones too. */
export function secretsOf(definition: unknown): Secrets {
  const secrets = new Map<string, string>();
  replaced(definition, (secret, name) => {
    secrets.set(name, secret);
    return secret;
  });
  return secrets;
}

/**
 * Puts the known secrets in the places of those that are empty or as they were shown. Secrets go only to where they were
 * given for: a definition with another address has to bring them again, else whoever may change it could read them.
 * @param sent unchecked. @param known none for a new server. @returns mistakes in words for staff, by name of the field.
 */
export function withKeptSecrets(
  sent: unknown,
  known: ServerDefinition | undefined,
): { definition: unknown; mistakes: string[] } {
  const old = known ? secretsOf(known) : new Map<string, string>();
  const origins = new Set(originsOf(known));
  const mistakes: string[] = [];
  const withAddresses = withKeptAddresses(sent, known, mistakes);
  const isElsewhere = originsOf(withAddresses).some((origin) => !origins.has(origin));
  const definition = replaced(withAddresses, (secret, name) => {
    const kept = old.get(name) ?? '';
    if (kept !== '' && (secret === '' || secret === shownForm(kept))) {
      if (isElsewhere) mistakes.push(`${name}: expected the secret again, since an address is another one`);
      return kept;
    }
    if (secret.startsWith(HIDDEN)) mistakes.push(`${name}: expected the secret itself, not how it is shown`);
    return secret;
  });
  return { definition, mistakes };
}

/** An address that is sent as it was shown is the one that is known. */
function withKeptAddresses(sent: unknown, known: ServerDefinition | undefined, mistakes: string[]): unknown {
  if (!isRecord(sent)) return sent;
  const kept = { ...sent };
  for (const field of ['url', 'server_url'] as const) {
    const [address, before] = [sent[field], known?.[field]];
    if (typeof address !== 'string') continue;
    if (before !== undefined && address === shownAddress(before)) kept[field] = before;
    else if (address.includes(HIDDEN)) mistakes.push(`${field}: expected the address itself, not how it is shown`);
  }
  return kept;
}

const shownForm = (secret: string): string => {
  if (secret === '') return '';
  return secret.length < LEAST_SHOWN ? HIDDEN : `${HIDDEN}${secret.slice(-4)}`;
};

/** The hosts that get the secrets. */
function originsOf(definition: unknown): string[] {
  if (!isRecord(definition)) return [];
  const { server_url: serverUrl, url, oauth } = definition;
  const addresses = [serverUrl, url, isRecord(oauth) ? oauth['token_url'] : undefined];
  return addresses
    .filter((address): address is string => typeof address === 'string' && address !== '')
    .map((address) => (URL.canParse(address) ? new URL(address).origin : address));
}

function replaced<Definition>(
  definition: Definition,
  replacement: (secret: string, name: string) => string,
): Definition {
  let result: unknown = definition;
  for (const field of SECRET_FIELDS) result = replacedAt(result, field.split('.'), field, replacement);
  return result as Definition;
}

function replacedAt(
  value: unknown,
  [key, ...rest]: readonly string[],
  name: string,
  replacement: (secret: string, name: string) => string,
): unknown {
  if (key === undefined && typeof value === 'string') return replacement(value, name);
  if (!isRecord(value)) return value;
  if (key !== undefined)
    return Object.hasOwn(value, key) ? { ...value, [key]: replacedAt(value[key], rest, name, replacement) } : value;
  return Object.fromEntries(
    Object.entries(value).map(([entry, secret]) => [
      entry,
      typeof secret === 'string' ? replacement(secret, `${name}.${entry}`) : secret,
    ]),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

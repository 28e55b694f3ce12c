/** Secrets of a tool server on their way to staff: never whole, neither in a definition nor in what is said of it. Pure. */
import { SECRET_FIELDS, type ServerDefinition } from '../hotel/tool-servers/definition.ts';

/** What stands before the characters of a secret that are shown. */
const MARK = '…';
const SHOWN_CHARACTERS = 4;
/** Of a shorter secret four characters would be too much. */
const SHORT = 12;
/** Shorter values are no secrets that can be told from other text. */
const LEAST_SCRUBBED = 4;

/** @returns the definition with each secret as `"…abcd"`; one that is shown like that already stays as it is. */
export function shownDefinition(definition: ServerDefinition): ServerDefinition {
  const shown: Record<string, unknown> = { ...definition };
  for (const field of SECRET_FIELDS) {
    const [outer = '', inner] = field.split('.');
    const value = shown[outer];
    if (typeof value === 'string') shown[outer] = shownSecret(value);
    else if (isRecord(value)) shown[outer] = maskedIn(value, inner);
  }
  return shown as ServerDefinition;
}

/** @param sent a definition as staff sent it. @returns the text with each of its secrets blanked. */
export function withoutSecrets(text: string, sent: unknown): string {
  return secretsOf(sent).reduce((rest, secret) => rest.replaceAll(secret, MARK), text);
}

function secretsOf(sent: unknown): string[] {
  if (!isRecord(sent)) return [];
  const secrets = SECRET_FIELDS.flatMap((field) => {
    const [outer = '', inner] = field.split('.');
    const value = sent[outer];
    if (!isRecord(value)) return [value];
    return inner === undefined ? Object.values(value) : [value[inner]];
  });
  return secrets.filter((secret) => typeof secret === 'string' && secret.length >= LEAST_SCRUBBED) as string[];
}

/** @param only the field of `values` that is secret; without it all are. */
function maskedIn(values: Record<string, unknown>, only: string | undefined): Record<string, unknown> {
  const entries = Object.entries(values).map(([name, value]) => {
    const isSecret = typeof value === 'string' && (only === undefined || name === only);
    return [name, isSecret ? shownSecret(value) : value];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function shownSecret(secret: string): string {
  if (secret.startsWith(MARK) && secret.length <= MARK.length + SHOWN_CHARACTERS) return secret;
  return secret.length < SHORT ? MARK : MARK + secret.slice(-SHOWN_CHARACTERS);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is said of a definition that staff sent, without the secrets in it. Pure. */
import { secretsOf } from '../hotel/tool-servers/shown-definition.ts';

const MARK = '…';
/** Shorter ones cannot be told from other text. */
const LEAST_SCRUBBED = 4;

/** @param sent a definition, unchecked. @returns the text with each of its secrets blanked. */
export function scrubbed(text: string, sent: unknown): string {
  const secrets = [...secretsOf(sent).values()].filter((secret) => secret.length >= LEAST_SCRUBBED);
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, MARK), text);
}

/** Takes secrets out of what a provider says, before it is logged or kept (rule TOOL-46). */

/** Characters of what a provider says that are worth keeping. */
const MAX_CHARACTERS = 1_000;

/** @param secrets values that must not appear; empty ones are ignored. @returns the text without them, its first 1,000 characters. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, '…');
  clean = clean.replaceAll(/\b(sk|ek)[-_][\w-]{6,}/g, '…').replaceAll(/Bearer\s+[\w.~+/-]+=*/gi, 'Bearer …');
  return clean.slice(0, MAX_CHARACTERS);
}

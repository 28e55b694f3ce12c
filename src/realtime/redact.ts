/** Takes secrets out of what a provider says, before it is logged or kept (rule TOOL-46). */

/** @param secrets values that must not appear; empty ones are ignored. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, '…');
  return clean.replaceAll(/\b(sk|ek)[-_][\w-]{6,}/g, '…').replaceAll(/Bearer\s+[\w.~+/-]+=*/gi, 'Bearer …');
}

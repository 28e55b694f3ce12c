/** Which values of a server's settings are secrets, by their names and looks: rather one too many. Pure. */

const SECRET_NAME =
  /key|token|secret|passw|pwd|auth|credential|cookie|session|signature|bearer|private|dsn|conn(ection)?_?str/i;
/** Nothing can be lost with them. */
const HARMLESS =
  /^(true|false|yes|no|on|off|\d{1,6}|[a-z]{1,16}|(\.{0,2}\/|[A-Za-z]:\\)[^\s]*|https?:\/\/[\w.:-]+\/?)$/i;
const KNOWN_FORM = /^(sk-|pk-|gh[a-z]_|github_pat_|glpat-|xox[a-z]-|eyJ|AKIA|AIza|Bearer\s)/;

/** @param name of a variable or header. @returns whether its value should not stand in a file that is shared. */
export function looksSecret(name: string, value: string): boolean {
  if (value === '') return false;
  return SECRET_NAME.test(name) || KNOWN_FORM.test(value) || !HARMLESS.test(value);
}

/** An address of a database, or of anything else, that says who comes. */
const WITH_PASSWORD = /^[a-z][a-z\d+.-]{0,30}:\/\/[^/?#\s]+@/i;

/** Letters and digits mixed, at length: what no word or path looks like. */
const isRandom = (value: string): boolean =>
  KNOWN_FORM.test(value) ||
  (/^[\w+/=-]{24,}$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value) && !/^[./]/.test(value));

/** @returns by position which arguments hold a secret: from which character on, and what to call it. */
export function secretArguments(args: readonly string[]): Map<number, { from: number; name: string }> {
  const found = new Map<number, { from: number; name: string }>();
  for (const [at, argument] of args.entries()) {
    const option = /^--?([\w.-]+)(=)?/.exec(argument);
    const before = /^--?([\w.-]+)$/.exec(args[at - 1] ?? '')?.[1];
    const header = /^([\w-]+):\s*(?:Bearer\s+)?(?=\S)/i.exec(argument);
    if (option?.[1] && option[2] && (SECRET_NAME.test(option[1]) || isRandom(argument.slice(option[0].length))))
      found.set(at, { from: option[0].length, name: option[1] });
    else if (option) continue;
    else if (header?.[1] && SECRET_NAME.test(header[1])) found.set(at, { from: header[0].length, name: header[1] });
    else if (before && SECRET_NAME.test(before)) found.set(at, { from: 0, name: before });
    else if (WITH_PASSWORD.test(argument)) found.set(at, { from: 0, name: 'address' });
    else if (isRandom(argument)) found.set(at, { from: 0, name: `argument_${at + 1}` });
  }
  return found;
}

/** @returns the secret values in the query and path of an address in their order; `all` when it has a name and password. */
export function withoutUrlSecrets(url: string): 'all' | { name: string; value: string; at: number }[] {
  if (/^https?:\/\/[^/?#]*@/i.test(url)) return 'all';
  const found: { name: string; value: string; at: number }[] = [];
  const start = /^https?:\/\/[^/?#]*/i.exec(url)?.[0].length ?? 0;
  for (const { 1: name, 2: value = '', index } of url.slice(start).matchAll(/[?&]([^=&#]+)=([^&#]+)|\/([^/?#]+)/g)) {
    const at = start + index + (name === undefined ? 1 : name.length + 2);
    const part = name === undefined ? (/^[^/?#]+/.exec(url.slice(at))?.[0] ?? '') : value;
    if (name === undefined ? isRandom(part) : SECRET_NAME.test(name) || isRandom(part))
      found.push({ name: name ?? 'path', value: part, at });
  }
  return found;
}

/** Values that must not be told, whoever repeats them: servers put what they were given into errors. Pure. */
import { visible } from '../../hotel/tool-servers/hidden-text.ts';
import type { ServerDefinition } from '../../hotel/tool-servers/definition.ts';

/** Shorter ones stand in many a word. */
const MIN_LENGTH = 4;
const MAX_LINE_LENGTH = 200;
/** The bearer in use and the ones before it, which may still be repeated. */
const MAX_BEARERS = 4;

export class Secrets {
  readonly #fixed: string[];
  #bearers: string[] = [];

  constructor({ authorization, headers, env, oauth, url, server_url: serverUrl }: ServerDefinition) {
    this.#fixed = [authorization, oauth?.client_secret, ...Object.values(headers ?? {}), ...Object.values(env ?? {})]
      .concat([url, serverUrl].flatMap(secretsInAddress))
      .filter((value) => value !== undefined && value.length >= MIN_LENGTH)
      .map((value) => value ?? '');
  }

  /** A token that was fetched while running. */
  addBearer(token: string): void {
    if (token.length < MIN_LENGTH || this.#bearers.includes(token)) return;
    this.#bearers = [...this.#bearers, token].slice(-MAX_BEARERS);
  }

  /** @returns one line of at most 200 characters without secrets. */
  line(text: string): string {
    let clean = text;
    for (const secret of [...this.#fixed, ...this.#bearers].toSorted((a, b) => b.length - a.length))
      clean = clean.replaceAll(secret, '…');
    clean = visible(clean).replace(/\s+/g, ' ').trim();
    return clean.length <= MAX_LINE_LENGTH ? clean : `${clean.slice(0, MAX_LINE_LENGTH - 1).toWellFormed()}…`;
  }
}

/** Some servers are given their key as part of the address. */
function secretsInAddress(address: string | undefined): (string | undefined)[] {
  if (address === undefined || !URL.canParse(address)) return [];
  const { username, password, searchParams } = new URL(address);
  return [username, decodeURIComponent(password), ...searchParams.values()];
}

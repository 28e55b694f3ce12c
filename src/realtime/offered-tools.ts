/**
 * Which tools a connection offers: what staff want, less the native servers that this connection cannot use. A server that
 * broke is replaced by its fallback, one that lists what nobody approved is taken out, for as long as the connection lives.
 */
import type { NativeServer, SessionTools } from '../hotel/tool-servers/session-tools.ts';

/** `broken`: its tools are functions. `untrusted`: neither it nor its tools are offered. */
type State = 'listing' | 'listed' | 'broken' | 'untrusted';

export class OfferedTools {
  #wanted: SessionTools;
  /** By label. Bound: servers that staff configured while the connection lived. */
  readonly #states = new Map<string, State>();
  /** Functions that the model's side refused to take. Bound: the tools there are. */
  readonly #refused = new Set<string>();

  constructor(wanted: SessionTools) {
    this.#wanted = wanted;
    for (const { label } of wanted.native) this.#states.set(label, 'listing');
  }

  /** What the session is to be configured with. A name stands once: the first that has it. */
  get current(): SessionTools {
    const { version, native, functions } = this.#wanted;
    const fallen = native.filter(({ label }) => this.#states.get(label) === 'broken');
    const all = [...fallen.flatMap(({ fallback }) => fallback), ...functions];
    const names = all.map(({ name }) => name);
    return {
      version,
      native: native.filter(({ label, allowedTools }) => this.isInUse(label) && allowedTools.length > 0),
      functions: all.filter(({ name }, at) => names.indexOf(name) === at && !this.#refused.has(name)),
    };
  }

  /** Labels of servers whose lists are waited for. */
  get listing(): string[] {
    return this.#wanted.native.map(({ label }) => label).filter((label) => this.#states.get(label) === 'listing');
  }

  /** Whether the model's side may call this server. */
  isInUse(label: string): boolean {
    const state = this.#states.get(label);
    return state === 'listing' || state === 'listed';
  }

  /** Staff want another set. @returns labels of servers that are listed for it: new ones, and those that moved. */
  change(wanted: SessionTools): string[] {
    const before = new Map(this.#wanted.native.map((server) => [server.label, server]));
    if (wanted.version !== this.#wanted.version) this.#judgeAnew();
    this.#wanted = wanted;
    const labels = new Set(wanted.native.map(({ label }) => label));
    for (const label of this.#states.keys()) if (!labels.has(label) && this.isInUse(label)) this.#states.delete(label);
    const isNew = (server: NativeServer): boolean =>
      !this.#states.has(server.label) || placeOf(server) !== placeOf(before.get(server.label));
    const toList = wanted.native.filter((server) => isNew(server) && !this.#isOut(server.label));
    for (const { label } of toList) this.#states.set(label, 'listing');
    return toList.map(({ label }) => label);
  }

  /** @returns false when it was listed before, or is not in use. */
  listed(label: string): boolean {
    if (this.#states.get(label) !== 'listing') return false;
    this.#states.set(label, 'listed');
    return true;
  }

  /** @returns false when it was not in use any more. */
  broke(label: string): boolean {
    return this.#takeOut(label, 'broken');
  }

  /** @returns false when it was not in use any more. */
  distrusted(label: string): boolean {
    return this.#takeOut(label, 'untrusted');
  }

  functionRefused(name: string): void {
    this.#refused.add(name);
  }

  /** Staff may have approved what was not trusted, or mended what has no other path. */
  #judgeAnew(): void {
    const canFall = new Set(this.#wanted.native.flatMap(({ label, fallback }) => (fallback.length > 0 ? [label] : [])));
    for (const [label, state] of this.#states)
      if (state === 'untrusted' || (state === 'broken' && !canFall.has(label))) this.#states.delete(label);
  }

  #takeOut(label: string, state: State): boolean {
    if (!this.isInUse(label)) return false;
    this.#states.set(label, state);
    return true;
  }

  #isOut(label: string): boolean {
    return this.#states.has(label) && !this.isInUse(label);
  }
}

/** Where a server is and how it is addressed, without the token, which is renewed while it is used. */
const placeOf = (server: NativeServer | undefined): string | undefined =>
  server && JSON.stringify([server.url, server.headers]);

/** When a tool server is dialled, and again after it broke: states and back-off, no sockets. Pure. */
import type { Clock } from '../../call/ports.ts';
import type { ServerStatus } from '../../hotel/tool-servers/ports.ts';

const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;
/** So that many instances do not return at the same moment. */
const JITTER = 0.2;
/** A connection that held for this long starts over with the shortest wait. */
const STEADY_MS = 30_000;
/** A server that forgets us more often than this is treated as one that breaks. */
const AT_ONCE_EVERY_MS = 10_000;

export interface LinkActs {
  /** Dial now; tell `opened` or `broke`. */
  open(): void;
  changed(status: ServerStatus): void;
}

export class LinkState {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #acts: LinkActs;
  #status: ServerStatus;
  #failures = 0;
  #openedAtMs = 0;
  #atOnceAtMs = -Infinity;
  #callOff: () => void = () => {};
  #isEnded = false;

  /** @param random 0 to 1. */
  constructor(clock: Clock, random: () => number, acts: LinkActs) {
    this.#clock = clock;
    this.#random = random;
    this.#acts = acts;
    this.#status = { kind: 'disabled', since: clock.wallTime(), lastError: undefined };
  }

  get status(): ServerStatus {
    return this.#status;
  }

  /** Dials, unless it was started before. */
  start(): void {
    if (this.#isEnded || this.#status.kind !== 'disabled') return;
    this.#dial();
  }

  /** The server answers and what it lists is known. */
  opened(): void {
    if (this.#isEnded || this.#status.kind !== 'connecting') return;
    this.#openedAtMs = this.#clock.nowMs();
    this.#become('connected');
  }

  /** Dialling failed, or an open connection broke. @param message one line, without secrets. */
  broke(message: string): void {
    const { kind } = this.#status;
    if (this.#isEnded || (kind !== 'connecting' && kind !== 'connected')) return;
    if (kind === 'connected' && this.#clock.nowMs() - this.#openedAtMs >= STEADY_MS) this.#failures = 0;
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** Math.min(this.#failures, 16), MAX_WAIT_MS);
    this.#failures += 1;
    this.#become('error', message);
    this.#callOff = this.#clock.after(waitMs * (1 + JITTER * (2 * this.#random() - 1)), () => this.#dial());
  }

  /** The server answers and does not know us any more: dialled again at once (rule TOOL-47). */
  forgotten(message: string): void {
    if (this.#isEnded || this.#status.kind !== 'connected') return;
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#atOnceAtMs < AT_ONCE_EVERY_MS) return this.broke(message);
    this.#atOnceAtMs = nowMs;
    this.#note(message);
    this.#dial();
  }

  /** For good. */
  end(): void {
    if (this.#isEnded) return;
    this.#callOff();
    if (this.#status.kind !== 'disabled') this.#become('disabled');
    this.#isEnded = true;
  }

  #dial(): void {
    this.#become('connecting');
    this.#acts.open();
  }

  #note(message: string): void {
    this.#status = { ...this.#status, lastError: { at: this.#clock.wallTime(), message } };
  }

  #become(kind: ServerStatus['kind'], message?: string): void {
    const at = this.#clock.wallTime();
    const lastError = message === undefined ? this.#status.lastError : { at, message };
    this.#status = { kind, since: at, lastError };
    this.#acts.changed(this.#status);
  }
}

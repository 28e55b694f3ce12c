/** Keeps the embedded server running: when it dies it is started again, after a wait that grows while it goes on dying. */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ServerUser } from './postgres-folders.ts';
import { watchOver } from './postgres-owner.ts';
import { stopServer } from './postgres-process.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;
/** A server that ran for so long is sound: the next wait is short again. */
const SOUND_AFTER_MS = 60_000;

/** Starts the server, on the same port each time. @throws Error with one line that says what is wrong. */
export type Launch = () => Promise<{ port: number; child: ChildProcess }>;

export class PostgresSupervisor {
  readonly #launch: Launch;
  readonly #user: ServerUser | undefined;
  readonly #log: Logger | undefined;
  readonly #stopping = new AbortController();
  #child: ChildProcess | undefined;
  #callOffWatch: () => void = () => {};
  #restarting: Promise<void> | undefined;
  #waitMs = FIRST_WAIT_MS;

  constructor(launch: Launch, user: ServerUser | undefined, log: Logger | undefined) {
    this.#launch = launch;
    this.#user = user;
    this.#log = log;
  }

  /** @returns the port. @throws what the launch threw. */
  async start(): Promise<number> {
    const { port, child } = await this.#launch();
    const startedAtMs = performance.now();
    this.#child = child;
    this.#callOffWatch = watchOver(child.pid ?? 0, this.#user);
    const died = (): void => this.#died(performance.now() - startedAtMs);
    if (isOver(child)) died();
    else child.once('exit', died);
    return port;
  }

  /** Ends the server, or the attempts to start it, for good. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#restarting;
    this.#callOffWatch();
    if (this.#child) await stopServer(this.#child);
  }

  /** Tells the server to end, without waiting: this process is about to. */
  interrupt(): void {
    this.#stopping.abort();
    this.#child?.kill('SIGINT');
  }

  #died(afterMs: number): void {
    // Its number may soon be another program's.
    this.#callOffWatch();
    if (this.#stopping.signal.aborted) return;
    const { exitCode, signalCode } = this.#child ?? {};
    this.#log?.error({ exitCode, signalCode }, 'the embedded database died, starting it again');
    if (afterMs > SOUND_AFTER_MS) this.#waitMs = FIRST_WAIT_MS;
    this.#restarting = this.#startAgain();
  }

  async #startAgain(): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      const waitMs = this.#waitMs;
      this.#waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      await sleep(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        await this.start();
        this.#log?.info('the embedded database runs again');
        return;
      } catch (error) {
        this.#log?.error({ err: error }, 'the embedded database could not be started, trying again');
      }
    }
  }
}

const isOver = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

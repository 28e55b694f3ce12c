/** Runs the local Realtime engine as a child process, so that it never holds up a call's audio. Starts it again if it dies. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ToParent } from './main.ts';

/** Each language takes a few seconds of a busy machine. */
const START_TIMEOUT_MS = 30_000;
const END_TIMEOUT_MS = 3000;
/** Characters of the child's last words that are kept, for when it does not come up or dies. */
const MAX_COMPLAINT = 2000;
const BACK_OFF_MS = [100, 500, 1000, 2000, 5000];
/** An engine that ran this long starts the back-off anew. */
const STEADY_MS = 60_000;

export class LocalRealtimeFailed extends Error {
  override name = 'LocalRealtimeFailed';
}

export interface LocalRealtime {
  /** `ws://127.0.0.1:<port>/v1`. It stays the same when the engine is started again. */
  url: string;
  close(): Promise<void>;
}

/** @throws LocalRealtimeFailed when it does not come up in time. */
export async function startLocalRealtime({
  log,
  mainFile = fileURLToPath(new URL('main.ts', import.meta.url)),
  languages = ['en'],
}: {
  log: (message: string) => void;
  mainFile?: string;
  /** What guests may speak, the usual language first. */
  languages?: readonly string[];
}): Promise<LocalRealtime> {
  const start = (port: number): Promise<RunningChild> => startChild(mainFile, port, languages, log);
  const first = await start(0);
  const keeper = new EngineKeeper(start, first, log);
  return { url: first.url, close: () => keeper.close() };
}

interface RunningChild {
  child: ChildProcess;
  url: string;
  port: number;
  lastWords(): string;
}

/** Watches the child and starts it again on the same port. */
class EngineKeeper {
  readonly #startOn: (port: number) => Promise<RunningChild>;
  readonly #port: number;
  readonly #log: (message: string) => void;
  #child: ChildProcess | undefined;
  #restarts = 0;
  #isClosing = false;
  #timer: NodeJS.Timeout | undefined;
  #starting: Promise<void> | undefined;

  constructor(startOn: (port: number) => Promise<RunningChild>, first: RunningChild, log: (message: string) => void) {
    this.#startOn = startOn;
    this.#port = first.port;
    this.#log = log;
    this.#watch(first);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    await this.#starting;
    if (this.#child) await endChild(this.#child);
  }

  #watch({ child, lastWords }: RunningChild): void {
    this.#child = child;
    const startedAtMs = performance.now();
    child.once('exit', (code, signal) => {
      this.#child = undefined;
      if (this.#isClosing) return;
      if (performance.now() - startedAtMs > STEADY_MS) this.#restarts = 0;
      this.#startLater(`the local Realtime engine ended (${signal ?? code}) ${lastWords()}`.trim());
    });
  }

  #startLater(why: string): void {
    const delayMs = BACK_OFF_MS[Math.min(this.#restarts++, BACK_OFF_MS.length - 1)]!;
    this.#log(`${why}; it is started again in ${delayMs} ms`);
    this.#timer = setTimeout(() => {
      this.#starting = this.#start();
    }, delayMs);
    this.#timer.unref();
  }

  async #start(): Promise<void> {
    try {
      this.#watch(await this.#startOn(this.#port));
    } catch (error) {
      if (!this.#isClosing) this.#startLater(error instanceof Error ? error.message : String(error));
    }
  }
}

async function startChild(
  mainFile: string,
  port: number,
  languages: readonly string[],
  log: (message: string) => void,
): Promise<RunningChild> {
  const child = fork(mainFile, ['--port', String(port), '--languages', languages.join(',')], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // The voice is a WASI module; Node warns of that in each thread.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  let complaint = '';
  child.stderr?.on('data', (data: Buffer) => {
    complaint = (complaint + data.toString('utf8')).slice(-MAX_COMPLAINT);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
  try {
    return await new Promise<RunningChild>((listening, failed) => {
      child.on('message', (message: ToParent) => {
        if (message.kind === 'log') log(message.message);
        else listening({ child, url: message.url, port: message.port, lastWords: () => complaint.trim() });
      });
      child.once('error', (cause) =>
        failed(new LocalRealtimeFailed('the local Realtime engine cannot be started', { cause })),
      );
      child.once('exit', (code, signal) =>
        failed(
          new LocalRealtimeFailed(`the local Realtime engine did not come up (${signal ?? code}): ${complaint.trim()}`),
        ),
      );
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Disconnecting ends it; it is killed when it does not listen. */
async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((done) => void child.once('exit', () => done()));
  const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
  if (child.connected) child.disconnect();
  await ended;
  clearTimeout(timer);
}

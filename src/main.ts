/**
 * Configuration, app, signals. SIGTERM and Ctrl-C: no new calls, the running ones finish, then all is closed. A second one
 * hurries: guests are given to the front desk, and within 10 s all is over.
 */
import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';
import type { EventReader } from './call/ports.ts';
import { startApp, type App } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { callsFinished, DRAIN_MS } from './drain.ts';
import { createLogger } from './log.ts';
import { FIRST_LOGIN } from './records.ts';
import { STOP_SIGNALS, StopSignals } from './stop-signals.ts';
import { systemClock } from './system-clock.ts';

/** How long giving up the running calls and closing may take. */
const CLOSE_WITHIN_MS = 10_000;

/** They are told and end nothing: see `goOnAfterFaults`. */
const FAULTS = ['uncaughtException', 'unhandledRejection'] as const;

/** What we tell a parent process that started us with a channel: call events as they happen, and where we are. */
export type ToParent =
  | { kind: 'ready'; url: string; firstLogin: string; firstPassword: string | undefined }
  | { kind: 'event'; event: Parameters<EventReader['happened']>[0] }
  | { kind: 'words'; words: Parameters<EventReader['words']>[0] };

const tell = (message: ToParent): void => {
  if (process.connected) process.send?.(message);
};
const parent: EventReader = {
  happened: (event) => tell({ kind: 'event', event }),
  words: (words) => tell({ kind: 'words', words }),
};

try {
  const config = readConfig(process.env, process.cwd());
  const log = createLogger(config.logLevel);
  if (config.outside.isLoopbackAllowed)
    log.warn(
      'tool servers on this machine may be reached, without https too: mcp.allow_loopback is for development only',
    );
  const app = await startApp({ config, log, readers: process.send ? [parent] : [] });
  const { url, firstPassword } = app;
  tell({ kind: 'ready', url, firstLogin: FIRST_LOGIN, firstPassword });
  if (!process.send) {
    process.stdout.write(`Bellhop answers at ${config.publicUrl ?? url}. The staff page is at ${url}/staff.\n`);
    if (firstPassword) process.stdout.write(`First sign-in, shown this once: ${FIRST_LOGIN} / ${firstPassword}\n`);
  }
  goOnAfterFaults(app, log);
  stopInTime(app, log);
} catch (error) {
  const lines =
    error instanceof ConfigError ? error.mistakes : [error instanceof Error ? error.message : String(error)];
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

function stopInTime(app: App, log: Logger): void {
  const signals = new StopSignals();
  const hurry = new AbortController();
  let isStopping = false;
  const options = { delay: DRAIN_MS + CLOSE_WITHIN_MS, logger: undefined, skip: [...STOP_SIGNALS, ...FAULTS] };
  const grace = closeWithGrace(options, async () => {
    isStopping = true;
    app.drain();
    await callsFinished(() => app.connectedCalls(), systemClock, hurry.signal);
    await app.close();
  });
  const stop = (): void => {
    if (!isStopping) grace.close();
  };
  const heard = (): void => {
    const meaning = signals.heard(performance.now());
    if (meaning === 'drain') return stop();
    if (meaning === 'same') return;
    log.warn('stopping at once, as asked again');
    hurry.abort();
    setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, heard);
  // A parent that is gone asks once, also when it had passed on a signal before.
  process.on('disconnect', stop);
}

/** A fault that no call's boundary caught belongs to nobody: guests who are on the line are worth more than a clean slate. */
function goOnAfterFaults(app: App, log: Logger): void {
  for (const name of FAULTS)
    process.on(name, (err) => {
      app.faulted();
      log.error({ err }, `a fault that nobody caught (${name}), all calls go on`);
    });
}

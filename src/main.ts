/**
 * Configuration, app, signals. SIGTERM and Ctrl-C: no new calls, the running ones finish, then all is closed. A second one
 * hurries: guests are given to the front desk, and within 10 s all is over.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';
import type { EventReader } from './call/ports.ts';
import { startApp, type App } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { createLogger } from './log.ts';
import { FIRST_LOGIN } from './records.ts';
import { STOP_SIGNALS, StopSignals } from './stop-signals.ts';

/** How long running calls may go on after the first signal. */
const DRAIN_MS = 30 * 60_000;
/** How long giving up the running calls and closing may take. */
const CLOSE_WITHIN_MS = 10_000;

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
  const app = await startApp({ config, log, readers: process.send ? [parent] : [] });
  const { url, firstPassword } = app;
  tell({ kind: 'ready', url, firstLogin: FIRST_LOGIN, firstPassword });
  if (!process.send) {
    process.stdout.write(`Bellhop answers at ${config.publicUrl ?? url}. The staff page is at ${url}/staff.\n`);
    if (firstPassword) process.stdout.write(`First sign-in, shown this once: ${FIRST_LOGIN} / ${firstPassword}\n`);
  }
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
  const options = { delay: DRAIN_MS + CLOSE_WITHIN_MS, logger: undefined, skip: [...STOP_SIGNALS] };
  const grace = closeWithGrace(options, async ({ err }) => {
    isStopping = true;
    if (err) log.fatal({ err }, 'a fault nobody caught');
    app.drain();
    const until = Date.now() + (err ? 0 : DRAIN_MS);
    while (app.connectedCalls() > 0 && Date.now() < until && !hurry.signal.aborted) await sleep(200);
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

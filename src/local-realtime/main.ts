/**
 * The local Realtime engine as a process of its own: `node src/local-realtime/main.ts [--host 127.0.0.1] [--port 0] [--languages en,fr]`.
 * As a child with an IPC channel it tells its port to its parent and ends with it.
 */
import { parseArgs } from 'node:util';
import { startEngine, type Engine } from './engine.ts';

export type ToParent = { kind: 'listening'; url: string; port: number } | { kind: 'log'; message: string };

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    languages: { type: 'string', default: 'en' },
  },
});

let engine: Engine | undefined;
let isEnding = false;
const isChild = process.send !== undefined;
// A signal may reach the whole group, such as a terminal's Ctrl-C: as a child, the parent decides when calls are over.
const signalled = (): void => void (isChild ? undefined : end());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, signalled);
process.on('disconnect', () => void end());

const tell = (message: ToParent): void => {
  if (process.connected) process.send?.(message);
};
const log = (message: string): void => {
  if (isChild) tell({ kind: 'log', message });
  else process.stderr.write(`${message}\n`);
};

const languages = values.languages.split(',');
engine = await startEngine({ host: values.host, port: Number(values.port), log, languages }, (why) => {
  log(`the engine ends: ${why.message}`);
  process.exit(1);
});
tell({ kind: 'listening', url: engine.url, port: engine.port });
if (!isChild) process.stdout.write(`${engine.url}\n`);

async function end(): Promise<void> {
  if (isEnding) process.exit(0);
  isEnding = true;
  await engine?.close();
  process.exit(0);
}

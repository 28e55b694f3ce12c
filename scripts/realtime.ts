/**
 * The local Realtime engine alone, for any Realtime client: `npm run realtime -- --port 9000`.
 * It speaks OpenAI's Realtime protocol (GA) on this machine and needs no account.
 */
import { parseArgs } from 'node:util';
import { startEngine } from '../src/local-realtime/engine.ts';

const HELP = `Usage: npm run realtime -- [--port 9000] [--host 127.0.0.1] [--languages en,fr]

Starts the local Realtime engine and prints its address. Any client of OpenAI's
Realtime API (GA) over WebSocket can talk to it; any key is accepted.

  --port   where to listen; 0 for any free port (default 9000)
  --host   which address to listen on (default 127.0.0.1: only this machine)
  --languages   what it hears and speaks, the usual one first: en, fr (default en)
  --help   this text

Example: connect to ws://127.0.0.1:9000/v1/realtime?model=gpt-realtime-2.1`;

const { values } = readArguments();
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535)
  fail(`--port: expected a number from 0 to 65535, got '${values.port}'`);

const log = (message: string): void => console.error(message);
const engine = await startEngine({ host: values.host, port, log, languages: values.languages.split(',') }, (why) =>
  fail(why.message),
).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
console.log(`The local Realtime engine listens on ${engine.url}/realtime?model=gpt-realtime-2.1`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void engine.close().then(() => process.exit(0)));

function readArguments() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '9000' },
        languages: { type: 'string', default: 'en' },
        host: { type: 'string', default: '127.0.0.1' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

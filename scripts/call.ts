/**
 * A telephone for the terminal: `npm run call -- fixtures/calls/extra-towels`. It plays the carrier's side of one call against
 * a running Bellhop and tells what happened.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, readConfig, type Config } from '../src/config.ts';
import { readRuntime, type Runtime } from '../src/local-secrets.ts';
import { DatabaseError } from '../src/storage/database.ts';
import type { CallHappening, CallOutcome } from './telephone/call-happenings.ts';
import { CallerAudioError, loadCallerAudio } from './telephone/caller-audio.ts';
import { COLLEAGUES } from './telephone/colleague.ts';
import { placeCall } from './telephone/place-call.ts';
import { briefly, readCallRecord } from './telephone/records.ts';
import { describeHappening } from './telephone/call-lines.ts';

const HELP = `Usage: npm run call -- <fixture folder | wav file> [options]

  --from +1…        the caller's number
  --to +1…          the number that is called
  --url URL         the installation, or its voice webhook (default: the one that runs here)
  --json            one event per line; the last is {"type":"ended", …}
  --record FILE     both sides as a stereo wav: left the caller, right the agent
  --interrupt-at MS the caller's next words begin at this time of the call, whatever the agent does
  --hang-up-at MS   the caller hangs up at this time of the call
  --keys DIGITS     pressed when the agent has finished its first words
  --colleague WHAT  whoever is dialled: ${COLLEAGUES.join(', ')} (default: accept)
  --help            this text`;

/** The command was typed wrongly. */
class UsageError extends Error {}

/** How long a colleague's telephone rings. */
const RING_MS = 1_500;
const VOICE_PATH = '/twilio/voice';

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof CallerAudioError || error instanceof ConfigError || error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new UsageError(`expected one fixture or wav file\n\n${HELP}`);
  // npm runs scripts in the project's folder; names are meant from where it was called.
  const fromHere = (name: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), name);
  const audio = loadCallerAudio(fromHere(path));
  if (values.keys) audio.turns.unshift({ audio: new Uint8Array(1600).fill(0xff), keys: values.keys });
  const config = readConfig(process.env, process.cwd());
  const target = findTarget(values.url, config);
  const outcome = await placeCall(
    {
      webhookUrl: target.webhookUrl,
      publicUrl: target.publicUrl,
      authToken: target.authToken,
      audio,
      from: values.from ?? audio.transcript?.from,
      to: values.to ?? audio.transcript?.to,
      manners: { interruptAtMs: values.interruptAtMs, hangUpAtMs: values.hangUpAtMs },
      colleague: () => values.colleague,
      ringMs: RING_MS,
    },
    (happening) => show(happening, values.json),
  );
  if (values.record) writeFileSync(fromHere(values.record), outcome.wav);
  await showEnd(outcome, target.runtime, config, values.json);
  return outcome.reason === 'refused' || outcome.reason === 'failed' ? 1 : 0;
}

interface Target {
  webhookUrl: string;
  publicUrl: string | undefined;
  authToken: string;
  /** Undefined: not on this machine. */
  runtime: Runtime | undefined;
}

/** @throws UsageError when there is nobody to call, or no token to sign with. */
function findTarget(url: string | undefined, config: Config): Target {
  const running = readRuntime(config.dataDir);
  const given = url === undefined ? undefined : URL.parse(url);
  if (url !== undefined && !given) throw new UsageError(`--url: expected a URL, got '${url}'`);
  const runtime = running && (!given || new URL(running.url).port === given.port) ? running : undefined;
  const base = given ?? (runtime && new URL(runtime.url));
  if (!base) throw new UsageError('no Bellhop runs here: start one with `npm start`, or name one with --url');
  const authToken = runtime?.twilioAuthToken ?? config.twilio.authToken;
  if (!authToken) throw new UsageError(`TWILIO_AUTH_TOKEN is needed to sign calls to ${base.origin}`);
  const webhookUrl = base.pathname === '/' ? new URL(VOICE_PATH, base).href : base.href;
  return { webhookUrl, publicUrl: runtime && config.publicUrl, authToken, runtime };
}

function show(happening: CallHappening, isJson: boolean): void {
  if (isJson) return console.log(JSON.stringify(happening));
  const line = describeHappening(happening);
  if (line !== undefined) console.log(line);
}

async function showEnd(
  outcome: CallOutcome,
  runtime: Runtime | undefined,
  config: Config,
  isJson: boolean,
): Promise<void> {
  const record = runtime && (await readCallRecord(runtime.databaseUrl, config.hotel, outcome).catch(noDatabase));
  const requests = (record?.requests ?? []).map(briefly);
  const transferredTo = record?.transferredTo ?? outcome.transferredTo;
  const { reason, problem, durationMs, firstAudioMs, turnLatenciesMs } = outcome;
  const end = { type: 'ended', reason, durationMs, firstAudioMs, turnLatenciesMs, requests, transferredTo };
  if (isJson) return console.log(JSON.stringify(problem === '' ? end : { ...end, problem }));
  console.log(`ended: ${reason}${problem && ` (${problem})`}, after ${(durationMs / 1000).toFixed(1)} s`);
  console.log(`first audio: ${firstAudioMs ?? '—'} ms; answers after ${turnLatenciesMs.join(', ') || '—'} ms`);
  if (transferredTo !== null) console.log(`put through to ${transferredTo}`);
  for (const request of requests)
    console.log(`request ${request.number}: ${request.summary} (${request.department}, ${request.priority})`);
}

/** The call took place all the same; its record is somewhere else. */
function noDatabase(error: unknown): undefined {
  if (!(error instanceof DatabaseError)) throw error;
  process.stderr.write(`the records could not be read: ${error.message}\n`);
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        url: { type: 'string' },
        json: { type: 'boolean', default: false },
        record: { type: 'string' },
        'interrupt-at': { type: 'string' },
        'hang-up-at': { type: 'string' },
        keys: { type: 'string' },
        colleague: { type: 'string', default: 'accept' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const interruptAtMs = milliseconds('--interrupt-at', values['interrupt-at']);
    const hangUpAtMs = milliseconds('--hang-up-at', values['hang-up-at']);
    const colleague = COLLEAGUES.find((known) => known === values.colleague);
    if (!colleague) throw new UsageError(`--colleague: expected one of ${COLLEAGUES.join(', ')}`);
    return { values: { ...values, interruptAtMs, hangUpAtMs, colleague }, positionals };
  } catch (error) {
    throw error instanceof UsageError
      ? error
      : new UsageError(`${error instanceof Error ? error.message : ''}\n\n${HELP}`);
  }
}

function milliseconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new UsageError(`${option}: expected milliseconds, got '${text}'`);
  return value;
}

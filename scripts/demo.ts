/**
 * The whole system on this machine, without any account: `npm run demo`, `npm run demo -- --once`. It starts Bellhop with the
 * local engine and the embedded database, places a recorded call and shows what happens.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ServiceRequest } from '../src/hotel/service-request.ts';
import { readConfig } from '../src/config.ts';
import { readRuntime } from '../src/local-secrets.ts';
import { DemoScreen } from './demo-screen.ts';
import { differences, readExpectation } from './expectation.ts';
import { freePort, InstallationError, startInstallation, type Installation } from './installation.ts';
import { CallerAudioError, loadCallerAudio } from './telephone/caller-audio.ts';
import { LOCAL_ACCOUNT_SID, startCarrierRest, type CarrierRest } from './telephone/carrier-rest.ts';
import { placeCall } from './telephone/place-call.ts';
import { readCallRecord } from './telephone/records.ts';

const ROOT = resolve(import.meta.dirname, '..');
const DATA_DIR = resolve(ROOT, '.data/demo');
const USUAL_PORT = 3000;
const USUAL_FIXTURE = 'fixtures/calls/extra-towels';

/** The command was typed wrongly. */
class UsageError extends Error {}

const screen = new DemoScreen(process.stdout);

try {
  const { fixture, once } = readArguments();
  process.exitCode = await main(fixture, once);
} catch (error) {
  const isExpected =
    error instanceof InstallationError || error instanceof CallerAudioError || error instanceof UsageError;
  if (!isExpected) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function readArguments() {
  try {
    return parseArgs({
      options: { once: { type: 'boolean', default: false }, fixture: { type: 'string', default: USUAL_FIXTURE } },
    }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message}\n\nUsage: npm run demo -- [--once] [--fixture NAME]`);
  }
}

async function main(fixture: string, isOnce: boolean): Promise<number> {
  const folder = [resolve(ROOT, fixture), resolve(ROOT, 'fixtures/calls', fixture)].find((path) => existsSync(path));
  const audio = loadCallerAudio(folder ?? resolve(ROOT, fixture));
  const startedAt = Date.now();
  screen.note('starting Bellhop: embedded PostgreSQL, local Realtime engine ...');
  const carrier = await startCarrierRest();
  const environment = await demoEnvironment(carrier);
  const installation = await startInstallation({
    environment,
    logFile: resolve(DATA_DIR, 'bellhop.log'),
    isIsolated: true,
    heard: (message) => screen.heard(message),
  });
  stopOnSignal(installation);
  const account = signIn(installation);
  screen.note(`ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s at ${installation.url}`);
  try {
    const isRight = await showCall(audio, installation, carrier, environment);
    if (isOnce) return isRight ? 0 : 1;
    screen.signIn(installation.url, account);
    await installation.ended;
    return 0;
  } finally {
    await installation.stop();
    await carrier.close();
  }
}

async function showCall(
  audio: ReturnType<typeof loadCallerAudio>,
  installation: Installation,
  carrier: CarrierRest,
  environment: Record<string, string>,
): Promise<boolean> {
  const runtime = readRuntime(DATA_DIR);
  if (!runtime) throw new InstallationError(`${DATA_DIR}/runtime.json is missing`);
  const { hotel } = readConfig({ ...environment, DATABASE_URL: '' }, ROOT);
  const outcome = await placeCall(
    {
      webhookUrl: `${installation.url}/twilio/voice`,
      authToken: runtime.twilioAuthToken,
      audio,
      from: audio.transcript?.from,
      to: audio.transcript?.to,
      carrier,
    },
    (happening) => screen.happened(happening),
  );
  const recordingFile = resolve(DATA_DIR, 'last-call.wav');
  writeFileSync(recordingFile, outcome.wav);
  screen.outcome(outcome, recordingFile);
  const record = await readCallRecord(runtime.databaseUrl, hotel, outcome);
  return verdict(record?.requests ?? [], audio.transcript?.expected);
}

function verdict(requests: ServiceRequest[], expected: unknown): boolean {
  screen.requests(requests);
  const wrong = differences(readExpectation(expected), requests);
  for (const line of wrong) screen.warn(line);
  if (wrong.length === 0) screen.note('exactly what this call should have left in the database');
  return wrong.length === 0;
}

async function demoEnvironment(carrier: CarrierRest): Promise<Record<string, string>> {
  return {
    DATA_DIR,
    PORT: String(await freePort(USUAL_PORT)),
    HOST: '127.0.0.1',
    BELLHOP_CONFIG: resolve(ROOT, 'bellhop.example.yaml'),
    TWILIO_ACCOUNT_SID: LOCAL_ACCOUNT_SID,
    TWILIO_BASE_URL: carrier.url,
    LOG_LEVEL: 'info',
  };
}

/** The first password is told once, at the first start of this data folder; the demonstration keeps it. */
function signIn({ firstLogin, firstPassword }: Installation): { login: string; password: string } {
  const file = resolve(DATA_DIR, 'first-password');
  if (firstPassword !== undefined) writeFileSync(file, firstPassword, { mode: 0o600 });
  const password = firstPassword ?? (existsSync(file) ? readFileSync(file, 'utf8') : '(see the first start)');
  return { login: firstLogin, password };
}

function stopOnSignal(installation: Installation): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void installation.stop());
}

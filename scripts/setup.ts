/**
 * Asks for the keys, tests each at once and writes `.env`: `npm run setup`. What is there already stays; Enter keeps it, a
 * single dash takes it out. Nothing is needed for a first try: without keys Bellhop answers with its local engine.
 */
import { resolve } from 'node:path';
import { ConfigError, readConfig } from '../src/config.ts';
import { readEnvFile, writeEnvFile } from './set-up/env-file.ts';
import { probeCarrier, probeDatabase, probeModel, type Finding } from './set-up/probes.ts';
import { openQuestions, type Questions } from './set-up/questions.ts';

const FILE = resolve('.env');
const MAX_TRIES = 3;

type Settings = Record<string, string>;

interface Step {
  name: string;
  what: string;
  isSecret: boolean;
  /** Whether it makes sense to ask, with what is known so far. */
  isAsked?: (settings: Settings) => boolean;
  test?: (settings: Settings) => Promise<Finding>;
}

const STEPS: readonly Step[] = [
  {
    name: 'OPENAI_API_KEY',
    what: 'Key for the hosted agent. Empty: the local engine answers.',
    isSecret: true,
    test: (settings) =>
      probeModel({
        baseUrl: settings.OPENAI_BASE_URL || 'https://api.openai.com/v1',
        apiKey: settings.OPENAI_API_KEY ?? '',
        model: settings.OPENAI_REALTIME_MODEL || 'gpt-realtime-2.1',
      }),
  },
  { name: 'TWILIO_ACCOUNT_SID', what: 'Account of the carrier (AC…). Empty: no real phone yet.', isSecret: false },
  {
    name: 'TWILIO_AUTH_TOKEN',
    what: 'The account’s primary auth token.',
    isSecret: true,
    isAsked: (settings) => Boolean(settings.TWILIO_ACCOUNT_SID),
    test: (settings) =>
      probeCarrier({
        accountSid: settings.TWILIO_ACCOUNT_SID ?? '',
        authToken: settings.TWILIO_AUTH_TOKEN ?? '',
        baseUrl: settings.TWILIO_BASE_URL || undefined,
      }),
  },
  {
    name: 'PUBLIC_URL',
    what: 'Where the carrier reaches this machine, with https. Empty: `npm run phone` opens a tunnel.',
    isSecret: false,
    isAsked: (settings) => Boolean(settings.TWILIO_ACCOUNT_SID),
  },
  {
    name: 'DATABASE_URL',
    what: 'A PostgreSQL of yours (postgres://…). Empty: Bellhop runs its own.',
    isSecret: true,
    test: (settings) => probeDatabase(settings.DATABASE_URL ?? ''),
  },
];

const questions = openQuestions(process.stdin, process.stdout);
process.exitCode = await main(questions);
questions.close();

async function main(asking: Questions): Promise<number> {
  const before = readEnvFile(FILE);
  // The environment wins over the file, as it does when Bellhop starts.
  let settings: Settings = { ...before };
  for (const [name, value] of Object.entries(process.env)) if (value) settings[name] = value;
  const changes: Settings = {};
  for (const step of STEPS) {
    if (step.isAsked && !step.isAsked(settings)) continue;
    const answer = await askFor(step, settings, asking);
    if (answer === undefined) continue;
    changes[step.name] = answer;
    settings = { ...settings, [step.name]: answer };
  }
  if (Object.keys(changes).length === 0) {
    console.log('Nothing was changed.');
    return 0;
  }
  writeEnvFile(FILE, changes);
  console.log(`Written to ${FILE}, which only you can read. Next: npm run doctor, then npm start or npm run phone.`);
  return 0;
}

/** @returns the new value, empty for none; undefined to leave it as it is. */
async function askFor(step: Step, settings: Settings, asking: Questions): Promise<string | undefined> {
  const current = settings[step.name] ?? '';
  console.log(`\n${step.name}: ${step.what}`);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const answer = await asking.ask(
      `  ${current === '' ? '(none)' : shortened(current, step.isSecret)} > `,
      step.isSecret,
    );
    if (answer === '-') return '';
    const value = answer === '' ? current : answer;
    if (value === '') return undefined;
    const finding = malformed(step.name, value) ?? (await step.test?.({ ...settings, [step.name]: value }));
    if (finding) console.log(`  ${finding.sentence}${finding.state === 'good' ? '' : ` ${finding.mend}`}`);
    if (finding?.state !== 'wrong') return answer === '' ? undefined : value;
    if (answer === '') return undefined;
  }
  console.log('  Left as it was.');
  return undefined;
}

/** @returns what the configuration itself would say about this value. */
function malformed(name: string, value: string): Finding | undefined {
  try {
    readConfig({ OPENAI_API_KEY: 'sk-not-looked-at', [name]: value }, process.cwd());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const mistake = error.mistakes.find((line) => line.includes(`${name}:`));
    if (mistake) return { state: 'wrong', sentence: mistake.replace('environment: ', ''), mend: '' };
  }
  return undefined;
}

/** Enough to recognise it by. */
function shortened(value: string, isSecret: boolean): string {
  return isSecret ? `…${value.slice(-4)}` : value;
}

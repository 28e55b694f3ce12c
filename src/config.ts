/** Environment and `bellhop.yaml` become one `Config`. The only reader of `process.env`. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { expectation, readBellhopFile, type Outside } from './bellhop-file.ts';
import type { HotelProfile } from './hotel/hotel.ts';
import type { ToolServer } from './hotel/tool-servers/definition.ts';

const url = (protocols: string[]) =>
  z.string().refine(
    (text) => {
      const parsed = URL.parse(text);
      return parsed !== null && protocols.includes(parsed.protocol);
    },
    `expected a URL with ${protocols.map((p) => p.slice(0, -1)).join(' or ')}`,
  );

/** An empty value in `.env` means: not set. */
const set = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === '' ? undefined : value), schema);

const between = (least: number, most: number) => {
  const expected = `expected a number from ${least} to ${most}`;
  return z.coerce.number(expected).min(least, expected).max(most, expected);
};

/** A guest who is in mid-call with a hosted agent must not go on in a language that nobody asked for. */
const OWN_ENGINE_SPEAKS = ['en', 'fr'];

const KEY_FORM = 'expected 32 random bytes in base64, as of: openssl rand -base64 32';
const isKey = (text: string): boolean => /^[\w+/-]{43}=?$/.test(text) && Buffer.from(text, 'base64').length === 32;
const secretsKey = z.string().refine(isKey, KEY_FORM);

/** Keys that were used before, with commas between them. */
const oldKeys = z
  .string()
  .transform((text) => text.split(',').map((key) => key.trim()))
  .refine((keys) => keys.length <= 8 && keys.every(isKey), `${KEY_FORM}; at most 8, with commas between them`);

const environmentSchema = z.object({
  OPENAI_API_KEY: set(z.string().min(8, 'expected at least 8 characters').optional()),
  OPENAI_BASE_URL: set(url(['http:', 'https:', 'ws:', 'wss:']).optional()),
  OPENAI_REALTIME_MODEL: set(z.string().default('gpt-realtime-2.1')),
  REALTIME_FALLBACK: set(z.enum(['local', 'desk'], 'expected local or desk').default('desk')),
  OPENAI_TRANSCRIPTION_MODEL: set(z.string().default('gpt-transcribe')),
  TWILIO_ACCOUNT_SID: set(
    z
      .string()
      .regex(/^AC[0-9a-f]{32}$/i, 'expected AC and 32 hex digits')
      .optional(),
  ),
  TWILIO_AUTH_TOKEN: set(z.string().min(4, 'expected at least 4 characters').optional()),
  TWILIO_BASE_URL: set(url(['http:', 'https:']).optional()),
  DATABASE_URL: set(url(['postgres:', 'postgresql:']).optional()),
  DATA_DIR: set(z.string().default('./.data')),
  PUBLIC_URL: set(url(['http:', 'https:']).optional()),
  HOST: set(z.string().default('127.0.0.1')),
  PORT: set(between(0, 65_535).int('expected a whole number').default(3000)),
  LOG_LEVEL: set(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info')),
  AUDIO_MODE: set(z.enum(['transcode', 'passthrough']).default('transcode')),
  MAX_CALLS: set(between(1, 5000).int('expected a whole number').default(200)),
  MAX_CALL_MINUTES: set(between(1, 55).default(30)),
  METRICS_TOKEN: set(z.string().min(8, 'expected at least 8 characters').optional()),
  SECRETS_KEY: set(secretsKey.optional()),
  SECRETS_OLD_KEYS: set(oldKeys.optional()),
  BELLHOP_CONFIG: set(z.string().optional()),
});

export interface Config {
  /** `hosted`: OpenAI's or a compatible server elsewhere; `local`: our own engine, started by us. */
  realtime:
    | {
        kind: 'hosted';
        baseUrl: string;
        apiKey: string;
        model: string;
        transcriptionModel: string;
        /** Who answers when the provider cannot be reached: our own engine, or the front desk. */
        fallback: 'local' | 'desk';
      }
    | { kind: 'local' };
  twilio: { accountSid: string | undefined; authToken: string | undefined; baseUrl: string | undefined };
  databaseUrl: string | undefined;
  /** Absolute. */
  dataDir: string;
  /** Where the carrier reaches us, without a trailing slash. Undefined: only this machine, on host and port. */
  publicUrl: string | undefined;
  host: string;
  port: number;
  logLevel: string;
  audioMode: 'transcode' | 'passthrough';
  limits: { maxCalls: number; maxCallMs: number };
  metricsToken: string | undefined;
  /** Base64 of 32 bytes: what secrets of tool servers are encrypted with. Undefined: one of this machine's own. */
  secretsKey: string | undefined;
  /** What they were encrypted with before; read only. */
  secretsOldKeys: readonly string[];
  hotel: HotelProfile;
  /** Tool servers of the file, in its order. */
  toolServers: readonly ToolServer[];
  /** How far requests to tool servers may go. */
  outside: Outside;
  /** The file the hotel came from. */
  hotelFile: string;
}

/** Wrong configuration: one line per mistake, naming where it is and what was expected. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly mistakes: string[];
  constructor(mistakes: string[]) {
    super(mistakes.join('\n'));
    this.mistakes = mistakes;
  }
}

/**
 * @param environment as `process.env`; @param folder where `bellhop.yaml` and `bellhop.example.yaml` lie.
 * @throws ConfigError naming all mistakes at once.
 */
export function readConfig(environment: NodeJS.ProcessEnv, folder: string): Config {
  const mistakes: string[] = [];
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success)
    for (const issue of parsed.error.issues)
      mistakes.push(`environment: ${issue.path.join('.')}: ${expectation(issue)}`);
  if (environment.OPENAI_BASE_URL && !environment.OPENAI_API_KEY)
    mistakes.push('environment: OPENAI_API_KEY: expected a key, because OPENAI_BASE_URL is set');
  const hotelFile = hotelFileOf(environment.BELLHOP_CONFIG, folder);
  const file = readBellhopFile(hotelFile, environment, mistakes);
  const first = (file?.hotel.languages[0] ?? 'en').slice(0, 2);
  if (environment.OPENAI_API_KEY && environment.REALTIME_FALLBACK === 'local' && !OWN_ENGINE_SPEAKS.includes(first))
    mistakes.push(
      `environment: REALTIME_FALLBACK: expected desk, because our own engine speaks ${OWN_ENGINE_SPEAKS.join(' and ')} alone, and this hotel's first language is ${first}`,
    );
  if (!parsed.success || !file || mistakes.length > 0) throw new ConfigError(mistakes);
  const env = parsed.data;
  return {
    realtime: env.OPENAI_API_KEY
      ? {
          kind: 'hosted',
          baseUrl: (env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1').replace(/\/+$/, ''),
          apiKey: env.OPENAI_API_KEY,
          model: env.OPENAI_REALTIME_MODEL,
          transcriptionModel: env.OPENAI_TRANSCRIPTION_MODEL,
          fallback: env.REALTIME_FALLBACK,
        }
      : { kind: 'local' },
    twilio: { accountSid: env.TWILIO_ACCOUNT_SID, authToken: env.TWILIO_AUTH_TOKEN, baseUrl: env.TWILIO_BASE_URL },
    databaseUrl: env.DATABASE_URL,
    dataDir: resolve(folder, env.DATA_DIR),
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, ''),
    host: env.HOST,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    audioMode: env.AUDIO_MODE,
    limits: { maxCalls: env.MAX_CALLS, maxCallMs: env.MAX_CALL_MINUTES * 60_000 },
    metricsToken: env.METRICS_TOKEN,
    secretsKey: env.SECRETS_KEY,
    secretsOldKeys: env.SECRETS_OLD_KEYS ?? [],
    hotel: file.hotel,
    toolServers: file.toolServers,
    outside: file.outside,
    hotelFile,
  };
}

function hotelFileOf(named: string | undefined, folder: string): string {
  if (named) return resolve(folder, named);
  const own = join(folder, 'bellhop.yaml');
  return existsSync(own) ? own : join(folder, 'bellhop.example.yaml');
}

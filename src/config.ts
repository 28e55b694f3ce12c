/** Environment and `bellhop.yaml` become one `Config`. The only reader of `process.env`. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDocument, LineCounter } from 'yaml';
import { z } from 'zod';
import { hotelProfileSchema, type HotelProfile } from './hotel/hotel.ts';

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

const environmentSchema = z.object({
  OPENAI_API_KEY: set(z.string().min(8).optional()),
  OPENAI_BASE_URL: set(url(['http:', 'https:', 'ws:', 'wss:']).optional()),
  OPENAI_REALTIME_MODEL: set(z.string().default('gpt-realtime-2.1')),
  OPENAI_TRANSCRIPTION_MODEL: set(z.string().default('gpt-transcribe')),
  TWILIO_ACCOUNT_SID: set(
    z
      .string()
      .regex(/^AC[0-9a-f]{32}$/i, 'expected AC and 32 hex digits')
      .optional(),
  ),
  TWILIO_AUTH_TOKEN: set(z.string().min(4).optional()),
  TWILIO_BASE_URL: set(url(['http:', 'https:']).optional()),
  DATABASE_URL: set(url(['postgres:', 'postgresql:']).optional()),
  DATA_DIR: set(z.string().default('./.data')),
  PUBLIC_URL: set(url(['http:', 'https:']).optional()),
  HOST: set(z.string().default('127.0.0.1')),
  PORT: set(z.coerce.number().int().min(0).max(65535).default(3000)),
  LOG_LEVEL: set(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info')),
  AUDIO_MODE: set(z.enum(['transcode', 'passthrough']).default('transcode')),
  MAX_CALLS: set(z.coerce.number().int().min(1).max(5000).default(200)),
  MAX_CALL_MINUTES: set(z.coerce.number().min(1).max(55).default(30)),
  METRICS_TOKEN: set(z.string().min(8).optional()),
  BELLHOP_CONFIG: set(z.string().optional()),
});

export interface Config {
  /** `hosted`: OpenAI's or a compatible server elsewhere; `local`: our own engine, started by us. */
  realtime:
    | { kind: 'hosted'; baseUrl: string; apiKey: string; model: string; transcriptionModel: string }
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
  hotel: HotelProfile;
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
    for (const issue of parsed.error.issues) mistakes.push(`environment: ${issue.path.join('.')}: ${issue.message}`);
  const hotelFile = hotelFileOf(environment.BELLHOP_CONFIG, folder);
  const hotel = readHotel(hotelFile, mistakes);
  if (!parsed.success || !hotel || mistakes.length > 0) throw new ConfigError(mistakes);
  const env = parsed.data;
  if (env.OPENAI_BASE_URL && !env.OPENAI_API_KEY)
    throw new ConfigError(['environment: OPENAI_API_KEY: expected a key, because OPENAI_BASE_URL is set']);
  return {
    realtime: env.OPENAI_API_KEY
      ? {
          kind: 'hosted',
          baseUrl: (env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1').replace(/\/+$/, ''),
          apiKey: env.OPENAI_API_KEY,
          model: env.OPENAI_REALTIME_MODEL,
          transcriptionModel: env.OPENAI_TRANSCRIPTION_MODEL,
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
    hotel,
    hotelFile,
  };
}

function hotelFileOf(named: string | undefined, folder: string): string {
  if (named) return resolve(folder, named);
  const own = join(folder, 'bellhop.yaml');
  return existsSync(own) ? own : join(folder, 'bellhop.example.yaml');
}

const fileSchema = z.strictObject({ hotel: hotelProfileSchema });

function readHotel(file: string, mistakes: string[]): HotelProfile | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    mistakes.push(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (const error of document.errors)
    mistakes.push(`${file}:${error.linePos?.[0].line ?? 1}: ${firstLine(error.message)}`);
  if (document.errors.length > 0) return undefined;
  const parsed = fileSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data.hotel;
  for (const issue of parsed.error.issues)
    mistakes.push(`${file}:${lineOf(issue.path)}: ${issue.path.join('.')}: ${issue.message}`);
  return undefined;

  function lineOf(path: PropertyKey[]): number {
    // The nearest enclosing node that stands in the file: a missing key has no line of its own.
    for (let depth = path.length; depth > 0; depth--) {
      const node: unknown = document.getIn(path.slice(0, depth), true);
      if (node && typeof node === 'object' && 'range' in node && Array.isArray(node.range))
        return lines.linePos(node.range[0] as number).line;
    }
    return 1;
  }
}

const firstLine = (text: string): string => text.split('\n')[0] ?? text;

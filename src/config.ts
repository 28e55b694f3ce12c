/** Environment and `bellhop.yaml` become one `Config`. The only reader of `process.env`. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
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

const between = (least: number, most: number) => {
  const expected = `expected a number from ${least} to ${most}`;
  return z.coerce.number(expected).min(least, expected).max(most, expected);
};

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
    for (const issue of parsed.error.issues)
      mistakes.push(`environment: ${issue.path.join('.')}: ${expectation(issue)}`);
  if (environment.OPENAI_BASE_URL && !environment.OPENAI_API_KEY)
    mistakes.push('environment: OPENAI_API_KEY: expected a key, because OPENAI_BASE_URL is set');
  const hotelFile = hotelFileOf(environment.BELLHOP_CONFIG, folder);
  const hotel = readHotel(hotelFile, mistakes);
  if (!parsed.success || !hotel || mistakes.length > 0) throw new ConfigError(mistakes);
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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  for (const error of document.errors) mistakes.push(`${file}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
  if (document.errors.length > 0) return undefined;
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    // Aliases are looked up only now.
    mistakes.push(`${file}:1: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  const parsed = fileSchema.safeParse(content);
  if (parsed.success) return parsed.data.hotel;
  for (const issue of parsed.error.issues)
    for (const path of placesOf(issue))
      mistakes.push(
        `${file}:${lineOf(document, lines, path)}: ${[path.join('.'), expectation(issue)].filter(Boolean).join(': ')}`,
      );
  return undefined;
}

/** Each unknown key stands at a place of its own. */
function placesOf(issue: z.core.$ZodIssue): PropertyKey[][] {
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
}

/** What was expected, in the same words whatever was wrong. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'there is no such setting';
    case 'invalid_key':
      return issue.issues.map(({ message }) => message).join(', ');
    default:
      return issue.message
        .replace(/^Invalid (input|option): /, '')
        .replace(/^(expected .*), received undefined$/, 'missing, $1');
  }
}

/** @returns the line of the nearest node that stands in the file: what is missing has no line of its own. */
function lineOf(document: Document, lines: LineCounter, path: PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

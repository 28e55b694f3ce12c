/**
 * Kills a whole Bellhop in the middle of its work, again and again, and keeps a ledger of what its tools answered: nothing that
 * was acknowledged may be missing after the restart, and nothing may be there twice.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { readRuntime } from '../../src/local-secrets.ts';
import { ActingProvider } from '../../test/peers/acting-provider.ts';
import { callTool } from '../../test/peers/acting-session.ts';
import { BreakingProxy } from '../../test/peers/breaking-proxy.ts';
import { startInstallation, type Installation } from '../installation.ts';
import { placeCall } from '../telephone/place-call.ts';
import { seeded } from './fault-plan.ts';
import { AUTH_TOKEN } from './lane.ts';

export interface KillRunOptions {
  /** Of a server that is not Bellhop's own; every third point has it away, so that requests are only noted. */
  databaseUrl: string;
  points: number;
  seed: number;
  tell?: (line: string) => void;
}

export interface KillResult {
  points: number;
  /** Requests that were asked for, and those a tool acknowledged before the kill. */
  asked: number;
  acknowledged: number;
  /** Of the acknowledged ones: safe on disk only, as the database was away. */
  noted: number;
  lost: number;
  doubled: number;
  /** From the start of the process to an answer on its port, after a kill. */
  restartsMs: number[];
}

/** Own: the embedded database dies and rises with it; away: another one, which cannot be reached when the requests come. */
type Database = 'own' | 'away';
interface Entry {
  summary: string;
  answer: string | undefined;
}

const CALLS = 4;
const CREATES_PER_CALL = 5;
/** A request takes about so long: the kill falls anywhere into one. */
const REQUEST_MS = 25;
const ANSWERED_WITHIN_MS = 5_000;
const NOTED_WITHIN_MS = 12_000;
const PUBLIC_URL = 'https://bellhop.example';

export async function runKills({ databaseUrl, points, seed, tell = () => {} }: KillRunOptions): Promise<KillResult> {
  const provider = await ActingProvider.start();
  const proxy = await BreakingProxy.open(databaseUrl);
  const folders: Record<Database, string> = { own: newFolder(), away: newFolder() };
  const random = seeded(seed);
  const ledgers: Record<Database, Entry[]> = { own: [], away: [] };
  const result: KillResult = { points, asked: 0, acknowledged: 0, noted: 0, lost: 0, doubled: 0, restartsMs: [] };
  const start = (database: Database): Promise<Installation> =>
    startInstallation({
      environment: environmentFor(database, folders[database], provider.baseUrl, proxy.url),
      logFile: join(folders[database], 'bellhop.log'),
      isIsolated: true,
    });
  try {
    for (let point = 0; point < points; point++) {
      const database: Database = point % 3 === 2 ? 'away' : 'own';
      const installation = await start(database);
      const entries = await work(installation, provider, `point ${point}`, random, () => {
        if (database === 'away') goAway(proxy);
      });
      await installation.ended;
      proxy.otherwise = 'pass';
      ledgers[database].push(...entries);
      tell(`kill ${point + 1} of ${points}: ${entries.filter(({ answer }) => answer).length} acknowledged`);
    }
    for (const database of ['own', 'away'] as const) {
      const startedAtMs = performance.now();
      const installation = await start(database);
      result.restartsMs.push(Math.round(performance.now() - startedAtMs));
      const url = database === 'away' ? databaseUrl : (readRuntime(folders.own)?.databaseUrl ?? '');
      count(result, ledgers[database], await stored(url, ledgers[database]));
      await installation.stop();
    }
    return result;
  } finally {
    await Promise.all([provider.close(), proxy.close()]);
    for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true });
  }
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'bellhop-kill-'));

function environmentFor(database: Database, dataDir: string, realtimeUrl: string, databaseUrl: string) {
  return {
    BELLHOP_CONFIG: 'bellhop.example.yaml',
    DATA_DIR: dataDir,
    DATABASE_URL: database === 'away' ? databaseUrl : '',
    PORT: '0',
    LOG_LEVEL: 'info',
    OPENAI_API_KEY: 'key-of-the-fault-run',
    OPENAI_BASE_URL: realtimeUrl,
    PUBLIC_URL,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    TWILIO_ACCOUNT_SID: '',
    TWILIO_BASE_URL: '',
  };
}

function goAway(proxy: BreakingProxy): void {
  proxy.otherwise = 'refuse';
  proxy.break('reset');
}

/** Calls are connected; their requests come, and in the middle of them the end. @returns what was asked and answered. */
async function work(
  { url, pid }: Installation,
  provider: ActingProvider,
  name: string,
  random: () => number,
  connected: () => void,
): Promise<Entry[]> {
  provider.beginCall();
  const webhook = { webhookUrl: `${url}/twilio/voice`, publicUrl: PUBLIC_URL, authToken: AUTH_TOKEN };
  const audio = { turns: [], background: new Uint8Array(0) };
  const calls = Array.from({ length: CALLS }, () =>
    placeCall({ ...webhook, audio, manners: { hangUpAtMs: 30_000, patienceMs: 30_000, lingerMs: 30_000 } }),
  );
  while (provider.sessions.filter(({ token }) => token).length < CALLS) await sleep(10);
  connected();
  const entries: Entry[] = [];
  const asking = provider.sessions.map(async ({ token = '' }, call) => {
    for (let number = 0; number < CREATES_PER_CALL; number++) {
      const entry: Entry = { summary: `Two towels, ${name} call ${call} number ${number}`, answer: undefined };
      entries.push(entry);
      const fields = { summary: entry.summary, department: 'housekeeping', room_number: '204' };
      const answer = await callTool(`${url}/mcp`, token, 'create_service_request', fields);
      if (answer === undefined) return;
      entry.answer = answer;
    }
  });
  const answers = Math.floor(random() * CALLS * CREATES_PER_CALL);
  for (const until = Date.now() + ANSWERED_WITHIN_MS; Date.now() < until; await sleep(1))
    if (entries.filter(({ answer }) => answer !== undefined).length >= answers) break;
  await sleep(random() * REQUEST_MS);
  process.kill(pid, 'SIGKILL');
  await Promise.all(asking);
  // The callers hear nothing more: their telephones find out by themselves.
  void Promise.allSettled(calls);
  return entries;
}

/** @returns how often each is stored, once all that was acknowledged had the time to arrive. */
async function stored(databaseUrl: string, entries: readonly Entry[]): Promise<Map<string, number>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const until = Date.now() + NOTED_WITHIN_MS; ; await sleep(250)) {
      const sql =
        "select summary, count(*)::int as count from service_requests where summary like 'Two towels, point%' group by summary";
      const { rows } = await client.query<{ summary: string; count: number }>(sql);
      const counts = new Map(rows.map(({ summary, count: rowCount }) => [summary, rowCount]));
      const isWhole = entries.every(({ summary, answer }) => answer === undefined || counts.has(summary));
      if (isWhole || Date.now() > until) return counts;
    }
  } finally {
    await client.end();
  }
}

function count(result: KillResult, entries: readonly Entry[], counts: ReadonlyMap<string, number>): void {
  for (const { summary, answer } of entries) {
    const rows = counts.get(summary) ?? 0;
    result.asked++;
    if (answer !== undefined) result.acknowledged++;
    if (answer?.includes('noted')) result.noted++;
    if (answer !== undefined && rows === 0) result.lost++;
    if (rows > 1) result.doubled++;
  }
}

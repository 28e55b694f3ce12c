/** The embedded database dies while a call goes on: the call does not notice, and who watches over us does. */
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { placeCall } from '../scripts/telephone/place-call.ts';
import { startApp, type App } from '../src/app.ts';
import type { CallEvent } from '../src/call/call-event.ts';
import { readConfig } from '../src/config.ts';
import { readRuntime } from '../src/local-secrets.ts';
import { serverPlaces } from '../src/storage/postgres-folders.ts';
import { ScriptedRealtime, type ScriptedConnection } from './peers/scripted-realtime.ts';

const AUTH_TOKEN = 'outage-token';
const root = new URL('..', import.meta.url).pathname;
let dataDir: string;
let agent: ScriptedRealtime;
let app: App;
const events: CallEvent[] = [];

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'bellhop-outage-'));
  agent = await ScriptedRealtime.start();
  const config = readConfig(
    {
      BELLHOP_CONFIG: 'bellhop.example.yaml',
      DATA_DIR: dataDir,
      PORT: '0',
      OPENAI_API_KEY: 'any-key-will-do',
      OPENAI_BASE_URL: agent.baseUrl,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    },
    root,
  );
  app = await startApp({
    config,
    log: pino({ level: 'silent' }),
    readers: [{ happened: (event) => void events.push(event), words: () => {} }],
  });
}, 30_000);

afterAll(async () => {
  await app.close();
  await agent.close();
  const { folder } = serverPlaces(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
  if (!folder.startsWith(dataDir)) rmSync(folder, { recursive: true, force: true });
});

const serverPid = (): number =>
  Number(readFileSync(join(serverPlaces(dataDir).folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
const readiness = async (): Promise<number> => (await fetch(`${app.url}/readyz`)).status;

it('readyz says so until the database runs again, and the guest is heard all the while', async () => {
  expect(await readiness()).toBe(200);
  const call = placeCall({
    webhookUrl: `${app.url}/twilio/voice`,
    authToken: AUTH_TOKEN,
    audio: { turns: [], background: new Uint8Array(0) },
    manners: { hangUpAtMs: 3_000 },
  });
  const connection = await agent.connection();
  await connection.next('input_audio_buffer.append', 10);
  const arrivals: number[] = [];
  const ear = setInterval(() => arrivals.push(connection.of('input_audio_buffer.append').length), 100);
  process.kill(serverPid(), 'SIGKILL');
  await expect.poll(readiness, { timeout: 2_000, interval: 10 }).toBe(503);
  await expect.poll(readiness, { timeout: 15_000 }).toBe(200);
  expect((await call).reason).toBe('caller-hung-up');
  clearInterval(ear);
  const perTenth = arrivals.slice(1, 10).map((count, i) => count - (arrivals[i] ?? 0));
  expect(Math.min(...perTenth)).toBeGreaterThan(0);
});

/** A guest who hangs up after so long, and the agent's side of their call. */
async function guestCalls(hangUpAtMs: number) {
  const index = agent.connections.length;
  const ended = placeCall({
    webhookUrl: `${app.url}/twilio/voice`,
    authToken: AUTH_TOKEN,
    audio: { turns: [], background: new Uint8Array(0) },
    manners: { hangUpAtMs },
  });
  const agentSide = await agent.connection(index);
  await agentSide.next('response.create');
  const item = { id: 'greeting', type: 'message', role: 'assistant', status: 'completed', content: [] };
  const place = { response_id: 'g', item_id: 'greeting', output_index: 0, content_index: 0 };
  agentSide.emit(
    { type: 'response.created', response: { id: 'g', status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', response_id: 'g', output_index: 0, item },
    { type: 'response.output_audio.delta', ...place, delta: Buffer.alloc(4_800).toString('base64') },
    { type: 'response.output_audio.done', ...place },
    { type: 'response.output_item.done', response_id: 'g', output_index: 0, item },
    { type: 'response.done', response: { id: 'g', status: 'completed', output: [item] } },
  );
  await agentSide.next('input_audio_buffer.append', 20);
  return { ended, agentSide };
}

/** The agent asks for a request. @returns what it is told. */
async function agentCreates(agentSide: ScriptedConnection, summary: string): Promise<string> {
  const item = {
    id: `item-${summary}`,
    type: 'function_call',
    status: 'completed',
    call_id: `call-${summary}`,
    name: 'create_service_request',
    arguments: JSON.stringify({ summary, room_number: '412' }),
  };
  const answered = agentSide.of('conversation.item.create').length;
  agentSide.emit(
    { type: 'response.created', response: { id: `r-${summary}`, status: 'in_progress', output: [] } },
    { type: 'response.output_item.done', response_id: `r-${summary}`, output_index: 0, item },
    { type: 'response.done', response: { id: `r-${summary}`, status: 'completed', output: [item] } },
  );
  return JSON.stringify(await agentSide.next('conversation.item.create', answered));
}

async function rows<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: readRuntime(dataDir)?.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

const figure = async (name: string): Promise<number> =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await (await fetch(`${app.url}/metrics`)).text())?.[1]);

it('[TOOL-39] what guests ask for meanwhile is noted, and with staff under a number within 10 s of its return', async () => {
  const data = join(serverPlaces(dataDir).folder, 'data');
  const pid = serverPid();
  renameSync(data, `${data}.away`);
  process.kill(pid, 'SIGKILL');
  await expect.poll(readiness, { timeout: 2_000, interval: 10 }).toBe(503);
  const first = await guestCalls(800);
  const told = await agentCreates(first.agentSide, 'Two extra towels');
  expect(told).toMatch(/noted for .* but I cannot confirm it yet/);
  expect(told).not.toMatch(/request number (one|two|three)/);
  await first.ended;
  const second = await guestCalls(8_000);
  await agentCreates(second.agentSide, 'A taxi to the airport');
  expect(await figure('bellhop_spool_requests')).toBe(2);

  renameSync(`${data}.away`, data);
  await expect.poll(readiness, { timeout: 15_000, interval: 20 }).toBe(200);
  const backAt = performance.now();
  await expect.poll(() => figure('bellhop_spool_requests'), { timeout: 10_000, interval: 50 }).toBe(0);
  expect(performance.now() - backAt).toBeLessThan(10_000);

  const stored = await rows<{ number: number; summary: string }>(
    'select number, summary from service_requests order by number',
  );
  expect(stored.map(({ summary }) => summary)).toEqual(['Two extra towels', 'A taxi to the airport']);
  // The record of the call that had ended is written on, and the call that goes on numbers its own events.
  const recorded = 'select happening from call_events where kind = $$request-confirmed$$ order by at';
  const confirmed = async () =>
    (await rows<{ happening: { number: number } }>(recorded)).map(({ happening }) => happening.number);
  await expect.poll(confirmed, { timeout: 10_000 }).toEqual(stored.map(({ number }) => number));
  expect(events.filter(({ happening }) => happening.kind === 'request-confirmed')).toHaveLength(1);
  expect(events.filter(({ happening }) => happening.kind === 'request-noted')).toHaveLength(2);
  expect((await second.ended).reason).toBe('caller-hung-up');
}, 40_000);

/** The embedded database dies while a call goes on: the call does not notice, and who watches over us does. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { placeCall } from '../scripts/telephone/place-call.ts';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { serverPlaces } from '../src/storage/postgres-folders.ts';
import { ScriptedRealtime } from './peers/scripted-realtime.ts';

const AUTH_TOKEN = 'outage-token';
const root = new URL('..', import.meta.url).pathname;
let dataDir: string;
let agent: ScriptedRealtime;
let app: App;

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
  app = await startApp({ config, log: pino({ level: 'silent' }) });
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

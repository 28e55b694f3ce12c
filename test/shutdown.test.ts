/** Stopping: what signals mean, and what becomes of the guests. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeCall } from '../scripts/telephone/place-call.ts';
import { StopSignals } from '../src/stop-signals.ts';
import { ScriptedRealtime } from './peers/scripted-realtime.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const AUTH_TOKEN = 'shutdown-token';
const root = new URL('..', import.meta.url).pathname;
let dataDir: string;
let database: TestDatabase;
let agent: ScriptedRealtime;
let bellhop: ChildProcess;
let url: string;
let logged: string;

describe('a signal to stop', () => {
  it('[END-38] counts once, however often it comes within a second', () => {
    const signals = new StopSignals();
    expect([0, 5, 400, 999].map((atMs) => signals.heard(atMs))).toEqual(['drain', 'same', 'same', 'same']);
  });

  it('[END-38] hurries when it comes again later, also in a burst', () => {
    const signals = new StopSignals();
    expect([0, 5, 1_000, 1_005, 9_000].map((atMs) => signals.heard(atMs))).toEqual([
      'drain',
      'same',
      'hurry',
      'same',
      'hurry',
    ]);
  });
});

describe('a running Bellhop', () => {
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'bellhop-shutdown-'));
    database = await createTestDatabase();
    agent = await ScriptedRealtime.start();
    bellhop = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--import', './test/peers/stray-faults.ts', 'src/main.ts'],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
        env: {
          PATH: process.env.PATH,
          BELLHOP_CONFIG: 'bellhop.example.yaml',
          DATA_DIR: dataDir,
          DATABASE_URL: database.url,
          PORT: '0',
          LOG_LEVEL: 'error',
          OPENAI_API_KEY: 'any-key-will-do',
          OPENAI_BASE_URL: agent.baseUrl,
          TWILIO_AUTH_TOKEN: AUTH_TOKEN,
        },
      },
    );
    logged = '';
    bellhop.stdout?.on('data', (text: Buffer) => (logged += text.toString('utf8')));
    const [ready] = (await once(bellhop, 'message')) as [{ url: string }];
    ({ url } = ready);
  });

  afterEach(async () => {
    bellhop.kill('SIGKILL');
    await agent.close();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function connectedCall(hangUpAtMs: number) {
    const outcome = placeCall({
      webhookUrl: `${url}/twilio/voice`,
      authToken: AUTH_TOKEN,
      audio: { turns: [], background: new Uint8Array(0) },
      manners: { hangUpAtMs },
    });
    const connection = await agent.connection();
    await connection.next('input_audio_buffer.append', 5);
    return { outcome, connection };
  }
  const ended = (): Promise<unknown[]> => once(bellhop, 'exit', { signal: AbortSignal.timeout(12_000) });

  it('[END-38] a signal that comes twice at once lets the call finish, and takes no new one', async () => {
    const exit = ended();
    const { outcome, connection } = await connectedCall(1_500);
    bellhop.kill('SIGTERM');
    await sleep(50);
    bellhop.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
    const before = connection.of('input_audio_buffer.append').length;
    expect((await outcome).reason).toBe('caller-hung-up');
    expect(connection.of('input_audio_buffer.append').length).toBeGreaterThan(before + 20);
    expect(await exit).toEqual([0, null]);
  });

  it('[END-38] a second signal later gives the guest to the front desk and ends', async () => {
    const exit = ended();
    const { outcome } = await connectedCall(20_000);
    bellhop.kill('SIGTERM');
    await sleep(1_050);
    bellhop.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    expect(await outcome).toMatchObject({ transferredTo: '+15550110' });
  });

  it('[END-38] is not ready any more within 100 ms, and sends callers to the desk without itself', async () => {
    const { outcome } = await connectedCall(2_500);
    await fetch(`${url}/readyz`);
    const signalledAtMs = performance.now();
    bellhop.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { interval: 5 }).toBe(503);
    expect(performance.now() - signalledAtMs).toBeLessThan(100);
    const happenings: string[] = [];
    const late = placeCall(
      { webhookUrl: `${url}/twilio/voice`, authToken: AUTH_TOKEN, audio: { turns: [], background: new Uint8Array(0) } },
      ({ type }) => happenings.push(type),
    );
    expect(await late).toMatchObject({ reason: 'transferred', transferredTo: '+15550110' });
    expect(happenings).toEqual(['ringing', 'dialling', 'dial-ended']);
    expect((await outcome).reason).toBe('caller-hung-up');
  });

  it('[END-43] a fault that nobody caught is logged and counted, and the call goes on', async () => {
    const { outcome, connection } = await connectedCall(1_500);
    for (const kind of ['throw', 'reject']) bellhop.send(kind);
    await expect
      .poll(() => [logged.includes('a stray throw'), logged.includes('a stray reject')])
      .toEqual([true, true]);
    const before = connection.of('input_audio_buffer.append').length;
    expect((await outcome).reason).toBe('caller-hung-up');
    expect(connection.of('input_audio_buffer.append').length).toBeGreaterThan(before + 5);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('bellhop_faults_total{where="process"} 2');
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
});

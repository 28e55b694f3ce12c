/** Many calls for a long time, some of which lose their agent: what stays behind in a Bellhop of its own, and how late it runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeMulaw } from '../../src/audio/g711.ts';
import { ActingProvider } from '../../test/peers/acting-provider.ts';
import { GUEST_TONES, type Meaning } from '../../test/peers/acting-script.ts';
import { BreakingProxy } from '../../test/peers/breaking-proxy.ts';
import { tone } from '../../test/peers/tones.ts';
import { startInstallation } from '../installation.ts';
import { placeCall } from '../telephone/place-call.ts';
import { AUTH_TOKEN } from './lane.ts';

export interface SoakOptions {
  databaseUrl: string;
  minutes: number;
  calls: number;
  /** Of calls that lose their agent once. */
  faultPercent: number;
  tell?: (line: string) => void;
}

export interface Sample {
  atMinutes: number;
  heapMib: number;
  residentMib: number;
  /** Sockets, timers and the like that are open, by kind. */
  resources: Record<string, number>;
  /** How late timers ran at p99 since the last sample. */
  loopP99Ms: number;
}

export interface SoakResult {
  samples: Sample[];
  /** With no call on the line, before and after. */
  before: Sample;
  after: Sample;
  calls: number;
  faults: number;
  /** By how a call ended, from the guest's side. */
  ends: Record<string, number>;
}

const TURNS: readonly Meaning[] = ['question', 'towels', 'thanks'];
const SAMPLE_EVERY_MS = 5_000;
/** Sockets linger a second after their close, pools let go of idle connections after 30. */
const SETTLES_MS = 40_000;

export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { databaseUrl, minutes, calls, tell = () => {} } = options;
  const folder = mkdtempSync(join(tmpdir(), 'bellhop-soak-'));
  const provider = await ActingProvider.start();
  provider.forgetsSessions = true;
  const proxy = await BreakingProxy.open(provider.baseUrl);
  const bellhop = await startInstallation({
    environment: environmentFor(folder, databaseUrl, proxy.url),
    logFile: join(folder, 'bellhop.log'),
    isIsolated: true,
  });
  const beganAtMs = Date.now();
  const sample = async (): Promise<Sample> => sampleOf(bellhop.url, (Date.now() - beganAtMs) / 60_000);
  const result = { calls: 0, faults: 0, ends: {} as Record<string, number> };
  try {
    await oneCall(bellhop.url);
    await sleep(SETTLES_MS);
    const before = await sample();
    const untilMs = Date.now() + minutes * 60_000;
    const callers = Array.from({ length: calls }, (_, index) => caller(index));
    const samples: Sample[] = [];
    while (Date.now() < untilMs) {
      await sleep(SAMPLE_EVERY_MS);
      const now = await sample();
      samples.push(now);
      tell(
        `${now.atMinutes.toFixed(1)} min, ${result.calls} calls, heap ${now.heapMib.toFixed(0)} MiB, loop p99 ${now.loopP99Ms.toFixed(1)} ms`,
      );
    }
    await Promise.all(callers);
    await sleep(SETTLES_MS);
    return { ...result, samples, before, after: await sample() };

    async function caller(index: number): Promise<void> {
      await sleep((index / calls) * 15_000);
      while (Date.now() < untilMs) {
        const isFaulty = Math.random() * 100 < options.faultPercent;
        if (isFaulty) setTimeout(() => breakOne(), Math.random() * 12_000);
        const end = await oneCall(bellhop.url);
        result.calls++;
        result.ends[end] = (result.ends[end] ?? 0) + 1;
      }
    }
  } finally {
    await bellhop.stop();
    await Promise.all([provider.close(), proxy.close()]);
    rmSync(folder, { recursive: true, force: true });
  }

  function breakOne(): void {
    result.faults++;
    proxy.break((['reset', 'end', 'half-open'] as const)[result.faults % 3] ?? 'reset', Math.random());
  }
}

async function oneCall(url: string): Promise<string> {
  const turns = TURNS.map((meaning) => ({ audio: encodeMulaw(tone(GUEST_TONES[meaning], 1_100, 8_000)) }));
  const { reason } = await placeCall({
    webhookUrl: `${url}/twilio/voice`,
    authToken: AUTH_TOKEN,
    audio: { turns, background: new Uint8Array(0) },
    manners: { pauseMs: 800, lingerMs: 1_200 },
  });
  return reason;
}

const environmentFor = (dataDir: string, databaseUrl: string, realtimeUrl: string) => ({
  BELLHOP_CONFIG: 'bellhop.example.yaml',
  DATA_DIR: dataDir,
  DATABASE_URL: databaseUrl,
  PORT: '0',
  LOG_LEVEL: 'warn',
  NODE_ENV: 'production',
  OPENAI_API_KEY: 'key-of-the-soak-run',
  OPENAI_BASE_URL: realtimeUrl,
  TWILIO_AUTH_TOKEN: AUTH_TOKEN,
  TWILIO_ACCOUNT_SID: '',
  TWILIO_BASE_URL: '',
});

async function sampleOf(url: string, atMinutes: number): Promise<Sample> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const figure = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);
  const MIB = 1024 * 1024;
  return {
    atMinutes,
    heapMib: figure('nodejs_heap_size_used_bytes') / MIB,
    residentMib: figure('process_resident_memory_bytes') / MIB,
    resources: Object.fromEntries(
      [...text.matchAll(/^nodejs_active_resources\{type="(\w+)"\} (\d+)$/gm)].map(([, kind, count]) => [
        kind ?? '',
        Number(count),
      ]),
    ),
    loopP99Ms: figure('bellhop_loop_delay_p99_seconds') * 1000,
  };
}

/**
 * @returns by how much the heap grows, MiB a minute: the lowest value of each tenth of the time, since what is above it is only
 * not collected yet; the first fifth is warming up.
 */
export function heapSlope(samples: readonly Sample[]): number {
  const size = Math.max(1, Math.ceil(samples.length / 10));
  const lows: Sample[] = [];
  for (let at = Math.floor(samples.length / 5); at < samples.length; at += size) {
    const low = samples.slice(at, at + size).toSorted((one, other) => one.heapMib - other.heapMib)[0];
    if (low) lows.push(low);
  }
  const meanX = lows.reduce((sum, { atMinutes }) => sum + atMinutes, 0) / lows.length;
  const meanY = lows.reduce((sum, { heapMib }) => sum + heapMib, 0) / lows.length;
  const over = lows.reduce((sum, { atMinutes, heapMib }) => sum + (atMinutes - meanX) * (heapMib - meanY), 0);
  return over / lows.reduce((sum, { atMinutes }) => sum + (atMinutes - meanX) ** 2, 0);
}

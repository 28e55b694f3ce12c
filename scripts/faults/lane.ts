/** One Bellhop with an acting provider behind a way that can be broken, for one call at a time; several run side by side. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pino } from 'pino';
import { startApp } from '../../src/app.ts';
import type { CallEvent } from '../../src/call/call-event.ts';
import { readConfig } from '../../src/config.ts';
import { ActingProvider } from '../../test/peers/acting-provider.ts';
import { BreakingProxy } from '../../test/peers/breaking-proxy.ts';

export interface Lane {
  url: string;
  publicUrl: string | undefined;
  provider: ActingProvider;
  /** The way to the provider. */
  proxy: BreakingProxy;
  /** Call events so far, and lines of the log from a warning up. */
  events: (CallEvent & { seenAtMs: number })[];
  warnings: string[];
  close(): Promise<void>;
}

export interface LaneOptions {
  databaseUrl: string;
  /** Native tools need an address that a provider could reach; the acting one is told where it really is. */
  path: 'native' | 'function';
  fallback?: 'desk' | 'local';
}

export const AUTH_TOKEN = 'token-of-the-fault-run';
const ROOT = resolve(import.meta.dirname, '../..');
const PUBLIC_URL = 'https://bellhop.example';
/** What a database in the next building takes: tools last long enough to be interrupted. */
const DATABASE_DELAY_MS = 8;

export async function openLane({ databaseUrl, path, fallback = 'desk' }: LaneOptions): Promise<Lane> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bellhop-faults-'));
  const provider = await ActingProvider.start();
  const proxy = await BreakingProxy.open(provider.baseUrl);
  const database = await BreakingProxy.open(databaseUrl, DATABASE_DELAY_MS);
  const publicUrl = path === 'native' ? PUBLIC_URL : undefined;
  const environment = {
    BELLHOP_CONFIG: 'bellhop.example.yaml',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    PORT: '0',
    OPENAI_API_KEY: 'key-of-the-fault-run',
    OPENAI_BASE_URL: proxy.url,
    REALTIME_FALLBACK: fallback,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    PUBLIC_URL: publicUrl ?? '',
  };
  const events: Lane['events'] = [];
  const warnings: string[] = [];
  const app = await startApp({
    config: readConfig(environment, ROOT),
    log: pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) }),
    readers: [{ happened: (event) => void events.push({ ...event, seenAtMs: performance.now() }), words: () => {} }],
  });
  provider.mcpUrl = `${app.url}/mcp`;
  const close = async (): Promise<void> => {
    await app.close();
    await Promise.all([provider.close(), proxy.close(), database.close()]);
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url: app.url, publicUrl, provider, proxy, events, warnings, close };
}

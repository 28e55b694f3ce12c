import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withSettings } from '../../scripts/set-up/env-file.ts';
import { probeDatabase, probeModel } from '../../scripts/set-up/probes.ts';
import { findTunnelProgram, openTunnel, TUNNEL_PROGRAMS } from '../../scripts/set-up/tunnel.ts';
import { createTestDatabase } from '../test-database.ts';
import { ACCOUNT_SID, GOOD_KEY, GOOD_TOKEN, startFakeServices, type FakeServices } from './fake-services.ts';

const ROOT = resolve(import.meta.dirname, '../..');
let services: FakeServices;
let folder: string;

beforeEach(async () => {
  services = await startFakeServices();
  folder = mkdtempSync(join(tmpdir(), 'bellhop-set-up-'));
  copyFileSync(join(ROOT, 'bellhop.example.yaml'), join(folder, 'bellhop.yaml'));
});
afterEach(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a script in the folder with nothing of our own environment but PATH. */
function start(script: string, environment: Record<string, string>, input = '') {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, 'scripts', script)], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ...environment },
  });
  child.stdin.end(input);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, ended, output: () => output };
}

const carrier = (): Record<string, string> => ({
  TWILIO_ACCOUNT_SID: ACCOUNT_SID,
  TWILIO_AUTH_TOKEN: GOOD_TOKEN,
  TWILIO_BASE_URL: services.url,
});

describe('the settings file', () => {
  test('keeps comments, order and unknown lines, and changes values in place', () => {
    const text = '# Mine\nPORT=4000\n\nOTHER="a b"\nOPENAI_API_KEY=old\n';
    expect(withSettings(text, { OPENAI_API_KEY: 'new', DATABASE_URL: 'postgres://u:p w@h/d' })).toBe(
      '# Mine\nPORT=4000\n\nOTHER="a b"\nOPENAI_API_KEY=new\nDATABASE_URL=\'postgres://u:p w@h/d\'\n',
    );
  });
});

describe('npm run setup', () => {
  test('asks again after a refused key, writes what works with mode 0600 and echoes no secret', async () => {
    writeFileSync(join(folder, '.env'), '# Mine\nPORT=4000\n', { mode: 0o644 });
    const answers = ['sk-wrong-key', GOOD_KEY, ACCOUNT_SID, 'wrong-token', GOOD_TOKEN, '', ''].join('\n');
    const environment = { OPENAI_BASE_URL: `${services.url}/v1`, TWILIO_BASE_URL: services.url };
    const { code, output } = await start('setup.ts', environment, `${answers}\n`).ended;
    expect(code).toBe(0);
    expect(output).toContain('refuses OPENAI_API_KEY');
    expect(output).toContain('Twilio refuses');
    expect(output).not.toContain(GOOD_KEY);
    expect(output).not.toContain(GOOD_TOKEN);
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(
      `# Mine\nPORT=4000\nOPENAI_API_KEY=${GOOD_KEY}\nTWILIO_ACCOUNT_SID=${ACCOUNT_SID}\nTWILIO_AUTH_TOKEN=${GOOD_TOKEN}\n`,
    );
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
  });

  test('without answers nothing is written', async () => {
    const { code, output } = await start('setup.ts', {}).ended;
    expect(code).toBe(0);
    expect(output).toContain('Nothing was changed');
    expect(() => statSync(join(folder, '.env'))).toThrow();
  });
});

describe('probes', () => {
  test('tell a wrong model from a wrong key and from silence', async () => {
    const ask = (model: string, baseUrl = `${services.url}/v1`) => probeModel({ baseUrl, apiKey: GOOD_KEY, model });
    expect((await ask('gpt-realtime-2.1')).state).toBe('good');
    expect((await ask('gpt-unknown')).sentence).toContain('does not know the model');
    expect((await ask('gpt-realtime-2.1', 'http://127.0.0.1:9/v1')).sentence).toContain('does not answer');
  });

  test('a database that answers is found good, with its version', async () => {
    const database = await createTestDatabase();
    const finding = await probeDatabase(database.url);
    await database.drop();
    expect(finding.state).toBe('good');
    expect(finding.sentence).toMatch(/PostgreSQL \d{2}\)/);
  });

  test('a database that is not there is named without its password', async () => {
    const finding = await probeDatabase('postgres://me:very-secret@127.0.0.1:9/hotel');
    expect(finding).toMatchObject({ state: 'wrong', sentence: expect.stringContaining('127.0.0.1:9') as string });
    expect(JSON.stringify(finding)).not.toContain('very-secret');
  });
});

describe('npm run phone', () => {
  test('sets the number’s webhooks, shows before and after, and puts all back on Ctrl-C', async () => {
    const before = { ...services.number };
    mkdirSync(join(folder, '.data'));
    const runtime = { url: services.url, pid: process.pid, databaseUrl: '', twilioAuthToken: GOOD_TOKEN };
    writeFileSync(join(folder, '.data/runtime.json'), JSON.stringify(runtime));
    const { child, ended, output } = start('phone.ts', { ...carrier(), PUBLIC_URL: services.url });
    child.stdout.on('data', () => {
      if (output().includes('Ctrl-C')) child.kill('SIGINT');
    });
    const { code } = await ended;
    expect(output()).toContain(`https://old.example/voice  ->  ${services.url}/twilio/voice`);
    expect(code).toBe(0);
    const [set, restored] = services.changes;
    expect(set).toMatchObject({
      VoiceUrl: `${services.url}/twilio/voice`,
      VoiceMethod: 'POST',
      StatusCallback: `${services.url}/twilio/status`,
      VoiceFallbackUrl: expect.stringContaining('%2B15550110') as string,
    });
    expect(restored).toMatchObject({ VoiceUrl: 'https://old.example/voice', VoiceMethod: 'GET', VoiceFallbackUrl: '' });
    expect(services.number).toEqual(before);
  });

  test('a number that a killed run left behind goes back to what it was before that run', async () => {
    mkdirSync(join(folder, '.data'));
    const runtime = { url: services.url, pid: process.pid, databaseUrl: '', twilioAuthToken: GOOD_TOKEN };
    writeFileSync(join(folder, '.data/runtime.json'), JSON.stringify(runtime));
    const run = async (signal: NodeJS.Signals): Promise<void> => {
      const { child, ended, output } = start('phone.ts', { ...carrier(), PUBLIC_URL: services.url });
      child.stdout.on('data', () => void (output().includes('Ctrl-C') && child.kill(signal)));
      await ended;
    };
    await run('SIGKILL');
    expect(services.number.voice_url).toBe(`${services.url}/twilio/voice`);
    await run('SIGTERM');
    expect(services.number.voice_url).toBe('https://old.example/voice');
  });

  test('without an account it says what to do', async () => {
    const { code, output } = await start('phone.ts', {}).ended;
    expect(code).toBe(1);
    expect(output).toBe('TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are needed: run npm run setup first\n');
  });
});

describe('tunnels', () => {
  test('the address is found in what the program prints, and the program ends with the tunnel', async () => {
    const program = join(folder, 'cloudflared');
    writeFileSync(program, '#!/bin/sh\necho "INF |  https://a-b-c.trycloudflare.com  |" >&2\nexec sleep 30\n');
    chmodSync(program, 0o755);
    const found = findTunnelProgram(folder);
    expect(found?.name).toBe('cloudflared');
    if (!found) return;
    const tunnel = await openTunnel({ ...found, name: program }, 3000);
    expect(tunnel.url).toBe('https://a-b-c.trycloudflare.com');
    tunnel.stop();
    await tunnel.ended;
  });

  test('a program that ends at once is an error with its last words', async () => {
    const program = join(folder, 'ngrok');
    writeFileSync(program, '#!/bin/sh\necho "authentication failed"\nexit 1\n');
    chmodSync(program, 0o755);
    const found = findTunnelProgram(folder);
    expect(found?.name).toBe('ngrok');
    await expect(openTunnel({ ...(found ?? TUNNEL_PROGRAMS[0]!), name: program }, 3000)).rejects.toThrow(
      'authentication failed',
    );
  });

  test.each([
    ['cloudflared', 'INF |  https://ten-towns-join.trycloudflare.com   |', 'https://ten-towns-join.trycloudflare.com'],
    [
      'ngrok',
      't=1 lvl=info msg="started tunnel" addr=http://127.0.0.1:3000 url=https://1a2b.ngrok-free.app',
      'https://1a2b.ngrok-free.app',
    ],
    ['tailscale', 'Available on the internet:\n\nhttps://desk.tail1234.ts.net/\n', 'https://desk.tail1234.ts.net'],
  ])('%s tells its address', (name, output, url) => {
    expect(TUNNEL_PROGRAMS.find((program) => program.name === name)?.address.exec(output)?.[0]).toBe(url);
  });
});

describe('npm run doctor', () => {
  const hosted = (): Record<string, string> => ({
    OPENAI_API_KEY: GOOD_KEY,
    OPENAI_BASE_URL: `${services.url}/v1`,
    ...carrier(),
  });

  test('finds a sound hosted installation good, except for what a hotel must still do', async () => {
    services.number.voice_url = `${services.url}/twilio/voice`;
    const { output } = await start('doctor.ts', { ...hosted(), PUBLIC_URL: services.url }).ended;
    expect(output).toContain('OPENAI_API_KEY opens gpt-realtime-2.1');
    expect(output).toContain('opens the account “The Larkspur”');
    expect(output).toContain('is not https');
    expect(output).toContain('calls us with GET');
  });

  test('names each mistake with its mend and ends with code 1', async () => {
    writeFileSync(join(folder, '.env'), '', { mode: 0o644 });
    chmodSync(join(folder, '.env'), 0o644);
    const { code, output } = await start('doctor.ts', {
      ...hosted(),
      OPENAI_API_KEY: 'sk-wrong-key',
      TWILIO_AUTH_TOKEN: 'wrong',
    }).ended;
    expect(code).toBe(1);
    expect(output).toContain('chmod 600 .env');
    expect(output).toContain('refuses OPENAI_API_KEY');
    expect(output).toContain('Twilio refuses');
  });

  test('wrong configuration is told line by line, and nothing else is tried', async () => {
    const { code, output } = await start('doctor.ts', { PORT: 'many', PUBLIC_URL: 'hotel.example' }).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/environment: PORT/);
    expect(output).toMatch(/environment: PUBLIC_URL/);
    expect(output).not.toContain('database');
  });
});

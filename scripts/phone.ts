/**
 * Puts a real number through to this machine: `npm run phone`, `npm run phone -- --number +15550100`. It takes PUBLIC_URL or
 * opens a tunnel, starts Bellhop when none runs, sets the number's webhooks, and puts all back when it ends.
 */
import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, readConfig, type Config } from '../src/config.ts';
import { readRuntime } from '../src/local-secrets.ts';
import { InstallationError, startInstallation } from './installation.ts';
import { forget, remember, remembered } from './set-up/number-memory.ts';
import {
  changeNumber,
  listNumbers,
  openAccount,
  ourSettings,
  type CarrierNumber,
  type NumberSettings,
} from './set-up/number.ts';
import { carrierTrouble } from './set-up/probes.ts';
import { probeSignature } from './set-up/public-address.ts';
import { findTunnelProgram, openTunnel, TUNNEL_PROGRAMS, TunnelError } from './set-up/tunnel.ts';

/** One line for whoever typed the command. */
class PhoneError extends Error {}

const REACHED_WITHIN_MS = 60_000;
const closers: (() => Promise<void> | void)[] = [];

try {
  const { values } = parseArgs({ options: { number: { type: 'string' } } });
  await main(values.number);
} catch (error) {
  const expected = [PhoneError, ConfigError, TunnelError, InstallationError].some((kind) => error instanceof kind);
  process.stderr.write(`${expected && error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  for (const close of closers.splice(0).toReversed()) await close();
  process.exit();
}

async function main(wanted: string | undefined): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    // Every time, not once: an impatient second Ctrl-C must not keep the number from being put back.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  const config = readConfig(process.env, process.cwd());
  const { accountSid, authToken, baseUrl } = config.twilio;
  if (!accountSid || !authToken)
    throw new PhoneError('TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are needed: run npm run setup first');
  const client = openAccount({ accountSid, authToken, baseUrl });
  const number = pick(await listNumbers(client).catch(refusedByCarrier), wanted);
  const { publicUrl, ended } = await bringUp(config);
  await waitUntilReached(publicUrl, authToken);
  const after = ourSettings(publicUrl, config.hotel);
  const before = remembered(config.dataDir, number.sid) ?? number.settings;
  remember(config.dataDir, number.sid, before);
  closers.push(async () => {
    await changeNumber(client, number.sid, before);
    forget(config.dataDir);
    console.log(`${number.number} is as it was before`);
  });
  await changeNumber(client, number.sid, after).catch(refusedByCarrier);
  show(number.number, before, after);
  console.log(`Call ${number.number}. Ctrl-C puts everything back.`);
  await Promise.race([interrupted, ended]);
}

/** @returns where the carrier reaches Bellhop, and what ends when it does not any more. */
async function bringUp(config: Config): Promise<{ publicUrl: string; ended: Promise<void> }> {
  const running = readRuntime(config.dataDir);
  if (running && config.publicUrl) return { publicUrl: config.publicUrl, ended: untilGone(running.pid) };
  if (running)
    throw new PhoneError(
      `Bellhop runs already without PUBLIC_URL (process ${running.pid}): end it, this starts it anew`,
    );
  const tunnel = config.publicUrl ? undefined : await tunnelTo(config.port);
  const publicUrl = config.publicUrl ?? tunnel?.url ?? '';
  const logFile = resolve(config.dataDir, 'bellhop.log');
  const environment = { PUBLIC_URL: publicUrl, PORT: String(config.port) };
  const installation = await startInstallation({ environment, logFile, isIsolated: false });
  closers.push(() => installation.stop());
  console.log(`Bellhop runs at ${installation.url}, its log is ${logFile}`);
  if (installation.firstPassword)
    console.log(
      `first sign-in at ${installation.url}/staff: ${installation.firstLogin} / ${installation.firstPassword}`,
    );
  return { publicUrl, ended: Promise.race([installation.ended, ...(tunnel ? [tunnel.ended] : [])]) };
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(1_000);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function tunnelTo(port: number) {
  const program = findTunnelProgram(process.env.PATH);
  const names = TUNNEL_PROGRAMS.map(({ name }) => name).join(', ');
  if (!program)
    throw new PhoneError(`set PUBLIC_URL, or install one of ${names}: a phone needs a public https address`);
  console.log(`opening a tunnel with ${program.name} ...`);
  const tunnel = await openTunnel(program, port);
  closers.push(() => tunnel.stop());
  console.log(`${tunnel.url} leads to this machine`);
  return tunnel;
}

/** A new tunnel's name takes a while to be known everywhere. */
async function waitUntilReached(publicUrl: string, authToken: string): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 1_000) {
    const finding = await probeSignature(publicUrl, authToken);
    if (finding.state === 'good') return;
    if (waitedMs >= REACHED_WITHIN_MS) throw new PhoneError(`${finding.sentence} ${finding.mend}`);
    await sleep(1_000);
  }
}

function pick(numbers: readonly CarrierNumber[], wanted: string | undefined): CarrierNumber {
  const list = numbers.map(({ number }) => number).join(', ');
  if (numbers.length === 0)
    throw new PhoneError('the account has no number that can be called: buy one in its console');
  if (wanted !== undefined) {
    const found = numbers.find(({ number }) => number === wanted);
    if (!found) throw new PhoneError(`the account has no ${wanted}; it has ${list}`);
    return found;
  }
  const [only, ...more] = numbers;
  if (!only || more.length > 0) throw new PhoneError(`name the number with --number; the account has ${list}`);
  return only;
}

function show(number: string, before: NumberSettings, after: NumberSettings): void {
  console.log(`\n${number}`);
  const rows = Object.entries(after) as [keyof NumberSettings, string][];
  for (const [name, value] of rows)
    if (before[name] !== value)
      console.log(`  ${name.padEnd(20)} ${before[name] || '(none)'}  ->  ${value || '(none)'}`);
  console.log('');
}

function refusedByCarrier(error: unknown): never {
  const { sentence, mend } = carrierTrouble(error);
  throw new PhoneError(`${sentence} ${mend}`);
}

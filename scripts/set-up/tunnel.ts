/** A public https address for this machine by a tunnel program that is installed here. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface TunnelProgram {
  name: string;
  command: (port: number) => string[];
  /** Finds the address in what it prints. */
  address: RegExp;
}

/** In order of preference: without an account first. */
export const TUNNEL_PROGRAMS: readonly TunnelProgram[] = [
  {
    name: 'cloudflared',
    command: (port) => ['tunnel', '--no-autoupdate', '--url', `http://127.0.0.1:${port}`],
    address: /https:\/\/(?!api\.)[a-z0-9-]+\.trycloudflare\.com/,
  },
  {
    name: 'ngrok',
    command: (port) => ['http', `127.0.0.1:${port}`, '--log', 'stdout', '--log-format', 'logfmt'],
    address: /(?<=url=)https:\/\/[\w.-]+/,
  },
  {
    name: 'tailscale',
    command: (port) => ['funnel', String(port)],
    address: /https:\/\/[\w-]+(\.[\w-]+)*\.ts\.net/,
  },
];

export interface Tunnel {
  name: string;
  /** Without a trailing slash. */
  url: string;
  /** Settles when the program ended. */
  ended: Promise<void>;
  stop(): void;
}

/** There is no tunnel program, or it gave no address; one line. */
export class TunnelError extends Error {
  override name = 'TunnelError';
}

const ADDRESS_WITHIN_MS = 30_000;
const MAX_OUTPUT = 20_000;

/** @returns the first program that is on PATH. */
export function findTunnelProgram(path: string | undefined): TunnelProgram | undefined {
  const folders = (path ?? '').split(delimiter);
  const isThere = (name: string): boolean =>
    folders.some((folder) => existsSync(join(folder, name)) || existsSync(join(folder, `${name}.exe`)));
  return TUNNEL_PROGRAMS.find(({ name }) => isThere(name));
}

/** @param port of this machine. @throws TunnelError */
export async function openTunnel(program: TunnelProgram, port: number): Promise<Tunnel> {
  const child = spawn(program.name, program.command(port), { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  try {
    const url = await addressOf(child, program, ended);
    return { name: program.name, url, ended, stop: () => void child.kill('SIGTERM') };
  } catch (error) {
    child.kill('SIGTERM');
    throw error;
  }
}

function addressOf(child: ChildProcess, { name, address }: TunnelProgram, ended: Promise<void>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new TunnelError(`${name} gave no address in 30 s`)), ADDRESS_WITHIN_MS);
    const listen = (text: string): void => {
      said = (said + text).slice(-MAX_OUTPUT);
      const url = address.exec(said)?.[0];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', listen);
    child.once('error', (cause) => reject(new TunnelError(`${name} could not be started`, { cause })));
    void ended.then(() => {
      clearTimeout(timer);
      const lastWords = said.trim().split('\n').at(-1) ?? '';
      return reject(new TunnelError(`${name} ended without an address: ${lastWords}`));
    });
  });
}

/** A stdio server as a transport of the MCP client: its own process group, nothing of our environment, bounded (TOOL-47, T11). */
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ErrorCode, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { NotSentError } from './link-errors.ts';
import { MessageLines } from './message-lines.ts';
import type { KeeperNews, KeeperOrder } from './stdio-keeper.ts';

const KEEPER = join(import.meta.dirname, 'stdio-keeper.ts');
const MAX_STDERR_LINES = 20;
const MAX_STDERR_LINE_LENGTH = 500;
/** Of messages that the server did not read yet. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** The keeper takes two seconds at most. */
const CLOSING_MS = 3_000;
/** What the server wrote before it ended is still on its way. */
const LAST_WORDS_MS = 50;
/** Where programs are looked for unless `env` says otherwise: nothing of our own environment reaches the server. */
const SEARCH_PATH = [
  dirname(process.execPath),
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
];

export interface StdioProgram {
  command: string;
  args: string[];
  cwd: string | undefined;
  env: Record<string, string>;
}

export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;

  readonly #program: StdioProgram;
  readonly #lines: MessageLines;
  #keeper: ChildProcess | undefined;
  #isClosed = false;
  #stderr: string[] = [];
  #unfinished = '';
  #ending: string | undefined;

  constructor(program: StdioProgram) {
    this.#program = program;
    this.#lines = new MessageLines({
      message: (message) => this.onmessage?.(message),
      tooLong: (id) => this.#tooLong(id),
    });
  }

  /** Lines on stdout that were no messages. */
  get junkLines(): number {
    return this.#lines.junk;
  }

  /** Why it ended, with its last words on stderr: not free of secrets. Undefined while it runs. */
  get ending(): string | undefined {
    if (this.#ending === undefined) return undefined;
    const words = [...this.#stderr, this.#unfinished].findLast((line) => line.trim() !== '');
    return words === undefined ? this.#ending : `${this.#ending}: ${words}`;
  }

  /** The last 20 lines of stderr: not free of secrets. */
  get stderr(): readonly string[] {
    return this.#stderr;
  }

  /** Of the group that the server runs in. Undefined before the start. */
  get groupId(): number | undefined {
    return this.#keeper?.pid;
  }

  start(): Promise<void> {
    if (this.#keeper) return Promise.reject(new Error('started already'));
    const { command, args, cwd, env } = this.#program;
    const keeper = spawn(process.execPath, [KEEPER], {
      // Leads a group and a session: Ctrl-C is for us alone.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: {},
      cwd: '/',
    });
    this.#keeper = keeper;
    const order: KeeperOrder = {
      command,
      args,
      cwd: resolve(cwd ?? '.'),
      env: { PATH: SEARCH_PATH.join(delimiter), LANG: 'C.UTF-8', ...env },
    };
    this.#listenTo(keeper);
    const control = keeper.stdio[3] as Duplex;
    control.write(`${JSON.stringify(order)}\n`);
    let news = '';
    control.setEncoding('utf8').on('data', (text: string) => (news = this.#heard((news + text).slice(-2_000))));
    control.on('error', () => {});
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    const input = this.#keeper?.stdin;
    if (!input?.writable || this.#isClosed) return Promise.reject(new NotSentError('the server has ended'));
    if (input.writableLength > MAX_UNREAD_BYTES)
      return Promise.reject(new NotSentError('the server does not read what it is sent'));
    input.write(`${JSON.stringify(message)}\n`);
    return Promise.resolve();
  }

  /** Ends the whole group: SIGTERM, after 2 s SIGKILL. @returns once it is gone. */
  async close(): Promise<void> {
    const keeper = this.#keeper;
    this.#closed();
    if (!keeper || keeper.exitCode !== null || keeper.signalCode !== null || keeper.pid === undefined) return;
    const gone = once(keeper, 'exit');
    (keeper.stdio[3] as Duplex).destroy();
    const timer = setTimeout(() => killGroup(keeper), CLOSING_MS);
    await gone.catch(() => {});
    clearTimeout(timer);
  }

  #listenTo(keeper: ChildProcess): void {
    const { stdin: input, stdout: output, stderr: errors } = keeper as ChildProcessWithoutNullStreams;
    input.on('error', () => {});
    output.on('error', () => {}).on('data', (bytes: Buffer) => this.#lines.push(bytes));
    errors.on('error', () => {}).setEncoding('utf8');
    errors.on('data', (text: string) => this.#noted(text));
    keeper.on('error', (error) => this.#over(`not started: ${error.message}`));
    keeper.on('exit', (code, signal) => {
      // The keeper goes last, unless somebody ended it apart from its group.
      killGroup(keeper);
      this.#over(`ended with ${signal ?? code}`);
    });
  }

  #heard(text: string): string {
    const lines = text.split('\n');
    for (const line of lines.slice(0, -1)) {
      const news = JSON.parse(line) as KeeperNews;
      if ('failed' in news) this.#over(`not started: ${news.failed}`);
      else this.#over(`ended with ${news.ended.signal ?? news.ended.code}`);
    }
    return lines.at(-1) ?? '';
  }

  #over(why: string): void {
    this.#ending ??= why;
    setTimeout(() => this.#closed(), LAST_WORDS_MS);
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stream of this.#keeper?.stdio.slice(0, 3) ?? []) stream?.destroy();
    this.onclose?.();
  }

  #tooLong(id: number | undefined): void {
    this.onerror?.(new Error('a line longer than 1 MiB was dropped'));
    if (id === undefined) return;
    this.onmessage?.({
      jsonrpc: '2.0',
      id,
      error: { code: ErrorCode.InternalError, message: 'the answer is larger than 1 MiB' },
    });
  }

  #noted(text: string): void {
    const lines = (this.#unfinished + text).split('\n');
    this.#unfinished = (lines.pop() ?? '').slice(0, MAX_STDERR_LINE_LENGTH);
    const cut = lines.slice(-MAX_STDERR_LINES).map((line) => line.slice(0, MAX_STDERR_LINE_LENGTH));
    this.#stderr = [...this.#stderr, ...cut].slice(-MAX_STDERR_LINES);
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}

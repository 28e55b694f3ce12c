/**
 * Runs one stdio server in the process group that this process leads, and ends the whole group when the pipe from its
 * owner closes, however the owner went (rule TOOL-47). Spoken to over file descriptor 3; stdio is the server's alone.
 */
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/** How long the group has between SIGTERM and SIGKILL. */
const GRACE_MS = 2_000;
/** What the server left behind when it ended by itself. */
const LEFTOVERS_GRACE_MS = 200;

/** The first and only line to the keeper, as JSON. */
export interface KeeperOrder {
  command: string;
  args: string[];
  cwd: string;
  /** All of the server's environment. */
  env: Record<string, string>;
}

/** Lines of the keeper, as JSON: how the server ended, or why it did not start. */
export type KeeperNews = { ended: { code: number | null; signal: string | null } } | { failed: string };

if (import.meta.main) keep(new Socket({ fd: 3 }));

function keep(owner: Socket): void {
  // The group's signals are for the server; we go last.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  let text = '';
  let isStarted = false;
  owner.setEncoding('utf8').on('data', (part: string) => {
    if (isStarted) return;
    text += part;
    if (!text.includes('\n')) return;
    isStarted = true;
    run(JSON.parse(text) as KeeperOrder, owner);
  });
  owner.on('error', () => {}).on('close', () => endGroup(GRACE_MS));
}

function run({ command, args, cwd, env }: KeeperOrder, owner: Socket): void {
  const tell = (news: KeeperNews): void => void owner.write(`${JSON.stringify(news)}\n`);
  const server = spawn(command, args, { cwd, env, stdio: [0, 1, 2], shell: false });
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (server.pid !== undefined) return;
    tell({ failed: error.code ?? error.message });
    endGroup(LEFTOVERS_GRACE_MS);
  });
  server.on('exit', (code, signal) => {
    tell({ ended: { code, signal } });
    endGroup(LEFTOVERS_GRACE_MS);
  });
}

function endGroup(graceMs: number): void {
  process.kill(-process.pid, 'SIGTERM');
  setTimeout(() => process.kill(-process.pid, 'SIGKILL'), graceMs);
}

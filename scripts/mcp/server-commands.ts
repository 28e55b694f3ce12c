/** The commands check, list and approve. */
import { styleText } from 'node:util';
import { readConfig } from '../../src/config.ts';
import type { TrustedTool } from '../../src/hotel/tool-servers/trust.ts';
import { openQuestions } from '../set-up/questions.ts';
import { commandLineMember, knownServers, withRecords } from './known-servers.ts';
import { fullToolLines, serverLine, trialLines } from './server-lines.ts';
import { tryServer } from './trial.ts';
import { UsageError } from './usage.ts';

const write = (lines: readonly string[]): void => void process.stdout.write(lines.map((line) => `${line}\n`).join(''));

/** Tries all servers, those that are switched off too. @returns the exit code: 1 when one has a problem. */
export async function checkServers(environment: NodeJS.ProcessEnv, folder: string): Promise<number> {
  const config = readConfig(environment, folder);
  write([`${config.hotelFile}: sound`]);
  return withRecords(config, async (book) => {
    const servers = await knownServers(config, book);
    if (servers.length === 0) write(['There are no tool servers.']);
    let failed = 0;
    for (const server of servers) {
      const trial = await tryServer(config, server, (await book?.approved(server.label)) ?? []);
      const [head = '', ...rest] = trialLines(trial);
      write([styleText(trial.problems.length > 0 ? 'red' : 'green', head, { stream: process.stdout }), ...rest]);
      if (trial.problems.length > 0) failed++;
    }
    if (!book) write(['What staff approved is not known: no Bellhop runs here.']);
    return failed > 0 ? 1 : 0;
  });
}

/** Connects to none of them. @returns the exit code. */
export async function listServers(environment: NodeJS.ProcessEnv, folder: string): Promise<number> {
  const config = readConfig(environment, folder);
  return withRecords(config, async (book) => {
    const servers = await knownServers(config, book);
    if (servers.length === 0) write(['There are no tool servers.']);
    for (const server of servers) {
      const approved = (await book?.approved(server.label)) ?? [];
      write([
        serverLine(server),
        ...(approved.length > 0 ? [`  approved: ${approved.map(({ tool }) => tool).join(', ')}`] : []),
      ]);
    }
    return 0;
  });
}

/**
 * Shows all that a server tells the model, asks, and approves what is new or changed.
 * @param isSure nobody is asked; tools with something to beware of are left out then.
 * @returns the exit code: 1 when nothing was approved.
 */
export async function approveServer(
  environment: NodeJS.ProcessEnv,
  folder: string,
  label: string,
  isSure: boolean,
): Promise<number> {
  const config = readConfig(environment, folder);
  return withRecords(config, async (book) => {
    if (!book) throw new UsageError('no Bellhop runs here, and no DATABASE_URL is set: there is nobody to approve for');
    const server = (await knownServers(config, book)).find((known) => known.label === label);
    if (!server) throw new UsageError(`there is no tool server '${label}'; npm run mcp -- list tells which there are`);
    const { tools, isConnected, problems } = await tryServer(config, server, await book.approved(label));
    if (!isConnected) throw new UsageError(`${label}: not connected: ${problems[0] ?? 'no answer'}`);
    write(tools.flatMap(fullToolLines));
    const open = tools.filter(({ trust, hash }) => (trust === 'new' || trust === 'changed') && hash !== '');
    const chosen = isSure ? open.filter(({ flags }) => flags.length === 0) : await confirmed(open);
    const approved = chosen.map(({ tool, hash }) => ({ tool: tool.name, hash, listed: tool }));
    await book.approve(label, approved, commandLineMember());
    const left = open.length - chosen.length;
    write([
      `${approved.length} approved, ${left} left, ${tools.filter(({ trust }) => trust === 'approved').length} were approved before.`,
    ]);
    return approved.length > 0 || open.length === 0 ? 0 : 1;
  });
}

async function confirmed(open: readonly TrustedTool[]): Promise<readonly TrustedTool[]> {
  if (open.length === 0) return [];
  const questions = openQuestions(process.stdin, process.stdout);
  const answer = await questions.ask(`Approve ${open.length} as shown above? yes or no: `);
  questions.close();
  return /^y(es)?$/i.test(answer) ? open : [];
}

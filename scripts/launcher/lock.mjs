/** One set-up at a time, across processes. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetUpError } from './npm.mjs';

const WAIT_MS = 10 * 60_000;

/** Runs `task` while holding the lock in `folder`; a lock whose holder is gone is taken over. */
export async function withLock(folder, say, task) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'set-up.pid');
  for (let waitedMs = 0; !take(file); waitedMs += 200) {
    if (waitedMs === 0) say(`waiting for another start (process ${holderOf(file)}) to finish its set-up ...`);
    if (waitedMs >= WAIT_MS)
      throw new SetUpError(`another start holds ${file} for too long: end it, or remove the file`);
    await sleep(200);
  }
  const release = () => rmSync(file, { force: true });
  const releaseAndEnd = () => {
    release();
    process.exit(130);
  };
  process.once('SIGINT', releaseAndEnd).once('SIGTERM', releaseAndEnd);
  try {
    return await task();
  } finally {
    process.off('SIGINT', releaseAndEnd).off('SIGTERM', releaseAndEnd);
    release();
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST')
      throw new SetUpError(`${file} cannot be written (${error.code}): check the folder's rights`);
  }
  const holder = holderOf(file);
  if (holder !== undefined && !isAlive(holder)) rmSync(file, { force: true });
  return false;
}

/** Undefined while the holder is still writing its number. */
function holderOf(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
let folder: string;

/** A project with one dependency, and an npm that writes down what it was asked and installs it. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bellhop-launcher-'));
  mkdirSync(join(folder, 'scripts'));
  for (const part of ['run.mjs', 'launcher'])
    cpSync(join(ROOT, 'scripts', part), join(folder, 'scripts', part), { recursive: true });
  writeFileSync(join(folder, 'package-lock.json'), lockFile('1.0.0'));
  writeFileSync(
    join(folder, 'scripts/check.ts'),
    "process.on('SIGTERM', () => process.exit(7));\n" +
      "console.log('ran', process.argv.slice(2).join(' '), process.env.FROM_FILE ?? '');\n" +
      "if (process.argv[2] === 'wait') setInterval(() => {}, 1000);\n" +
      'else process.exitCode = Number(process.argv[2] ?? 0);\n',
  );
  npmDoes(
    "const fs = require('fs'); fs.appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');" +
      "fs.mkdirSync('node_modules', { recursive: true }); fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');",
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lockFile = (version: string): string =>
  JSON.stringify({
    packages: {
      '': {},
      'node_modules/a': { version },
      'node_modules/for-another-system': { version: '1.0.0', optional: true },
    },
  });

function npmDoes(code: string): void {
  writeFileSync(join(folder, 'npm-cli.cjs'), code);
}

function start(...words: string[]) {
  const child = spawn(process.execPath, ['scripts/run.mjs', ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, npm_execpath: join(folder, 'npm-cli.cjs') },
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output, errors }));
  return { child, ended };
}

const installs = (): number =>
  existsSync(join(folder, 'npm.log')) ? readFileSync(join(folder, 'npm.log'), 'utf8').split('\n').length - 1 : 0;

test('the first start installs from the lock file without scripts, the second one starts at once', async () => {
  expect(await start('check').ended).toMatchObject({ code: 0, output: expect.stringContaining('ran') as string });
  expect(readFileSync(join(folder, 'npm.log'), 'utf8')).toMatch(/^ci --ignore-scripts /);
  const second = await start('check').ended;
  expect(second.errors).toBe('');
  expect(installs()).toBe(1);
});

test('a changed lock file and an install that broke off are installed anew', async () => {
  await start('check').ended;
  writeFileSync(join(folder, 'package-lock.json'), lockFile('1.0.1'));
  await start('check').ended;
  expect(installs()).toBe(2);
  // npm writes its note last: without it, the folder may hold half of everything.
  rmSync(join(folder, 'node_modules/.package-lock.json'));
  await start('check').ended;
  expect(installs()).toBe(3);
});

test('two starts at once install once; a lock whose holder is gone is taken over', async () => {
  mkdirSync(join(folder, '.cache'));
  writeFileSync(join(folder, '.cache/set-up.pid'), '999999999');
  const both = await Promise.all([start('check').ended, start('check').ended]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(installs()).toBe(1);
  expect(existsSync(join(folder, '.cache/set-up.pid'))).toBe(false);
});

test('exit code, arguments and .env reach the verb, and a signal too', async () => {
  writeFileSync(join(folder, '.env'), 'FROM_FILE=yes\n');
  expect(await start('check', '3').ended).toMatchObject({ code: 3, output: 'ran 3 yes\n' });
  const { child, ended } = start('check', 'wait');
  child.stdout.once('data', () => child.kill('SIGTERM'));
  expect((await ended).code).toBe(7);
});

test('without network there is one clear line', async () => {
  npmDoes("console.error('npm error code ENOTFOUND\\nnpm error network request failed'); process.exit(1);");
  const { code, errors } = await start('check').ended;
  expect(code).toBe(1);
  expect(errors.trim().split('\n').at(-1)).toBe(
    'bellhop: installing dependencies failed: the package registry cannot be reached. Check the network and run the command again',
  );
});

test('an unknown verb is told what there is', async () => {
  const { code, errors } = await start('cheque').ended;
  expect(code).toBe(1);
  expect(errors).toMatch(/^bellhop: there is no 'cheque'; there are demo, start, /);
});

test('the bench and the container run the server with the flags of npm start', () => {
  const flag = /--max-semi-space-size=\d+/;
  const used = ['scripts/run.mjs', 'Dockerfile', 'scripts/bench/targets.ts'].map(
    (file) => flag.exec(readFileSync(join(ROOT, file), 'utf8'))?.[0],
  );
  expect(used[0]).toBeDefined();
  expect(new Set(used).size).toBe(1);
});

test('every verb names a file that is there', () => {
  const launcher = readFileSync(join(ROOT, 'scripts/run.mjs'), 'utf8');
  const files = [...launcher.matchAll(/'((?:src|scripts)\/[\w-]+\.ts)'/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

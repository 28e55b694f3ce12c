/** The house's own rules: floors and directions of imports, whose words stand where, sizes, names. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

interface SourceFile {
  /** From the root, with `/`. */
  path: string;
  text: string;
  /** The text without comments. */
  code: string;
  /** Specifiers of all static and dynamic imports and re-exports. */
  imports: string[];
}

const all = trackedFiles();
const sources = all.filter((path) => /\.(ts|tsx|mjs)$/.test(path)).map(read);
const inSource = sources.filter(({ path }) => path.startsWith('src/'));

const FLOOR_1 = ['audio', 'call', 'hotel'];
const FLOOR_2 = ['telephony', 'realtime', 'mcp', 'storage', 'dashboard', 'local-realtime'];
/** Which folders of the same floor a folder may look into. */
const DOWNWARDS: Record<string, readonly string[]> = {
  audio: ['audio'],
  call: ['call', 'audio'],
  hotel: ['hotel', 'call', 'audio'],
};

describe('floors', () => {
  test('floor 1 imports only downwards: hotel -> call -> audio', () => {
    const wrong = inFolders(FLOOR_1).flatMap((file) =>
      ownImports(file)
        .filter((target) => !DOWNWARDS[folderOf(file.path)]?.includes(folderOf(target)))
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('a folder of floor 2 imports itself and floor 1, never a sibling and nothing above', () => {
    const wrong = inFolders(FLOOR_2).flatMap((file) =>
      ownImports(file)
        .filter((target) => ![folderOf(file.path), ...FLOOR_1].includes(folderOf(target)))
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('floor 1 touches no socket, file, database or timer of its own', () => {
    const forbiddenModules =
      /^(node:(net|http|https|http2|fs|timers|child_process|worker_threads|dgram|tls|dns)|pg|kysely|ws|fastify)(\/|$)/;
    const forbiddenWords = /\b(setTimeout|setInterval|setImmediate|Date\.now|performance\.now|fetch\(|process\.)/;
    const wrong = inFolders(FLOOR_1).flatMap((file) => [
      ...file.imports.filter((name) => forbiddenModules.test(name)).map((name) => `${file.path} imports ${name}`),
      ...[forbiddenWords.exec(withoutStrings(file.code))?.[0] ?? []].flat().map((word) => `${file.path} uses ${word}`),
    ]);
    expect(wrong).toEqual([]);
  });

  test('every folder of src belongs to a floor', () => {
    const folders = new Set(
      inSource.filter(({ path }) => path.split('/').length > 2).map(({ path }) => folderOf(path)),
    );
    expect([...folders].filter((folder) => ![...FLOOR_1, ...FLOOR_2].includes(folder))).toEqual([]);
  });

  test('nothing in src imports scripts or tests', () => {
    const wrong = inSource.filter((file) => file.imports.some((name) => /\.\.\/(scripts|test)\//.test(name)));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

describe('whose words stand where', () => {
  /** Files of floor 3 that wire the parts together may name them. */
  const JOINING = ['src/app.ts', 'src/main.ts', 'src/config.ts', 'src/switchboard.ts', 'src/local-secrets.ts'];

  test('the carrier’s words stand in telephony alone', () => {
    expect(usersOf(/\b(callSid|streamSid|CallSid|StreamSid|accountSid|TwiML|twiml|twilio)\b/, ['telephony'])).toEqual(
      [],
    );
  });

  test('the model’s words stand in realtime and local-realtime alone', () => {
    const words = /\b(session\.update|response\.create|input_audio_buffer|conversation\.item|openai|OpenAI|gpt-)/;
    expect(usersOf(words, ['realtime', 'local-realtime'])).toEqual([]);
  });

  function usersOf(words: RegExp, folders: string[]): string[] {
    return inSource
      .filter(({ path }) => !folders.includes(folderOf(path)) && !JOINING.includes(path))
      .filter(({ code }) => words.test(code))
      .map(({ path, code }) => `${path}: ${words.exec(code)?.[0]}`);
  }
});

describe('house rules', () => {
  test('only config.ts reads the environment; main.ts hands it over', () => {
    const readers = inSource.filter(({ code }) => /\bprocess\.env\b/.test(code)).map(({ path }) => path);
    expect(readers.filter((path) => !['src/config.ts', 'src/main.ts'].includes(path))).toEqual([]);
  });

  test('no file is longer than 300 lines, no test longer than 400', () => {
    const mostOf = (path: string): number => (path.startsWith('test/') ? 400 : 300);
    const long = sources.filter(({ path, text }) => text.split('\n').length - 1 > mostOf(path));
    expect(long.map(({ path, text }) => `${path}: ${text.split('\n').length - 1}`)).toEqual([]);
  });

  test('every file of src and scripts opens with what it is', () => {
    const bare = sources.filter(
      ({ path, text }) => /^(src|scripts)\/.*\.(ts|mjs)$/.test(path) && !/^(#!.*\n)?\/(\*\*|\/)/.test(text),
    );
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  test('names are in kebab-case, and none is a drawer for everything', () => {
    const names = sources.map(
      ({ path }) => [path, basename(path).replace(/(\.test|\.config)?\.(d\.)?\w+$/, '')] as const,
    );
    const wrong = names.filter(
      ([, name]) =>
        !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || /^(utils?|helpers?|common|types|manager|misc|index)$/.test(name),
    );
    expect(wrong.map(([path]) => path)).toEqual([]);
  });

  test('there is no any, no default export, no note of things left to do', () => {
    const marks = new RegExp('\\b(T[O]DO|F[I]XME|X[X]X)\\b');
    const wrong = sources.flatMap(({ path, text, code }) => [
      ...(/[:<,|&]\s*any\b(?!\w)/.test(withoutStrings(code)) ? [`${path}: any`] : []),
      ...(/^export default/m.test(code) && isOurs(path) ? [`${path}: default export`] : []),
      ...(marks.test(text) ? [`${path}: ${marks.exec(text)?.[0]}`] : []),
    ]);
    expect(wrong).toEqual([]);
  });

  test('relative imports name a file that exists, with its extension', () => {
    const wrong = sources.flatMap((file) =>
      file.imports
        .filter((name) => name.startsWith('.') && !existsSync(join(ROOT, dirname(file.path), name)))
        .map((name) => `${file.path}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test('the lock file names no registry', () => {
    expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
  });

  test('every verb of package.json goes through the launcher, and the texts name no other verb', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const [verb, command] of Object.entries(scripts)) expect(command).toBe(`node scripts/run.mjs ${verb}`);
    const texts = all.filter((path) => /\.(md|ts|yaml)$|^\.env\.example$/.test(path));
    const named = texts.flatMap((path) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(/npm run ([a-z][a-z-]*)/g)].map((match) => match[1] ?? ''),
    );
    expect([...new Set(named)].filter((verb) => !(verb in scripts))).toEqual([]);
  });
});

function isOurs(path: string): boolean {
  return !/(^|\/)[\w-]+\.config\.ts$|global-setup\.ts$/.test(path);
}

function inFolders(folders: readonly string[]): SourceFile[] {
  return inSource.filter(({ path }) => folders.includes(folderOf(path)));
}

/** @returns the folder under src, or the file's name on the joining floor. */
function folderOf(path: string): string {
  return path.replace(/^src\//, '').split('/')[0] ?? '';
}

/** @returns paths from the root of what a file imports of the project itself. */
function ownImports(file: SourceFile): string[] {
  return file.imports.filter((name) => name.startsWith('.')).map((name) => posix.join(posix.dirname(file.path), name));
}

function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed.split('\n').filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

function read(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;{}(,])\/\/.*$/gm, '$1');
  const imports = [
    ...code.matchAll(/^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm),
    ...code.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm),
    ...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g),
  ].map((match) => match[1] ?? '');
  return { path, text, code, imports };
}

function withoutStrings(code: string): string {
  return code.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''");
}

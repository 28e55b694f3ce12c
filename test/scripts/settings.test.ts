import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const example = readFileSync(resolve(ROOT, '.env.example'), 'utf8');
const config = readFileSync(resolve(ROOT, 'src/config.ts'), 'utf8');

/** The settings that the schema in config.ts knows. */
const known = [...config.matchAll(/^ {2}([A-Z][A-Z0-9_]+): set\(/gm)].map((match) => match[1] ?? '');

test('.env.example lists every setting and no other', () => {
  expect(known.length).toBeGreaterThan(10);
  expect(Object.keys(parseEnv(example)).toSorted()).toEqual(known.toSorted());
});

test('.env.example as it stands is a sound configuration with the same defaults as no file at all', () => {
  expect(readConfig(parseEnv(example) as NodeJS.ProcessEnv, ROOT)).toEqual(readConfig({}, ROOT));
});

test('the README’s table lists every setting', () => {
  const readme = readFileSync(resolve(ROOT, 'README.md'), 'utf8');
  expect(known.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

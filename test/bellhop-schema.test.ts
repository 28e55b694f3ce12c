/** What newcomers and their editors are given for `bellhop.yaml`: the example and the JSON Schema. */
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readBellhopFile } from '../src/bellhop-file.ts';
import { bellhopJsonSchema } from '../scripts/mcp/file-schema.ts';

const ROOT = resolve(import.meta.dirname, '..');
const schema = JSON.parse(readFileSync(join(ROOT, 'src/bellhop.schema.json'), 'utf8')) as Record<string, unknown>;
const example = readFileSync(join(ROOT, 'bellhop.example.yaml'), 'utf8');
/** What begins with # and no space, or with two: a setting that is switched off. */
const whole = example.replaceAll(/^#(?=[^ ]| {2})/gm, '');

it('the schema is that of the settings; npm run mcp -- schema > src/bellhop.schema.json writes it anew', () => {
  expect(schema).toEqual(JSON.parse(JSON.stringify(bellhopJsonSchema())));
});

it('the example names the schema on its first line, and editors find nothing wrong with either form of it', () => {
  expect(example.split('\n')[0]).toBe('# yaml-language-server: $schema=src/bellhop.schema.json');
  const editor = z.fromJSONSchema(schema);
  for (const text of [example, whole]) expect(editor.safeParse(parse(text)).error).toBeUndefined();
  expect(editor.safeParse({ ...(parse(whole) as object), mpc: {} }).success).toBe(false);
});

it('the example’s tool servers are sound once they are switched on, and show every field', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bellhop-example-'));
  const file = join(folder, 'bellhop.yaml');
  writeFileSync(file, whole);
  const mistakes: string[] = [];
  const read = readBellhopFile(file, { PMS_SECRET: 's-12345' }, mistakes);
  rmSync(folder, { recursive: true });
  expect(mistakes).toEqual([]);
  expect(read?.toolServers.map(({ label }) => label)).toEqual(['smart-room', 'pms', 'house-guide']);
  const { mcp_servers: written } = parse(whole) as { mcp_servers: Record<string, object> };
  const fields = (
    bellhopJsonSchema() as { properties: { mcp_servers: { additionalProperties: { properties: object } } } }
  ).properties.mcp_servers.additionalProperties.properties;
  const shown = new Set(Object.values(written).flatMap((server) => Object.keys(server)));
  expect(Object.keys(fields).filter((name) => !shown.has(name))).toEqual([]);
});

import { expect, test } from 'vitest';
import { serverDefinitionSchema } from '../../../src/hotel/tool-servers/definition.ts';
import { Secrets } from '../../../src/mcp/tool-servers/secrets.ts';

const secrets = new Secrets(
  serverDefinitionSchema.parse({
    mode: 'client',
    transport: 'http',
    url: 'https://someone:p%40ssword@rooms.example/mcp?key=key-in-address',
    authorization: 'token-of-ours',
    headers: { 'x-api-key': 'header-value' },
    env: { PMS_TOKEN: 'env-value', PORT: '80' },
  }),
);

test('[TOOL-46] values that a server was given are taken out of what it says', () => {
  expect(secrets.line('bad token-of-ours, header-value, env-value, p@ssword, key-in-address on port 80')).toBe(
    'bad …, …, …, …, … on port 80',
  );
});

test('[TOOL-46] a bearer that was fetched is taken out, also the one before it', () => {
  secrets.addBearer('first-bearer');
  secrets.addBearer('first-bearer-and-more');
  expect(secrets.line('Bearer first-bearer-and-more, first-bearer')).toBe('Bearer …, …');
});

test('a message becomes one line of at most 200 characters without control characters', () => {
  expect(secrets.line('one\n two\u0000\u001b[31m three')).toBe('one two three');
  expect(secrets.line('🛎'.repeat(300))).toHaveLength(200);
});

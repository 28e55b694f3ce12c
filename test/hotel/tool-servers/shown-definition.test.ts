/** What of a definition is shown, what is kept apart, and which secrets a change keeps. */
import { describe, expect, it } from 'vitest';
import { serverDefinitionSchema, type ServerDefinition } from '../../../src/hotel/tool-servers/definition.ts';
import {
  secretsOf,
  shown,
  withKeptSecrets,
  withoutSecrets,
  withSecrets,
} from '../../../src/hotel/tool-servers/shown-definition.ts';

const KNOWN = serverDefinitionSchema.parse({
  mode: 'native',
  server_url: 'https://spa.example/mcp',
  headers: { 'X-Key': 'header-secret-1234', 'X-Pin': '4711' },
  oauth: { client_id: 'bellhop', client_secret: 'oauth-secret-abcd', token_url: 'https://login.example/token' },
});
const WITH_TOKEN = serverDefinitionSchema.parse({
  mode: 'native',
  server_url: 'https://spa.example/mcp',
  authorization: 'token-secret-wxyz',
});
const WITH_KEY = serverDefinitionSchema.parse({
  mode: 'native',
  server_url: 'https://spa.example/u/abcdefghijklmnopqrstuvwxyz0123456789/mcp?key=token-wxyz&page=2',
  authorization: 'token-secret-wxyz',
});
const sent = (change: Partial<ServerDefinition>): unknown => ({ ...shown(KNOWN), ...change });

describe('a definition without its secrets', () => {
  it('[T12] is shown with the last four characters of each secret, and with none of a short one', () => {
    expect(shown(KNOWN).headers).toEqual({ 'X-Key': '…1234', 'X-Pin': '…' });
    expect(shown(KNOWN).oauth).toMatchObject({ client_id: 'bellhop', client_secret: '…abcd' });
    expect(shown(WITH_TOKEN).authorization).toBe('…wxyz');
    expect(
      shown(serverDefinitionSchema.parse({ transport: 'stdio', command: 'x', env: { KEY: 'env-secret-5678' } })).env,
    ).toEqual({ KEY: '…5678' });
  });

  it('[T12] nor are keys shown that stand in arguments of a program, or in an address', () => {
    const program = (...args: string[]): unknown =>
      shown(serverDefinitionSchema.parse({ transport: 'stdio', command: 'npx', args })).args;
    expect(program('-y', 'server-x', '--api-key', 'sk-live-12345678', '--port=80')).toEqual([
      '-y',
      'server-x',
      '--api-key',
      '…5678',
      '--port=80',
    ]);
    expect(program('--token=abcdefgh1234', 'Authorization: Bearer abcdefgh9876')).toEqual([
      '--token=…1234',
      'Authorization: Bearer …9876',
    ]);
    expect(program('postgresql://bell:hunter22@db/hotel', 'https://x.example/mcp?api_key=abcdefgh5555')).toEqual([
      '…otel',
      'https://x.example/mcp?api_key=…5555',
    ]);
    expect(shown(WITH_KEY).server_url).toBe('https://spa.example/u/…6789/mcp?key=…wxyz&page=2');
  });

  it('[T12] an address that is sent as it was shown is the one that is known; one that was changed is sent whole', () => {
    expect(withKeptSecrets(shown(WITH_KEY), WITH_KEY)).toEqual({ definition: WITH_KEY, mistakes: [] });
    const elsewhere = { ...shown(WITH_KEY), server_url: 'https://evil.example/u/…6789/mcp?key=…wxyz&page=2' };
    expect(withKeptSecrets(elsewhere, WITH_KEY).mistakes).toContain(
      'server_url: expected the address itself, not how it is shown',
    );
  });

  it('[T12] is the same again once its secrets are put back', () => {
    const bare = withoutSecrets(KNOWN);
    expect(JSON.stringify(bare)).not.toMatch(/secret-|4711/);
    expect(withSecrets(bare, secretsOf(KNOWN))).toEqual(KNOWN);
  });
});

describe('secrets that a change keeps', () => {
  it('[T12] are those that are empty or as they were shown', () => {
    expect(withKeptSecrets(sent({}), KNOWN)).toEqual({ definition: KNOWN, mistakes: [] });
    const { definition } = withKeptSecrets(sent({ headers: { 'X-Key': '', 'X-Pin': '0815' } }), KNOWN);
    expect(definition).toMatchObject({ headers: { 'X-Key': 'header-secret-1234', 'X-Pin': '0815' } });
  });

  it('[T12] are not those that were left out', () => {
    const { definition } = withKeptSecrets({ ...shown(WITH_TOKEN), authorization: undefined }, WITH_TOKEN);
    expect(definition).toMatchObject({ authorization: undefined });
  });

  it.each([
    ['server_url', { server_url: 'https://elsewhere.example/mcp' }],
    ['server_url on another port', { server_url: 'https://spa.example:8443/mcp' }],
    ['url', { url: 'https://elsewhere.example/mcp' }],
    [
      'token_url',
      { oauth: { ...shown(KNOWN).oauth, client_id: 'x', client_secret: '', token_url: 'https://elsewhere.example/' } },
    ],
  ])('[T12] do not go to another address than they were given for: %s', (_, change) => {
    expect(withKeptSecrets(sent(change), KNOWN).mistakes).toContain(
      'oauth.client_secret: expected the secret again, since an address is another one',
    );
  });

  it('[T12] may go to another path of the same host, and new ones anywhere', () => {
    expect(withKeptSecrets(sent({ server_url: 'https://spa.example/v2' }), KNOWN).mistakes).toEqual([]);
    const moved = { ...WITH_TOKEN, server_url: 'https://elsewhere.example/', authorization: 'another-secret' };
    expect(withKeptSecrets(moved, WITH_TOKEN)).toEqual({ definition: moved, mistakes: [] });
  });

  it('[T12] what is shown is never taken for a secret', () => {
    expect(withKeptSecrets(shown(WITH_TOKEN), undefined).mistakes).toEqual([
      'authorization: expected the secret itself, not how it is shown',
    ]);
    expect(withKeptSecrets(sent({ headers: { 'X-New': '…1234' } }), KNOWN).mistakes).toHaveLength(1);
  });

  it.each([null, 'text', [], { headers: null, oauth: [], authorization: 7 }, { headers: { a: 1 } }])(
    'are looked for in whatever was sent: %j',
    (value) => {
      expect(withKeptSecrets(value, KNOWN)).toEqual({ definition: value, mistakes: [] });
    },
  );
});

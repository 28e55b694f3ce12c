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

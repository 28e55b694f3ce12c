/** What stands in `bellhop.yaml` besides the hotel: tool servers, where they may be, variables of the environment. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBellhopFile, type BellhopFile } from '../src/bellhop-file.ts';
import { ConfigError, readConfig } from '../src/config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bellhop-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const HOTEL = `hotel:
  name: The Elm
  time_zone: Europe/Lisbon
  rooms: [412]
  departments: { front-desk: { name: the front desk, number: "+15550110" } }
`;

function read(
  more: string,
  environment: Record<string, string> = {},
): { file: BellhopFile | undefined; mistakes: string[] } {
  const path = join(folder, 'bellhop.yaml');
  writeFileSync(path, HOTEL + more);
  const mistakes: string[] = [];
  const file = readBellhopFile(path, environment, mistakes);
  return { file, mistakes: mistakes.map((line) => line.replaceAll(`${folder}/bellhop.yaml:`, '')) };
}

const SERVER = `mcp_servers:
  smart-room:
    transport: http
    url: https://rooms.example/mcp
`;

describe('tool servers of the file', () => {
  it('without any there are none, and nothing private may be reached', () => {
    expect(read('').file).toMatchObject({
      toolServers: [],
      outside: { trustedHosts: [], privateHosts: [], isLoopbackAllowed: false },
    });
  });

  it('each has its label, the file as its source and all that was left out at its default', () => {
    expect(read(SERVER).file?.toolServers).toMatchObject([
      {
        label: 'smart-room',
        source: 'file',
        version: 1,
        definition: {
          mode: 'auto',
          enabled: true,
          require_approval: 'always',
          timeout: 5000,
          limits: { per_call: 10 },
        },
      },
    ]);
  });

  it.each([
    ['an unknown field', `${SERVER}    tiemout: 3\n`, ['10: mcp_servers.smart-room.tiemout: there is no such setting']],
    [
      'a label in capitals',
      SERVER.replace('smart-room', 'SmartRoom'),
      ['7: mcp_servers.SmartRoom: expected lower-case letters, digits, - and _, at most 32, beginning with a letter'],
    ],
    [
      'a token with more than the token, and one that would begin another header',
      `${SERVER}    authorization: Bearer abc\n    headers: { X-Key: "a\\r\\nX-Admin: 1" }\n`,
      [
        '10: mcp_servers.smart-room.authorization: expected the token alone, without the word Bearer, spaces and line breaks',
        '11: mcp_servers.smart-room.headers.X-Key: expected one line of plain characters',
      ],
    ],
    [
      'headers that are not anybody’s to set',
      `${SERVER}    headers: { Host: a.example, MCP-Session-Id: x }\n`,
      [
        '10: mcp_servers.smart-room.headers: expected no Host here: it is set by itself',
        '10: mcp_servers.smart-room.headers: expected no MCP-Session-Id here: it is set by itself',
      ],
    ],
    [
      'our own label',
      SERVER.replace('smart-room', 'hotel'),
      ["7: mcp_servers.hotel: 'hotel' is the name of Bellhop's own tools"],
    ],
    [
      'an address that is none',
      SERVER.replace('https:', 'ftp:'),
      ['9: mcp_servers.smart-room.url: expected an address such as https://mcp.example.com/mcp'],
    ],
    [
      'a program that is missing',
      'mcp_servers:\n  files: { transport: stdio }\n',
      ['7: mcp_servers.files.command: missing, expected a program'],
    ],
    [
      'hosts with more than a name',
      'mcp:\n  trusted_hosts:\n    - "mcp.example:443"\n  private_hosts:\n    - "https://pms.local"\n    - "10.0.4.20:99999"\n    - "http://pms.local/mcp"\n    - "http://10.0.4.20:0"\n',
      [
        '8: mcp.trusted_hosts.0: expected a host such as mcp.example.com or *.example.com, without a port or path',
        '10: mcp.private_hosts.0: expected a host such as pms.hotel.internal, 10.0.4.20:8443 or http://homeassistant.local:8123, without a path',
        '11: mcp.private_hosts.1: expected a host such as pms.hotel.internal, 10.0.4.20:8443 or http://homeassistant.local:8123, without a path',
        '12: mcp.private_hosts.2: expected a host such as pms.hotel.internal, 10.0.4.20:8443 or http://homeassistant.local:8123, without a path',
        '13: mcp.private_hosts.3: expected a host such as pms.hotel.internal, 10.0.4.20:8443 or http://homeassistant.local:8123, without a path',
      ],
    ],
  ])('%s: line, path and what was expected', (_what, yaml, lines) => {
    expect(read(yaml)).toEqual({ file: undefined, mistakes: lines });
  });

  it('more servers than the bound are refused', () => {
    const many = Array.from({ length: 33 }, (_none, at) => `  s${at}: { server_url: "https://a.example/mcp" }\n`).join(
      '',
    );
    expect(read(`mcp_servers:\n${many}`).mistakes).toEqual(['6: mcp_servers: expected at most 32 servers']);
  });

  it('hosts are taken in lower case, with their ports, IPv6 too', () => {
    const yaml =
      'mcp:\n  trusted_hosts: [MCP.Example.com, "*.acme.example"]\n  private_hosts: ["pms.local:8443", "[fd00::1]:90", 10.0.4.20, "http://HomeAssistant.local:8123"]\n  allow_loopback: true\n';
    expect(read(yaml).file?.outside).toEqual({
      trustedHosts: ['mcp.example.com', '*.acme.example'],
      privateHosts: ['pms.local:8443', '[fd00::1]:90', '10.0.4.20', 'http://homeassistant.local:8123'],
      isLoopbackAllowed: true,
    });
  });
});

describe('variables of the environment', () => {
  const header = (text: string): string => `${SERVER}    headers:\n      X-Key: "${text}"\n`;
  const keyOf = (text: string, environment: Record<string, string> = {}): unknown =>
    read(header(text), environment).file?.toolServers[0]?.definition.headers?.['X-Key'];

  it.each([
    ['a variable', 'Key ${ROOM_KEY}!', { ROOM_KEY: 'k-1' }, 'Key k-1!'],
    ['two of them', '${A}${B}', { A: '1', B: '2' }, '12'],
    ['a default for one that is not set', '${ROOM_KEY:-none}', {}, 'none'],
    ['a default for one that is empty', '${ROOM_KEY:-none}', { ROOM_KEY: '' }, 'none'],
    ['an empty default', 'a${ROOM_KEY:-}b', {}, 'ab'],
    ['a default that is not needed', '${ROOM_KEY:-none}', { ROOM_KEY: 'k-1' }, 'k-1'],
    ['an escape', 'a $${ROOM_KEY} b', { ROOM_KEY: 'k-1' }, 'a ${ROOM_KEY} b'],
    ['a dollar alone', 'cost$ $5 $$', {}, 'cost$ $5 $$'],
    ['what a value holds is not expanded again', '${A}', { A: '${B} $${B}', B: 'no' }, '${B} $${B}'],
  ])('%s', (_what, text, environment, expected) => {
    expect(keyOf(text, environment)).toBe(expected);
  });

  it('one that is not set is a mistake of its line and path, without other complaints about the same place', () => {
    expect(read(SERVER.replace('https://rooms.example', '${ROOMS_URL}')).mistakes).toEqual([
      '9: mcp_servers.smart-room.url: expected the environment variable ROOMS_URL to be set',
    ]);
  });

  it('names of objects’ own members are not taken for variables', () => {
    expect(read(header('${constructor}')).mistakes).toEqual([
      '11: mcp_servers.smart-room.headers.X-Key: expected the environment variable constructor to be set',
    ]);
  });

  it.each(['${}', '${1A}', '${ROOM KEY}', '${ROOM_KEY'])('%s is a mistake', (text) => {
    expect(read(header(text), { ROOM_KEY: 'k-1' }).mistakes).toEqual([
      '11: mcp_servers.smart-room.headers.X-Key: expected ${NAME} or ${NAME:-default}; $${ stands for ${ itself',
    ]);
  });

  it('stand nowhere but under mcp_servers', () => {
    const { file } = read('  facts: { wifi: "The password is ${HOME}." }\n', { HOME: '/root' });
    expect(file?.hotel.facts.wifi).toBe('The password is ${HOME}.');
  });

  it('no line of mistakes repeats a value', () => {
    const yaml = `${SERVER}    authorization: "\${ROOM_KEY}"\n    oauth: { client_id: "", client_secret: "\${ROOM_KEY}", token_url: "\${ROOM_KEY}" }\n    mode: "\${ROOM_KEY}"\n`;
    const { mistakes } = read(yaml, { ROOM_KEY: 'hunter2' });
    expect(mistakes.length).toBeGreaterThan(2);
    expect(mistakes.join('\n')).not.toContain('hunter2');
  });
});

describe('keys for secrets', () => {
  const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
  const config = (environment: Record<string, string>) => {
    writeFileSync(join(folder, 'bellhop.yaml'), HOTEL);
    return readConfig(environment, folder);
  };

  it('are taken as they stand; without one there is none', () => {
    expect(config({ SECRETS_KEY: key(1), SECRETS_OLD_KEYS: `${key(2)}, ${key(3)}` })).toMatchObject({
      secretsKey: key(1),
      secretsOldKeys: [key(2), key(3)],
    });
    expect(config({ SECRETS_KEY: '' })).toMatchObject({ secretsKey: undefined, secretsOldKeys: [] });
  });

  it.each([
    ['SECRETS_KEY', 'hunter2'],
    ['SECRETS_KEY', Buffer.alloc(24, 1).toString('base64')],
    ['SECRETS_OLD_KEYS', `${Buffer.alloc(32, 1).toString('base64')},hunter2`],
  ])('%s of another length is a mistake', (name, value) => {
    expect(() => config({ [name]: value })).toThrow(ConfigError);
    expect(() => config({ [name]: value })).toThrow(`environment: ${name}: expected 32 random bytes in base64`);
  });
});

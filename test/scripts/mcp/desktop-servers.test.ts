/** Settings of desktop MCP clients, taken over and handed back. */
import { describe, expect, it } from 'vitest';
import { expandVariables } from '../../../src/file-variables.ts';
import { serverDefinitionSchema } from '../../../src/hotel/tool-servers/definition.ts';
import { exportServers } from '../../../scripts/mcp/desktop-export.ts';
import { importServers } from '../../../scripts/mcp/desktop-import.ts';

const one = (server: Record<string, unknown>, name = 'Room Desk') => importServers({ mcpServers: { [name]: server } });

describe('import', () => {
  it('a program: its secrets move to variables named after it, the rest stays as it is', () => {
    const env = {
      API_TOKEN: 'hunter2',
      NODE_ENV: 'production',
      ROOM_DESK_URL: 'https://a.example',
      NOTE: 'pass phrase 1',
    };
    const args = ['-y', '@acme/rooms', '--api-key', 'hunter3', '--secret=hunter4', './data', '--mode', 'fast'];
    const { servers, variables, problems } = one({ command: 'npx', args, env });
    expect(servers).toEqual({
      'room-desk': {
        mode: 'client',
        transport: 'stdio',
        command: 'npx',
        args: [
          '-y',
          '@acme/rooms',
          '--api-key',
          '${ROOM_DESK_API_KEY}',
          '--secret=${ROOM_DESK_SECRET}',
          './data',
          '--mode',
          'fast',
        ],
        env: {
          API_TOKEN: '${ROOM_DESK_API_TOKEN}',
          NODE_ENV: 'production',
          ROOM_DESK_URL: 'https://a.example',
          NOTE: '${ROOM_DESK_NOTE}',
        },
      },
    });
    expect(variables).toEqual([
      { name: 'ROOM_DESK_API_KEY', from: 'argument 4 of Room Desk' },
      { name: 'ROOM_DESK_SECRET', from: 'argument 5 of Room Desk' },
      { name: 'ROOM_DESK_API_TOKEN', from: 'env API_TOKEN of Room Desk' },
      { name: 'ROOM_DESK_NOTE', from: 'env NOTE of Room Desk' },
    ]);
    expect(problems).toEqual([]);
  });

  it('an address: keys in its query and path move too, a bearer token becomes the authorization', () => {
    const { servers } = one({
      type: 'streamable-http',
      url: 'https://mcp.example/s/a1b2c3d4e5f6a7b8c9d0e1f2a3b4/mcp?api_key=hunter2&team=elm',
      headers: { authorization: 'bearer hunter3', 'X-Team': 'elm' },
    });
    expect(servers['room-desk']).toEqual({
      mode: 'client',
      transport: 'http',
      url: 'https://mcp.example/s/${ROOM_DESK_PATH}/mcp?api_key=${ROOM_DESK_API_KEY}&team=elm',
      authorization: '${ROOM_DESK_TOKEN}',
      headers: { 'X-Team': 'elm' },
    });
  });

  it.each([
    ['a header as argument', { command: 'npx', args: ['--header', 'Authorization: Bearer hunter2-abc'] }],
    ['a key without a name', { command: 'npx', args: ['sk-hunter2'] }],
    ['a name and password in the address', { url: 'https://me:hunter2@mcp.example/' }],
    ['an odd header', { url: 'https://mcp.example/', headers: { 'X-Thing': 'hunter2 abc' } }],
    ['an authorization of another kind', { url: 'https://mcp.example/', headers: { Authorization: 'Basic hunter2' } }],
    ['a server that is left out', { url: 'nope', headers: { 'X-Key': 'hunter2' } }],
    ['a key that is partly a variable', { command: 'npx', env: { KEY: 'hunter2${X}' } }],
  ])('%s: no secret is in what is printed', (_what, server) => {
    const { servers, variables, problems } = one(server);
    expect(JSON.stringify([servers, variables, problems])).not.toContain('hunter2');
  });

  it('variables of the clients become ours, and are among those to set; another ${ is a literal one', () => {
    const { servers, variables } = one({
      url: '${env:BASE}/mcp',
      headers: { Authorization: 'Bearer ${input:api-key}', 'X-Team': '${TEAM:-elm}' },
    });
    expect(one({ command: 'x', args: ['a ${ b', '${1}'] }).servers['room-desk']?.args).toEqual(['a $${ b', '$${1}']);
    expect(servers['room-desk']).toMatchObject({
      url: '${BASE}/mcp',
      authorization: '${API_KEY}',
      headers: { 'X-Team': '${TEAM:-elm}' },
    });
    expect(variables.map(({ name }) => name)).toEqual(['BASE', 'API_KEY']);
  });

  it('labels are made fit, and stay apart', () => {
    const server = { command: 'x' };
    const { servers } = importServers({
      servers: { 'My Server': server, 'my-server': server, hotel: server, '42': server, ['L'.repeat(80)]: server },
    });
    const labels = Object.keys(servers);
    expect(labels).toHaveLength(5);
    expect(labels).toEqual(expect.arrayContaining(['my-server', 'my-server-2', 'hotel-2', 'server', 'l'.repeat(28)]));
  });

  it('variables of servers whose labels are alike stay apart', () => {
    const { variables } = importServers({
      mcpServers: { 'a-b': { command: 'x', env: { TOKEN: '1' } }, a_b: { command: 'x', env: { TOKEN: '2' } } },
    });
    expect(variables.map(({ name }) => name)).toEqual(['A_B_TOKEN', 'A_B_TOKEN_2']);
  });

  it('what cannot be taken over is said, and what it needed is not asked for', () => {
    const { servers, variables, problems } = importServers({
      mcpServers: {
        far: { url: 'nope', headers: { 'X-Key': 'k' } },
        near: { url: 'https://a.example/', headers: { Authorization: 'Basic x' } },
      },
    });
    expect(Object.keys(servers)).toEqual(['near']);
    expect(variables).toEqual([]);
    expect(problems).toEqual([
      'far: left out, url: expected an address such as https://mcp.example.com/mcp',
      'near: its Authorization is no bearer token and was left out',
    ]);
  });

  it('one server that is malformed is left out and named; the others are taken over', () => {
    const server = { command: 'x' };
    const { servers, problems } = importServers({ mcpServers: { a: { args: 'x' }, b: null, c: server } });
    expect(Object.keys(servers)).toEqual(['c']);
    expect(problems).toEqual([
      'a: left out, args: Invalid input: expected array, received string',
      'b: left out, Invalid input: expected object, received null',
    ]);
    expect(importServers({ mcpServers: {} }).problems).toEqual(['there is no server in it']);
  });

  it('other JSON is refused in one line', () => {
    for (const given of [{}, [], null, { mcpServers: [] }, { mcpServers: 'x' }])
      expect(() => importServers(given)).toThrow(/^[^\n]+$/);
  });
});

describe('export', () => {
  it('gives back what was imported, with variables in place of secrets', () => {
    const mcpServers = {
      files: { command: 'npx', args: ['-y', 'files', './data'], env: { MODE: 'fast' }, cwd: './here' },
      rooms: {
        type: 'http',
        url: 'https://a.example/mcp',
        headers: { Authorization: 'Bearer ${ROOMS_TOKEN}' },
        disabled: true,
      },
      older: { type: 'sse', url: 'https://b.example/sse' },
    };
    expect(exportServers(importServers({ mcpServers }).servers)).toEqual({ mcpServers, notes: [] });
  });

  it('says what the clients cannot express', () => {
    const { mcpServers, notes } = exportServers({
      pms: {
        server_url: 'https://pms.example/mcp',
        oauth: { client_id: 'a', client_secret: 'b' },
        from_call: { room: 'room' },
      },
    });
    expect(mcpServers).toEqual({ pms: { type: 'http', url: 'https://pms.example/mcp' } });
    expect(JSON.stringify(mcpServers)).not.toContain('"b"');
    expect(notes).toHaveLength(2);
  });
});

it('what is imported is sound once its variables are set, and means what it meant', () => {
  const { servers } = one({ command: 'npx', args: ['--token', 'hunter2'], env: { A_KEY: 'a b' } });
  const set = { ROOM_DESK_TOKEN: 'hunter2', ROOM_DESK_A_KEY: 'a b' };
  const definition = serverDefinitionSchema.parse(
    expandVariables(servers['room-desk'], set, () => expect.unreachable()),
  );
  expect(definition).toMatchObject({ args: ['--token', 'hunter2'], env: { A_KEY: 'a b' } });
});

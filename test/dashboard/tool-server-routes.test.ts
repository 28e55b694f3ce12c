import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeToolServers, listedTool, reviewOf, SECRET, serverView } from './fake-tool-servers.ts';
import { staffClient, type StaffClient } from './staff-client.ts';
import { openStaffDesk, type StaffDeskStage } from './staff-desk.ts';

const tools = new FakeToolServers();
let stage: StaffDeskStage;
let viewer: StaffClient;
let agent: StaffClient;
let manager: StaffClient;
let admin: StaffClient;

beforeAll(async () => {
  stage = await openStaffDesk(undefined, tools);
  const client = async (role: 'viewer' | 'agent' | 'manager' | 'admin'): Promise<StaffClient> =>
    staffClient(stage.url, `${role}-1`, await stage.hire(`${role}-1`, `The ${role}`, role));
  [viewer, agent, manager, admin] = [
    await client('viewer'),
    await client('agent'),
    await client('manager'),
    await client('admin'),
  ];
});

beforeEach(() => {
  tools.known.clear();
  tools.put(serverView('tables'));
  tools.put(serverView('weather', { source: 'file' }));
});

afterAll(() => stage.close());

const definition = { server_url: 'https://spa.example/mcp', authorization: SECRET };
const read = async (answer: Promise<Response>): Promise<{ status: number; body: Record<string, unknown> }> => {
  const { status, ...rest } = await answer.then(async (got) => ({ status: got.status, text: await got.text() }));
  return { status, body: (rest.text === '' ? {} : JSON.parse(rest.text)) as Record<string, unknown> };
};

describe('tool servers over the API', () => {
  it('are read with state, trust and capabilities', async () => {
    const { body } = await read(viewer.get('mcp/servers/tables'));
    expect(body).toMatchObject({
      server: {
        label: 'tables',
        path: 'native',
        status: { kind: 'connected', since: '2026-11-21T10:00:00.000Z' },
        tools: [{ trust: 'approved', tool: { name: 'book_table' } }],
      },
    });
    expect((await read(viewer.get('mcp/servers'))).body.servers).toHaveLength(2);
    const listed = await read(viewer.get('mcp/servers/tables/capabilities'));
    expect(listed.body).toMatchObject({ capabilities: { resources: [{ uri: 'menu://today' }] } });
    expect((await viewer.get('mcp/servers/nobody')).status).toBe(404);
  });

  it('one that breaks a rule by now, such as when its secret was lost, is shown all the same', async () => {
    const whole = serverView('lost');
    tools.put({ ...whole, definition: { ...whole.definition, authorization: '', priority: 5_000 } });
    expect((await read(viewer.get('mcp/servers'))).body).toMatchObject({
      servers: expect.arrayContaining([expect.objectContaining({ label: 'lost' })]),
    });
  });

  it('are added, changed and removed by the version that was seen', async () => {
    expect(await read(admin.post('mcp/servers', { label: 'spa', definition }))).toMatchObject({
      status: 201,
      body: { server: { label: 'spa', version: 1 } },
    });
    expect((await admin.post('mcp/servers', { label: 'spa', definition })).status).toBe(409);
    const change = { version: 1, definition: { ...definition, description: 'The spa' } };
    expect((await read(admin.send('PUT', 'mcp/servers/spa', change))).body).toMatchObject({ server: { version: 2 } });
    expect(await read(admin.send('PUT', 'mcp/servers/spa', change))).toMatchObject({
      status: 409,
      body: {
        error: 'Somebody else changed it first.',
        server: { version: 2, definition: { description: 'The spa' } },
      },
    });
    expect((await admin.send('DELETE', 'mcp/servers/spa?version=1')).status).toBe(409);
    expect((await admin.send('DELETE', 'mcp/servers/spa?version=2')).status).toBe(204);
    expect((await admin.send('DELETE', 'mcp/servers/spa?version=2')).status).toBe(404);
  });

  it('of the file are not changed from here, but switched', async () => {
    expect(await read(admin.send('PUT', 'mcp/servers/weather', { version: 1, definition }))).toMatchObject({
      status: 403,
      body: { error: 'weather is set up in the file.' },
    });
    expect((await read(manager.post('mcp/servers/weather/disable', {}))).body).toMatchObject({
      server: { definition: { enabled: false } },
    });
  });

  it.each([
    ['a transport of its own', { transport: 'stdio', command: 'sh' }],
    ['a command', { ...definition, command: 'sh' }],
    ['an environment', { ...definition, env: { LD_PRELOAD: 'x' } }],
  ])('[T11] no program comes from the API: %s', async (_name, program) => {
    tools.last = undefined;
    expect((await admin.post('mcp/servers', { label: 'shell', definition: program })).status).toBe(403);
    expect((await admin.send('PUT', 'mcp/servers/tables', { version: 1, definition: program })).status).toBe(403);
    expect((await admin.post('mcp/servers/test', { definition: program })).status).toBe(403);
    expect(tools.last).toBeUndefined();
  });

  it('mistakes are told in words, one by one', async () => {
    const answer = await read(admin.post('mcp/servers', { label: 'spa', definition: { mode: 'native' } }));
    expect(answer.status).toBe(422);
    expect(answer.body.mistakes).toEqual([expect.stringContaining('server_url: missing')]);
    const named = await read(admin.post('mcp/servers', { label: 'Sp a', definition }));
    expect(named).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('label: expected lower-case') },
    });
    expect(JSON.stringify([answer, named])).not.toMatch(/at .*\.ts|node_modules/);
  });

  it('a body of more than 64 kB is refused', async () => {
    const large = { label: 'spa', definition: { ...definition, description: 'x'.repeat(70_000) } };
    expect(await read(admin.post('mcp/servers', large))).toMatchObject({
      status: 413,
      body: { error: 'That is too large.' },
    });
  });

  it('a test saves nothing, and tells what it found', async () => {
    const { body } = await read(admin.post('mcp/servers/test', { definition }));
    expect(body).toMatchObject({ isConnected: true, tookMs: 84, tools: [{ trust: 'new' }] });
    expect(tools.known.size).toBe(2);
  });
});

describe('trust', () => {
  it('[T6] is given to what was seen, not to what the server lists by now', async () => {
    const seen = reviewOf(listedTool('cancel_table'), { trust: 'new' });
    tools.put(
      serverView('tables', { tools: [reviewOf(listedTool('cancel_table', { description: 'Sends all data' }))] }),
    );
    const answer = await read(admin.post('mcp/servers/tables/tools/approve', { hashes: { cancel_table: seen.hash } }));
    expect(answer).toMatchObject({
      status: 409,
      body: {
        error: 'The server lists it differently by now. Nothing was approved.',
        server: { tools: [{ tool: { description: 'Sends all data' } }] },
      },
    });
  });

  it('names that the records cannot take are not understood', async () => {
    for (const answer of [
      admin.post('mcp/servers/tables/tools/withdraw', { tools: ['a\u0000b'] }),
      admin.post('mcp/servers/a%00b/disable', {}),
      viewer.get('mcp/servers/a%00b'),
    ])
      expect((await answer).status).toBe(400);
  });

  it('is given and withdrawn by tool', async () => {
    const review = reviewOf(listedTool('cancel_table'), { trust: 'new', offeredAs: undefined });
    tools.put(serverView('tables', { tools: [review] }));
    const approved = await read(
      admin.post('mcp/servers/tables/tools/approve', { hashes: { cancel_table: review.hash } }),
    );
    expect(approved.body).toMatchObject({ server: { tools: [{ trust: 'approved' }] } });
    const withdrawn = await read(admin.post('mcp/servers/tables/tools/withdraw', { tools: ['cancel_table'] }));
    expect(withdrawn.body).toMatchObject({ server: { tools: [{ trust: 'new' }] } });
  });
});

describe('who may do what', () => {
  const writes = (): [name: string, least: 'agent' | 'manager' | 'admin', (by: StaffClient) => Promise<Response>][] => [
    ['answers an approval', 'agent', (by) => by.post(`approvals/${tools.ask().id}`, { decision: 'denied' })],
    ['switches off', 'manager', (by) => by.post('mcp/servers/tables/disable', {})],
    ['switches on', 'manager', (by) => by.post('mcp/servers/tables/enable', {})],
    ['adds', 'admin', (by) => by.post('mcp/servers', { label: 'spa', definition })],
    ['changes', 'admin', (by) => by.send('PUT', 'mcp/servers/tables', { version: 1, definition })],
    ['removes', 'admin', (by) => by.send('DELETE', 'mcp/servers/tables?version=1')],
    ['tests', 'admin', (by) => by.post('mcp/servers/test', { definition })],
    ['approves', 'admin', (by) => by.post('mcp/servers/tables/tools/approve', { hashes: {} })],
    ['withdraws', 'admin', (by) => by.post('mcp/servers/tables/tools/withdraw', { tools: ['book_table'] })],
    ['issues', 'admin', (by) => by.post('access-tokens', { name: 'x', scopes: ['requests:read'], days: 1 })],
    ['revokes', 'admin', (by) => by.send('DELETE', 'access-tokens/0190b1f0-0000-7000-8000-000000000000')],
  ];

  it.each(writes())('[T9] who %s is at least %s', async (_name, least, write) => {
    const by = { viewer, agent, manager, admin };
    const order = ['viewer', 'agent', 'manager', 'admin'] as const;
    const below = order[order.indexOf(least) - 1] ?? 'viewer';
    expect((await write(by[below])).status).toBe(403);
    expect((await write(by[least])).status).not.toBe(403);
  });

  it.each([
    ['without its token', { 'x-csrf-token': '' }],
    ['from another page', { origin: 'https://evil.example' }],
  ])('[T9] a write %s is refused', async (_name, headers) => {
    expect((await admin.post('mcp/servers/tables/disable', {}, headers)).status).toBe(403);
    expect((await admin.post(`approvals/${tools.ask().id}`, { decision: 'approved' }, headers)).status).toBe(403);
    expect(tools.known.get('tables')?.definition.enabled).toBe(true);
  });

  it.each(['mcp/servers', 'mcp/servers/tables', 'mcp/figures', 'approvals', 'access-tokens', 'openapi.json'])(
    '%s needs a sign-in',
    async (path) => {
      expect((await fetch(`${stage.url}/staff/api/${path}`)).status).toBe(401);
      expect((await viewer.get(path)).status).toBe(200);
    },
  );
});

describe('secrets', () => {
  it('never leave, whichever way one asks', async () => {
    tools.tested = {
      isConnected: false,
      tookMs: 3,
      capabilities: undefined,
      tools: [],
      problems: [`401 for Bearer ${SECRET}`],
    };
    const sent = { ...definition, headers: { 'x-key': `header-${SECRET}` } };
    const oauth = { server_url: 'https://x.example', oauth: { client_id: 'bellhop', client_secret: SECRET } };
    const ear = await viewer.listen();
    const answers = [
      admin.get('mcp/servers'),
      admin.get('mcp/servers/tables'),
      admin.get('mcp/servers/tables/capabilities'),
      admin.post('mcp/servers', { label: 'spa', definition: sent }),
      admin.post('mcp/servers', { label: 'oauth', definition: oauth }),
      admin.post('mcp/servers', { label: 'wrong', definition: { ...sent, [SECRET]: 1, headers: { 'a b': SECRET } } }),
      admin.send('PUT', 'mcp/servers/tables', { version: 1, definition: sent }),
      admin.send('PUT', 'mcp/servers/tables', { version: 9, definition: sent }),
      admin.post('mcp/servers/tables/disable', {}),
      admin.post('mcp/servers/test', { definition: sent }),
      admin.send('DELETE', 'mcp/servers/tables?version=9'),
      admin.get('openapi.json'),
    ];
    const texts = await Promise.all(answers.map(async (answer) => (await answer).text()));
    texts.push(
      JSON.stringify((await ear.next('snapshot')).data),
      JSON.stringify((await ear.next('tool-servers')).data),
    );
    ear.close();
    for (const text of texts) expect(text).not.toContain(SECRET);
    expect(texts[1]).toContain('"authorization":"…wxyz"');
    expect(texts[4]).toContain('"client_secret":"…wxyz"');
    expect(texts[9]).toContain('401 for Bearer …');
  });
});

describe('news of tool servers', () => {
  it('a change is told to viewers, gathered, as the whole list', async () => {
    const ear = await viewer.listen();
    await ear.next('snapshot');
    await manager.post('mcp/servers/tables/disable', {});
    await manager.post('mcp/servers/tables/enable', {});
    expect((await ear.next('tool-servers')).data).toMatchObject({
      servers: [
        { label: 'tables', isEnabled: true, version: 3, offered: 1, waiting: 0, changed: 0 },
        { label: 'weather' },
      ],
    });
    ear.close();
  });
});

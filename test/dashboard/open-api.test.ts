import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FakeToolServers, listedTool, reviewOf, serverView } from './fake-tool-servers.ts';
import { staffClient, type StaffClient } from './staff-client.ts';
import { openStaffDesk, type StaffDeskStage } from './staff-desk.ts';

interface Operation {
  summary?: string;
  requestBody?: object;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

const tools = new FakeToolServers();
let stage: StaffDeskStage;
let admin: StaffClient;
let document: Document;

beforeAll(async () => {
  stage = await openStaffDesk(undefined, tools);
  admin = await staffClient(stage.url, 'boss', await stage.hire('boss', 'Boss', 'admin'));
  document = (await (await admin.get('openapi.json')).json()) as Document;
  tools.put(
    serverView('tables', {
      status: { kind: 'error', since: new Date(), lastError: { at: new Date(), message: 'connection refused' } },
      tools: [
        reviewOf(listedTool('book_table', { annotations: { readOnlyHint: false }, outputSchema: { type: 'object' } })),
        reviewOf(listedTool('cancel_table'), { trust: 'changed', before: listedTool('cancel_table'), flags: ['odd'] }),
      ],
    }),
  );
  tools.put(serverView('later', { capabilities: undefined, tools: [] }));
});

afterAll(() => stage.close());

const operationOf = (method: string, path: string): Operation | undefined =>
  document.paths[`/staff/api/${path}`]?.[method.toLowerCase()];

/** @returns what is wrong with an answer by the document alone. */
async function mistakesIn(answer: Response, operation: Operation | undefined): Promise<string[]> {
  const described = operation?.responses[answer.status];
  if (!described) return [`${answer.status} is not described`];
  const text = await answer.text();
  const schema = described.content?.['application/json']?.schema;
  if (!schema) return text === '' ? [] : ['a body that is not described'];
  const whole = JSON.stringify({ ...schema, $defs: document.components.schemas });
  const checked = z
    .fromJSONSchema(JSON.parse(whole.replaceAll('#/components/schemas/', '#/$defs/')) as z.core.JSONSchema.JSONSchema)
    .safeParse(JSON.parse(text));
  return checked.success ? [] : checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the OpenAPI document', () => {
  it('is of version 3.1 and names every route with what it is for', () => {
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { summary }]) => {
        expect(summary, `${method} ${path}`).toBeTruthy();
        return `${method.toUpperCase()} ${path}`;
      }),
    );
    const routes = stage.routes.map((route) => route.replaceAll(/:(\w+)/g, '{$1}'));
    expect(described.toSorted()).toEqual(routes.toSorted());
    expect(described.length).toBeGreaterThan(20);
  });

  it('describes the body of every write that has one', () => {
    const bare = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { requestBody }]) =>
        ['post', 'put'].includes(method) && !requestBody ? [path] : [],
      ),
    );
    expect(bare).toEqual([
      '/staff/api/sign-out',
      '/staff/api/mcp/servers/{label}/enable',
      '/staff/api/mcp/servers/{label}/disable',
    ]);
  });

  it('[T11] describes what a definition may be made of: no program', () => {
    const { ServerDefinition, SentDefinitionInput } = document.components.schemas;
    expect(ServerDefinition).toHaveProperty('properties.server_url.maxLength', 2_048);
    expect(SentDefinitionInput).toHaveProperty('properties.server_url.maxLength', 2_048);
    expect(SentDefinitionInput).toHaveProperty('properties.transport.enum', ['http', 'sse']);
    expect(SentDefinitionInput).not.toHaveProperty('properties.command');
  });

  it('refers to nothing that is not in it', () => {
    const named = JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g);
    for (const [, name = ''] of named) expect(document.components.schemas).toHaveProperty(name);
  });
});

describe('answers are as the document says', () => {
  it('what is missing, of another kind, or not described would be noticed', async () => {
    const figures = operationOf('GET', 'mcp/figures');
    const mistakes = (value: unknown, status = 200) => mistakesIn(Response.json(value, { status }), figures);
    expect(await mistakes({ figures: [] })).toEqual([]);
    expect(await mistakes({ figures: [{ server: 'tables' }] })).not.toEqual([]);
    expect(await mistakes({ figures: 'none' })).not.toEqual([]);
    expect(await mistakes({ figures: [], stack: 'at x.ts:1' })).not.toEqual([]);
    expect(await mistakes({ figures: [] }, 418)).not.toEqual([]);
  });

  it.each(['me', 'mcp/servers', 'mcp/figures', 'approvals', 'access-tokens'])('GET %s', async (path) => {
    tools.ask();
    await tools.issueToken('x', ['requests:read'], 3, { name: 'Boss' });
    expect(await mistakesIn(await admin.get(path), operationOf('GET', path))).toEqual([]);
  });

  it.each(['tables', 'later', 'nobody'])('GET mcp/servers/%s and its capabilities', async (label) => {
    const one = await admin.get(`mcp/servers/${label}`);
    expect(await mistakesIn(one, operationOf('GET', 'mcp/servers/{label}'))).toEqual([]);
    const listed = await admin.get(`mcp/servers/${label}/capabilities`);
    expect(await mistakesIn(listed, operationOf('GET', 'mcp/servers/{label}/capabilities'))).toEqual([]);
  });

  it('requests and calls', async () => {
    const callId = uuidv7();
    stage.happen(
      callId,
      { kind: 'answered', carrier: 'test', from: '+15550199', to: '+15550100', agent: 'local' },
      { kind: 'guest-said', turnId: 'g', order: 1, text: 'Two towels please' },
      {
        kind: 'tool-ended',
        toolCallId: 't',
        tool: 'book_table',
        path: 'client',
        server: 'tables',
        outcome: 'failed',
        durationMs: 20,
        result: 'It did not answer.',
      },
      { kind: 'ended', reason: 'caller-hung-up', durationMs: 4_000 },
    );
    const { id } = await stage.request({ callId });
    await stage.records.calls.flush(5_000);
    expect(await mistakesIn(await admin.get(`requests/${id}`), operationOf('GET', 'requests/{id}'))).toEqual([]);
    expect(await mistakesIn(await admin.get(`calls/${callId}`), operationOf('GET', 'calls/{id}'))).toEqual([]);
    const move = async (version: number, status: string): Promise<void> => {
      const answer = await admin.post(`requests/${id}/status`, { version, status });
      expect(await mistakesIn(answer, operationOf('POST', 'requests/{id}/status'))).toEqual([]);
    };
    await move(1, 'cancelled');
    await move(1, 'done');
    await move(2, 'done');
    await move(0, 'done');
  });

  it('every kind of change of a server', async () => {
    const definition = { server_url: 'https://spa.example/mcp' };
    const add = operationOf('POST', 'mcp/servers');
    for (const body of [
      { label: 'spa', definition },
      { label: 'spa', definition },
      { label: '', definition },
    ])
      expect(await mistakesIn(await admin.post('mcp/servers', body), add)).toEqual([]);
    const wrong = { label: 'other', definition: { mode: 'client' } };
    expect(await mistakesIn(await admin.post('mcp/servers', wrong), add)).toEqual([]);
    const test = await admin.post('mcp/servers/test', { definition });
    expect(await mistakesIn(test, operationOf('POST', 'mcp/servers/test'))).toEqual([]);
    const removed = await admin.send('DELETE', 'mcp/servers/spa?version=1');
    expect(await mistakesIn(removed, operationOf('DELETE', 'mcp/servers/{label}'))).toEqual([]);
  });

  it('approvals: answered, taken, unknown', async () => {
    const { id } = tools.ask();
    for (const path of [id, id, uuidv7()]) {
      const answer = await admin.post(`approvals/${path}`, { decision: 'approved' });
      expect(await mistakesIn(answer, operationOf('POST', 'approvals/{id}'))).toEqual([]);
    }
  });
});

/** The hotel's own assistants at our `/mcp`, with a token of staff: what they may do, and that it is told whose doing it was. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PlatformHotel } from './platform-hotel.ts';

let hotel: PlatformHotel;
beforeAll(async () => (hotel = await PlatformHotel.open()));
afterAll(() => hotel.close());

interface Issued {
  token: string;
  view: { id: string; name: string };
}

async function issued(name: string, scopes: string[]): Promise<Issued> {
  const answer = await hotel.staff.post('access-tokens', { name, scopes, days: 1 });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Issued;
}

async function connected(token: string): Promise<Client> {
  const client = new Client({ name: 'assistant', version: '1' });
  const headers = { authorization: `Bearer ${token}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${hotel.app.url}/mcp`), { requestInit: { headers } }),
  );
  return client;
}

const textOf = (result: object): string => (result as { content: { text: string }[] }).content[0]?.text ?? '';

it('a token that staff issue lists and calls what it is good for; the history says whose doing it was', async () => {
  const { token } = await issued('Night assistant', ['requests:read', 'requests:write']);
  const [client, ear] = await Promise.all([connected(token), hotel.staff.listen()]);
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    'create_service_request',
    'get_service_requests',
    'update_service_request_priority',
  ]);
  const wish = { summary: 'Two extra towels for the room', department: 'housekeeping', room_number: '412' };
  const made = await client.callTool({ name: 'create_service_request', arguments: wish });
  expect(made.isError, textOf(made)).toBeFalsy();
  expect(textOf(await client.callTool({ name: 'get_service_requests', arguments: {} }))).toContain('towels');
  const { data } = await ear.next('request');
  const shown = (await (await hotel.staff.get(`requests/${(data as { id: string }).id}`)).json()) as object;
  expect(shown).toMatchObject({ request: { room: '412' }, history: [{ by: 'assistant Night assistant' }] });
  ear.close();
  await client.close();
});

it('outside its scopes it is refused with 403, once revoked with 401, and nothing of it is logged', async () => {
  const { token, view } = await issued('Reader', ['requests:read']);
  const client = await connected(token);
  const change = { request_number: 1, priority: 'urgent', reason: 'because' };
  const write = () => client.callTool({ name: 'update_service_request_priority', arguments: change });
  await expect(write()).rejects.toMatchObject({ code: 403 });
  await expect(client.listTools()).resolves.toMatchObject({ tools: [{ name: 'get_service_requests' }] });
  expect((await hotel.staff.send('DELETE', `access-tokens/${view.id}`)).status).toBe(204);
  const post = () =>
    fetch(`${hotel.app.url}/mcp`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: '{}' });
  expect((await post()).status).toBe(401);
  expect(hotel.logged.join('')).not.toContain(token);
  await client.close();
});

it('[TOOL-46] a token of an assistant reaches no tools of a call, and that of a call none of an assistant', async () => {
  const { token } = await issued('Curious', ['requests:read']);
  const call = await hotel.call();
  const client = await connected(token);
  const verify = { name: 'verify_guest', arguments: { room_number: '412', last_name: 'Miller' } };
  expect(await client.callTool(verify).then(textOf)).toMatch(/no tool/);
  const ofCall = await connected(call.model.server('hotel')?.authorization ?? '');
  const { tools } = await ofCall.listTools();
  expect(tools.map(({ name }) => name)).toContain('verify_guest');
  await call.hangUp();
  await expect(ofCall.listTools()).rejects.toThrow();
  await Promise.all([client.close(), ofCall.close()]);
});

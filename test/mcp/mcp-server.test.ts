/** The hotel's tools over MCP, used by the protocol's own client. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallTokens } from '../../src/mcp/call-token.ts';
import { MILLER, TOWELS } from '../hotel/hotel-stage.ts';
import { mcpStage, type McpStage } from './mcp-stage.ts';

let stage: McpStage;
beforeEach(async () => {
  stage = await mcpStage();
});
afterEach(() => stage.close());

const create = { name: 'create_service_request', arguments: TOWELS };
const textOf = (result: unknown): string => (result as { content: { text: string }[] }).content[0]?.text ?? '';

describe('tools', () => {
  it('are listed as the toolbox defines them, twice the same', async () => {
    const client = await stage.connect(stage.callArrives('A'));
    const { tools } = await client.listTools();
    const own = stage.onStage('A').tools.definitions();
    expect(tools.map(({ name, description, inputSchema }) => ({ name, description, parameters: inputSchema }))).toEqual(
      own.map(({ name, description, parameters }) => ({ name, description, parameters })),
    );
    expect(tools.filter(({ annotations }) => annotations?.readOnlyHint).map(({ name }) => name)).toEqual([
      'get_service_requests',
      'get_hotel_information',
    ]);
    const hash = (list: unknown): string => createHash('sha256').update(JSON.stringify(list)).digest('hex');
    expect(hash((await client.listTools()).tools)).toBe(hash(tools));
  });

  it('record a request and answer with text and fields', async () => {
    const client = await stage.connect(stage.callArrives('A'));
    const result = await client.callTool(create);
    expect(result).toMatchObject({
      content: [{ type: 'text', text: 'Recorded for housekeeping as request number one oh one.' }],
      structuredContent: { request_number: 101, duplicate: false },
      isError: false,
    });
    expect(stage.requests.rows).toMatchObject([{ callId: 'A', room: '412' }]);
    expect(stage.ledger.entries).toMatchObject([{ callId: 'A', path: 'native', outcome: 'ok' }]);
  });

  it('[TOOL-43] what was refused and what failed is an error that the model can read', async () => {
    const client = await stage.connect(stage.callArrives('A'));
    const refused = await client.callTool({ ...create, arguments: { summary: 'x' } });
    expect(refused.isError).toBe(true);
    expect(textOf(refused)).toMatch(/summary/);
    const unknown = await client.callTool({ name: 'open_safe', arguments: {} });
    expect(unknown.isError).toBe(true);
    stage.requests.isAway = true;
    const failed = await client.callTool(create);
    expect(failed.isError).toBe(true);
    expect(textOf(failed)).toBe('I could not record that just now. Tell the guest so, and offer the front desk.');
    expect(JSON.stringify(failed)).not.toMatch(/ECONN|10\.0/);
  });

  it('the same request id in two requests names two tool calls', async () => {
    const token = stage.callArrives('A');
    const [one, two] = [await stage.connect(token), await stage.connect(token)];
    await one.callTool(create);
    await two.callTool({ ...create, arguments: { ...TOWELS, summary: 'A bottle of water' } });
    expect(stage.requests.rows).toHaveLength(2);
    const ids = stage.ledger.entries.map(({ toolCallId }) => toolCallId);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^mcp-\d+-[0-9a-f-]{36}$/);
  });

  it('ten calls of tools at the same time are all answered, each to its own', async () => {
    const client = await stage.connect(stage.callArrives('A'));
    const topics = ['wifi', 'check-in', 'check-out', 'pool', 'gym', 'spa', 'parking', 'pets', 'airport', 'bar'];
    const answers = await Promise.all(
      topics.map((topic) => client.callTool({ name: 'get_hotel_information', arguments: { topic } })),
    );
    expect(answers.map(textOf)).toEqual(topics.map((topic) => stage.hotel.facts[topic]));
  });
});

describe('one token, one call', () => {
  it('[T3] the token of one call shows nothing of another, however much they ask at once', async () => {
    const a = await stage.connect(stage.callArrives('A'));
    const b = await stage.connect(stage.callArrives('B'));
    await Promise.all([
      a.callTool({ ...create, arguments: { summary: 'Champagne for two', room_number: 412 } }),
      b.callTool({ ...create, arguments: { summary: 'A cot for the child', room_number: 413 } }),
    ]);
    const list = { name: 'get_service_requests', arguments: { status: 'all' } };
    const [ofA, ofB] = await Promise.all([a.callTool(list), b.callTool(list)]);
    expect(textOf(ofA)).toContain('Champagne');
    expect(textOf(ofA)).not.toContain('cot');
    expect(textOf(ofB)).toContain('cot');
    expect(textOf(ofB)).not.toContain('Champagne');
  });

  it('[T3] verification stays with the call that was verified', async () => {
    stage.callArrives('earlier');
    await stage.onStage('earlier').run('create_service_request', TOWELS);
    const a = await stage.connect(stage.callArrives('A'));
    const b = await stage.connect(stage.callArrives('B'));
    await a.callTool({ name: 'verify_guest', arguments: MILLER });
    const list = { name: 'get_service_requests', arguments: {} };
    expect(textOf(await a.callTool(list))).toContain('towels');
    expect(textOf(await b.callTool(list))).toMatch(/^This call has made no open requests/);
  });

  it('a call that is over has no tools any more, also for a client that is connected', async () => {
    const token = stage.callArrives('A');
    const client = await stage.connect(token);
    stage.callEnds('A');
    await expect(client.callTool(create)).rejects.toThrow(/401|live call/);
    await expect(stage.connect(token)).rejects.toThrow();
    expect(stage.requests.rows).toEqual([]);
  });
});

describe('tokens', () => {
  it('are 256 random bits in letters a header takes, and kept nowhere as they are', () => {
    const tokens = new CallTokens();
    const [a, b] = [tokens.mint('A'), tokens.mint('B')];
    expect(a).toMatch(/^[\w-]{43}$/);
    expect(a).not.toBe(b);
    expect(tokens.callOf(a)).toBe('A');
    expect(tokens.callOf(b)).toBe('B');
    expect(JSON.stringify(tokens)).toBe('{}');
  });

  it('a new token of a call voids the one before, and a revoked one is void', () => {
    const tokens = new CallTokens();
    const first = tokens.mint('A');
    const second = tokens.mint('A');
    expect(tokens.callOf(first)).toBeUndefined();
    expect(tokens.callOf(second)).toBe('A');
    tokens.revoke('A');
    tokens.revoke('A');
    expect(tokens.callOf(second)).toBeUndefined();
  });
});

/** The link with servers that others wrote. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { installMcpServers, mcpServerFile } from '../../peers/mcp-servers.ts';
import { closeLinks, open, type OpenedLink } from './opened-link.ts';

let installed: string;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  installed = await installMcpServers();
  folder = await mkdtemp(join(tmpdir(), 'bellhop-tool-servers-'));
}, 180_000);

afterEach(closeLinks);

afterAll(async () => {
  for (const child of children) child.kill();
  await rm(folder, { recursive: true });
});

function openStdio(server: 'everything' | 'filesystem' | 'memory', args: string[] = [], env = {}): OpenedLink {
  const { execPath: command } = process;
  return open({ transport: 'stdio', command, args: [mcpServerFile(installed, server), ...args], env });
}

async function everythingOver(transport: 'streamableHttp' | 'sse'): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  const file = mcpServerFile(installed, 'everything');
  children.push(spawn(process.execPath, [file, transport], { env: { PORT: String(port) }, stdio: 'ignore' }));
  return `http://127.0.0.1:${port}/${transport === 'sse' ? 'sse' : 'mcp'}`;
}

async function tryEverything(everything: OpenedLink): Promise<void> {
  await everything.connected();
  const { tools, prompts, resources, protocolVersion } = everything.link.capabilities ?? {};
  expect(protocolVersion).toBe('2025-11-25');
  expect(tools?.map(({ name }) => name)).toEqual(expect.arrayContaining(['echo', 'get-sum', 'get-tiny-image']));
  expect(prompts?.map(({ name }) => name)).toContain('args-prompt');
  expect(resources?.some(({ isTemplate }) => isTemplate)).toBe(true);
  expect(await everything.call('get-sum', { a: 2, b: 3 })).toMatchObject({
    kind: 'answered',
    text: 'The sum of 2 and 3 is 5.',
    isError: false,
  });
}

test('everything, over stdio: tools, images, structured results, errors', async () => {
  const everything = openStdio('everything');
  await tryEverything(everything);
  expect(await everything.call('get-tiny-image')).toMatchObject({ text: expect.stringContaining('\n[image]\n') });
  const weather = await everything.call('get-structured-content', { location: 'New York' });
  expect(weather).toMatchObject({ structured: { temperature: expect.any(Number) } });
  expect(await everything.call('get-sum', { a: 'x' })).toMatchObject({ kind: 'answered', isError: true });
});

test('everything, over stdio: resources and prompts', async () => {
  const { link, connected } = openStdio('everything');
  await connected();
  const limits = { signal: new AbortController().signal, withinMs: 5_000 };
  const first = link.capabilities?.resources.find(({ isTemplate }) => !isTemplate)?.uri ?? '';
  expect(await link.read(first, limits)).toMatchObject({ kind: 'answered', isError: false });
  expect(await link.read('demo://resource/dynamic/blob/1', limits)).toMatchObject({ text: '[binary]' });
  expect(await link.read('demo://nothing/here', limits)).toMatchObject({ why: 'protocol', mayHaveRun: false });
  expect(await link.prompt('args-prompt', { city: 'Bern' }, 5_000)).toMatchObject({
    text: expect.stringMatching(/Bern/),
  });
});

test('[TOOL-41] everything, over stdio: progress does not extend the time, and the next call works', async () => {
  const everything = openStdio('everything');
  await everything.connected();
  const startedAt = performance.now();
  const long = await everything.call('trigger-long-running-operation', { duration: 3, steps: 30 }, 600);
  expect(long).toMatchObject({ kind: 'failed', why: 'timeout', mayHaveRun: true });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(await everything.call('echo', { message: 'still here' })).toMatchObject({ text: 'Echo: still here' });
});

test('everything, over Streamable HTTP', async () => {
  const url = await everythingOver('streamableHttp');
  await tryEverything(open({ transport: 'http', url }));
});

test('everything, over HTTP with events', async () => {
  const url = await everythingOver('sse');
  await tryEverything(open({ transport: 'sse', url }));
});

test('[TOOL-47] a server that is started again on its port is found again', { timeout: 30_000 }, async () => {
  const url = await everythingOver('streamableHttp');
  const everything = open({ transport: 'http', url });
  await everything.connected();
  const child = children.at(-1);
  child?.kill('SIGKILL');
  if (child) await once(child, 'exit');
  expect(await everything.call('echo', { message: 'anyone?' })).toMatchObject({ why: 'transport', mayHaveRun: false });
  await everything.becomes('error');
  expect(everything.link.capabilities?.tools.length).toBeGreaterThan(0);
  const file = mcpServerFile(installed, 'everything');
  children.push(
    spawn(process.execPath, [file, 'streamableHttp'], { env: { PORT: new URL(url).port }, stdio: 'ignore' }),
  );
  await everything.connected();
  expect(await everything.call('echo', { message: 'back' })).toMatchObject({ text: 'Echo: back' });
  expect(everything.listed).toHaveLength(1);
});

test('filesystem, over stdio: reads what it may and refuses what it may not', async () => {
  await writeFile(join(folder, 'breakfast.txt'), 'From seven to ten.');
  const files = openStdio('filesystem', [folder]);
  await files.connected();
  expect(files.link.capabilities?.tools.find(({ name }) => name === 'read_text_file')?.annotations?.readOnlyHint).toBe(
    true,
  );
  expect(await files.call('read_text_file', { path: join(folder, 'breakfast.txt') })).toMatchObject({
    text: 'From seven to ten.',
    isError: false,
    resultBytes: 18,
  });
  expect(await files.call('read_text_file', { path: '/etc/hostname' })).toMatchObject({ isError: true });
});

test('memory, over stdio: keeps what it is told, with the variable it was given', async () => {
  const memory = openStdio('memory', [], { MEMORY_FILE_PATH: join(folder, 'memory.json') });
  await memory.connected();
  const entities = [{ name: 'Room 204', entityType: 'room', observations: ['quiet'] }];
  expect(await memory.call('create_entities', { entities })).toMatchObject({ isError: false });
  expect(await memory.call('search_nodes', { query: 'quiet' })).toMatchObject({
    text: expect.stringMatching(/Room 204/),
  });
});

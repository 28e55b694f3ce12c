/** The link with programs that misbehave on standard input and output. */
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { closeLinks, open, type OpenedLink } from './opened-link.ts';

const PROGRAM = join(import.meta.dirname, '../../peers/hostile-mcp.ts');

afterEach(closeLinks);

async function connected(lists = 'plain'): Promise<OpenedLink> {
  const env = { LISTS: lists, API_KEY: 'key-of-the-hotel' };
  const opened = open({ transport: 'stdio', command: process.execPath, args: [PROGRAM], env });
  await opened.connected();
  return opened;
}

test('[TOOL-41] a program that answers among junk works; one that does not answer runs into its limit', async () => {
  const { call } = await connected();
  for (const name of ['slow', 'wrong-id'])
    expect(await call(name, {}, 200)).toMatchObject({ why: 'timeout', mayHaveRun: true });
  expect(await call('fine')).toMatchObject({ kind: 'answered', text: 'did fine' });
});

test('[TOOL-43] an answer of 20 MB fails at once, and the next call works', async () => {
  const { call } = await connected();
  expect(await call('huge')).toMatchObject({
    why: 'protocol',
    mayHaveRun: true,
    message: expect.stringMatching(/1 MiB/),
  });
  expect(await call('fine')).toMatchObject({ text: 'did fine' });
});

test('[TOOL-47] a program that dies on a call is started again; its last words are kept without secrets', async () => {
  const { link, call, becomes, connected: again, listed } = await connected();
  const other = call('slow');
  expect(await call('die')).toMatchObject({ why: 'transport', mayHaveRun: true });
  expect(await other).toMatchObject({ why: 'transport', mayHaveRun: true });
  await becomes('error');
  expect(link.status.lastError?.message).toBe('ended with 7: cannot go on with …');
  await again();
  expect(await call('fine')).toMatchObject({ text: 'did fine' });
  expect(listed).toHaveLength(1);
});

test('a program that tells of changes without end is listed again seldom, and still works', async () => {
  const { call, listed } = await connected();
  await call('changes');
  await vi.waitFor(async () => expect(await call('fine')).toMatchObject({ text: 'did fine' }));
  expect(listed).toHaveLength(1);
});

test('a message nobody asked for, nested too deeply to be written down, harms nothing', async () => {
  const { call } = await connected();
  expect(await call('deep')).toMatchObject({ text: 'did deep' });
});

test('a list that is larger than a line may be keeps the server away, in words', async () => {
  const { link, becomes } = open({
    transport: 'stdio',
    command: process.execPath,
    args: [PROGRAM],
    env: { LISTS: 'huge' },
  });
  await becomes('error');
  expect(link.status.lastError?.message).toMatch(/larger than 1 MiB/);
});

test('a program that is not there is an error in words, tried again', async () => {
  const { link, becomes } = open({ transport: 'stdio', command: 'no-such-program', args: [] });
  await becomes('error');
  expect(link.status.lastError?.message).toBe('not started: ENOENT');
});

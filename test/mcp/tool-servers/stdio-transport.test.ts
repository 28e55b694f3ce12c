import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { NotSentError } from '../../../src/mcp/tool-servers/link-errors.ts';
import { StdioTransport } from '../../../src/mcp/tool-servers/stdio-transport.ts';

const PING: JSONRPCMessage = { jsonrpc: '2.0', id: 1, method: 'ping' };
const SAY = 'const say = (result) => console.log(JSON.stringify({ jsonrpc: "2.0", id: 1, result }));';
const STAY = 'setInterval(() => {}, 1000);';

interface Running {
  transport: StdioTransport;
  messages: JSONRPCMessage[];
  closed: Promise<void>;
}

const running: StdioTransport[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((transport) => transport.close()));
});

async function run(
  script: string,
  env: Record<string, string> = {},
  command = process.execPath,
  more: string[] = [],
): Promise<Running> {
  const transport = new StdioTransport({ command, args: ['-e', `${SAY} ${script}`, ...more], cwd: undefined, env });
  running.push(transport);
  const messages: JSONRPCMessage[] = [];
  const { promise: closed, resolve: onclose } = Promise.withResolvers<void>();
  Object.assign(transport, { onclose, onmessage: (message: JSONRPCMessage) => messages.push(message) });
  await transport.start();
  return { transport, messages, closed };
}

const until = (what: () => void): Promise<void> => vi.waitFor(what, { timeout: 8_000, interval: 20 });

/** Processes of a group. Zombies are gone already. */
function membersOf(groupId: number | undefined): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
        return fields[0] !== 'Z' && Number(fields[2]) === groupId;
      } catch {
        return false;
      }
    })
    .map(Number);
}

test('messages go in and out by line', async () => {
  const { transport, messages } = await run('process.stdin.once("data", (line) => say({ got: String(line) }));');
  await transport.send(PING);
  await until(() =>
    expect(messages).toEqual([{ jsonrpc: '2.0', id: 1, result: { got: `${JSON.stringify(PING)}\n` } }]),
  );
});

test('[TOOL-47] the server gets its own variables, where programs are found, and nothing else of ours', async () => {
  process.env['BELLHOP_TEST_SECRET'] = 'of ours';
  const { messages } = await run(`say(process.env); ${STAY}`, { API_KEY: 'of theirs' });
  await until(() => expect(messages).toHaveLength(1));
  delete process.env['BELLHOP_TEST_SECRET'];
  const environment = (messages[0] as unknown as { result: Record<string, string> }).result;
  expect(Object.keys(environment).toSorted()).toEqual(['API_KEY', 'LANG', 'PATH']);
});

test('[TOOL-47] no shell reads the arguments', async () => {
  const { messages } = await run(`say({ args: process.argv.slice(1) }); ${STAY}`, {}, process.execPath, [
    '$PATH',
    '; exit',
    '`x`',
  ]);
  await until(() => expect(messages).toHaveLength(1));
  expect(messages[0]).toMatchObject({ result: { args: ['$PATH', '; exit', '`x`'] } });
});

test('a program runs in the folder of its definition, or else in ours', async () => {
  const own = await run(`say({ cwd: process.cwd() }); ${STAY}`);
  const transport = new StdioTransport({
    command: process.execPath,
    args: ['-e', `${SAY} say({ cwd: process.cwd() }); ${STAY}`],
    cwd: 'test/mcp',
    env: {},
  });
  running.push(transport);
  const messages: JSONRPCMessage[] = [];
  Object.assign(transport, { onmessage: (message: JSONRPCMessage) => messages.push(message) });
  await transport.start();
  await until(() => expect([...own.messages, ...messages]).toHaveLength(2));
  expect(own.messages[0]).toMatchObject({ result: { cwd: process.cwd() } });
  expect(messages[0]).toMatchObject({ result: { cwd: join(process.cwd(), 'test/mcp') } });
});

test('[TOOL-47] junk on stdout is dropped and counted', async () => {
  const { transport, messages } = await run(
    `console.log("Server ready!\\n\\n{broken\\n[1]\\n{}"); process.stdout.write(Buffer.from([255, 254, 10])); say({}); ${STAY}`,
  );
  await until(() => expect(messages).toHaveLength(1));
  expect(transport.junkLines).toBe(5);
});

test('[TOOL-43] a line of 20 MB is dropped, its request is answered with an error, and the next one is read', async () => {
  const { messages } = await run(`say({ text: "x".repeat(20e6) }); say({ text: "next" }); ${STAY}`);
  await until(() => expect(messages).toHaveLength(2));
  expect(messages[0]).toMatchObject({ id: 1, error: { message: 'the answer is larger than 1 MiB' } });
  expect(messages[1]).toMatchObject({ result: { text: 'next' } });
});

test('[TOOL-47] a server that ends by itself closes the transport, with its last words', async () => {
  const { transport, closed, messages } = await run(
    'for (let n = 0; n < 50; n++) console.error("line", n); console.error("no such room table"); say({}); process.exitCode = 3;',
  );
  await closed;
  expect(transport.ending).toBe('ended with 3: no such room table');
  expect(transport.stderr).toHaveLength(20);
  expect(messages).toHaveLength(1);
  await expect(transport.send(PING)).rejects.toThrow(NotSentError);
});

test('[TOOL-47] a program that is not there closes the transport and is named as such', async () => {
  const { transport, closed } = await run('', {}, '/nowhere/at-all');
  await closed;
  expect(transport.ending).toBe('not started: ENOENT');
});

test('a server that does not read is sent no more than a bounded backlog', async () => {
  const { transport } = await run(STAY);
  const long: JSONRPCMessage = { jsonrpc: '2.0', method: 'notifications/x', params: { text: 'x'.repeat(400_000) } };
  await expect(
    (async () => {
      for (let n = 0; n < 10; n++) await transport.send(long);
    })(),
  ).rejects.toThrow('does not read');
});

const WITH_CHILD = `require("child_process").spawn(process.execPath, ["-e", "${STAY}"], { stdio: "ignore" });`;

test('[TOOL-47] closing ends the whole group, also a server that ignores SIGTERM', { timeout: 15_000 }, async () => {
  const { transport, messages } = await run(`process.on("SIGTERM", () => {}); ${WITH_CHILD} say({}); ${STAY}`);
  await until(() => expect(messages).toHaveLength(1));
  const group = transport.groupId;
  expect(membersOf(group)).toHaveLength(3);
  const startedAt = performance.now();
  await transport.close();
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  await until(() => expect(membersOf(group)).toEqual([]));
});

test('[TOOL-47] what a server that ended left behind is ended too', async () => {
  const { transport, closed } = await run(
    `${WITH_CHILD} say({}); process.exitCode = 0; setTimeout(() => process.exit(), 100)`,
  );
  await closed;
  await until(() => expect(membersOf(transport.groupId)).toEqual([]));
});

test('[TOOL-47] when the keeper is killed, the server goes with it', async () => {
  const { transport, closed, messages } = await run(`say({}); ${STAY}`);
  await until(() => expect(messages).toHaveLength(1));
  process.kill(transport.groupId ?? 0, 'SIGKILL');
  await closed;
  await until(() => expect(membersOf(transport.groupId)).toEqual([]));
});

test(
  '[TOOL-47] after kill -9 of the process that holds a server nothing of it is left',
  { timeout: 15_000 },
  async () => {
    const script = `${SAY} process.on("SIGTERM", () => {}); ${WITH_CHILD} say({}); ${STAY}`;
    const owner = spawn(
      process.execPath,
      [join(import.meta.dirname, 'stdio-owner.ts'), process.execPath, '-e', script],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [text] = (await once(owner.stdout, 'data')) as [Buffer];
    const group = Number(String(text));
    expect(membersOf(group)).toHaveLength(3);
    owner.kill('SIGKILL');
    await until(() => expect(membersOf(group)).toEqual([]));
  },
);

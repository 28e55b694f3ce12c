/** Our connection and our own Realtime server, over real sockets, agree on native tools of several servers. */
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import type { AgentLeg, AgentLegEvents } from '../../src/call/ports.ts';
import type { NativeServer, SessionTools } from '../../src/hotel/tool-servers/session-tools.ts';
import type { Move } from '../../src/local-realtime/ports.ts';
import { openRealtimeConnection } from '../../src/realtime/realtime-connection.ts';
import { startMcpStage, type McpStage, type McpStageOptions } from '../local-realtime/mcp-stage.ts';
import { setStage as setServer, type MindInput } from '../local-realtime/realtime-stage.ts';
import { OPTIONS, tool } from '../realtime/realtime-stage.ts';
import { outside, stagedWitness } from '../realtime/witness-stage.ts';

const toClose: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).toReversed()) await close();
});

const clock = {
  nowMs: () => performance.now(),
  wallTime: () => new Date(),
  after(delayMs: number, task: () => void) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Two cores may be busy with other things. */
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, 5_000);

async function startServer(options: McpStageOptions): Promise<McpStage> {
  const server = await startMcpStage(options);
  toClose.push(() => server.close());
  return server;
}

const nativeOf = (label: string, { url }: McpStage, names: string[], needApproval: string[] = []): NativeServer =>
  outside(label, {
    url: `${url}/mcp`,
    allowedTools: names,
    needApproval,
    fallback: names.map((name) => tool(`${label}_${name}`)),
  });

/** @param reply what the agent does; results it speaks out. */
async function setTalk(servers: NativeServer[], reply: (input: MindInput) => Move[]) {
  const server = await setServer({
    reply(input) {
      const last = input.turns.at(-1);
      return last?.kind === 'tool' && last.output !== '' ? [{ kind: 'say', text: last.output }] : reply(input);
    },
  });
  toClose.push(() => server.close());
  const told: unknown[][] = [];
  const events = new Proxy(
    {},
    {
      get:
        (_, what) =>
        (...args: unknown[]) =>
          void told.push([what, ...args]),
    },
  ) as AgentLegEvents;
  const witness = stagedWitness();
  let current: SessionTools = { version: 1, functions: [tool('hang_up')], native: servers };
  const leg: AgentLeg = openRealtimeConnection(
    {
      ...OPTIONS,
      baseUrl: server.url.replace('/realtime', ''),
      tools: current,
      currentTools: () => current,
      witness,
    },
    events,
    clock,
    pino({ level: 'silent' }),
  );
  toClose.push(() => leg.close());
  await eventually(() => expect(witness.of('listed')).toHaveLength(servers.length));
  const change = (...native: NativeServer[]): void => {
    current = { ...current, version: current.version + 1, native };
    leg.refreshTools();
  };
  const ended = () => told.filter(([what]) => what === 'responseEnded').length;
  const said = () =>
    told.flatMap(([what, , text, isFinal]) => (what === 'agentTranscript' && isFinal === true ? [text] : []));
  return { leg, witness, asked: server.asked, change, ended, said };
}

test('[MODEL-18] an approved call runs at its server, and is spoken of once', async () => {
  const spa = await startServer({ names: ['find', 'book'] });
  const taxi = await startServer({ names: ['order_taxi'] });
  const { leg, witness, said, ended } = await setTalk(
    [nativeOf('spa', spa, ['find', 'book'], ['book']), nativeOf('taxi', taxi, ['order_taxi'])],
    () => [{ kind: 'call', name: 'book', arguments: { topic: 'massage' } }],
  );
  leg.respond();
  await eventually(() => expect(witness.of('approve')).toEqual([['spa', 'book', '{"topic":"massage"}']]));
  leg.sayExactly('I have to ask a colleague.');
  await eventually(() => expect(said()).toEqual(['I have to ask a colleague.']));
  expect(spa.requests.map(({ method }) => method)).not.toContain('tools/call');
  witness.answer({ isApproved: true, reason: '' });
  await eventually(() => expect(ended()).toBe(3));
  expect(said()).toEqual(['I have to ask a colleague.', 'book is done.']);
  expect(witness.told.slice(3)).toEqual([
    ['started', expect.any(String), 'spa', 'book', '{"topic":"massage"}'],
    ['ended', expect.any(String), { outcome: 'ok', result: 'book is done.' }],
  ]);
});

test('[MODEL-18] a denial is spoken of once, and nothing ran', async () => {
  const spa = await startServer({ names: ['book'] });
  const { leg, witness, said, ended } = await setTalk([nativeOf('spa', spa, ['book'], ['book'])], () => [
    { kind: 'call', name: 'book', arguments: {} },
  ]);
  leg.respond();
  await eventually(() => expect(witness.of('approve')).toHaveLength(1));
  witness.answer({ isApproved: false, reason: 'Nobody is there' });
  await eventually(() => expect(ended()).toBe(2));
  expect(said()).toEqual(['This was not approved: Nobody is there.']);
  expect(spa.requests.map(({ method }) => method)).not.toContain('tools/call');
});

test('a server that goes away in mid-call is left for its functions; the others are called natively on', async () => {
  const spa = await startServer({ names: ['find'] });
  const taxi = await startServer({ names: ['order_taxi'] });
  const { leg, witness, asked, said } = await setTalk(
    [nativeOf('spa', spa, ['find']), nativeOf('taxi', taxi, ['order_taxi'])],
    ({ tools }) => [
      { kind: 'call', name: tools.some(({ name }) => name === 'find') ? 'find' : 'order_taxi', arguments: {} },
    ],
  );
  await spa.close();
  leg.respond();
  await eventually(() => expect(witness.of('pathBroke')).toEqual([['spa', 'a native call failed: http_error']]));
  await eventually(() => expect(said()).toHaveLength(1));
  leg.respond();
  await eventually(() => expect(said()[1]).toBe('order_taxi is done.'));
  expect(asked.at(-1)?.tools.map(({ name }) => name)).toEqual(['order_taxi', 'spa_find', 'hang_up']);
});

test('a server that staff add is listed and called, a renewed token goes with the next call', async () => {
  const spa = await startServer({ names: ['find'] });
  const taxi = await startServer({ names: ['order_taxi'] });
  const { leg, witness, change, said } = await setTalk([nativeOf('spa', spa, ['find'])], () => [
    { kind: 'call', name: 'order_taxi', arguments: {} },
  ]);
  change(nativeOf('spa', spa, ['find']), nativeOf('taxi', taxi, ['order_taxi']));
  await eventually(() => expect(witness.of('listed').map(([server]) => server)).toEqual(['spa', 'taxi']));
  change(nativeOf('spa', spa, ['find']), { ...nativeOf('taxi', taxi, ['order_taxi']), authorization: 'fresh-token' });
  await eventually(() => expect(witness.of('listed')).toHaveLength(3));
  leg.respond();
  await eventually(() => expect(said()).toEqual(['order_taxi is done.']));
  expect(taxi.requests.find(({ method }) => method === 'tools/call')?.authorization).toBe('Bearer fresh-token');
});

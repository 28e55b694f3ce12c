import { expect, test } from 'vitest';
import type { ServerStatus } from '../../../src/hotel/tool-servers/ports.ts';
import { LinkState } from '../../../src/mcp/tool-servers/link-state.ts';
import { FakeClock } from '../../fake-clock.ts';

interface Stage {
  clock: FakeClock;
  connection: LinkState;
  openedAtMs: number[];
  told: ServerStatus[];
}

function stage(random = 0.5): Stage {
  const clock = new FakeClock();
  const openedAtMs: number[] = [];
  const told: ServerStatus[] = [];
  const connection = new LinkState(clock, () => random, {
    open: () => openedAtMs.push(clock.nowMs()),
    changed: (status) => told.push(status),
  });
  return { clock, connection, openedAtMs, told };
}

test('a connection that is not started dials nobody', () => {
  const { clock, connection, openedAtMs } = stage();
  clock.advance(60_000);
  expect(openedAtMs).toEqual([]);
  expect(connection.status).toMatchObject({ kind: 'disabled', lastError: undefined });
});

test('waits grow from half a second to half a minute while dialling fails', () => {
  const { clock, connection, openedAtMs } = stage();
  connection.start();
  for (let time = 0; time < 9; time++) {
    connection.broke('refused');
    clock.advance(30_000);
  }
  // Each dialled within its half minute; the waits are from the failure on.
  const waits = openedAtMs.slice(1).map((atMs, index) => atMs - index * 30_000);
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('waits are spread by a fifth to either side', () => {
  for (const [random, expected] of [
    [0, 400],
    [1, 600],
  ] as const) {
    const { clock, connection, openedAtMs } = stage(random);
    connection.start();
    connection.broke('refused');
    clock.advance(1_000);
    expect(openedAtMs[1]).toBeCloseTo(expected, 6);
  }
});

test('a server that takes us and breaks at once is dialled less and less often', () => {
  const { clock, connection, openedAtMs } = stage();
  connection.start();
  for (let time = 0; time < 4; time++) {
    connection.opened();
    connection.broke('gone');
    clock.advance(4_000);
  }
  expect(openedAtMs.map((atMs) => atMs % 4_000)).toEqual([0, 500, 1_000, 2_000, 0]);
});

test('a connection that held starts over with the shortest wait', () => {
  const { clock, connection, openedAtMs } = stage();
  connection.start();
  for (let time = 0; time < 5; time++) {
    connection.broke('refused');
    clock.advance(30_000);
  }
  connection.opened();
  clock.advance(30_000);
  const brokeAtMs = clock.nowMs();
  connection.broke('gone');
  clock.advance(10_000);
  expect(openedAtMs.at(-1)).toBe(brokeAtMs + 500);
});

test('[TOOL-47] a server that forgot us is dialled at once, but not over and over', () => {
  const { clock, connection, openedAtMs } = stage();
  connection.start();
  connection.opened();
  connection.forgotten('404');
  expect(openedAtMs).toEqual([0, 0]);
  connection.opened();
  connection.forgotten('404');
  expect(connection.status.kind).toBe('error');
  clock.advance(500);
  expect(openedAtMs).toEqual([0, 0, 500]);
});

test('each change is told, and the last error is kept after it was mended', () => {
  const { clock, connection, told } = stage();
  connection.start();
  connection.broke('refused');
  clock.advance(500);
  connection.opened();
  expect(told.map(({ kind }) => kind)).toEqual(['connecting', 'error', 'connecting', 'connected']);
  expect(connection.status.lastError?.message).toBe('refused');
  expect(connection.status.since.getTime() - (connection.status.lastError?.at.getTime() ?? 0)).toBe(500);
});

test('what breaks twice is one failure, and an ended connection dials no more', () => {
  const { clock, connection, openedAtMs, told } = stage();
  connection.start();
  connection.broke('one');
  connection.broke('other');
  expect(connection.status.lastError?.message).toBe('one');
  connection.end();
  connection.end();
  connection.start();
  clock.advance(60_000);
  expect(openedAtMs).toEqual([0]);
  expect(told.at(-1)?.kind).toBe('disabled');
});

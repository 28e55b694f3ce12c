import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { listenOn } from '../src/listening.ts';

it('a port that is taken is named, with what to do', async () => {
  const [first, second] = [fastify(), fastify()];
  await listenOn(first, '127.0.0.1', 0);
  const { port } = first.server.address() as AddressInfo;
  await expect(listenOn(second, '127.0.0.1', port)).rejects.toThrow(
    `cannot listen on 127.0.0.1:${port}: something listens there already: stop it, or set another PORT`,
  );
  await Promise.all([first.close(), second.close()]);
});

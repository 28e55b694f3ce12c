import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limitsFor } from '../src/slow-senders.ts';

const WITHIN_MS = 120;
let app: FastifyInstance;

beforeEach(async () => {
  app = fastify({ ...limitsFor(WITHIN_MS), forceCloseConnections: true });
  app.post('/', () => 'taken');
  app.get('/feed', (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200);
    reply.raw.write('first');
    setTimeout(() => reply.raw.end('last'), WITHIN_MS * 4);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => app.close());

/** Sends this and then waits. @returns all that came back until the server closed the connection. */
async function answerTo(text: string): Promise<string> {
  const socket: Socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

describe('senders that never come to an end', () => {
  it('half of the headers are waited for in vain for a bounded time', async () => {
    expect(await answerTo('POST / HTTP/1.1\r\nHost: a\r\n')).toMatch(/^HTTP\/1.1 408 /);
  });

  it('half of a body too', async () => {
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n';
    expect(await answerTo(`${head}half`)).toMatch(/^HTTP\/1.1 408 /);
  });

  it('an answer that goes on for longer is not cut off', async () => {
    expect(await answerTo('GET /feed HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(/first.*last/s);
  });
});

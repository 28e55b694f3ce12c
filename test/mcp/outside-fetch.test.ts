/** Requests to addresses of others over real sockets: what is looked up, where the connection goes, how much is read. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { AnswerTooLargeError } from '../../src/mcp/bounded-answer.ts';
import { OutsideAddressError } from '../../src/mcp/outside-address.ts';
import { outsideFetch, type OutsideFetchOptions } from '../../src/mcp/outside-fetch.ts';

const open: Server[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** @returns the server's port. Each connection serves one request. */
async function serve(answer: Answer, host = '127.0.0.1', port = 0): Promise<number> {
  const server = createServer((request, response) => {
    response.setHeader('connection', 'close');
    answer(request, response);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return (server.address() as AddressInfo).port;
}

const guarded = (options: Partial<OutsideFetchOptions> = {}) =>
  outsideFetch({ isLoopbackAllowed: true, trustedHosts: [], maxBytes: 10_000, connectWithinMs: 2_000, ...options });

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  );

describe('what a name resolves to', () => {
  it.each([
    ['10.0.0.5', '10.0.0.5'],
    ['169.254.169.254', 'a name such as 169-254-169-254.nip.example'],
    ['127.0.0.1', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'a mapped form'],
    ['64:ff9b::7f00:1', 'a translated form'],
    ['0.0.0.0', 'nowhere'],
    ['fd00:ec2::254', 'metadata'],
    ['not an address', 'nonsense'],
  ])('[T10] %s is not connected to: %s', async (address) => {
    let requests = 0;
    const port = await serve((_, response) => response.end(String(++requests)));
    const failure = await failureOf(
      guarded({ resolve: () => Promise.resolve([address]) })(`https://a.example:${port}/`),
    );
    expect(failure).toBeInstanceOf(OutsideAddressError);
    expect((failure as Error).message).toContain('a.example is not allowed');
    expect(requests).toBe(0);
  });

  it('[T10] one private address among public ones refuses the name', async () => {
    const resolve = () => Promise.resolve(['93.184.216.34', '2606:2800:220:1::1', '192.168.0.4']);
    const failure = await failureOf(guarded({ resolve })('https://mixed.example/'));
    expect(failure).toBeInstanceOf(OutsideAddressError);
    expect((failure as Error).message).toBe('mixed.example is not allowed: 192.168.0.4 is no public address');
  });

  it('[T10] the connection goes to the address that was judged, without a second look', async () => {
    const answers = ['127.0.0.1', '127.0.0.2', '10.0.0.1'];
    const asked: string[] = [];
    const resolve = (hostname: string) => {
      asked.push(hostname);
      return Promise.resolve([answers[asked.length - 1] ?? '']);
    };
    const port = await serve((_, response) => response.end('first'));
    await serve((_, response) => response.end('second'), '127.0.0.2', port);
    const fetch = guarded({ resolve });
    expect(await (await fetch(`http://rebind.localhost:${port}/`)).text()).toBe('first');
    expect(asked).toHaveLength(1);
    expect(await (await fetch(`http://rebind.localhost:${port}/`)).text()).toBe('second');
    expect(asked).toHaveLength(2);
    expect(await failureOf(fetch(`http://rebind.localhost:${port}/`))).toBeInstanceOf(OutsideAddressError);
  });

  it('[T10] a host of the hotel’s network may be there, but not on this machine', async () => {
    const privateHosts = ['pms.hotel.lan'];
    const onMachine = guarded({ privateHosts, resolve: () => Promise.resolve(['127.0.0.1']) });
    expect(await failureOf(onMachine('https://pms.hotel.lan/'))).toBeInstanceOf(OutsideAddressError);
    const gone = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const unknown = guarded({ privateHosts, resolve: () => Promise.reject(gone) });
    expect(await failureOf(unknown('https://pms.hotel.lan/'))).toMatchObject({ cause: { code: 'ENOTFOUND' } });
  });

  it('[T10] without https a host of the hotel’s network is asked in that network alone, at the port the file names', async () => {
    const privateHosts = ['http://homeassistant.local:8123'];
    for (const address of ['93.184.216.34', '2606:2800:220:1::1', '127.0.0.1', '169.254.169.254']) {
      const astray = guarded({ privateHosts, resolve: () => Promise.resolve(['10.0.4.20', address]) });
      expect(await failureOf(astray('http://homeassistant.local:8123/mcp'))).toBeInstanceOf(OutsideAddressError);
    }
    const gone = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const unknown = guarded({ privateHosts, resolve: () => Promise.reject(gone) });
    expect(await failureOf(unknown('http://homeassistant.local:8123/mcp'))).toMatchObject({
      cause: { code: 'ENOTFOUND' },
    });
    for (const url of ['http://homeassistant.local/', 'https://homeassistant.local:8123/'])
      expect(await failureOf(unknown(url))).toBeInstanceOf(OutsideAddressError);
  });

  it('an address that is wrong by itself is refused before any look', async () => {
    const resolve = () => Promise.reject(new Error('asked'));
    const fetch = guarded({ isLoopbackAllowed: false, resolve });
    for (const url of ['http://a.example', 'https://127.1', 'https://u:p@a.example', 'file:///etc/passwd'])
      expect(await failureOf(fetch(url))).toBeInstanceOf(OutsideAddressError);
  });

  it('a name that does not resolve in time ends the request', async () => {
    const fetch = guarded({ connectWithinMs: 200, resolve: () => new Promise(() => {}) });
    const failure = await failureOf(fetch('http://slow.localhost/'));
    expect(failure).toMatchObject({ cause: { code: 'UND_ERR_CONNECT_TIMEOUT' } });
  });
});

describe('answers', () => {
  it('come as they are, with what was sent', async () => {
    const port = await serve((request, response) => {
      response.writeHead(201, { 'x-of': request.headers.authorization ?? '' });
      request.pipe(response);
    });
    const headers = new Headers({ authorization: 'Bearer abc' });
    const answer = await guarded()(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{"a":1}', headers });
    expect(answer).toBeInstanceOf(Response);
    expect([answer.status, answer.headers.get('x-of'), await answer.json()]).toEqual([201, 'Bearer abc', { a: 1 }]);
  });

  it.each([301, 302, 303, 307, 308])(
    '[T10] a redirect (%s) is an error that names where to, and is not followed',
    async (status) => {
      const seen: string[] = [];
      const port = await serve((request, response) => {
        seen.push(request.url ?? '');
        response.writeHead(status, { location: '/next?key=secret' }).end();
      });
      const failure = await failureOf(guarded()(`http://127.0.0.1:${port}/loop`, { redirect: 'follow' }));
      expect(failure).toBeInstanceOf(OutsideAddressError);
      expect((failure as Error).message).toContain(`redirect to http://127.0.0.1:${port}/next:`);
      expect((failure as Error).message).not.toContain('secret');
      expect(seen).toEqual(['/loop']);
    },
  );

  it('[T10] a certificate that nobody vouches for is refused', async () => {
    const pem = readFileSync(new URL('../fixtures/self-signed.pem', import.meta.url));
    const server = createTlsServer({ key: pem, cert: pem }, (_, response) => void response.end('trusted'));
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const failure = await failureOf(guarded()(`https://localhost:${port}/`));
    expect(failure).toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
  });

  it('an answer past the bound is not read, whether its length is told, not told or hidden by compression', async () => {
    const large = 'x'.repeat(10_001);
    const told = await serve((_, response) => response.writeHead(200, { 'content-length': 10_001 }).end(large));
    expect(await failureOf(guarded()(`http://127.0.0.1:${told}/`))).toBeInstanceOf(AnswerTooLargeError);
    const untold = await serve((_, response) => {
      response.write(large);
      response.end();
    });
    const hidden = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(large));
    });
    for (const port of [untold, hidden]) {
      const answer = await guarded()(`http://127.0.0.1:${port}/`);
      expect(await failureOf(answer.text())).toBeInstanceOf(AnswerTooLargeError);
    }
  });

  it.each(['\n\n', '\r\n\r\n', '\r\r'])(
    'a stream of events may go on for long, but no event of it: %j',
    async (gap) => {
      const event = `data: ${'x'.repeat(6_000)}${gap}`;
      const endless = await serve((request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (let i = 0; i < 5; i++) response.write(event);
        response.end(request.url === '/long' ? `data: ${'x'.repeat(11_000)}` : '');
      });
      const fetch = guarded();
      expect((await (await fetch(`http://127.0.0.1:${endless}/`)).text()).length).toBe(event.length * 5);
      const long = await fetch(`http://127.0.0.1:${endless}/long`);
      expect(await failureOf(long.text())).toBeInstanceOf(AnswerTooLargeError);
    },
  );

  it('an answer without a body has none', async () => {
    const port = await serve((_, response) => response.writeHead(204).end());
    expect((await guarded()(`http://127.0.0.1:${port}/`)).body).toBeNull();
  });

  it('whoever stops waiting ends the request', async () => {
    const port = await serve(() => {});
    const stop = new AbortController();
    const request = failureOf(guarded()(`http://127.0.0.1:${port}/`, { signal: stop.signal }));
    stop.abort(new Error('enough'));
    expect(await request).toMatchObject({ message: 'enough' });
  });
});

/** Forwards http to a server and adds a bearer: for testers that cannot send one themselves. */
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * @param target of the server, with its path. @param token added to each request.
 * @returns where testers go, and what closes it. A foreign Host or Origin of theirs is passed on as it is.
 */
export async function forwardWithToken(
  target: string,
  token: string,
): Promise<{ url: string; close(): Promise<void> }> {
  const { hostname, host, port, pathname } = new URL(target);
  let own = '';
  const translated = (text: string | undefined): string | undefined =>
    text?.replace(own, host).replace(own.replace('127.0.0.1', 'localhost'), host);
  const server: Server = createServer((incoming, outgoing) => {
    const { headers, method, url: path } = incoming;
    const origin = translated(headers.origin);
    const forwarded = httpRequest({
      hostname,
      port,
      method,
      path,
      headers: {
        ...headers,
        host: translated(headers.host),
        ...(origin === undefined ? {} : { origin }),
        authorization: `Bearer ${token}`,
      },
    });
    forwarded.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  own = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${own}${pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A server for one call, as small as possible: answers the webhook with a document, hands the media socket to the test. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import twilio from 'twilio';
import { WebSocketServer, type WebSocket } from 'ws';

export const AUTH_TOKEN = '12345';

export interface Heard {
  atMs: number;
  message: Record<string, never> & { event: string; streamSid?: string; sequenceNumber?: string };
}

export interface TinyBridge {
  url: string;
  webhookUrl: string;
  /** All posts: path and form. */
  posts: { path: string; form: Record<string, string> }[];
  /** All messages of the media stream. */
  heard: Heard[];
  streams: number;
  connectTwiml(tail?: string): string;
  close(): Promise<void>;
}

/** @param answer gives the document for each post. @param onStart gets the socket once `start` came. */
export async function startTinyBridge(
  answer: (path: string, bridge: TinyBridge, form: Record<string, string>) => string,
  onStart: (send: (message: object) => void, socket: WebSocket, bridge: TinyBridge) => void = () => {},
): Promise<TinyBridge> {
  const server = createServer((request, response) => void reply(request, response));
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const piece of request) body += String(piece);
    const form = Object.fromEntries(new URLSearchParams(body));
    const path = request.url ?? '';
    bridge.posts.push({ path, form });
    const signature = String(request.headers['x-twilio-signature']);
    const isSigned = twilio.validateRequest(AUTH_TOKEN, signature, bridge.url + path, form);
    response.writeHead(isSigned ? 200 : 403).end(isSigned ? answer(path, bridge, form) : 'signature');
  };
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const url = bridge.url.replace('http', 'ws') + request.url;
    if (!twilio.validateRequest(AUTH_TOKEN, String(request.headers['x-twilio-signature']), url, {})) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      bridge.streams++;
      webSocket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as Heard['message'];
        bridge.heard.push({ atMs: performance.now(), message });
        const { streamSid } = message;
        if (message.event === 'start')
          onStart((content) => webSocket.send(JSON.stringify({ streamSid, ...content })), webSocket, bridge);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const bridge: TinyBridge = {
    url,
    webhookUrl: `${url}/twilio/voice`,
    posts: [],
    heard: [],
    streams: 0,
    connectTwiml: (tail = '') =>
      `<?xml version="1.0"?><Response><Connect><Stream url="${url.replace('http', 'ws')}/twilio/media">` +
      `<Parameter name="token" value="secret"/></Stream></Connect>${tail}</Response>`,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return bridge;
}

/** @returns a media message with `durationMs` of one loud μ-law code. */
export function loudMedia(durationMs: number): object {
  return { event: 'media', media: { payload: Buffer.alloc(durationMs * 8, 0x10).toString('base64') } };
}

export const mark = (name: string): object => ({ event: 'mark', mark: { name } });

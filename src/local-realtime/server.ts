/** Listens for Realtime clients: upgrade, limits, one connection each. Speech and mind are handed in and not closed. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { linkOver, sendError } from './client-link.ts';
import { Connection, SESSION_LIFETIME_MS } from './connection.ts';
import type { Mind } from './ports.ts';
import { RequestError } from './request-error.ts';
import type { Speech } from './speech.ts';
import type { VoiceActivityMaker } from './voice-activity.ts';

/** More would not be answered in time on one machine. */
const MAX_CONNECTIONS = 64;
/** An append of 15 MiB fits; a message beyond this closes the socket. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const CLOSE_WAIT_MS = 2000;

export interface RealtimeServerOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  speech: Speech;
  mind: Mind;
  voiceActivity: VoiceActivityMaker;
  log: (message: string) => void;
  maxConnections?: number;
  sessionLifetimeMs?: number;
}

export interface RealtimeServer {
  port: number;
  connections(): number;
  close(): Promise<void>;
}

/** @throws when the port cannot be had. */
export async function startRealtimeServer(options: RealtimeServerOptions): Promise<RealtimeServer> {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    // Browsers cannot set headers: they offer `realtime` and their key as subprotocols.
    handleProtocols: (offered) => (offered.has('realtime') ? 'realtime' : false),
  });
  const http = createServer((_request, response) => {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ error: { type: 'invalid_request_error', code: 'unknown_url', message: 'Not found.' } }),
    );
  });
  http.on('upgrade', (request, socket, head) => {
    const refusal = refusalOf(request, sockets.clients.size, options.maxConnections ?? MAX_CONNECTIONS);
    if (refusal) return refuse(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (client) => serve(client, request, options));
  });
  await new Promise<void>((listening, failed) => {
    http.once('error', failed);
    http.listen(options.port, options.host, listening);
  });
  return {
    port: (http.address() as AddressInfo).port,
    connections: () => sockets.clients.size,
    close: () => closeAll(http, sockets),
  };
}

function serve(client: WebSocket, request: IncomingMessage, options: RealtimeServerOptions): void {
  const link = linkOver(client);
  const fault = faultOf(request);
  if (fault) {
    sendError(link, fault, null);
    client.close(1008, fault.code);
    return;
  }
  const { speech, mind, log } = options;
  const lifetimeMs = options.sessionLifetimeMs ?? SESSION_LIFETIME_MS;
  const activity = options.voiceActivity.create();
  const connection = new Connection({ link, speech, mind, activity, log }, modelOf(request) ?? '', lifetimeMs);
  const expiry = setTimeout(() => {
    connection.expired();
    client.close(1001, 'session_expired');
  }, lifetimeMs);
  client.on('message', (data, isBinary) => {
    if (isBinary) connection.binaryMessage();
    else connection.message((data as Buffer).toString('utf8'));
  });
  client.on('error', (error) => log(`socket error: ${error.message}`));
  client.on('close', () => {
    clearTimeout(expiry);
    connection.close();
  });
  connection.opened();
}

/** What is refused before the upgrade. */
function refusalOf(
  request: IncomingMessage,
  open: number,
  limit: number,
): { status: string; code: string } | undefined {
  if (urlOf(request).pathname !== '/v1/realtime') return { status: '404 Not Found', code: 'unknown_url' };
  if (urlOf(request).searchParams.has('call_id')) return { status: '404 Not Found', code: 'call_id_not_found' };
  // A page of some site must not reach this server through the browser of who runs it.
  if (!isOwnOrigin(request.headers.origin)) return { status: '403 Forbidden', code: 'origin_not_allowed' };
  if (open >= limit) return { status: '503 Service Unavailable', code: 'server_overloaded' };
  return undefined;
}

/** What is told as an `error` event on an accepted socket that then closes. */
function faultOf(request: IncomingMessage): RequestError | undefined {
  if (String(request.headers['openai-beta'] ?? '').includes('realtime=v1'))
    return new RequestError(
      'beta_api_shape_disabled',
      'The beta shape is not supported: leave the OpenAI-Beta header out.',
    );
  if (urlOf(request).searchParams.get('intent') === 'transcription')
    return new RequestError('invalid_value', 'Transcription sessions are not supported here.', 'intent');
  if (!modelOf(request)) return new RequestError('missing_model', 'You must provide a model parameter.', 'model');
  return undefined;
}

const urlOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'http://localhost');
const modelOf = (request: IncomingMessage): string | null => urlOf(request).searchParams.get('model');

function isOwnOrigin(origin: string | undefined): boolean {
  if (origin === undefined) return true;
  const hostname = URL.parse(origin)?.hostname ?? '';
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function refuse(socket: Duplex, { status, code }: { status: string; code: string }): void {
  const body = JSON.stringify({ error: { type: 'invalid_request_error', code, message: status.slice(4) } });
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}

async function closeAll(http: ReturnType<typeof createServer>, sockets: WebSocketServer): Promise<void> {
  const closed = new Promise<void>((done) => void http.close(() => done()));
  for (const client of sockets.clients) client.close(1001, 'server_shutdown');
  const timer = setTimeout(() => {
    for (const client of sockets.clients) client.terminate();
    http.closeAllConnections();
  }, CLOSE_WAIT_MS);
  await closed;
  clearTimeout(timer);
}

/** Whether a Realtime server takes sessions: opens one and lets it go again. Nothing is asked of the model, so it costs nothing. */
import { WebSocket } from 'ws';
import { readServerMessage } from './realtime-events.ts';

const WITHIN_MS = 5_000;

/** @param baseUrl http(s) or ws(s), with the path before `/realtime`. @returns whether a session was created in time. */
export function probeRealtime(baseUrl: string, model: string, apiKey: string): Promise<boolean> {
  const url = `${baseUrl.replace(/^http/, 'ws')}/realtime?model=${encodeURIComponent(model)}`;
  const socket = new WebSocket(url, {
    headers: { Authorization: `Bearer ${apiKey}` },
    handshakeTimeout: WITHIN_MS,
    perMessageDeflate: false,
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(false), WITHIN_MS);
    const settle = (isThere: boolean): void => {
      clearTimeout(timer);
      socket.terminate();
      resolve(isThere);
    };
    socket.on('message', (data: Buffer) => {
      const message = readServerMessage(data.toString('utf8'));
      settle(message.kind === 'event' && message.event.type === 'session.created');
    });
    socket.on('error', () => settle(false));
    socket.on('close', () => settle(false));
  });
}

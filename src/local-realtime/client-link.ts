/** The way to the client: server events out, each with its own id. Bounds what a slow reader may pile up. */
import type { WebSocket } from 'ws';
import type { RequestError } from './request-error.ts';
import { newWireId } from './wire-id.ts';

/** Audio waits while more than this is unsent. */
const CONGESTED_BYTES = 1024 * 1024;
/** A client that reads nothing is cut off here. */
const MAX_UNSENT_BYTES = 32 * 1024 * 1024;

export interface ClientLink {
  send(event: { type: string } & Record<string, unknown>): void;
  /** The client does not keep up: audio should wait. */
  isCongested(): boolean;
}

export function linkOver(socket: WebSocket): ClientLink {
  return {
    send(event) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MAX_UNSENT_BYTES) {
        socket.terminate();
        return;
      }
      socket.send(JSON.stringify({ event_id: newWireId('event'), ...event }));
    },
    isCongested: () => socket.bufferedAmount > CONGESTED_BYTES,
  };
}

/** @param eventId of the client's event that went wrong, when it had one. */
export function sendError(link: ClientLink, error: RequestError, eventId: string | null): void {
  link.send({
    type: 'error',
    error: { type: error.type, code: error.code, message: error.message, param: error.param, event_id: eventId },
  });
}

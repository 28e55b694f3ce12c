/** What a Realtime connection is opened with. */
import type { SocketOptions } from './realtime-socket.ts';
import type { SessionSettings } from './session-update.ts';

export interface RealtimeOptions extends SessionSettings, SocketOptions {
  /** http(s) or ws(s), with the path before `/realtime`. */
  baseUrl: string;
  apiKey: string;
  model: string;
  /** How long to wait for the list of native tools before they are offered as functions. */
  listTimeoutMs?: number;
}

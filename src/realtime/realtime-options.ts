/** What a Realtime connection is opened with. */
import type { ErrorBoundary } from '../call/error-boundary.ts';
import type { SessionSettings } from './session-update.ts';

export interface RealtimeOptions extends SessionSettings {
  /** http(s) or ws(s), with the path before `/realtime`. */
  baseUrl: string;
  apiKey: string;
  model: string;
  /** Handshakes until it is given up; 2 when left out. */
  tries?: number;
  /** Around the call that the connection is for; what comes from the socket runs inside. */
  boundary?: ErrorBoundary;
  /** How long to wait for the list of native tools before they are offered as functions. */
  listTimeoutMs?: number;
}

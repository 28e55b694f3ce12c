/** What a Realtime connection is opened with. */
import type { NativeWitness, SessionTools } from '../hotel/tool-servers/session-tools.ts';
import type { SocketOptions } from './realtime-socket.ts';
import type { SessionSettings } from './session-update.ts';

export interface RealtimeOptions extends SessionSettings, SocketOptions {
  /** http(s) or ws(s), with the path before `/realtime`. */
  baseUrl: string;
  apiKey: string;
  model: string;
  /** How long to wait for the list of a native server before its tools are offered as functions. */
  listTimeoutMs?: number;
  /**
   * What staff want the call to have by now; left out: what it was opened with. Asked when `refreshTools` was called, and
   * again later when it is undefined: a tool of the call is running.
   */
  currentTools?: () => SessionTools | undefined;
  /** Hears of native calls; left out: nobody does, and nothing is approved. */
  witness?: NativeWitness;
}

/** What a call is made of: its parts and what it is told at the start. */
import type { VoicePath } from '../audio/voice-path.ts';
import type { Call } from './call.ts';
import type * as ports from './ports.ts';

export interface CallOptions {
  callId: string;
  carrier: string;
  from: string;
  to: string;
  /** Which agent answers, for the record. */
  agentName: string;
  clock: ports.Clock;
  path: VoicePath;
  control: ports.CallControl;
  tools: ports.Tools;
  desk: ports.TransferDesk;
  readOwnFunction: ports.OwnFunctionReader;
  words: ports.CallWords;
  language: ports.SpokenLanguage;
  maxCallMs: number;
  readers: readonly ports.EventReader[];
  /** Agents that can be dialled, by preference, at least one. */
  engines: readonly string[];
  clips: ports.Clips;
  /** Dials an agent; its events go to the call. */
  openAgent(events: ports.AgentLegEvents, dial: ports.AgentDial): ports.AgentLeg;
  /** The call has ended and holds nothing any more. */
  onEnd(call: Call): void;
}

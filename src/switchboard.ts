/** Takes calls: gives each its agent, tools, token and record, and finds it again when its stream opens. */
import type { Logger } from 'pino';
import type { Agents } from './agents.ts';
import { openVoicePath } from './audio/voice-path.ts';
import { Call } from './call/call.ts';
import { LiveCalls } from './call/live-calls.ts';
import type { CallerLeg, Clips, Clock, EventReader } from './call/ports.ts';
import type { Config } from './config.ts';
import type { CallTools } from './hotel/call-tools.ts';
import { callWords } from './hotel/call-words.ts';
import { ownFunctionReader, transferDesk } from './hotel/own-functions.ts';
import type { Toolbox } from './hotel/toolbox.ts';
import type { CallTokens } from './mcp/call-token.ts';
import type { Arrival, Switchboard as CarrierSwitchboard } from './telephony/voice-routes.ts';

export interface SwitchboardOptions {
  config: Config;
  clock: Clock;
  log: Logger;
  toolbox: Toolbox;
  tokens: CallTokens;
  readers: readonly EventReader[];
  agents: Agents;
  clips: Clips;
}

interface Entry {
  call: Call;
  tools: CallTools;
  token: string;
}

export class Switchboard implements CarrierSwitchboard {
  readonly live: LiveCalls;
  readonly #options: SwitchboardOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: SwitchboardOptions) {
    this.#options = options;
    this.live = new LiveCalls(options.config.limits.maxCalls);
  }

  /** The tools of a live call, for the model's side. */
  toolsFor(callId: string): CallTools | undefined {
    return this.#entries.get(callId)?.tools;
  }

  callArrived(arrival: Arrival): 'take' | 'desk' {
    const { config, clock, toolbox, tokens, readers, agents, clips } = this.#options;
    const { engines } = agents;
    if (!this.live.hasRoom() || engines.length === 0) return 'desk';
    const { hotel } = config;
    const { callId } = arrival;
    const token = tokens.mint(callId);
    const call: Call = new Call({
      ...arrival,
      agentName: agents.nameOf(engines[0] ?? ''),
      clock,
      path: openVoicePath(config.audioMode),
      tools: { run: (name, argumentsJson, id) => tools.run(name, argumentsJson, id, 'function') },
      desk: transferDesk(hotel, () => clock.wallTime()),
      readOwnFunction: ownFunctionReader(hotel),
      words: callWords(hotel),
      maxCallMs: config.limits.maxCallMs,
      readers,
      engines,
      clips,
      openAgent: (events, dial) => agents.open({ callId, tools, token }, events, dial),
      onEnd: () => this.#forget(callId),
    });
    const tools = toolbox.open({ callId, happened: (happening) => call.toolHappened(happening), signal: call.signal });
    this.#entries.set(callId, { call, tools, token });
    this.live.add(call);
    call.answer();
    return 'take';
  }

  streamOpened(callId: string, leg: CallerLeg): Call | undefined {
    const call = this.live.get(callId);
    call?.streamOpened(leg);
    return call;
  }

  callStatus(callId: string): void {
    this.live.get(callId)?.carrierEnded();
  }

  dialEnded(callId: string, outcome: Parameters<Call['dialEnded']>[0]): 'resume' | 'hang-up' {
    return this.live.get(callId)?.dialEnded(outcome) ?? 'hang-up';
  }

  #forget(callId: string): void {
    const entry = this.#entries.get(callId);
    if (!entry) return;
    this.#entries.delete(callId);
    this.live.remove(entry.call);
    this.#options.tokens.revoke(callId);
  }
}

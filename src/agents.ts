/** The agents that can be dialled, by preference, and what each is opened with. */
import type { Logger } from 'pino';
import type { ErrorBoundary } from './call/error-boundary.ts';
import type { AgentDial, AgentLeg, AgentLegEvents, Clock } from './call/ports.ts';
import type { Config } from './config.ts';
import type { CallLanguage } from './hotel/call-language.ts';
import type { CallTools } from './hotel/call-tools.ts';
import { instructionsFor } from './hotel/instructions.ts';
import { ownFunctionDefinitions } from './hotel/own-functions.ts';
import { OWN_LABEL } from './hotel/tool-servers/definition.ts';
import type { NativeServer, SessionTools } from './hotel/tool-servers/session-tools.ts';
import { mcpReach } from './reach.ts';
import { openRealtimeConnection } from './realtime/realtime-connection.ts';

export interface AgentsOptions {
  config: Config;
  log: Logger;
  /** Where our own engine listens, with its path, when it runs. */
  localEngineUrl: string | undefined;
  /** Where this machine reaches us. */
  localUrl: () => string;
  /** Why the provider is out of use, if it is. */
  outBecause: () => string | undefined;
}

/** What a call gives to its agents. */
export interface CallForAgents {
  callId: string;
  tools: CallTools;
  /** Opens our tools to the model's side for this call alone. */
  token: string;
  /** Time as the call has it. */
  clock: Clock;
  boundary: ErrorBoundary;
  language: CallLanguage;
}

export class Agents {
  readonly #options: AgentsOptions;

  constructor(options: AgentsOptions) {
    this.#options = options;
  }

  /** By preference, for a call that begins now. Empty: only a person can take it. */
  get engines(): string[] {
    const { config, localEngineUrl, outBecause } = this.#options;
    const local = localEngineUrl === undefined ? [] : ['local'];
    return config.realtime.kind === 'hosted' && outBecause() === undefined ? ['hosted', ...local] : local;
  }

  /** The name of an engine for the record. */
  nameOf(engine: string): string {
    const { realtime } = this.#options.config;
    return engine === 'hosted' && realtime.kind === 'hosted' ? realtime.model : 'local';
  }

  open(
    { callId, tools, token, clock, boundary, language }: CallForAgents,
    events: AgentLegEvents,
    { engine, isRedial }: AgentDial,
  ): AgentLeg {
    const { config, log, localUrl } = this.#options;
    const { hotel, audioMode } = config;
    const hosted = engine === 'hosted' && config.realtime.kind === 'hosted' ? config.realtime : undefined;
    const reach = mcpReach(hosted ? 'hosted' : 'local', config.publicUrl, localUrl());
    const at = clock.wallTime();
    const instructionsIn = (spoken: string): string =>
      [instructionsFor(hotel, { at, language: spoken }), tools.context].filter(Boolean).join('\n');
    return openRealtimeConnection(
      {
        baseUrl: hosted?.baseUrl ?? this.#options.localEngineUrl ?? '',
        apiKey: hosted?.apiKey ?? 'local',
        model: hosted?.model ?? 'local',
        tries: isRedial ? 1 : 2,
        isNear: hosted === undefined,
        boundary,
        audioFormat: audioMode === 'transcode' ? 'audio/pcm' : 'audio/pcmu',
        voice: hotel.agent.voice,
        instructions: instructionsIn(language.code),
        instructionsIn,
        // A hosted model hears which language it is; our own ears listen in one.
        transcription: hosted
          ? { model: hosted.transcriptionModel, language: language.settled }
          : { model: 'local', language: language.code },
        tools: this.#toolsOf(tools, token, reach, hosted !== undefined),
        currentTools: () =>
          tools.refresh() === 'busy' ? undefined : this.#toolsOf(tools, token, reach, hosted !== undefined),
        witness: tools.witness,
      },
      events,
      clock,
      log.child({ callId }),
    );
  }

  /** The hotel's tools, natively where the model's side reaches us; our own functions; and what other servers offer. */
  #toolsOf(tools: CallTools, token: string, reach: ReturnType<typeof mcpReach>, isHosted: boolean): SessionTools {
    const { hotel } = this.#options.config;
    const definitions = tools.definitions();
    const offered = tools.sessionTools(ownFunctionDefinitions(hotel));
    const { version, functions, native } = isHosted ? offered : withFallbacks(offered);
    if (!('url' in reach)) return { version, functions: [...definitions, ...functions], native };
    const ours: NativeServer = {
      label: OWN_LABEL,
      url: reach.url,
      authorization: token,
      description: `Services of ${hotel.name}`,
      allowedTools: definitions.map(({ name }) => name),
      needApproval: [],
      fallback: definitions,
    };
    return { version, functions, native: [ours, ...native] };
  }
}

/** When our own engine takes over from a hosted one: we call ourselves what we can reach, as `nativeProblem` says. */
function withFallbacks({ version, functions, native }: SessionTools): SessionTools {
  return {
    version,
    functions: [...functions, ...native.flatMap(({ fallback }) => fallback)],
    native: native.filter(({ fallback }) => fallback.length === 0),
  };
}

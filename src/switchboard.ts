/** Takes calls: gives each its agent, tools, token and record, and finds it again when its stream opens. */
import type { Logger } from 'pino';
import type { Agents } from './agents.ts';
import { openVoicePath } from './audio/voice-path.ts';
import { Call } from './call/call.ts';
import { ErrorBoundary, fenced } from './call/error-boundary.ts';
import { LiveCalls } from './call/live-calls.ts';
import type { CallerLeg, Clips, Clock, EventReader } from './call/ports.ts';
import type { Config } from './config.ts';
import type { CallTools } from './hotel/call-tools.ts';
import { CallLanguage } from './hotel/call-language.ts';
import { callWords } from './hotel/call-words.ts';
import { wordsIn } from './hotel/languages.ts';
import { ownFunctionReader } from './hotel/own-functions.ts';
import type { Toolbox } from './hotel/toolbox.ts';
import { TransferHour } from './hotel/transfer-allowance.ts';
import { transferDesk } from './hotel/transfer-desk.ts';
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
  /** Stored phrases by language. */
  clips: (language: string) => Clips;
  /** Counts what should never happen. */
  countFault: (where: 'call' | 'reader') => void;
}

interface Entry {
  call: Call;
  language: CallLanguage;
  tools: CallTools;
}

export class Switchboard implements CarrierSwitchboard {
  readonly live: LiveCalls;
  readonly #options: SwitchboardOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #readers: readonly EventReader[];
  readonly #transfers: TransferHour;

  constructor(options: SwitchboardOptions) {
    this.#options = options;
    this.#readers = options.readers.map((reader) =>
      fenced(reader, (err, callId) => {
        options.countFault('reader');
        options.log.error({ callId, err }, 'a reader of call events failed, the call goes on');
      }),
    );
    this.#transfers = new TransferHour(options.config.hotel.transfers.per_hour);
    this.live = new LiveCalls(options.config.limits.maxCalls);
  }

  /** The tools of a live call, for the model's side. */
  toolsFor(callId: string): CallTools | undefined {
    return this.#entries.get(callId)?.tools;
  }

  /** Which set of other servers' tools each live call holds. */
  heldOffers(): { callId: string; version: number }[] {
    return [...this.#entries].map(([callId, { tools }]) => ({ callId, version: tools.offerVersion }));
  }

  /** Staff changed what calls are offered: those that go on take it up between two turns. */
  toolsChanged(version: number): void {
    for (const { callId } of this.heldOffers()) this.live.get(callId)?.toolsChanged(version);
  }

  callArrived(arrival: Arrival): 'take' | 'desk' | 'leave' {
    if (this.live.isDraining) return 'leave';
    if (!this.live.hasRoom() || this.#options.agents.engines.length === 0) return 'desk';
    const { callId } = arrival;
    const boundary = new ErrorBoundary((error) => this.#faulted(callId, error));
    boundary.run(() => this.#begin(arrival, boundary));
    // A call that ended while it began was never taken.
    return this.live.get(callId) ? 'take' : 'desk';
  }

  #begin(arrival: Arrival, boundary: ErrorBoundary): void {
    const { config, toolbox, tokens, agents, clips } = this.#options;
    const { engines } = agents;
    const { hotel } = config;
    const { callId } = arrival;
    const clock = boundary.clock(this.#options.clock);
    const token = tokens.mint(callId);
    const language = new CallLanguage(hotel);
    const call: Call = new Call({
      ...arrival,
      control: boundary.guard(arrival.control),
      agentName: agents.nameOf(engines[0] ?? ''),
      clock,
      path: openVoicePath(config.audioMode),
      tools: { run: (name, argumentsJson, id) => tools.run(name, argumentsJson, id, 'function') },
      desk: transferDesk(hotel, clock, this.#transfers, language),
      readOwnFunction: ownFunctionReader(hotel),
      words: callWords(hotel, language),
      language,
      maxCallMs: config.limits.maxCallMs,
      readers: this.#readers,
      engines,
      clips: clipsIn(clips, language),
      openAgent: (events, dial) =>
        boundary.guard(agents.open({ callId, tools, token, clock, boundary, language }, boundary.guard(events), dial)),
      onEnd: () => this.#forget(callId),
    });
    const guarded = boundary.guard(call);
    const tools = boundary.guard(
      toolbox.open({
        callId,
        happened: (happening) => guarded.toolHappened(happening),
        language: () => language.code,
        signal: call.signal,
      }),
    );
    this.#entries.set(callId, { call, tools, language });
    this.live.add(guarded);
    call.answer();
  }

  streamOpened(callId: string, leg: CallerLeg): Call | undefined {
    const call = this.live.get(callId);
    call?.streamOpened(leg);
    // It may have ended with that.
    return this.live.get(callId);
  }

  streamFaulted(callId: string, error: unknown): void {
    this.#faulted(callId, error);
  }

  callStatus(callId: string): void {
    this.live.get(callId)?.carrierEnded();
  }

  colleagueAccepted(callId: string): void {
    this.live.get(callId)?.colleagueAccepted();
  }

  dialEnded(callId: string, outcome: Parameters<Call['dialEnded']>[0]): 'resume' | 'hang-up' {
    return this.live.get(callId)?.dialEnded(outcome) ?? 'hang-up';
  }

  apology(callId: string): { words: string; locale: string | undefined } | undefined {
    const language = this.#entries.get(callId)?.language;
    if (!language) return undefined;
    const { apology: words, locale } = wordsIn(language.code);
    return { words, locale };
  }

  /** What ran for a call threw: that call ends, and what follows its stream rings the front desk (rule END-43). */
  #faulted(callId: string, err: unknown): void {
    const { log, countFault } = this.#options;
    countFault('call');
    log.error({ callId, err }, 'a fault in a call: it ends, and its guest goes to the front desk');
    try {
      this.#entries.get(callId)?.call.end('fault');
    } catch (error) {
      log.error({ callId, err: error }, 'a call failed at its end, too');
    }
    this.#forget(callId);
  }

  #forget(callId: string): void {
    this.#entries.delete(callId);
    this.live.remove(callId);
    this.#options.tokens.revoke(callId);
  }
}

/** The stored phrases of the language that the call is in when one is played. */
function clipsIn(clips: (language: string) => Clips, language: CallLanguage): Clips {
  return {
    get phrases() {
      return clips(language.code).phrases;
    },
    softSound: clips(language.code).softSound,
  };
}

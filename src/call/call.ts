/**
 * The conductor of one phone call: one method for each thing that can happen. What to do is decided by the files beside it.
 */
import { AgentSpeech } from './agent-speech.ts';
import type { Happening, ToolPath, Usage } from './call-event.ts';
import type { CallOptions } from './call-options.ts';
import { CallRecord } from './call-record.ts';
import { mayMove, type EndReason, type Phase } from './call-state.ts';
import { CallerSide } from './caller-side.ts';
import { HandOver } from './hand-over.ts';
import { LIMITS } from './limits.ts';
import { Manners } from './manners.ts';
import type * as ports from './ports.ts';
import { ResponseTimes } from './response-times.ts';
import { Timers } from './timers.ts';
import { Transcript } from './transcript.ts';
import type { DialOutcome } from './transfer.ts';

export class Call implements ports.CallerLegEvents, ports.AgentLegEvents {
  readonly callId: string;
  readonly #options: CallOptions;
  readonly #record: CallRecord;
  readonly #timers: Timers<string>;
  readonly #transcript = new Transcript();
  readonly #times = new ResponseTimes();
  readonly #speech: AgentSpeech;
  readonly #caller: CallerSide;
  readonly #handOver: HandOver;
  readonly #manners: Manners;
  readonly #abort = new AbortController();
  #phase: Phase = { name: 'ringing' };
  #agent: ports.AgentLeg | undefined;
  #isAgentReady = false;

  constructor(options: CallOptions) {
    const { callId, clock, path, control, desk, readers } = options;
    this.callId = callId;
    this.#options = options;
    this.#record = new CallRecord(callId, clock, readers);
    this.#timers = new Timers(clock);
    this.#speech = new AgentSpeech(path, this.#record, this.#transcript, clock);
    this.#caller = new CallerSide(this.#record, control);
    const end = (reason: EndReason): void => this.end(reason);
    const shared = { record: this.#record, timers: this.#timers, end };
    this.#handOver = new HandOver({
      ...shared,
      control,
      desk,
      signal: this.#abort.signal,
      hasAgent: () => this.#agent !== undefined,
      closeAgent: () => this.#closeAgent(),
      closeCaller: () => this.#caller.close(),
      handedOver: () => this.#move({ name: 'handed-over' }),
    });
    this.#manners = new Manners({
      ...shared,
      words: options.words,
      speech: this.#speech,
      times: this.#times,
      phase: () => this.#phase,
      move: (to) => this.#move(to),
      agent: () => this.#agent,
      cutOff: () => this.#cutOff(),
      dial: () => void this.#handOver.dial(),
      giveToDesk: (endsAs, why) => this.#giveToDesk(endsAs, why),
    });
  }

  get phase(): Phase['name'] {
    return this.#phase.name;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The carrier announced the call: dial the agent while the phone still rings through. */
  answer(): void {
    const { carrier, from, to, agentName } = this.#options;
    this.#record.note({ kind: 'answered', carrier, from, to, agent: agentName });
    this.#timers.set('stream', LIMITS.streamWithinMs, () => this.end('caller-never-came'));
    this.#timers.set('caller', LIMITS.agentWaitsForCallerMs, () => this.#letAgentGo());
    this.#timers.set('too-long', this.#options.maxCallMs, () => this.#lastedTooLong());
    this.#agent = this.#options.openAgent(this);
  }

  streamOpened(leg: ports.CallerLeg): void {
    const isWanted = this.#phase.name !== 'handed-over' || this.#handOver.isComingBack;
    if (!isWanted || this.#phase.name === 'ended') return leg.close();
    this.#timers.stop('stream');
    this.#timers.stop('caller');
    this.#agent ??= this.#options.openAgent(this);
    this.#caller.opened(leg);
    this.#times.started(this.#options.clock.nowMs());
    const back = this.#handOver.cameBack();
    if (back) return this.#comeBack(back.department, back.outcome);
    if (this.#isAgentReady) return this.#manners.greet();
    this.#timers.set('agent', LIMITS.agentWithinMs, () => this.#giveToDesk('agent-unreachable', 'not ready in time'));
  }

  callerAudio(frame: Uint8Array): void {
    if (this.#phase.name === 'handed-over') return;
    this.#agent?.append(this.#options.path.toAgent(frame));
  }

  audioSent(source: ports.AudioSource, bytes: number, markName: string | undefined): void {
    this.#speech.sent(source, bytes, markName);
    const happening = this.#times.sounded(this.#options.clock.nowMs());
    if (happening) this.#record.note(happening);
  }

  markReturned(markName: string): void {
    this.#speech.markReturned(markName);
    this.#manners.goOnWhenQuiet();
  }

  keypadPressed(digit: string): void {
    this.#record.note({ kind: 'keypad-pressed', digit });
    this.#manners.guestIsThere();
  }

  streamEnded(why: 'stopped' | 'lost' | 'abuse'): void {
    this.#caller.lost();
    if (this.#handOver.expectsStreamToEnd) return;
    this.end(why === 'stopped' ? 'caller-hung-up' : why === 'abuse' ? 'protocol-abuse' : 'media-stream-lost');
  }

  /** The carrier says that the whole call is over. */
  carrierEnded(): void {
    this.end(this.#handOver.endsAs);
  }

  /** A person was dialled. @returns whether the caller comes back to the agent. */
  dialEnded(outcome: DialOutcome): 'resume' | 'hang-up' {
    return this.#handOver.dialEnded(outcome);
  }

  agentReady(): void {
    this.#isAgentReady = true;
    this.#timers.stop('agent');
    this.#record.note({ kind: 'agent-ready', afterMs: this.#record.sinceAnswerMs() });
    if (this.#caller.leg && this.#phase.name === 'ringing') this.#manners.greet();
  }

  toolsOffered(path: ToolPath, reason?: string): void {
    this.#record.note({ kind: 'tools-offered', path, reason });
  }

  guestStartedSpeaking(): void {
    this.#manners.guestStartedSpeaking();
    this.#record.note({ kind: 'guest-started-speaking' });
    this.#manners.guestIsThere();
  }

  guestStoppedSpeaking(): void {
    this.#record.note({ kind: 'guest-stopped-speaking' });
    this.#times.guestStopped(this.#options.clock.nowMs());
    this.#manners.guestStoppedSpeaking();
  }

  guestTurnCommitted(itemId: string, willBeAnswered: boolean): void {
    this.#transcript.begin(itemId, 'guest');
    if (!willBeAnswered) this.#manners.turnNeedsAnswer();
  }

  guestTranscript(itemId: string, text: string, isFinal: boolean): void {
    const turn = this.#transcript.words(itemId, 'guest', text);
    if (!isFinal) return this.#record.words('guest', itemId, text);
    this.#transcript.close(itemId);
    if (text !== '') this.#record.note({ kind: 'guest-said', turnId: itemId, order: turn.order, text });
  }

  responseStarted(responseId: string): void {
    const hasSayingEnded = this.#speech.responseStarted(responseId);
    if (hasSayingEnded && this.#times.hasSounded) this.#manners.greetingIsOver();
    this.#timers.stop('silence');
  }

  agentAudio(responseId: string, source: ports.AudioSource, audio: Uint8Array): void {
    if (this.#caller.leg) this.#speech.play(responseId, source, audio, this.#caller.leg);
  }

  agentAudioDone(responseId: string, source: ports.AudioSource): void {
    if (this.#caller.leg) this.#speech.finish(responseId, source, this.#caller.leg);
  }

  agentTranscript(source: ports.AudioSource, text: string): void {
    this.#speech.words(source, text);
  }

  responseEnded(responseId: string, _status: string, usage?: Usage): void {
    this.#speech.responseEnded(responseId);
    if (usage) this.#record.note({ kind: 'tokens-used', responseId, usage });
    this.#manners.goOnWhenQuiet();
  }

  toolRequested(toolCallId: string, name: string, argumentsJson: string): void {
    const own = this.#options.readOwnFunction(name, argumentsJson);
    if (!own) return void this.#runTool(toolCallId, name, argumentsJson);
    switch (own.kind) {
      case 'mistake':
        return this.#agent?.giveToolResult(toolCallId, own.text, true);
      case 'transfer':
        return this.#startTransfer(toolCallId, own.department, own.reason, own.summary);
      case 'hang-up':
        this.#agent?.giveToolResult(toolCallId, 'The call ends now.', false);
        return this.#manners.leave('agent-hung-up');
      default:
        return own satisfies never;
    }
  }

  /** A tool reports what it did, whichever path it was called by. */
  toolHappened(happening: Happening): void {
    this.#manners.toolsRunning(happening.kind === 'tool-started' ? 1 : happening.kind === 'tool-ended' ? -1 : 0);
    this.#record.note(happening);
  }

  agentFailed(code: string, message: string, isFatal: boolean): void {
    this.#record.note({ kind: 'agent-failed', code, message, isFatal });
    if (isFatal) this.#giveToDesk('agent-unreachable', message);
  }

  agentLost(why: string): void {
    this.#giveToDesk(this.#isAgentReady ? 'agent-lost' : 'agent-unreachable', why);
  }

  /**
   * Ends the call; the first reason wins, more calls do nothing. Order: mark ended, stop timers, tell the carrier,
   * close the agent's side, tell the owner.
   */
  end(reason: EndReason): void {
    if (this.#phase.name === 'ended') return;
    this.#speech.end();
    this.#move({ name: 'ended', reason });
    this.#timers.close();
    this.#abort.abort();
    this.#caller.end(reason);
    this.#closeAgent();
    this.#record.note({ kind: 'ended', reason, durationMs: this.#record.sinceAnswerMs() });
    this.#options.onEnd(this);
  }

  #startTransfer(toolCallId: string, department: string, reason: string, summary: string): void {
    const answer = this.#handOver.request(department, reason, summary);
    if ('refusal' in answer) return this.#agent?.giveToolResult(toolCallId, answer.refusal, true);
    this.#agent?.giveToolResult(toolCallId, 'The guest is being put through now.', false);
    this.#agent?.setTurnTaking('held');
    this.#move({ name: 'transferring' });
    if (!this.#speech.hasSpoken) this.#speech.say(answer.announcement, this.#agent);
    this.#manners.goOnWhenQuiet();
  }

  #comeBack(department: string, outcome: DialOutcome): void {
    this.#move({ name: 'talking' });
    this.#agent?.setTurnTaking('automatic');
    this.#agent?.respond(this.#options.words.transferFailed(department, outcome));
  }

  #giveToDesk(endsAs: EndReason, why: string): void {
    if (this.#phase.name === 'handed-over' || this.#phase.name === 'ended') return;
    this.#record.note({ kind: 'agent-lost', why });
    this.#handOver.toDesk(endsAs);
  }

  #lastedTooLong(): void {
    if (this.#phase.name === 'handed-over') return;
    if (this.#caller.leg && this.#agent) this.#manners.leave('too-long');
    else this.end('too-long');
  }

  #cutOff(): void {
    if (this.#caller.leg && this.#agent) this.#speech.cutOff(this.#caller.leg, this.#agent);
  }

  async #runTool(toolCallId: string, name: string, argumentsJson: string): Promise<void> {
    const result = await this.#options.tools.run(name, argumentsJson, toolCallId, this.#abort.signal);
    if (this.#abort.signal.aborted) return;
    this.#agent?.giveToolResult(toolCallId, result.text, true);
  }

  /** The caller takes their time: the agent is dialled again when they come. */
  #letAgentGo(): void {
    this.#closeAgent();
    this.#isAgentReady = false;
  }

  #closeAgent(): void {
    this.#agent?.close();
    this.#agent = undefined;
  }

  #move(to: Phase): void {
    if (to.name === this.#phase.name || !mayMove(this.#phase.name, to.name)) return;
    this.#record.note({ kind: 'phase-changed', from: this.#phase.name, to: to.name });
    this.#phase = to;
  }
}

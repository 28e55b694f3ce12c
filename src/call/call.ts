/** The conductor of one phone call: one method for each thing that can happen. What to do is decided by the files beside it. */
import { AgentSpeech } from './agent-speech.ts';
import type { Happening, ToolPath, Usage } from './call-event.ts';
import { CallMemory } from './call-memory.ts';
import type { CallOptions } from './call-options.ts';
import { CallRecord } from './call-record.ts';
import { mayMove, type EndReason, type Phase } from './call-state.ts';
import { CallerSide } from './caller-side.ts';
import { ClaimWatch } from './claim-watch.ts';
import { Continuity } from './continuity.ts';
import { allInTurn } from './error-boundary.ts';
import { HandOver } from './hand-over.ts';
import { Keypad } from './keypad.ts';
import { LIMITS } from './limits.ts';
import { Manners } from './manners.ts';
import type * as ports from './ports.ts';
import { ResponseTimes } from './response-times.ts';
import { Timers } from './timers.ts';
import { ToolRequests } from './tool-requests.ts';
import { Transcript } from './transcript.ts';
import type { DialOutcome } from './transfer.ts';
import { WaysOut } from './ways-out.ts';

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
  readonly #continuity: Continuity;
  readonly #waysOut: WaysOut;
  readonly #toolRequests: ToolRequests;
  readonly #keypad: Keypad;
  #phase: Phase = { name: 'ringing' };

  constructor(options: CallOptions) {
    const { callId, clock, path, control, desk, readers } = options;
    this.callId = callId;
    this.#options = options;
    const memory = new CallMemory();
    const claims = new ClaimWatch({ unproven: (turnId, text) => this.#manners.claimedTooMuch(turnId, text) });
    this.#record = new CallRecord(callId, clock, [memory, ...readers, claims]);
    this.#timers = new Timers(clock);
    this.#speech = new AgentSpeech(path, this.#record, this.#transcript, clock);
    this.#caller = new CallerSide(this.#record, control);
    const shared = {
      record: this.#record,
      timers: this.#timers,
      speech: this.#speech,
      words: options.words,
      phase: (): Phase => this.#phase,
      move: (to: Phase): void => this.#move(to),
      caller: (): ports.CallerLeg | undefined => this.#caller.leg,
      giveToDesk: (endsAs: EndReason, why: string): void => this.#waysOut.giveToDesk(endsAs, why),
      end: (reason: EndReason): void => this.end(reason),
    };
    this.#handOver = new HandOver({
      ...shared,
      control,
      desk,
      signal: this.#abort.signal,
      closeAgent: () => this.#continuity.close(),
      closeCaller: () => this.#caller.close(),
      handedOver: () => this.#move({ name: 'handed-over' }),
    });
    this.#manners = new Manners({
      ...shared,
      agent: () => (this.#continuity.isReady ? this.#continuity.leg : undefined),
      cutOff: () => this.#cutOff(),
      quiet: () => this.#continuity.quiet(),
      dial: () => void this.#handOver.dial(),
    });
    this.#continuity = new Continuity({
      ...shared,
      clock,
      memory,
      path,
      engines: options.engines,
      clips: options.clips,
      manners: this.#manners,
      call: this,
      open: (dial, events) => options.openAgent(events, dial),
    });
    this.#waysOut = new WaysOut({
      ...shared,
      manners: this.#manners,
      handOver: this.#handOver,
      continuity: () => this.#continuity,
    });
    this.#keypad = new Keypad({
      timers: this.#timers,
      person: () => this.#waysOut.transferByKey(desk.frontDesk),
      typed: (digits) => this.#manners.guestTyped(digits),
    });
    this.#toolRequests = new ToolRequests({
      tools: options.tools,
      readOwnFunction: options.readOwnFunction,
      language: options.language,
      signal: this.#abort.signal,
      record: this.#record,
      continuity: this.#continuity,
      transfer: (id, { department, reason, summary }) => this.#waysOut.transfer(id, department, reason, summary),
      hangUp: () => this.#manners.leave('agent-hung-up'),
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
    // The caller takes their time: the agent is dialled again when they come.
    this.#timers.set('caller', LIMITS.agentWaitsForCallerMs, () => this.#continuity.close());
    this.#timers.set('too-long', this.#options.maxCallMs, () => this.#waysOut.lastedTooLong());
    this.#continuity.dial();
  }

  streamOpened(leg: ports.CallerLeg): void {
    const isWanted = this.#phase.name !== 'handed-over' || this.#handOver.isComingBack;
    if (!isWanted || this.#phase.name === 'ended') return leg.close();
    for (const name of ['stream', 'caller']) this.#timers.stop(name);
    this.#continuity.dial();
    this.#caller.opened(leg);
    this.#times.started(this.#options.clock.nowMs());
    const back = this.#handOver.cameBack();
    if (back) return this.#waysOut.comeBack(back.department, back.outcome);
    this.#continuity.guestCame();
  }

  callerAudio(frame: Uint8Array): void {
    if (this.#phase.name !== 'handed-over') this.#continuity.hear(frame);
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
    this.#manners.guestIsThere();
    this.#keypad.pressed(digit);
  }

  streamEnded(why: 'stopped' | 'lost' | 'abuse'): void {
    this.#caller.lost();
    const reason = why === 'stopped' ? 'caller-hung-up' : why === 'abuse' ? 'protocol-abuse' : 'media-stream-lost';
    if (!this.#handOver.expectsStreamToEnd) this.end(reason);
  }

  /** The carrier says that the whole call is over. */
  carrierEnded(): void {
    this.#handOver.carrierEnded();
  }

  /** The colleague who was dialled takes the call. */
  colleagueAccepted(): void {
    this.#handOver.accepted();
  }

  /** A person was dialled. @returns whether the caller comes back to the agent. */
  dialEnded(outcome: DialOutcome): 'resume' | 'hang-up' {
    return this.#handOver.dialEnded(outcome);
  }

  agentReady(): void {
    this.#continuity.ready();
  }

  toolsOffered(path: ToolPath, reason?: string): void {
    this.#record.note({ kind: 'tools-offered', path, reason });
  }

  guestStartedSpeaking(): void {
    this.#times.guestStarted(this.#options.clock.nowMs());
    this.#continuity.guestStarted();
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
    this.#continuity.guestCommitted(itemId);
    if (!willBeAnswered) this.#manners.turnNeedsAnswer();
  }

  guestTranscript(itemId: string, text: string, isFinal: boolean): void {
    const turn = this.#transcript.words(itemId, 'guest', text);
    if (!isFinal) return this.#record.words('guest', itemId, text);
    this.#transcript.close(itemId);
    this.#continuity.guestWordsKnown(itemId);
    if (text !== '') this.#record.note({ kind: 'guest-said', turnId: itemId, order: turn.order, text });
  }

  responseStarted(responseId: string): void {
    this.#continuity.responseStarted();
    if (this.#speech.responseStarted(responseId) && this.#speech.hasEverSpoken) this.#manners.greetingIsOver();
    this.#timers.stop('silence');
  }

  agentAudio(responseId: string, source: ports.AudioSource, audio: Uint8Array): void {
    this.#continuity.agentSounds();
    if (this.#caller.leg) this.#speech.play(responseId, source, audio, this.#caller.leg);
  }

  agentAudioDone(responseId: string, source: ports.AudioSource): void {
    if (this.#caller.leg) this.#speech.finish(responseId, source, this.#caller.leg);
  }

  agentTranscript(source: ports.AudioSource, text: string): void {
    this.#speech.words(source, text);
  }

  responseEnded(responseId: string, status: ports.ResponseStatus, usage?: Usage): void {
    this.#continuity.responseEnded(status);
    this.#speech.responseEnded(responseId);
    if (usage) this.#record.note({ kind: 'tokens-used', responseId, usage });
    this.#manners.goOnWhenQuiet();
  }

  toolRequested(toolCallId: string, name: string, argumentsJson: string): void {
    this.#toolRequests.requested(toolCallId, name, argumentsJson);
  }

  /** A tool reports what it did, whichever path it was called by. */
  toolHappened(happening: Happening): void {
    this.#manners.toolHappened(happening);
    this.#record.note(happening);
    this.#continuity.toolHappened(happening);
  }

  /** Staff changed which tools there are; the agent learns of it in a pause. @param version of the set that is offered now. */
  toolsChanged(version: number): void {
    this.#continuity.toolsChanged(version);
  }

  agentFailed(code: string, message: string, isFatal: boolean): void {
    this.#record.note({ kind: 'agent-failed', code, message, isFatal });
    if (isFatal) this.#continuity.lost(message, true);
  }

  agentLost(why: string, silentMs?: number): void {
    this.#continuity.lost(why, false, silentMs);
  }

  noticed(happening: Happening): void {
    this.#record.note(happening);
  }

  /** Ends the call; the first reason wins, more calls do nothing. Each step is taken, whatever becomes of the others. */
  end(reason: EndReason): void {
    if (this.#phase.name === 'ended') return;
    allInTurn(
      () => this.#speech.end(),
      () => this.#move({ name: 'ended', reason }),
      () => this.#timers.close(),
      () => this.#abort.abort(),
      () => this.#caller.end(reason),
      () => this.#continuity.close(),
      () => this.#record.note({ kind: 'ended', reason, durationMs: this.#record.sinceAnswerMs() }),
      () => this.#options.onEnd(this),
    );
  }

  #cutOff(): void {
    if (this.#caller.leg) this.#speech.cutOff(this.#caller.leg, this.#continuity.leg, this.#times.guestSpeaksSinceMs);
  }

  #move(to: Phase): void {
    if (to.name === this.#phase.name || !mayMove(this.#phase.name, to.name)) return;
    this.#record.note({ kind: 'phase-changed', from: this.#phase.name, to: to.name });
    this.#phase = to;
  }
}

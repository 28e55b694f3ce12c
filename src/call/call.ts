/**
 * The conductor of one phone call: one method for each thing that can happen. It joins the two legs and holds no rule
 * itself; what to do is decided by the files beside it.
 */
import type { VoicePath } from '../audio/voice-path.ts';
import { AgentSpeech } from './agent-speech.ts';
import { noticeMs, reactionTo } from './barge-in.ts';
import type { Happening, ToolPath, Usage } from './call-event.ts';
import { CallRecord } from './call-record.ts';
import { END_REASONS, mayMove, type EndReason, type Phase } from './call-state.ts';
import { HandOver } from './hand-over.ts';
import { LIMITS } from './limits.ts';
import type * as ports from './ports.ts';
import { ResponseTimes } from './response-times.ts';
import { SilenceWatch } from './silence-watch.ts';
import { Timers } from './timers.ts';
import { Transcript } from './transcript.ts';
import type { DialOutcome } from './transfer.ts';

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
  maxCallMs: number;
  readers: readonly ports.EventReader[];
  /** Dials the agent; its events go to the call. */
  openAgent(events: ports.AgentLegEvents): ports.AgentLeg;
  /** The call has ended and holds nothing any more. */
  onEnd(call: Call): void;
}

export class Call implements ports.CallerLegEvents, ports.AgentLegEvents {
  readonly callId: string;
  readonly #options: CallOptions;
  readonly #record: CallRecord;
  readonly #timers: Timers<string>;
  readonly #transcript = new Transcript();
  readonly #silence = new SilenceWatch();
  readonly #times = new ResponseTimes();
  readonly #speech: AgentSpeech;
  readonly #handOver: HandOver;
  readonly #abort = new AbortController();
  #phase: Phase = { name: 'ringing' };
  #agent: ports.AgentLeg | undefined;
  #caller: ports.CallerLeg | undefined;
  #isAgentReady = false;
  #hasUnansweredTurn = false;
  #runningTools = 0;

  constructor(options: CallOptions) {
    const { callId, clock, path, control, desk, readers } = options;
    this.callId = callId;
    this.#options = options;
    this.#record = new CallRecord(callId, clock, readers);
    this.#timers = new Timers(clock);
    this.#speech = new AgentSpeech(path, this.#record, this.#transcript, clock);
    this.#handOver = new HandOver({
      control,
      desk,
      record: this.#record,
      timers: this.#timers,
      signal: this.#abort.signal,
      hasAgent: () => this.#agent !== undefined,
      closeAgent: () => this.#closeAgent(),
      closeCaller: () => this.#closeCaller(),
      handedOver: () => this.#move({ name: 'handed-over' }),
      end: (reason) => this.end(reason),
    });
  }

  get phase(): Phase['name'] {
    return this.#phase.name;
  }

  /** Aborted when the call ends. */
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

  // ——— the caller's leg ———

  streamOpened(leg: ports.CallerLeg): void {
    if (this.#phase.name === 'ended' || (this.#phase.name === 'handed-over' && !this.#handOver.isComingBack))
      return leg.close();
    this.#timers.stop('stream');
    this.#timers.stop('caller');
    this.#agent ??= this.#options.openAgent(this);
    this.#caller = leg;
    this.#times.started(this.#options.clock.nowMs());
    const back = this.#handOver.cameBack();
    if (back) return this.#comeBack(back.department, back.outcome);
    if (this.#isAgentReady) return this.#greet();
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
    this.#goOnWhenQuiet();
  }

  keypadPressed(digit: string): void {
    this.#record.note({ kind: 'keypad-pressed', digit });
    this.#guestIsThere();
  }

  streamEnded(why: 'stopped' | 'lost' | 'abuse'): void {
    this.#noteOddities();
    this.#caller = undefined;
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

  // ——— the agent's leg ———

  agentReady(): void {
    this.#isAgentReady = true;
    this.#timers.stop('agent');
    this.#record.note({ kind: 'agent-ready', afterMs: this.#record.sinceAnswerMs() });
    if (this.#caller && this.#phase.name === 'ringing') this.#greet();
  }

  toolsOffered(path: ToolPath, reason?: string): void {
    this.#record.note({ kind: 'tools-offered', path, reason });
  }

  guestStartedSpeaking(): void {
    // First of all what the guest must notice; the record comes after.
    const reaction = reactionTo(this.#phase.name, this.#speech.isPlaying);
    if (reaction.kind === 'cut-now') this.#cutOff();
    if (reaction.kind === 'cut-if-still-speaking')
      this.#timers.set('protected-speech', reaction.afterMs, () => this.#stillSpeaking());
    this.#record.note({ kind: 'guest-started-speaking' });
    this.#guestIsThere();
    // Who speaks after the goodbye has more to say (rule END-33).
    if (this.#phase.name === 'leaving') this.#move({ name: 'talking' });
  }

  guestStoppedSpeaking(): void {
    this.#record.note({ kind: 'guest-stopped-speaking' });
    this.#timers.stop('protected-speech');
    this.#times.guestStopped(this.#options.clock.nowMs());
    this.#goOnWhenQuiet();
  }

  guestTurnCommitted(itemId: string, willBeAnswered: boolean): void {
    this.#transcript.begin(itemId, 'guest');
    if (willBeAnswered) return;
    this.#hasUnansweredTurn = true;
    if (this.#phase.name === 'talking') this.#answerTurn();
  }

  guestTranscript(itemId: string, text: string, isFinal: boolean): void {
    const turn = this.#transcript.words(itemId, 'guest', text);
    if (!isFinal) return this.#record.words('guest', itemId, text);
    this.#transcript.close(itemId);
    if (text !== '') this.#record.note({ kind: 'guest-said', turnId: itemId, order: turn.order, text });
  }

  responseStarted(responseId: string): void {
    const hasSayingEnded = this.#speech.responseStarted(responseId);
    if (hasSayingEnded && this.#times.hasSounded) this.#greetingIsOver();
    this.#timers.stop('silence');
  }

  agentAudio(responseId: string, source: ports.AudioSource, audio: Uint8Array): void {
    if (this.#caller) this.#speech.play(responseId, source, audio, this.#caller);
  }

  agentAudioDone(responseId: string, source: ports.AudioSource): void {
    if (this.#caller) this.#speech.finish(responseId, source, this.#caller);
  }

  agentTranscript(source: ports.AudioSource, text: string): void {
    this.#speech.words(source, text);
  }

  responseEnded(responseId: string, _status: string, usage?: Usage): void {
    this.#speech.responseEnded(responseId);
    if (usage) this.#record.note({ kind: 'tokens-used', responseId, usage });
    this.#goOnWhenQuiet();
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
        return this.#leave('agent-hung-up');
      default:
        return own satisfies never;
    }
  }

  /** A tool reports what it did, whichever path it was called by. */
  toolHappened(happening: Happening): void {
    if (happening.kind === 'tool-started') this.#runningTools++;
    if (happening.kind === 'tool-ended') this.#runningTools--;
    this.#timers.stop('silence');
    this.#record.note(happening);
  }

  agentFailed(code: string, message: string, isFatal: boolean): void {
    this.#record.note({ kind: 'agent-failed', code, message, isFatal });
    if (isFatal) this.#giveToDesk('agent-unreachable', message);
  }

  agentLost(why: string): void {
    this.#giveToDesk(this.#isAgentReady ? 'agent-lost' : 'agent-unreachable', why);
  }

  // ——— the end ———

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
    this.#noteOddities();
    this.#tellCarrier(reason);
    this.#closeAgent();
    this.#record.note({ kind: 'ended', reason, durationMs: this.#record.sinceAnswerMs() });
    this.#options.onEnd(this);
  }

  // ——— what follows from it ———

  #greet(): void {
    this.#move({ name: 'greeting' });
    this.#speech.say(this.#options.words.greeting, this.#agent);
    this.#timers.set('moment', LIMITS.greetingWithinMs, () => this.#greetingIsOver());
  }

  #greetingIsOver(): void {
    if (this.#phase.name !== 'greeting') return;
    if (!this.#times.hasSounded) return this.#giveToDesk('agent-unreachable', 'no greeting was heard');
    this.#timers.stop('moment');
    this.#timers.stop('protected-speech');
    this.#move({ name: 'talking' });
    this.#agent?.setTurnTaking('automatic');
    if (this.#hasUnansweredTurn) this.#answerTurn();
    else this.#watchSilence();
  }

  /** The guest has spoken over protected words for a while: give way once the notice was heard. */
  #stillSpeaking(): void {
    const { heardMs, receivedMs } = this.#speech.progress();
    const leftMs = noticeMs(this.#options.words.noticeShare, receivedMs) - heardMs;
    if (leftMs > 0) return this.#timers.set('protected-speech', leftMs, () => this.#stillSpeaking());
    this.#cutOff();
    this.#greetingIsOver();
  }

  #answerTurn(): void {
    this.#hasUnansweredTurn = false;
    this.#agent?.respond();
  }

  /** Nobody speaks and nothing is still to be said: whoever waited for that goes on. */
  #goOnWhenQuiet(): void {
    if (!this.#speech.isOver) return;
    switch (this.#phase.name) {
      case 'greeting':
        return this.#greetingIsOver();
      case 'transferring':
        return void this.#handOver.dial();
      case 'leaving':
        return this.end(this.#phase.reason);
      case 'talking':
        return this.#watchSilence();
      case 'ringing':
      case 'handed-over':
      case 'ended':
        return;
      default:
        return this.#phase satisfies never;
    }
  }

  #watchSilence(): void {
    if (this.#runningTools > 0) return;
    const { afterMs, next } = this.#silence.due();
    this.#timers.set('silence', afterMs, () => {
      this.#record.note({ kind: 'silence-noticed', silentMs: afterMs });
      if (next === 'leave') return this.#leave('silence');
      this.#silence.asked();
      this.#speech.say(this.#options.words.stillThere, this.#agent);
    });
  }

  #guestIsThere(): void {
    this.#silence.guestSpoke();
    this.#timers.stop('silence');
  }

  #startTransfer(toolCallId: string, department: string, reason: string, summary: string): void {
    const answer = this.#handOver.request(department, reason, summary);
    if ('refusal' in answer) return this.#agent?.giveToolResult(toolCallId, answer.refusal, true);
    this.#agent?.giveToolResult(toolCallId, 'The guest is being put through now.', false);
    this.#agent?.setTurnTaking('held');
    this.#move({ name: 'transferring' });
    if (!this.#speech.hasSpoken) this.#speech.say(answer.announcement, this.#agent);
    this.#goOnWhenQuiet();
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

  #leave(reason: EndReason): void {
    if (this.#phase.name === 'leaving' || this.#phase.name === 'ended') return;
    const hasSaidGoodbye = reason === 'agent-hung-up' && this.#speech.hasSpoken;
    this.#move({ name: 'leaving', reason });
    const { tooLong, farewell } = this.#options.words;
    if (!hasSaidGoodbye) this.#speech.say(reason === 'too-long' ? tooLong : farewell, this.#agent);
    this.#timers.set('moment', this.#speech.unheardMs() + LIMITS.goodbyeWithinMs, () => {
      if (this.#phase.name === 'leaving') this.end(reason);
    });
    this.#goOnWhenQuiet();
  }

  #lastedTooLong(): void {
    if (this.#phase.name === 'handed-over') return;
    if (this.#caller && this.#agent) this.#leave('too-long');
    else this.end('too-long');
  }

  #cutOff(): void {
    if (this.#caller && this.#agent) this.#speech.cutOff(this.#caller, this.#agent);
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

  #closeCaller(): void {
    this.#noteOddities();
    this.#caller?.close();
    this.#caller = undefined;
  }

  #tellCarrier(reason: EndReason): void {
    const leg = this.#caller;
    this.#caller = undefined;
    const doneBy = END_REASONS[reason];
    const isOurDoing = doneBy === 'us' || doneBy === 'staff' || doneBy === 'agent';
    if (!leg || !isOurDoing) return leg?.close();
    // A deliberate end is a completion at the carrier first, then the close (rule CARRIER-32).
    void this.#options.control.complete().finally(() => leg.close());
  }

  #noteOddities(): void {
    const counts = this.#caller?.oddities() ?? {};
    if (Object.keys(counts).length > 0) this.#record.note({ kind: 'carrier-oddities', counts });
  }

  #move(to: Phase): void {
    if (to.name === this.#phase.name || !mayMove(this.#phase.name, to.name)) return;
    this.#record.note({ kind: 'phase-changed', from: this.#phase.name, to: to.name });
    this.#phase = to;
  }
}

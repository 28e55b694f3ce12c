/**
 * Keeps somebody on the line: dials the agent, has another one go on when it is lost, fills the time until then, and gives
 * the guest to a person when no agent can be had. Each of these is decided elsewhere; here they meet.
 */
import type { AgentSpeech } from './agent-speech.ts';
import { AgentSide, type AgentSideParts } from './agent-side.ts';
import type { Happening } from './call-event.ts';
import type { EndReason, Phase } from './call-state.ts';
import { LIMITS } from './limits.ts';
import type { Manners } from './manners.ts';
import type { AgentLeg, CallerLeg, CallWords, Clips, ResponseStatus } from './ports.ts';
import { ToolTalk } from './tool-talk.ts';
import { Waiting } from './waiting.ts';

/** The parts of a call that continuity moves. */
export interface ContinuityParts extends Omit<
  AgentSideParts,
  'runningTools' | 'came' | 'wentAway' | 'gaveUp' | 'changed' | 'isSilent'
> {
  clips: Clips;
  words: CallWords;
  speech: AgentSpeech;
  manners: Manners;
  caller(): CallerLeg | undefined;
  phase(): Phase;
  giveToDesk(endsAs: EndReason, why: string): void;
}

export class Continuity {
  readonly #parts: ContinuityParts;
  readonly #agents: AgentSide;
  readonly #waiting: Waiting;
  readonly #talk: ToolTalk;

  constructor(parts: ContinuityParts) {
    this.#parts = parts;
    this.#talk = new ToolTalk({
      ...parts,
      mayTalk: () => this.isReady && parts.phase().name === 'talking',
      isQuiet: () => parts.speech.isOver,
      isExcused: () => this.#waiting.hasSpoken,
      say: (text) => parts.speech.say(text, this.leg),
    });
    this.#waiting = new Waiting({ ...parts, isAgentAboutToSpeak: () => this.#talk.isAboutToSound });
    this.#agents = new AgentSide({
      ...parts,
      runningTools: () => parts.manners.runningTools,
      isSilent: () => parts.phase().name === 'talking' && parts.speech.isOver,
      came: (how, owesAnswer) => this.#came(how, owesAnswer),
      wentAway: () => this.#wentAway(),
      gaveUp: (why) => this.#gaveUp(why),
      changed: () => parts.speech.agentGone(parts.caller()),
    });
  }

  get leg(): AgentLeg | undefined {
    return this.#agents.leg;
  }

  get isReady(): boolean {
    return this.#agents.isReady;
  }

  /** There is an agent, or one is being dialled. */
  get isWanted(): boolean {
    return this.#agents.isWanted;
  }

  dial(): void {
    this.#agents.dial();
  }

  /** The guest is there: they are greeted, or wait for somebody to do it. */
  guestCame(): void {
    if (this.isReady) this.#greet();
    else this.guestWaits();
  }

  /** The guest is there and nobody to speak to them. */
  guestWaits(): void {
    this.#waiting.begin('not-there-yet');
    this.#parts.timers.set('agent', LIMITS.agentWithinMs, () => this.#gaveUp('not ready in time'));
  }

  hear(frame: Uint8Array): void {
    this.#agents.hear(frame);
  }

  ready(): void {
    this.#agents.becameReady();
  }

  /**
   * The agent’s connection is gone, or never came. @param isHopeless whether dialling the same again is no use.
   * @param silentMs for how long nothing came of it before.
   */
  lost(why: string, isHopeless: boolean, silentMs = 0): void {
    const { name } = this.#parts.phase();
    // Whoever is leaving or with a person needs no agent any more; words that were sent are still heard.
    if (name !== 'leaving' && name !== 'handed-over') return this.#agents.lost(why, isHopeless, silentMs);
    this.#parts.record.note({ kind: 'agent-lost', why });
    this.#agents.close();
    this.#wentAway();
  }

  guestStarted(): void {
    this.#waiting.guestStarted();
    this.#talk.guestStarted();
    this.#agents.guestStarted();
  }

  guestCommitted(itemId: string): void {
    this.#talk.guestStopped();
    this.#agents.guestCommitted(itemId);
    if (this.isReady && this.#parts.phase().name === 'talking') this.#waiting.begin('answer');
  }

  guestWordsKnown(itemId: string): void {
    this.#agents.turn.guestWordsKnown(itemId);
  }

  responseStarted(): void {
    this.#agents.turn.responseStarted();
  }

  /** Audio of the agent arrived: nobody waits any more. */
  agentSounds(): void {
    this.#waiting.over();
    this.#talk.agentSounds();
    this.#agents.turn.agentSounds();
  }

  responseEnded(status: ResponseStatus): void {
    this.#agents.turn.responseEnded(status);
    if (this.#talk.responseEnded() && this.#parts.phase().name === 'talking') this.#waiting.goOn();
  }

  /** A tool or its approval began or ended, whichever path it was called by. */
  toolHappened(happening: Happening): void {
    this.#talk.happened(happening);
    if (happening.kind === 'tool-started' || happening.kind === 'approval-asked') {
      this.#agents.turn.toolStarted();
      if (this.#parts.phase().name === 'talking') this.#waiting.begin('tool');
    }
    if (
      (happening.kind === 'tool-ended' || happening.kind === 'approval-ended') &&
      this.#parts.manners.runningTools === 0
    )
      this.#agents.toolsSettled();
  }

  /** Staff changed which tools there are. */
  toolsChanged(version: number): void {
    this.#agents.toolsChanged(version);
  }

  /** The call goes on in another language. */
  languageChanged(): void {
    this.#agents.languageChanged();
  }

  /** The guest and the agent are silent. */
  quiet(): void {
    this.#agents.quiet();
  }

  close(): void {
    this.#waiting.over();
    this.#agents.close();
  }

  #came(how: 'first' | 'again', owesAnswer: boolean): void {
    const { timers, record, caller, phase, manners } = this.#parts;
    timers.stop('agent');
    if (how === 'first') record.note({ kind: 'agent-ready', afterMs: record.sinceAnswerMs() });
    if (!caller()) return;
    if (!owesAnswer) this.#waiting.over();
    if (phase().name === 'ringing') return this.#greet();
    manners.agentIsBack(owesAnswer);
  }

  #greet(): void {
    this.#parts.manners.greet();
    this.#waiting.begin('answer');
  }

  #wentAway(): void {
    const { speech, caller, phase, manners } = this.#parts;
    speech.agentGone(caller());
    const { owesAnswer, unheardFrom } = this.#agents.turn.open;
    const isWaitedFor = owesAnswer || unheardFrom !== undefined || phase().name === 'greeting';
    if (isWaitedFor && phase().name !== 'leaving') this.#waiting.begin('away');
    manners.goOnWhenQuiet();
  }

  #gaveUp(why: string): void {
    const { speech, timers, giveToDesk } = this.#parts;
    timers.stop('agent');
    this.#agents.close();
    const endsAs = speech.hasEverSpoken ? 'agent-lost' : 'agent-unreachable';
    const lastWordsMs = this.#waiting.lastWords('desk');
    if (lastWordsMs === 0) return giveToDesk(endsAs, why);
    timers.set('last-words', lastWordsMs + LIMITS.lastWordsMarginMs, () => giveToDesk(endsAs, why));
  }
}

/**
 * The agent's leg as long as there is one, and the way back to one when it is lost: who is dialled when says redial.ts, what
 * the new one must know says call-memory.ts, what the guest hears meanwhile says waiting.ts (rules MODEL-16, 24 and 25).
 */
import type { VoicePath } from '../audio/voice-path.ts';
import { AgentTurn } from './agent-turn.ts';
import type { CallMemory } from './call-memory.ts';
import type { CallRecord } from './call-record.ts';
import { LIMITS } from './limits.ts';
import type { AgentDial, AgentLeg, AgentLegEvents, Clock } from './ports.ts';
import { PlannedSwap } from './planned-swap.ts';
import { RecentAudio } from './recent-audio.ts';
import { Redial } from './redial.ts';
import type { Timers } from './timers.ts';
import { ToolsChange } from './tools-change.ts';

/** Audio is handed over in pieces of this many bytes of μ-law: 100 ms. */
const PIECE_BYTES = 800;
/** How much of the guest's audio before the start of speech is given along: detectors tell late. */
const LEAD_IN_MS = 300;

/** The parts of a call that the agent's side moves. */
export interface AgentSideParts {
  clock: Clock;
  timers: Timers<string>;
  record: CallRecord;
  memory: CallMemory;
  path: VoicePath;
  /** By preference, at least one. */
  engines: readonly string[];
  call: AgentLegEvents;
  open(dial: AgentDial, events: AgentLegEvents): AgentLeg;
  runningTools(): number;
  /** Guest and agent talk, and at this moment nothing of the agent's sounds or is still to be said. */
  isSilent(): boolean;
  /** The agent can speak. @param how for the first time, or again; `owesAnswer`: the guest waits for one. */
  came(how: 'first' | 'again', owesAnswer: boolean): void;
  /** Another leg took over in a pause. */
  changed(): void;
  /** A ready agent went away and is dialled again. */
  wentAway(): void;
  /** No agent can be had. */
  gaveUp(why: string): void;
}

export class AgentSide {
  readonly turn = new AgentTurn();
  readonly #parts: AgentSideParts;
  readonly #recent = new RecentAudio();
  readonly #swap: PlannedSwap;
  readonly #toolsChange: ToolsChange;
  #leg: AgentLeg | undefined;
  #redial: Redial | undefined;
  #isReady = false;
  #hasBeenReady = false;
  #isSettling = false;
  #awaySinceMs = 0;
  /** From where the caller's audio was not given to any agent. */
  #missedFrom = 0;

  constructor(parts: AgentSideParts) {
    this.#parts = parts;
    this.#swap = new PlannedSwap({
      ...parts,
      isQuiet: () => this.#isQuiet,
      takeOver: (leg) => this.#change(leg),
    });
    this.#toolsChange = new ToolsChange(parts, () => (this.#isReady ? this.#leg : undefined));
  }

  /** The leg that is dialled or in use. */
  get leg(): AgentLeg | undefined {
    return this.#leg;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** There is an agent, or one is being dialled. */
  get isWanted(): boolean {
    return this.#leg !== undefined || this.#redial !== undefined;
  }

  /** Dials an agent unless that is under way. */
  dial(): void {
    if (this.isWanted) return;
    const nowMs = this.#parts.clock.nowMs();
    this.#redial = new Redial(this.#parts.engines, nowMs, Math.random);
    this.#awaySinceMs = nowMs;
    this.#open(this.#redial.engine);
  }

  /** A frame of the caller: to the agent, or kept for one who comes. */
  hear(frame: Uint8Array): void {
    this.#recent.keep(frame);
    if (this.#isReady) this.#leg?.append(this.#parts.path.toAgent(frame));
  }

  guestStarted(): void {
    this.turn.guestStarted(this.#recent.placeBefore(LEAD_IN_MS));
  }

  guestCommitted(itemId: string): void {
    this.turn.guestCommitted(itemId, this.#recent.position);
  }

  /** The dialled leg is configured. One who comes back waits until running tools are settled: it must know what they did. */
  becameReady(): void {
    this.#parts.timers.stop('agent-attempt');
    if (!this.#hasBeenReady || this.#parts.runningTools() === 0) return this.#takeOver();
    this.#isSettling = true;
    this.#parts.timers.set('settle', LIMITS.toolsSettleWithinMs, () => this.#takeOver());
  }

  /** The guest and the agent are silent, and nothing is owed or runs. */
  quiet(): void {
    if (!this.#isQuiet) return;
    this.#toolsChange.quiet();
    this.#swap.quiet();
  }

  /** Staff changed which tools there are. */
  toolsChanged(version: number): void {
    this.#toolsChange.changed(version);
    this.quiet();
  }

  /** The call goes on in another language: who was dialled before that is not taken into use. */
  languageChanged(): void {
    this.#swap.dialAnew();
  }

  toolsSettled(): void {
    if (this.#isSettling) this.#takeOver();
  }

  /**
   * The leg is gone, or never came. @param isHopeless whether trying the same again is no use. @param silentMs for how long
   * nothing came of it before: it may not have heard what the guest said since.
   */
  lost(why: string, isHopeless: boolean, silentMs: number): void {
    if (!this.isWanted) return;
    const { clock, timers, record, wentAway, gaveUp } = this.#parts;
    const nowMs = clock.nowMs();
    record.note({ kind: 'agent-lost', why });
    const wasReady = this.#isReady;
    this.#redial ??= new Redial(this.#parts.engines, nowMs, Math.random);
    if (wasReady) {
      this.#awaySinceMs = nowMs;
      this.#missedFrom = this.#recent.placeBefore(silentMs);
    }
    this.#drop();
    if (wasReady) wentAway();
    const next = this.#redial.failed(nowMs, isHopeless);
    if (next === 'give-up') {
      this.#redial = undefined;
      return gaveUp(why);
    }
    if (next.isFallback) record.note({ kind: 'fallback', to: next.engine, why });
    timers.set('redial', next.afterMs, () => this.#open(next.engine));
  }

  /** Nobody is wanted any more. */
  close(): void {
    this.#redial = undefined;
    this.#parts.timers.stop('redial');
    // Nothing was said yet: whoever comes next is the first.
    if (this.#parts.memory.isEmpty) this.#hasBeenReady = false;
    if (this.#isReady) this.#missedFrom = this.#recent.position;
    this.#drop();
  }

  get #isQuiet(): boolean {
    const { owesAnswer, unheardFrom } = this.turn.open;
    const isOpen = owesAnswer || unheardFrom !== undefined || this.#parts.runningTools() > 0;
    return this.#isReady && !isOpen && this.#parts.isSilent();
  }

  #open(engine: string): void {
    const { timers, clock } = this.#parts;
    const isRedial = this.#hasBeenReady;
    const leftMs = this.#redial?.leftMs(clock.nowMs()) ?? 0;
    const withinMs = Math.min(isRedial ? LIMITS.redialWithinMs : LIMITS.agentWithinMs, Math.max(leftMs, 1));
    timers.set('agent-attempt', withinMs, () => this.lost('not ready in time', false, 0));
    this.#leg = this.#parts.open({ engine, isRedial }, this.#parts.call);
  }

  #takeOver(): void {
    const { timers, clock, record, memory, came } = this.#parts;
    const leg = this.#leg;
    if (!leg) return;
    timers.stop('settle');
    this.#isSettling = false;
    const how = this.#hasBeenReady ? 'again' : 'first';
    if (!memory.isEmpty) leg.restore(memory.entries());
    const { owesAnswer, unheardFrom } = this.turn.open;
    this.turn.handedOn();
    this.#isReady = true;
    this.#hasBeenReady = true;
    if (how === 'again') {
      const afterMs = Math.round(clock.nowMs() - this.#awaySinceMs);
      record.note({ kind: 'agent-back', afterMs, attempts: this.#redial?.attempts ?? 1 });
    }
    this.#swap.began(this.#redial?.engine ?? this.#parts.engines[0] ?? '');
    this.#redial = undefined;
    this.#toolsChange.tookOver(leg);
    // Speech that is given again is answered as it is heard: asking for an answer too would make two.
    came(how, owesAnswer && unheardFrom === undefined);
    this.#giveMissed(leg, Math.min(unheardFrom ?? this.#missedFrom, this.#missedFrom));
  }

  /** A planned change: the new leg is told what was said, the old one is let go. */
  #change(leg: AgentLeg): void {
    const old = this.#leg;
    this.#leg = leg;
    if (!this.#parts.memory.isEmpty) leg.restore(this.#parts.memory.entries());
    leg.setTurnTaking('automatic');
    this.#toolsChange.tookOver(leg);
    this.#parts.changed();
    old?.close();
  }

  #giveMissed(leg: AgentLeg, place: number): void {
    const missed = this.#recent.since(place);
    for (let at = 0; at < missed.length; at += PIECE_BYTES)
      leg.append(this.#parts.path.toAgent(missed.subarray(at, at + PIECE_BYTES)));
  }

  #drop(): void {
    for (const name of ['agent-attempt', 'settle']) this.#parts.timers.stop(name);
    this.#isSettling = false;
    this.#isReady = false;
    this.#swap.stop();
    const leg = this.#leg;
    this.#leg = undefined;
    leg?.close();
  }
}

/**
 * The live calls as staff see them, folded from call events. It reads events; it never touches a call. Card numbers are
 * for nobody's eyes.
 */
import type { CallEvent, LiveWords } from '../call/call-event.ts';
import { redactCards } from '../call/card-numbers.ts';
import type { EventReader } from '../call/ports.ts';
import { englishNameOf } from '../hotel/languages.ts';
import type { LiveFeed } from './live-feed.ts';
import type { CallSummary } from './ports.ts';
import type { LiveCall, LiveCallHead, LiveLine } from './wire.ts';

/** Lines kept of one live call; older ones are on the call's page. */
const MAX_LINES = 200;

interface Live {
  head: LiveCallHead;
  lines: LiveLine[];
  transferredTo: string | null;
}

export class LiveCallView implements EventReader {
  readonly #calls = new Map<string, Live>();
  readonly #feed: LiveFeed;

  constructor(feed: LiveFeed) {
    this.#feed = feed;
  }

  /** The calls going on, oldest first. */
  snapshot(): LiveCall[] {
    return [...this.#calls.values()].map(({ head, lines }) => ({ ...head, lines: [...lines] }));
  }

  words({ callId, turnId, speaker, text }: LiveWords): void {
    if (!this.#calls.has(callId) || this.#feed.viewers === 0) return;
    this.#feed.publish('words', { callId, turnId, speaker, text: redactCards(text) });
  }

  happened(event: CallEvent): void {
    const { callId, at, happening } = event;
    if (happening.kind === 'answered') {
      const { from } = happening;
      const head = { callId, from, startedAt: at, phase: 'ringing', room: null, firstAudioMs: null };
      this.#calls.set(callId, { head, lines: [], transferredTo: null });
      return this.#feed.publish('call', head);
    }
    const live = this.#calls.get(callId);
    if (!live) return;
    if (happening.kind === 'ended') {
      this.#calls.delete(callId);
      return this.#feed.publish('call-ended', endedCall(live, at, happening.reason));
    }
    const line = lineOf(event, live.lines);
    if (line) {
      place(live.lines, line);
      return this.#feed.publish('line', { callId, line });
    }
    if (changeHead(live, event)) this.#feed.publish('call', live.head);
  }
}

function endedCall({ head, transferredTo }: Live, endedAt: string, endReason: string): CallSummary {
  const startedAt = new Date(head.startedAt);
  return { ...head, startedAt, phase: 'ended', endedAt: new Date(endedAt), endReason, transferredTo };
}

/** @returns whether the event changed what staff see. */
function changeHead(live: Live, { happening }: CallEvent): boolean {
  switch (happening.kind) {
    case 'phase-changed':
      live.head = { ...live.head, phase: happening.to };
      return true;
    case 'first-audio':
      live.head = { ...live.head, firstAudioMs: happening.afterMs };
      return true;
    case 'guest-verified':
      live.head = { ...live.head, room: happening.room };
      return true;
    case 'transfer-started':
      live.transferredTo = happening.department;
      return false;
    case 'transfer-ended':
      if (happening.outcome !== 'connected') live.transferredTo = null;
      return false;
    default:
      return false;
  }
}

/** @returns the line that an event is for staff, if it is one. */
function lineOf({ sequence, happening }: CallEvent, lines: readonly LiveLine[]): LiveLine | undefined {
  switch (happening.kind) {
    case 'guest-said': {
      const { turnId, order, text } = happening;
      return { turnId, order, speaker: 'guest', text: redactCards(text), wasCutOff: false };
    }
    case 'agent-said': {
      const { turnId, order, text, wasCutOff } = happening;
      return { turnId, order, speaker: 'agent', text: redactCards(text), wasCutOff };
    }
    case 'tool-ended': {
      const { tool, toolCallId, server, path, outcome, durationMs, result } = happening;
      const whose = server === undefined ? '' : ` · ${server}`;
      const text = `${tool.replaceAll('_', ' ')}${whose} · ${path} · ${outcome} · ${durationMs} ms\n${redactCards(result)}`;
      return noteOf(toolCallId, text);
    }
    case 'claim-unproven': {
      const text = `to be checked · the agent spoke of something that was not recorded\n${redactCards(happening.text)}`;
      return noteOf(`claim-${happening.turnId}`, text);
    }
    case 'keypad-typed':
      return noteOf(`keys-${sequence}`, `typed on the keys · ${happening.digits}`);
    case 'language-switched':
      return noteOf(`language-${sequence}`, `the guest asked for ${englishNameOf(happening.to)} · spoken from here on`);
    case 'approval-asked':
      return noteOf(`asked-${happening.approvalId}`, `staff are asked · ${happening.tool} · ${happening.server}`);
    case 'approval-ended':
      return noteOf(`ended-${happening.approvalId}`, `staff were asked · ${happening.decision}`);
    case 'path-changed':
      return noteOf(`path-${sequence}`, `tools of ${happening.server} · now ${happening.to} · ${happening.why}`);
    default:
      return undefined;
  }

  /** After the latest words; the sequence keeps notes that follow each other apart. */
  function noteOf(turnId: string, text: string): LiveLine {
    const order = Math.floor(lines.at(-1)?.order ?? 0) + sequence / 1_000_000;
    return { turnId, order, speaker: 'tool', text, wasCutOff: false };
  }
}

/** Puts a line where its order says; a turn that is told again takes its old place's stead. */
function place(lines: LiveLine[], line: LiveLine): void {
  const known = lines.findIndex(({ turnId }) => turnId === line.turnId);
  if (known >= 0) lines.splice(known, 1);
  const index = lines.findIndex(({ order }) => order > line.order);
  if (index < 0) lines.push(line);
  else lines.splice(index, 0, line);
  if (lines.length > MAX_LINES) lines.shift();
}

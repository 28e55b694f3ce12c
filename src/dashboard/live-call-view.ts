/** The live calls as staff see them, folded from call events. It reads events; it never touches a call. */
import type { CallEvent, LiveWords } from '../call/call-event.ts';
import type { EventReader } from '../call/ports.ts';
import type { LiveFeed } from './live-feed.ts';

/** Lines kept of one live call; older ones are on the call's page. */
const MAX_LINES = 200;

export interface LiveLine {
  turnId: string;
  order: number;
  speaker: 'guest' | 'agent' | 'tool';
  text: string;
  wasCutOff: boolean;
}

export interface LiveCall {
  callId: string;
  from: string;
  startedAt: string;
  phase: string;
  room: string | null;
  firstAudioMs: number | null;
  lines: LiveLine[];
}

export class LiveCallView implements EventReader {
  readonly #calls = new Map<string, LiveCall>();
  readonly #feed: LiveFeed;

  constructor(feed: LiveFeed) {
    this.#feed = feed;
  }

  /** The calls going on, oldest first. */
  snapshot(): LiveCall[] {
    return [...this.#calls.values()];
  }

  words({ callId, turnId, speaker, text }: LiveWords): void {
    if (this.#calls.has(callId)) this.#feed.publish('words', { callId, turnId, speaker, text }, true);
  }

  happened(event: CallEvent): void {
    const { callId, happening } = event;
    if (happening.kind === 'answered') {
      const { from } = happening;
      const call = { callId, from, startedAt: event.at, phase: 'ringing', room: null, firstAudioMs: null, lines: [] };
      this.#calls.set(callId, call);
      return this.#feed.publish('call', call);
    }
    const call = this.#calls.get(callId);
    if (!call) return;
    if (happening.kind === 'ended') {
      this.#calls.delete(callId);
      return this.#feed.publish('call-ended', { callId, reason: happening.reason });
    }
    if (happening.kind === 'request-created' || happening.kind === 'request-changed')
      this.#feed.publish('request-touched', { requestId: happening.requestId });
    if (fold(call, event)) this.#feed.publish('call', call);
  }
}

/** @returns whether the event changed what staff see. */
function fold(call: LiveCall, { sequence, happening }: CallEvent): boolean {
  switch (happening.kind) {
    case 'phase-changed':
      call.phase = happening.to;
      return true;
    case 'first-audio':
      call.firstAudioMs = happening.afterMs;
      return true;
    case 'guest-verified':
      call.room = happening.room;
      return true;
    case 'guest-said':
      return addLine(call, { ...happening, speaker: 'guest', wasCutOff: false });
    case 'agent-said':
      return addLine(call, { ...happening, speaker: 'agent' });
    case 'tool-ended': {
      const { tool, toolCallId, durationMs, result } = happening;
      const order = (call.lines.at(-1)?.order ?? 0) + 0.001 * sequence;
      const text = `${tool} (${durationMs} ms): ${result}`;
      return addLine(call, { turnId: toolCallId, order, speaker: 'tool', text, wasCutOff: false });
    }
    default:
      return false;
  }
}

function addLine(call: LiveCall, { turnId, order, speaker, text, wasCutOff }: LiveLine): boolean {
  const index = call.lines.findIndex((line) => line.order > order);
  const line = { turnId, order, speaker, text, wasCutOff };
  if (index < 0) call.lines.push(line);
  else call.lines.splice(index, 0, line);
  if (call.lines.length > MAX_LINES) call.lines.shift();
  return true;
}

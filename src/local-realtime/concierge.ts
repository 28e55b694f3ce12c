/**
 * The mind of the local engine: a hotel concierge that folds the whole conversation at each reply, and then decides.
 * It claims nothing that no tool answered, and does nothing that no tool offered.
 */
import { instructed } from './concierge-instructions.ts';
import { guestSpoke } from './concierge-listening.ts';
import { emptyMemory, type Asked, type Memory } from './concierge-memory.ts';
import { decide } from './concierge-policy.ts';
import { dropImpossible } from './concierge-limits.ts';
import { toolAnswered } from './concierge-tool-turns.ts';
import type { Mind, Move, OfferedTool, Turn } from './ports.ts';

/** Longer conversations are folded from here on: no call comes near it, and a reply stays quick. */
const MAX_TURNS = 2_000;

export const concierge: Mind = {
  reply({ turns, instructions, tools }) {
    const memory = emptyMemory();
    for (const turn of turns.slice(-MAX_TURNS)) take(memory, turn, tools);
    const last = turns.at(-1);
    const moves = last?.kind === 'instruction' ? instructed(last.text, instructions, memory, tools) : undefined;
    return moves ?? movesOf(memory, tools);
  },
};

function movesOf(memory: Memory, tools: readonly OfferedTool[]): Move[] {
  const { says, calls } = decide(memory, tools);
  const text = says.join(' ').trim();
  return [...(text ? [{ kind: 'say' as const, text }] : []), ...calls];
}

function take(memory: Memory, turn: Turn, tools: readonly OfferedTool[]): void {
  switch (turn.kind) {
    case 'guest':
      memory.underWay = 0;
      guestSpoke(memory, turn.text, turn.isUnderstood, tools);
      return dropImpossible(memory, tools);
    case 'agent':
      return agentSpoke(memory, turn.text, turn.wasCutOff, tools);
    case 'tool':
      toolAnswered(memory, turn);
      return dropImpossible(memory, tools);
    case 'instruction':
      return;
    default:
      return turn satisfies never;
  }
}

/** What was said is no news any more, and its question is the one the guest answers next. */
function agentSpoke(memory: Memory, text: string, wasCutOff: boolean, tools: readonly OfferedTool[]): void {
  const { says, asks, calls } = decide(memory, tools);
  const planned = says.join(' ').trim();
  const isOurs = planned !== '' && (wasCutOff ? planned.startsWith(text.trim()) : planned === text.trim());
  // Words before a call, such as "one moment", change nothing.
  if (!isOurs && calls.length > 0) {
    memory.lastSaid = text;
    return;
  }
  const asked = isOurs ? (asks ?? memory.asked) : (askedIn(text) ?? memory.asked);
  if (asked === 'confirm') for (const wish of memory.wishes) wish.isPresented = true;
  Object.assign(memory, {
    asked,
    lastSaid: isOurs || !wasCutOff ? (isOurs ? planned : text) : '',
    wasCutOff,
    news: [],
    reactions: [],
    offersDesk: false,
    isRepeating: false,
    isPausing: false,
  });
}

/** What words that are not the mind's own asked: the call's, or another model's before this one took over. */
const QUESTIONS: readonly (readonly [RegExp, Asked])[] = [
  [/still there\?/i, 'still-there'],
  [/is that (right|correct)\?|shall i (send|request|book|order|arrange)|correct\?$/i, 'confirm'],
  [/(anything|something) else/i, 'anything-else'],
  [/(put|transfer|connect) you|front desk\?/i, 'desk'],
  [/room number|which room|what room/i, 'room'],
  [/last name|surname|your name/i, 'name'],
  [/(what|which) time|when would you/i, 'time'],
  [/where (to|would you like to go)/i, 'destination'],
  [/help you|can i do for you|may i help/i, 'opening'],
];

const askedIn = (text: string): Asked | undefined => QUESTIONS.find(([words]) => words.test(text))?.[1];

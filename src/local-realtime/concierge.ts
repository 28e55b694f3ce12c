/**
 * The mind of the local engine: a hotel concierge that folds the whole conversation at each reply, and then decides.
 * It claims nothing that no tool answered, and does nothing that no tool offered.
 */
import { nameOfCall, offered, optionsFor } from './concierge-calls.ts';
import { comfortsChanged } from './concierge-comfort-turns.ts';
import { instructed } from './concierge-instructions.ts';
import { guestSpoke } from './concierge-listening.ts';
import { emptyMemory, type Asked, type Memory } from './concierge-memory.ts';
import { english, languageFor, languageOf, SWITCH_LANGUAGE } from './concierge-language.ts';
import { digitsOf, readPieces } from './concierge-numbers.ts';
import { decide } from './concierge-policy.ts';
import { dropImpossible } from './concierge-limits.ts';
import { openQuestion, putRight, takenUp } from './concierge-resume.ts';
import { toolAnswered } from './concierge-tool-turns.ts';
import { wordsOf } from './concierge-words.ts';
import type { Mind, Move, OfferedTool, Turn } from './ports.ts';

/** Longer conversations are folded from here on: no call comes near it, and a reply stays quick. */
const MAX_TURNS = 2_000;

export const concierge: Mind = {
  reply({ turns: given, instructions, tools, language }) {
    const memory = emptyMemory();
    const now = languageFor(language);
    memory.language = now;
    const switching = offered(tools, SWITCH_LANGUAGE);
    memory.canSwitchTo = switching ? optionsFor(switching, 'language') : [];
    const mayDiffer = now !== english || switching !== undefined;
    const turns = putRight(given.slice(-MAX_TURNS));
    memory.comfortsChanged = comfortsChanged(turns);
    for (const turn of turns) {
      if (mayDiffer && 'text' in turn && turn.kind !== 'instruction')
        memory.language = languageOf(turn.text, memory.language);
      take(memory, turn, tools);
    }
    memory.language = now;
    const last = turns.at(-1);
    const moves = last?.kind === 'instruction' ? instructed(last.text, instructions, turns, memory, tools) : undefined;
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
      awaited(memory, turn);
      toolAnswered(memory, turn);
      return dropImpossible(memory, tools);
    case 'instruction':
      return;
    default:
      return turn satisfies never;
  }
}

/** A call that waits for an approval is not made again; once it is decided, nobody waits for it. */
function awaited(memory: Memory, turn: Extract<Turn, { kind: 'tool' }>): void {
  const name = nameOfCall(turn);
  const at = memory.awaitingApproval.indexOf(name);
  if (turn.awaitsApproval) memory.awaitingApproval.push(name);
  else if (at >= 0) {
    memory.awaitingApproval.splice(at, 1);
    memory.underWay = Math.max(0, memory.underWay - 1);
  }
}

/** What was said is no news any more, and its question is the one the guest answers next. */
function agentSpoke(memory: Memory, text: string, wasCutOff: boolean, tools: readonly OfferedTool[]): void {
  const said = text.trim();
  // It was answered, by whatever function.
  memory.wantsLanguage = undefined;
  const planned = plannedWords(memory, said, wasCutOff, tools);
  // Words before a call, such as "one moment", change nothing.
  if (!planned && decide(memory, tools).calls.length > 0) {
    memory.lastSaid = text;
    return;
  }
  const wasCut = wasCutOff || (planned !== undefined && said !== planned.text);
  const asked = planned ? (planned.asks ?? memory.asked) : (askedIn(text) ?? memory.asked);
  if (asked === 'confirm' && said !== '') for (const wish of memory.wishes) wish.isPresented = true;
  Object.assign(memory, {
    asked,
    lastSaid: planned?.text ?? (wasCut ? '' : text),
    wasCutOff: wasCut,
    news: planned && !wasCut ? [] : untold(memory, said),
    reactions: [],
    offersDesk: false,
    isRepeating: false,
    isPausing: false,
  });
}

/** What the mind was about to say, when this is it or, cut off, its beginning. Text of another connection tells no cut. */
function plannedWords(
  memory: Memory,
  said: string,
  wasCutOff: boolean,
  tools: readonly OfferedTool[],
): { text: string; asks?: Asked | undefined } | undefined {
  const next = decide(memory, tools);
  const open = openQuestion(memory, tools);
  const plans = [
    { text: next.says.join(' ').trim(), asks: next.asks },
    { text: takenUp(memory, tools), asks: open.asks },
  ].filter(({ text }) => text !== '');
  const isBeginning = ({ text }: { text: string }) =>
    text.startsWith(said) && (wasCutOff || (said !== '' && text[said.length] === ' '));
  return plans.find(({ text }) => text === said) ?? plans.find(isBeginning);
}

/** Request numbers that the words did not tell: the guest has to hear them still. */
function untold({ news, stored, language }: Memory, said: string): string[] {
  const words = wordsOf(language.read(said));
  const told = new Set(words.map((_word, at) => digitsOf(readPieces(words, at, 9))));
  const owed = stored
    .filter(({ number }) => number !== '' && !told.has(number))
    .map(({ number }) => language.say.numberPart(number));
  return news.filter((text) => owed.some((part) => text.includes(part)));
}

/** What words that are not the mind's own asked: the call's, or another model's before this one took over. */
const QUESTIONS: readonly (readonly [RegExp, Asked])[] = [
  [/still there\?|toujours là/i, 'still-there'],
  [/is that (right|correct)\?|shall i (send|request|book|order|arrange)|correct\?$|bien ça ?\?/i, 'confirm'],
  [/(anything|something) else|autre chose/i, 'anything-else'],
  [/(put|transfer|connect) you|front desk\?|passe la réception/i, 'desk'],
  [/room number|which room|what room|numéro de chambre/i, 'room'],
  [/last name|surname|your name|votre nom/i, 'name'],
  [/(what|which) time|when would you|quelle heure/i, 'time'],
  [/where (to|would you like to go)|où .*aller/i, 'destination'],
  [/help you|can i do for you|may i help|vous aider|puis-je faire pour vous/i, 'opening'],
];

const askedIn = (text: string): Asked | undefined => QUESTIONS.find(([words]) => words.test(text))?.[1];

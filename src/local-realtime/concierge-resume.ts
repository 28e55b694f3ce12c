/**
 * A conversation that comes from another connection: put into the order in which it happened, and gone on with. Its turns
 * are text, and what was no turn of words, such as an utterance nobody understood, is missing in it. Pure.
 */
import { callOf, isNamed, offered } from './concierge-calls.ts';
import type { Memory } from './concierge-memory.ts';
import { decide, type Reply } from './concierge-policy.ts';
import { readResult } from './concierge-results.ts';
import type { Move, OfferedTool, Turn } from './ports.ts';

/** Sentences said while the guest waits, by the call or by another agent: they answer nothing. */
const FILLER =
  /^(?:thank you for calling|(?:just )?(?:one|a) (?:moment|second|minute)|(?:please )?(?:hold on|bear with me)|let me (?:check|see|look)|i(?:'ll| will) be right with you|i(?:'m| am) (?:checking|looking)|merci de votre appel|(?:juste )?un (?:instant|moment))\b/i;
/** Thanks alone begin a goodbye. */
const WAIT = /\b(?:moment|instant|second|minute|hold on|bear with me|let me|right with you|checking|looking)\b/i;
const NOT_CAUGHT =
  /^(?:i(?:'m| am) )?(?:very )?sorry,? (?:but )?i (?:still )?(?:didn't|did not) (?:quite )?(?:catch|understand|hear|get)\b|^je suis désolé, je n['’]ai (?:toujours )?pas (?:bien )?(?:compris|entendu)\b/i;
const GOODBYE = /\bgood ?bye\b|\bau revoir\b/i;

/**
 * @returns the turns with fillers left out, late words of a guest before the tools that they led to, and guests who were
 * not understood as such. Turns of this mind's own stay as they are.
 */
export function putRight(turns: readonly Turn[]): Turn[] {
  const spoken = turns.filter((turn) => turn.kind !== 'agent' || !isFiller(turn.text));
  return withPuzzlement(inOrder(spoken));
}

function isFiller(text: string): boolean {
  const sentences = text.trim().split(/(?<=[.?!])\s+/);
  return WAIT.test(text) && sentences.every((sentence) => FILLER.test(sentence));
}

const endsTheTalk = (turn: Turn): boolean =>
  turn.kind === 'tool' && (isNamed(turn.name, 'hang_up') || isNamed(turn.name, 'transfer_call'));

/** Nothing else is called right after the agent spoke: the guest's words for it were transcribed late. */
function inOrder(turns: readonly Turn[]): Turn[] {
  const ordered: Turn[] = [];
  for (const turn of turns) {
    const words = ordered.findLastIndex((other) => other.kind !== 'tool' || endsTheTalk(other));
    const isLate = turn.kind === 'guest' && words < ordered.length - 1 && ordered[words]?.kind === 'agent';
    ordered.splice(isLate ? words + 1 : ordered.length, 0, turn);
  }
  return ordered;
}

/** "I didn't catch that" tells that the words before it were none, whatever was transcribed. */
function withPuzzlement(turns: readonly Turn[]): Turn[] {
  const marked: Turn[] = [];
  let saidBefore = '';
  for (const turn of turns) {
    if (turn.kind === 'agent') {
      const last = marked.findLastIndex(({ kind }) => kind !== 'instruction');
      const before = marked[last];
      const isPuzzled = NOT_CAUGHT.test(turn.text) && turn.text !== saidBefore;
      if (isPuzzled && before?.kind === 'guest') marked[last] = { ...before, isUnderstood: false };
      if (isPuzzled && before?.kind === 'agent') marked.push({ kind: 'guest', text: '', isUnderstood: false });
      saidBefore = turn.text;
    }
    marked.push(turn);
  }
  return marked;
}

/** @returns what was asked last and is still open, without what was told with it. */
export function openQuestion(memory: Memory, tools: readonly OfferedTool[]): Reply {
  const offersDesk = memory.offersDesk || memory.asked === 'desk';
  return decide({ ...memory, failures: 0, offersDesk, isRepeating: false, isPausing: false }, tools);
}

/** @returns the words with which an open question is taken up; '' when there is none. */
export function takenUp(memory: Memory, tools: readonly OfferedTool[]): string {
  const { says, asks } = openQuestion(memory, tools);
  const wasCut = memory.wasCutOff && memory.lastSaid !== '';
  const words = wasCut ? withoutHello(memory) : says.join(' ');
  return words === '' || (asks === 'opening' && !wasCut) ? words : `${memory.language.say.whereWereWe} ${words}`;
}

function withoutHello({ lastSaid, language }: Memory): string {
  const hello = `${language.say.hello} `;
  return lastSaid.startsWith(hello) ? lastSaid.slice(hello.length) : lastSaid;
}

/**
 * Goes on where the conversation stopped: words of the guest, or of a tool, are answered; else the open question is asked
 * again. @param turns as put right, without the instruction to go on.
 */
export function resumed(turns: readonly Turn[], memory: Memory, tools: readonly OfferedTool[]): Move[] | undefined {
  const last = turns.findLast(({ kind }) => kind !== 'instruction');
  if (last?.kind === 'tool') return afterTheEnd(last, memory);
  if (last?.kind !== 'agent') return undefined;
  if (memory.isLeaving && !memory.wasCutOff && GOODBYE.test(memory.lastSaid)) return hangUpAlone(tools);
  const { calls } = decide(memory, tools);
  const isLeaving = calls.some(({ name }) => isNamed(name, 'hang_up'));
  if (calls.length > 0 && !isLeaving) return calls;
  const text = isLeaving ? '' : takenUp(memory, tools);
  return text === '' ? undefined : [{ kind: 'say', text }];
}

/** The call was ended or given on, and only its last words were lost. */
function afterTheEnd(turn: Extract<Turn, { kind: 'tool' }>, memory: Memory): Move[] | undefined {
  if (isNamed(turn.name, 'hang_up')) return [{ kind: 'say', text: memory.language.say.goodbye }];
  const isGivenOn = isNamed(turn.name, 'transfer_call') && memory.news.join(' ') === memory.language.say.puttingThrough;
  return isGivenOn && !readResult(turn.output, turn.isError).isRefusal
    ? [{ kind: 'say', text: memory.language.say.puttingThrough }]
    : undefined;
}

function hangUpAlone(tools: readonly OfferedTool[]): Move[] | undefined {
  const hangUp = offered(tools, 'hang_up');
  const call = hangUp && callOf(hangUp, { reason: 'The guest has nothing more to say' });
  return call && [call];
}

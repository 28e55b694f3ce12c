/** What the answers of tools change in the memory. A claim that something was done is made here alone, and only after it. */
import { isNamed } from './concierge-calls.ts';
import { comfortAnswered } from './concierge-comfort-turns.ts';
import { SWITCH_LANGUAGE } from './concierge-language.ts';
import type { Memory } from './concierge-memory.ts';
import { readResult, type ReadResult } from './concierge-results.ts';
import { understand } from './concierge-understanding.ts';
import { emergencyWish, isSameThing, summaryOf, wishesIn, type Wish } from './concierge-wish.ts';
import type { Turn } from './ports.ts';

/** As the hotel allows. */
const MAX_VERIFICATIONS = 3;

type ToolTurn = Extract<Turn, { kind: 'tool' }>;
type Answer = (memory: Memory, result: ReadResult, turn: ToolTurn) => void;

const ANSWERS: readonly (readonly [string, Answer])[] = [
  ['create_service_request', requestCreated],
  ['verify_guest', guestVerified],
  ['get_service_requests', requestsTold],
  ['update_service_request_priority', priorityChanged],
  ['get_hotel_information', informed],
  ['transfer_call', transferAnswered],
  [SWITCH_LANGUAGE, languageChanged],
];

/** @param memory is changed. A turn with an empty output is a call that has not answered yet. */
export function toolAnswered(memory: Memory, turn: ToolTurn): void {
  const answer = ANSWERS.find(([name]) => isNamed(turn.name, name))?.[1];
  if (!answer) return void comfortAnswered(memory, turn);
  if (turn.output === '' && !turn.isError) return underWay(memory, turn);
  const result = readResult(turn.output, turn.isError);
  answer(memory, { ...result, spoken: memory.language.say.result(result.spoken) }, turn);
}

function underWay(memory: Memory, turn: ToolTurn): void {
  memory.underWay += 1;
  const wish = wishOf(memory, turn);
  if (wish) wish.isUnderWay = true;
}

/** The open wish that this call was for; another agent words it its own way, and may not have read it back. */
function wishOf(memory: Memory, { name, arguments: args }: ToolTurn): Wish | undefined {
  if (!isNamed(name, 'create_service_request')) return undefined;
  const { wishes, room } = memory;
  const confirmed = wishes.filter(({ isConfirmed }) => isConfirmed);
  const named = wishesNamed(args);
  const about = (wish: Wish) => named.some((other) => isSameThing(wish, other) && sharesLine(wish, other));
  return (
    confirmed.find((wish) => summaryOf(wish, room) === args.summary) ??
    confirmed.find((wish) => !wish.isUnderWay && about(wish)) ??
    confirmed.find(({ isUnderWay }) => !isUnderWay) ??
    wishes.find(about) ??
    (wishes.length === 1 && named.length === 0 ? wishes[0] : undefined)
  );
}

const sharesLine = ({ what }: Wish, { what: other }: Wish): boolean =>
  what.kind !== 'lines' ||
  other.kind !== 'lines' ||
  what.lines.some(({ item }) => other.lines.some((line) => line.item === item));

/** What another agent left of a wish when it recorded a part of it; this mind's own calls are for all. */
function restOf(wish: Wish, { arguments: args }: ToolTurn): Wish | undefined {
  const done = wishesNamed(args).filter((other) => isSameThing(wish, other) && sharesLine(wish, other));
  const items = done.flatMap(({ what }) => (what.kind === 'lines' ? what.lines.map(({ item }) => item) : []));
  if (wish.what.kind !== 'lines' || items.length === 0) return undefined;
  const lines = wish.what.lines.filter(({ item }) => !items.includes(item));
  return lines.length > 0 ? { ...wish, what: { ...wish.what, lines }, isUnderWay: false } : undefined;
}

/** What the call's own words are about. */
function wishesNamed({ summary }: ToolTurn['arguments']): Wish[] {
  if (typeof summary !== 'string') return [];
  return wishesIn(understand(summary, { asked: 'confirm', wantsTime: false, hasTime: false }));
}

function requestCreated(memory: Memory, result: ReadResult, turn: ToolTurn): void {
  const open = wishOf(memory, turn);
  const wish = open ?? wishesNamed(turn.arguments)[0];
  const number = result.numbers[0];
  const stated = turn.arguments.room_number;
  const room = typeof stated === 'string' || typeof stated === 'number' ? String(stated) : memory.room;
  if (result.isRefusal && number === undefined && result.isAboutRoom && open) {
    // An unknown room: the wish stands, the room is asked again.
    Object.assign(open, { isConfirmed: false, isPresented: false, isUnderWay: false });
    memory.room = undefined;
    if (result.spoken) memory.news.push(result.spoken);
    return;
  }
  const rest = open && restOf(open, turn);
  memory.wishes = memory.wishes.flatMap((other) => (other === open ? (rest ?? []) : other));
  if (number === undefined && result.isUnconfirmed) {
    memory.stored.push({ number: '', wish, room });
    memory.news.push(memory.language.say.noted(wish, result.isDuplicate));
    memory.offersDesk ||= turn.arguments.priority === 'urgent';
    return;
  }
  if (number === undefined && result.isRefusal) {
    memory.news.push(result.spoken || memory.language.say.notRecorded);
    memory.offersDesk = true;
    return;
  }
  memory.stored.push({ number: number ?? '', wish, room });
  memory.news.push(
    number === undefined ? result.spoken : memory.language.say.recorded(wish, number, result.isDuplicate),
  );
  if (wish?.replaces?.number) memory.news.push(memory.language.say.replaced(wish.replaces.number));
}

function guestVerified(memory: Memory, result: ReadResult, turn: ToolTurn): void {
  if (!result.isRefusal) {
    memory.isVerified = true;
    memory.room = typeof turn.arguments.room_number === 'string' ? turn.arguments.room_number : memory.room;
    return;
  }
  if (result.isFailure) {
    // Nobody looked: the guest's words were not wrong, and no try is gone.
    memory.news.push(result.spoken || memory.language.say.notChecked);
    Object.assign(memory, { inquiry: undefined, offersDesk: true });
    return;
  }
  memory.failedVerifications += 1;
  memory.lastName = undefined;
  const isOver = result.isFinal || memory.failedVerifications >= MAX_VERIFICATIONS;
  memory.news.push(isOver ? memory.language.say.notVerified : memory.language.say.noMatch);
  if (!isOver) memory.room = undefined;
  else Object.assign(memory, { inquiry: undefined, offersDesk: true });
}

function requestsTold(memory: Memory, result: ReadResult, turn: ToolTurn): void {
  const { inquiry } = memory;
  const isFailure = turn.isError || (result.isRefusal && result.numbers.length === 0);
  if (!inquiry || inquiry.kind === 'status' || isFailure || result.numbers.length === 0) {
    if (needsVerification(memory, result)) return;
    memory.inquiry = undefined;
    memory.news.push(result.spoken || memory.language.say.lookUpFailed);
    memory.offersDesk ||= turn.isError;
    return;
  }
  inquiry.wasLookedUp = true;
  inquiry.number = result.numbers.length === 1 ? result.numbers[0] : numberMeant(inquiry.said, turn.output);
  // Which one it is, the guest has to say.
  if (inquiry.number === undefined) memory.news.push(result.spoken);
}

/** Nothing was found because nobody is verified yet: that comes first. */
function needsVerification(memory: Memory, result: ReadResult): boolean {
  if (memory.isVerified || !memory.inquiry || result.numbers.length > 0 || !result.asksToVerify) return false;
  memory.inquiry.mustVerify = true;
  return true;
}

/** The request whose sentence shares a word with what the guest said. */
function numberMeant(said: string, output: string): string | undefined {
  const words = said
    .split(' ')
    .filter(
      (word) =>
        word.length > 4 && !/^(please|request|urgent|could|would|about|there|number|hurry|faster|quick)/.test(word),
    );
  const fitting = output
    .split(/(?<=[.}])\s*/)
    .filter((sentence) => words.some((word) => sentence.toLowerCase().includes(word.replace(/s$/, ''))));
  const numbers = [...new Set(fitting.flatMap((sentence) => readResult(sentence, false).numbers))];
  return numbers.length === 1 ? numbers[0] : undefined;
}

function priorityChanged(memory: Memory, result: ReadResult, turn: ToolTurn): void {
  memory.inquiry = undefined;
  if (result.isRefusal) {
    memory.news.push(turn.isError || !result.spoken ? memory.language.say.changeFailed : result.spoken);
    memory.offersDesk = true;
    return;
  }
  const number = result.numbers[0] ?? numberArgument(turn);
  memory.news.push(
    number === undefined
      ? result.spoken
      : memory.language.say.prioritySet(number, turn.arguments.priority === 'urgent'),
  );
}

function numberArgument({ arguments: { request_number: number } }: ToolTurn): string | undefined {
  return typeof number === 'number' || typeof number === 'string' ? String(number) : undefined;
}

function informed(memory: Memory, result: ReadResult, turn: ToolTurn): void {
  const { topic: named } = turn.arguments;
  const at = memory.topics.findIndex(({ ids }) => ids.some((id) => id === named));
  memory.topics.splice(Math.max(at, 0), 1);
  memory.news.push(result.spoken || memory.language.say.lookUpFailed);
  memory.offersDesk ||= turn.isError || result.offersDesk;
}

function transferAnswered(memory: Memory, result: ReadResult, turn: ToolTurn): void {
  const { transfer } = memory;
  memory.transfer = undefined;
  memory.failures = 0;
  const isDone = !turn.isError && !result.isRefusal && /\b(put through|putting|transferr|connect)/i.test(turn.output);
  const isLost = !isDone && transfer?.isEmergency;
  if (isLost) memory.wishes = [emergencyWish(transfer.said)];
  memory.offersDesk ||= result.offersDesk && !isLost;
  memory.news.push(isDone ? memory.language.say.puttingThrough : result.spoken || memory.language.say.cannotTransfer);
}

/** The call tells what a guest of another language has to hear first. */
function languageChanged(memory: Memory, _result: ReadResult, { output }: ToolTurn): void {
  memory.wantsLanguage = undefined;
  const first = /\bSay first: (.{1,600})$/s.exec(output)?.[1];
  if (first) memory.reactions.push(first);
}

/**
 * Lights, temperature and curtains in the course of a conversation. They are changed at once, without reading back: whoever
 * is in the room sees it, and can have it back. Without a tool for it a guest's words mean what they always meant.
 */
import { hearComforts, FIXTURES_OF, type Comfort } from './concierge-comfort.ts';
import { kindOf, planFor } from './concierge-comfort-tools.ts';
import { comfortWords } from './concierge-comfort-words.ts';
import type { Call } from './concierge-calls.ts';
import type { Asked, Memory } from './concierge-memory.ts';
import { readResult } from './concierge-results.ts';
import { understand } from './concierge-understanding.ts';
import type { OfferedTool, Turn } from './ports.ts';

type ToolTurn = Extract<Turn, { kind: 'tool' }>;
/** A room number that stands in for the guest's, to see what a tool would need besides. */
const ANY_ROOM = '100';

/** @returns which comforts tools of the conversation changed: words about them stay such words when the tools are gone. */
export function comfortsChanged(turns: readonly Turn[]): Comfort['kind'][] {
  return [...new Set(turns.flatMap((turn) => (turn.kind === 'tool' ? (kindOf(turn.name) ?? []) : [])))];
}

/**
 * Takes what the guest wants changed, as far as tools do that. @param memory is changed.
 * @returns the guest's other words; all of them when nothing was taken, '' when nothing is left.
 */
export function takeComforts(memory: Memory, text: string, tools: readonly OfferedTool[]): string {
  if (memory.asked === 'desk') memory.comforts = [];
  const { comforts, rest } = hearComforts(text, memory.asked === 'degrees');
  const possible = comforts.filter(
    ({ kind }) => memory.comfortsChanged.includes(kind) || tools.some((tool) => kindOf(tool.name) === kind),
  );
  if (possible.length === 0 || possible.length < comforts.length || isAboutFault(text, possible)) return text;
  const could = possible.every(
    (comfort) => memory.comfortsChanged.includes(comfort.kind) || planFor(comfort, ANY_ROOM, tools),
  );
  if (!could) return text;
  for (const comfort of possible) {
    memory.comforts = memory.comforts.filter(({ kind }) => kind !== comfort.kind);
    memory.comforts.push({ ...comfort });
  }
  memory.isLeaving = false;
  if (memory.asked === 'opening' || memory.asked === 'degrees') memory.asked = 'anything-else';
  // A room that is said with it is no correction of an earlier request.
  memory.room = understand(rest, { asked: 'opening', wantsTime: false, hasTime: false }).room ?? memory.room;
  return rest;
}

/** "The lights are flickering, could you turn them on": someone has to look at them. */
function isAboutFault(text: string, comforts: readonly Comfort[]): boolean {
  const { faults } = understand(text, { asked: 'opening', wantsTime: false, hasTime: false });
  return faults.some(
    ({ fixture, symptom }) =>
      symptom !== undefined && comforts.some(({ kind }) => FIXTURES_OF[kind].includes(fixture.name)),
  );
}

/** @returns all that can be done now. */
export function comfortCalls(memory: Memory, tools: readonly OfferedTool[]): Call[] {
  return memory.comforts.flatMap((comfort) => {
    if (comfort.isUnderWay) return [];
    const plan = planFor(comfort, memory.room, tools);
    return plan?.kind === 'call' ? [plan.call] : [];
  });
}

/** @returns what has to be asked for the first that cannot be done yet. */
export function comfortQuestion(
  memory: Memory,
  tools: readonly OfferedTool[],
): { text: string; asks: Asked } | undefined {
  const words = comfortWords(memory.language.code);
  for (const comfort of memory.comforts.filter(({ isUnderWay }) => !isUnderWay)) {
    const plan = planFor(comfort, memory.room, tools);
    if (plan?.kind === 'asks' && plan.piece === 'room') return { text: memory.language.say.askRoom, asks: 'room' };
    if (plan?.kind === 'asks') return { text: words.askDegrees, asks: 'degrees' };
    if (plan?.kind === 'beyond')
      return { text: `${words.beyond(plan.least, plan.most)} ${words.askDegrees}`, asks: 'degrees' };
  }
  return undefined;
}

/** Drops what no tool does any more. @returns whether there was any. */
export function dropImpossibleComforts(memory: Memory, tools: readonly OfferedTool[]): boolean {
  const possible = memory.comforts.filter(
    (comfort) => comfort.isUnderWay || planFor(comfort, ANY_ROOM, tools) !== undefined,
  );
  const isDropped = possible.length < memory.comforts.length;
  memory.comforts = possible;
  return isDropped;
}

/** What a tool for comforts answered. @param memory is changed. @returns whether it was such a tool. */
export function comfortAnswered(memory: Memory, turn: ToolTurn): boolean {
  const kind = kindOf(turn.name);
  if (kind === undefined) return false;
  const comfort = memory.comforts.find((open) => open.kind === kind);
  if (turn.output === '' && !turn.isError) {
    memory.underWay += 1;
    if (comfort) comfort.isUnderWay = true;
    return true;
  }
  memory.comforts = memory.comforts.filter((open) => open !== comfort);
  const words = comfortWords(memory.language.code);
  const result = readResult(turn.output, turn.isError);
  if (result.isRefusal) {
    memory.news.push(memory.language.say.result(result.spoken) || words.failed);
    memory.offersDesk = true;
  } else if (comfort) memory.news.push(words.done(comfort));
  return true;
}

/** Follows the few plain instructions that a call gives for one response. Everything else is answered as usual. Pure. */
import { callOf, offered } from './concierge-calls.ts';
import type { Memory } from './concierge-memory.ts';
import { openQuestion, resumed } from './concierge-resume.ts';
import type { Move, OfferedTool, Turn } from './ports.ts';

/** The connection is another one; the guest knows nothing of it. */
const RESUME =
  /\b(?:do not|don't|never) greet\b|\b(?:connection|conversation|call) (?:\w+ ){0,3}(?:interrupted|restored|resumed)\b/i;
/** Its place at the end of longer instructions. */
const TAIL = 500;

/**
 * @param text the instruction; it may repeat the connection's own `standing` instructions in front.
 * @param turns the conversation as it was put right.
 * @returns undefined when it asks for nothing special.
 */
export function instructed(
  text: string,
  standing: string,
  turns: readonly Turn[],
  memory: Memory,
  tools: readonly OfferedTool[],
): Move[] | undefined {
  const own = (standing && text.startsWith(standing) ? text.slice(standing.length) : text).trim();
  const exact = /\bsay (?:exactly|only|the following|word for word)[^:"“]*[:"“]\s*["“]?(.{1,600}?)["”]?\s*$/is.exec(
    own,
  )?.[1];
  if (exact) return say(exact);
  const tail = own.slice(-TAIL);
  if (RESUME.test(tail) && /\b(?:continue|resume|go on)\b/i.test(tail)) return resumed(turns, memory, tools);
  // Longer ones are a whole role, not an instruction for this moment.
  if (own.length > 600) return undefined;
  const failed = /put through to (.{1,60}?), but (.{1,60}?), and/.exec(own);
  if (failed) return say(memory.language.say.transferFailed(failed[2]!, failed[1]!));
  if (/still there/i.test(own)) return say(memory.language.say.stillThere);
  if (/(?<!not )(?<!never )\b(say|bid|speak)[^.]*\b(goodbye|farewell)\b|\bend the call\b/i.test(own))
    return goodbye(memory, tools);
  if (/(?<!not )(?<!never )(?<!don't )\bgreet\b/i.test(own))
    return say(`${memory.language.say.hello} ${memory.language.say.opening}`);
  if (/\b(apologi[sz]e|did not catch|didn't catch|could not hear)\b/i.test(own))
    return say(`${memory.language.say.notCaught} ${again(memory, tools)}`);
  if (/\b(continue|resume|go on|restored|interrupted)\b/i.test(own)) return resumed(turns, memory, tools);
  return undefined;
}

/** The open question, without what was told before. */
function again(memory: Memory, tools: readonly OfferedTool[]): string {
  return openQuestion(memory, tools).says.join(' ') || memory.lastSaid;
}

function goodbye(memory: Memory, tools: readonly OfferedTool[]): Move[] {
  const hangUp = offered(tools, 'hang_up');
  const call = hangUp && callOf(hangUp, { reason: 'The call has to end' });
  return [...say(memory.language.say.goodbye), ...(call ? [call] : [])];
}

const say = (text: string): Move[] => [{ kind: 'say', text }];

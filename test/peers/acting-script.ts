/** What guest and agent say to each other in acted calls: the guest in tones, the agent by the state of the conversation. Pure. */

/** The guest's turns, each with its tone in Hz: well apart, and away from the agent's. */
export const GUEST_TONES = { question: 520, towels: 740, pillows: 1_060, thanks: 1_500 } as const;
export type Meaning = keyof typeof GUEST_TONES;

/** The agent's tone by the connection it comes from: which one of them the guest hears can be told. */
export const AGENT_TONES = [620, 880, 1_260, 1_800, 2_400] as const;
export const agentTone = (connection: number): number => AGENT_TONES[connection % AGENT_TONES.length] as number;

export const GUEST_WORDS: Record<Meaning, string> = {
  question: 'Until when is the pool open?',
  towels: 'Could you bring me two more towels?',
  pillows: 'And two pillows for the bed, please.',
  thanks: 'Thank you, that is all.',
};

/** What the guest wants done, and how a request for it is worded: differently each time, as models do. */
export const WANTS: Partial<Record<Meaning, readonly [string, string]>> = {
  towels: ['Two extra towels for the bathroom', 'The guest asks for two more bath towels'],
  pillows: ['Two extra pillows for the bed', 'The guest would like two more pillows'],
};
/** Found in every wording of a want. */
export const MARK_OF: Partial<Record<Meaning, RegExp>> = { towels: /towel/i, pillows: /pillow/i };

export const GREETING = /^Hello, this is /;

export type Item =
  | { kind: 'guest'; meaning: Meaning | undefined }
  | { kind: 'agent'; text: string }
  | { kind: 'tool'; summary: string; output: string | undefined };

export type Deed = { kind: 'say'; text: string } | { kind: 'create'; want: Meaning };

/** @returns what a sensible agent does next: what was asked for and not done yet, or an answer to the last turn. */
export function deedAfter(items: readonly Item[]): Deed {
  for (const want of ['towels', 'pillows'] as const) {
    const isWanted = items.some((item) => item.kind === 'guest' && item.meaning === want);
    const isDone = items.some((item) => item.kind === 'tool' && MARK_OF[want]?.test(item.summary));
    if (isWanted && !isDone) return { kind: 'create', want };
  }
  const last = items.findLast((item) => item.kind === 'guest');
  switch (last?.meaning) {
    case 'question':
      return { kind: 'say', text: 'The pool is open until nine in the evening.' };
    case 'thanks':
      return { kind: 'say', text: 'You are very welcome. Good night.' };
    case 'towels':
    case 'pillows':
      return { kind: 'say', text: `Certainly. ${resultOf(items)}` };
    default:
      return { kind: 'say', text: 'What can I do for you?' };
  }
}

function resultOf(items: readonly Item[]): string {
  const tool = items.findLast((item) => item.kind === 'tool');
  return tool?.output ?? '';
}

/** @returns which turn these words are, when a conversation is told in text. */
export function meaningOf(words: string): Meaning | undefined {
  return (Object.keys(GUEST_WORDS) as Meaning[]).find((meaning) => GUEST_WORDS[meaning] === words);
}

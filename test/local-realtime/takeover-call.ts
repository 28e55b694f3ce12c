/** A guest's whole dialogue with the engine over its protocol, and the same dialogue taken over by another connection. */
import type { MemoryEntry } from '../../src/call/call-memory.ts';
import { concierge } from '../../src/local-realtime/concierge.ts';
import { transcriptOf } from '../../src/local-realtime/mind-turns.ts';
import type { Heard } from '../../src/local-realtime/ports.ts';
import { restoreEvents } from '../../src/realtime/restore.ts';
import { ANSWERS, TOOLS, type Hotel } from './concierge-guest.ts';
import { setStage, type ServerEvent, type TestClient } from './realtime-stage.ts';

const GREETING = 'Hello, this is Bell, the AI assistant, and this call is transcribed. How can I help you?';
const GO_ON = 'The connection was interrupted. Continue where you stopped, and do not greet again.';
const STANDING = 'You are the concierge of a hotel.';

/** A line in words, or an utterance that the ears do not understand, with what they make of it. */
type Line = string | { mumbled: string };

export type Entry =
  | { kind: 'guest'; line: Line }
  | { kind: 'agent'; text: string }
  | { kind: 'tool'; name: string; argumentsJson: string; output: string };

export interface Dialogue {
  lines: Line[];
  hotel?: Hotel;
}

export const callsIn = (entries: readonly Entry[]) =>
  entries.flatMap((entry) =>
    entry.kind === 'tool' ? [{ name: entry.name, arguments: JSON.parse(entry.argumentsJson) as unknown }] : [],
  );

export const spokenIn = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry) => (entry.kind === 'agent' ? [entry.text] : []));

/**
 * @param before the entries that an earlier connection got to. @param goesOn whether an answer is asked for at once.
 * @returns all entries, those of before first.
 */
export async function talk(dialogue: Dialogue, before: readonly Entry[] = [], goesOn = true): Promise<Entry[]> {
  const isTakenOver = before.length > 0;
  const entries: Entry[] = isTakenOver ? [...before] : [{ kind: 'agent', text: GREETING }];
  const last = before.at(-1);
  const isUnheard = last?.kind === 'guest' && typeof last.line !== 'string' && last.line.mumbled === '';
  const lines = dialogue.lines.slice(before.filter(({ kind }) => kind === 'guest').length);
  const stage = await setStage({
    hears: [...(isUnheard ? [last.line] : []), ...lines].flatMap(heardOf),
    reply: (input) => concierge.reply(input),
  });
  try {
    const client = await stage.connect();
    await client.update({ output_modalities: ['text'], instructions: STANDING, tools: functions() });
    if (!isTakenOver) create(client, message('assistant', 'output_text', GREETING));
    else for (const event of restoreEvents(before.flatMap(memoryOf))) client.send(event as Record<string, unknown>);
    const call = new Call(client, entries, { ...ANSWERS, ...dialogue.hotel });
    if (isUnheard) create(client, audio());
    if (isTakenOver && goesOn) await call.answer(`${STANDING}\n\n${GO_ON}`);
    for (const line of lines) {
      entries.push({ kind: 'guest', line });
      create(client, typeof line === 'string' ? message('user', 'input_text', line) : audio());
      await call.answer();
    }
    return entries;
  } finally {
    await stage.close();
  }
}

/** @param items what was said and done so far, as the call restores it. @returns what the engine says and calls next. */
export async function nextAfter(
  items: readonly object[],
): Promise<{ says: string; calls: string[]; summaries: unknown[] }> {
  const stage = await setStage({ reply: (input) => concierge.reply(input) });
  try {
    const client = await stage.connect();
    await client.update({ output_modalities: ['text'], instructions: STANDING, tools: functions() });
    for (const item of items) create(client, item);
    client.send({ type: 'response.create', response: { instructions: `${STANDING}\n\n${GO_ON}` } });
    const { output } = (await client.next('response.done')).response as { output: OutputItem[] };
    const calls = output.filter(({ type }) => type === 'function_call');
    return {
      says: output.map(({ content }) => content?.[0]?.text ?? '').join(''),
      calls: calls.map(({ name }) => name),
      summaries: calls.map((call) => (JSON.parse(call.arguments) as { summary?: string }).summary),
    };
  } finally {
    await stage.close();
  }
}

export const guestSaid = (text: string): object[] => [message('user', 'input_text', text)];
export const agentSaid = (text: string): object[] => [message('assistant', 'output_text', text)];
export const toolDid = (name: string, args: object, output: string): object[] => {
  const callId = `call_${++callCount}`;
  return [
    { type: 'function_call', call_id: callId, name, arguments: JSON.stringify(args) },
    { type: 'function_call_output', call_id: callId, output },
  ];
};

const heardOf = (line: Line): Heard[] =>
  typeof line === 'string' ? [] : [{ text: line.mumbled, isUnderstood: false, confidence: 0.1 }];

const functions = () =>
  TOOLS.map(({ name, description, parameters }) => ({ type: 'function', name, description, parameters }));

const create = (client: TestClient, item: object): void => client.send({ type: 'conversation.item.create', item });

const message = (role: 'user' | 'assistant' | 'system', type: string, text: string): object => ({
  type: 'message',
  role,
  content: [{ type, text }],
});

const audio = (): object => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_audio', audio: Buffer.alloc(9600).toString('base64') }],
});

let callCount = 0;

/** What a call remembers of it: what was never words is missing. */
function memoryOf(entry: Entry): MemoryEntry[] {
  if (entry.kind === 'tool') return [{ ...entry, toolCallId: `call_${++callCount}` }];
  if (entry.kind === 'agent') return [{ kind: 'turn', speaker: 'agent', text: entry.text }];
  const text = typeof entry.line === 'string' ? entry.line : heardOf(entry.line).map(transcriptOf).join(' ');
  return text === '' ? [] : [{ kind: 'turn', speaker: 'guest', text }];
}

interface OutputItem {
  type: string;
  name: string;
  call_id: string;
  arguments: string;
  content?: { text?: string }[];
}

class Call {
  readonly #client: TestClient;
  readonly #entries: Entry[];
  readonly #hotel: Hotel;

  constructor(client: TestClient, entries: Entry[], hotel: Hotel) {
    this.#client = client;
    this.#entries = entries;
    this.#hotel = hotel;
  }

  /** Asks for answers until the agent waits for the guest. */
  async answer(instructions?: string): Promise<void> {
    for (let step = 0; step < 6; step++) {
      const response = step === 0 && instructions ? { response: { instructions } } : {};
      this.#client.send({ type: 'response.create', ...response });
      const calls = this.#take(await this.#client.next('response.done'));
      if (calls.every(({ name }) => name === 'hang_up' || name === 'transfer_call')) return;
    }
    throw new Error('the agent never waits for the guest');
  }

  #take(done: ServerEvent): OutputItem[] {
    const { output, status } = done.response as { output: OutputItem[]; status: string };
    if (status !== 'completed') throw new Error(`the response is ${status}`);
    for (const item of output)
      if (item.type === 'message') this.#entries.push({ kind: 'agent', text: item.content?.[0]?.text ?? '' });
    const calls = output.filter(({ type }) => type === 'function_call');
    for (const call of calls) this.#run(call);
    return calls;
  }

  #run({ name, arguments: argumentsJson, call_id }: OutputItem): void {
    const count = this.#entries.filter((entry) => entry.kind === 'tool' && entry.name === name).length;
    const result = this.#hotel[name]?.(JSON.parse(argumentsJson) as Record<string, unknown>, count) ?? 'Done.';
    const output = typeof result === 'string' ? result : result.error;
    this.#entries.push({ kind: 'tool', name, argumentsJson, output });
    create(this.#client, { type: 'function_call_output', call_id, output });
  }
}

/** A guest on the phone with the concierge: tells it words, plays the hotel's tools, and keeps what was said and called. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { hotelProfileSchema } from '../../src/hotel/hotel.ts';
import { ownFunctionDefinitions } from '../../src/hotel/own-functions.ts';
import { definitionOf, hotelTools } from '../../src/hotel/toolbox.ts';
import { concierge } from '../../src/local-realtime/concierge.ts';
import type { Move, OfferedTool, Turn } from '../../src/local-realtime/ports.ts';

type Call = Extract<Move, { kind: 'call' }>;
type Output = string | { error: string };
/** Tools by name: what they answer. */
export type Hotel = Record<string, (args: Record<string, unknown>, count: number) => Output>;

const example = parse(readFileSync(new URL('../../bellhop.example.yaml', import.meta.url), 'utf8')) as {
  hotel: unknown;
};
const profile = hotelProfileSchema.parse(example.hotel);

/** The tools of the example hotel, as they are offered to a model. */
export const TOOLS: OfferedTool[] = [...hotelTools(profile).map(definitionOf), ...ownFunctionDefinitions(profile)];

/** Answers as the hotel's own tools word them. */
export const ANSWERS: Hotel = {
  create_service_request: (_args, count) =>
    `Recorded for housekeeping as request number one oh ${['four', 'five', 'six'][count] ?? 'nine'}.`,
  verify_guest: (args) =>
    args.room_number === '412' && args.last_name === 'Miller'
      ? 'Verified: the guest of room 4 1 2.'
      : { error: 'Room number and last name do not fit together. Ask for both once more.' },
  get_service_requests: () =>
    'Request number one oh one, Two extra towels to room 412, is with housekeeping and being worked on.',
  update_service_request_priority: (args) =>
    `Request number ${String(args.request_number)} has now ${String(args.priority)} priority.`,
  get_hotel_information: (args) => `Facts about ${String(args.topic)}.`,
  transfer_call: () => 'The guest is being put through now.',
  hang_up: () => 'The call ends now.',
};

export class Guest {
  readonly turns: Turn[] = [];
  readonly calls: Call[] = [];
  /** What the call is in. */
  language: string | undefined;
  readonly #tools: OfferedTool[];
  readonly #hotel: Hotel;

  constructor(hotel: Hotel = {}, tools: OfferedTool[] = TOOLS) {
    this.#tools = tools;
    this.#hotel = { ...ANSWERS, ...hotel };
    this.turns.push({
      kind: 'agent',
      text: 'Hello, this is Bell, the AI assistant. How can I help you?',
      wasCutOff: false,
    });
  }

  /** @returns all that the agent said until it waits for the guest, and the calls it made meanwhile. */
  says(text: string): { said: string; calls: Call[] } {
    return this.#turn({ kind: 'guest', text, isUnderstood: true });
  }

  mumbles(): { said: string; calls: Call[] } {
    return this.#turn({ kind: 'guest', text: '', isUnderstood: false });
  }

  isTold(instruction: string): { said: string; calls: Call[] } {
    const answer = this.#turn({ kind: 'instruction', text: instruction });
    return answer;
  }

  /** Cuts off what the agent said last. */
  interrupts(heard: string): void {
    const last = this.turns.findLast((turn) => turn.kind === 'agent');
    if (last) Object.assign(last, { text: heard, wasCutOff: true });
  }

  created(): Record<string, unknown>[] {
    return this.calls.filter(({ name }) => name === 'create_service_request').map((call) => call.arguments);
  }

  #turn(turn: Turn): { said: string; calls: Call[] } {
    this.turns.push(turn);
    const said: string[] = [];
    const calls: Call[] = [];
    for (let step = 0; step < 6; step++) {
      const moves = concierge.reply({
        turns: this.turns,
        instructions: '',
        tools: this.#tools,
        language: this.language,
      });
      const made = moves.filter((move) => move.kind === 'call');
      for (const move of moves)
        if (move.kind === 'say') {
          said.push(move.text);
          this.turns.push({ kind: 'agent', text: move.text, wasCutOff: false });
        }
      for (const call of made) this.#run(call);
      calls.push(...made);
      if (made.every(({ name }) => name === 'hang_up' || name === 'transfer_call')) break;
    }
    return { said: said.join(' | '), calls };
  }

  #run(call: Call): void {
    const count = this.calls.filter(({ name }) => name === call.name).length;
    this.calls.push(call);
    if (call.name === 'switch_language') this.language = String(call.arguments.language);
    const output = this.#hotel[call.name]?.(call.arguments, count) ?? 'Done.';
    const isError = typeof output === 'object';
    this.turns.push({
      kind: 'tool',
      name: call.name,
      arguments: call.arguments,
      output: isError ? output.error : output,
      isError,
    });
  }
}

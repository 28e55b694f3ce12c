/**
 * What an agent must know to go on with a call that another one began: the finished turns and what tools did, in order
 * (rule MODEL-25). A fold over call events. Pure.
 */
import type { CallEvent } from './call-event.ts';
import type { EventReader } from './ports.ts';

/** More than a call of half an hour holds; the oldest go first. */
const MAX_ENTRIES = 400;

/** Of our own functions the only one after which another agent may have to go on: what the guest has to hear first. */
const SWITCH_LANGUAGE = 'switch_language';

export type MemoryEntry =
  | { kind: 'turn'; speaker: 'guest' | 'agent'; text: string }
  | { kind: 'tool'; toolCallId: string; name: string; argumentsJson: string; output: string };

interface Placed {
  place: number;
  entry: MemoryEntry;
}

export class CallMemory implements EventReader {
  readonly #placed: Placed[] = [];
  readonly #running = new Map<string, string>();
  #lastPlace = 0;

  get isEmpty(): boolean {
    return this.#placed.length === 0;
  }

  /** In the order of the call: guest transcripts arrive late and stand where they were spoken. */
  entries(): MemoryEntry[] {
    return this.#placed.toSorted((one, other) => one.place - other.place).map(({ entry }) => entry);
  }

  words(): void {}

  happened({ happening }: CallEvent): void {
    switch (happening.kind) {
      case 'guest-said':
      case 'agent-said': {
        const speaker = happening.kind === 'guest-said' ? 'guest' : 'agent';
        if (happening.text !== '') this.#add(happening.order, { kind: 'turn', speaker, text: happening.text });
        return;
      }
      case 'tool-started':
        this.#running.set(happening.toolCallId, happening.arguments);
        return;
      case 'tool-ended': {
        const { toolCallId, tool: name, result: output } = happening;
        const argumentsJson = this.#running.get(toolCallId) ?? '{}';
        this.#running.delete(toolCallId);
        // After the words that led to it: between two turns, tools in the order of their ends.
        this.#add(this.#lastPlace + 0.001, { kind: 'tool', toolCallId, name, argumentsJson, output });
        return;
      }
      case 'language-switched': {
        const { toolCallId, to, told: output } = happening;
        const argumentsJson = JSON.stringify({ language: to });
        this.#add(this.#lastPlace + 0.001, { kind: 'tool', toolCallId, name: SWITCH_LANGUAGE, argumentsJson, output });
        return;
      }
      default:
    }
  }

  #add(place: number, entry: MemoryEntry): void {
    this.#placed.push({ place, entry });
    this.#lastPlace = Math.max(this.#lastPlace, place);
    if (this.#placed.length > MAX_ENTRIES) this.#placed.shift();
  }
}

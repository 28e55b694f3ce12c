/**
 * What the agent says, as the server tells it: audio and words. What still arrives of a response that was cut off is dropped
 * by its response id (rule BARGE-7); only one can be under way, so only the last is remembered.
 */
import type { AgentLegEvents } from '../call/ports.ts';
import type { ServerEvent, ServerMessage } from './realtime-events.ts';
import { SpokenWords } from './spoken-words.ts';

type Audio = Extract<ServerMessage, { kind: 'audio' }>;
type Words = Extract<
  ServerEvent,
  { type: 'response.output_audio_transcript.delta' | 'response.output_audio_transcript.done' }
>;

export class AgentOutput {
  readonly #events: AgentLegEvents;
  readonly #sawOutput: (responseId: string) => void;
  readonly #words = new SpokenWords();
  #cutResponseId: string | undefined;

  /** @param sawOutput told of each piece of a response that was not cut off. */
  constructor(events: AgentLegEvents, sawOutput: (responseId: string) => void) {
    this.#events = events;
    this.#sawOutput = sawOutput;
  }

  cut(responseId: string): void {
    this.#cutResponseId = responseId;
  }

  audio({ responseId, itemId, contentIndex, audio }: Audio): void {
    if (responseId === this.#cutResponseId) return;
    this.#sawOutput(responseId);
    this.#events.agentAudio(responseId, { itemId, contentIndex }, audio);
  }

  /** @returns whether the event was about what the agent says. */
  happened(event: ServerEvent): boolean {
    switch (event.type) {
      case 'response.output_audio.done': {
        const source = { itemId: event.item_id, contentIndex: event.content_index };
        if (event.response_id !== this.#cutResponseId) this.#events.agentAudioDone(event.response_id, source);
        return true;
      }
      case 'response.output_audio_transcript.delta':
        this.#says(event, this.#words.add(event.item_id, event.delta), false);
        return true;
      case 'response.output_audio_transcript.done':
        this.#words.finish(event.item_id);
        this.#says(event, event.transcript, true);
        return true;
      default:
        return false;
    }
  }

  #says(
    { response_id: responseId, item_id: itemId, content_index: contentIndex }: Words,
    text: string,
    isFinal: boolean,
  ): void {
    if (responseId === this.#cutResponseId) return;
    this.#sawOutput(responseId);
    this.#events.agentTranscript({ itemId, contentIndex }, text, isFinal);
  }
}

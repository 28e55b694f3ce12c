/** What the Realtime server needs: ears that hear, a voice that speaks, a mind that decides what to say and do. */

/** Recognises speech. Loaded once per process; many utterances may be open at the same time. */
export interface Ears {
  /** One utterance; fed while it is spoken, so that the end costs little. @param language of the guest, such as `fr`. */
  listen(language?: string): Hearing;
  close(): void;
}

export interface Hearing {
  /** @param pcm 16-bit mono, 8 kHz, any length. */
  feed(pcm: Int16Array): void;
  finish(): Heard;
  /** Drops the utterance: it was noise. */
  discard(): void;
}

export interface Heard {
  /** Lower-case words as said; '' when there were none. */
  text: string;
  isUnderstood: boolean;
  /** 0 to 1. */
  confidence: number;
}

export interface Voice {
  /**
   * @param usual the language of the conversation, such as `fr`: for words that could be in several.
   * @returns 16-bit mono PCM at `sampleRateHz` of one sentence.
   */
  speak(text: string, voice: string, usual?: string): Promise<{ pcm: Int16Array; sampleRateHz: number }>;
}

/** One step of the conversation as the mind sees it; a conversation is a list of them, oldest first. */
export type Turn =
  | { kind: 'guest'; text: string; isUnderstood: boolean }
  | { kind: 'agent'; text: string; wasCutOff: boolean }
  | {
      kind: 'tool';
      name: string;
      arguments: Record<string, unknown>;
      output: string;
      isError: boolean;
      /** Somebody is asked whether it may run, which can take longer than the guest is silent. */
      awaitsApproval?: true;
    }
  /** Text of the system, in the conversation or for this one response. */
  | { kind: 'instruction'; text: string };

export interface OfferedTool {
  name: string;
  description: string;
  /** JSON Schema of type object. */
  parameters: Record<string, unknown>;
}

/** Pure: it folds the whole conversation each time, so that a restored conversation just works. */
export interface Mind {
  /** @param input.language in which the guest is heard and answered now; English when left out. */
  reply(input: { turns: Turn[]; instructions: string; tools: OfferedTool[]; language?: string | undefined }): Move[];
}

/** A reply may say something and call tools, in this order of moves. */
export type Move = { kind: 'say'; text: string } | { kind: 'call'; name: string; arguments: Record<string, unknown> };

/** Token counts of a response, by the published rates: guest audio 1 per 100 ms, agent audio 1 per 50 ms. Pure. */
import type { StoredItem } from './conversation.ts';

/** One piece of a response's context. Pieces that stood at the same place before count as cached. */
export interface ContextPiece {
  key: string;
  textTokens: number;
  audioTokens: number;
}

export const textTokens = (text: string): number => Math.ceil(text.length / 4);
export const agentAudioTokens = (audioMs: number): number => Math.ceil(audioMs / 50);

/** The context of a response as pieces, in order: settings first, then items. */
export function contextPieces(settings: string[], items: readonly StoredItem[]): ContextPiece[] {
  const head = settings.map((text, index) => ({
    key: `${index}:${text}`,
    textTokens: textTokens(text),
    audioTokens: 0,
  }));
  return [...head, ...items.map(pieceOf)];
}

function pieceOf(stored: StoredItem): ContextPiece {
  const { item, audioMs } = stored;
  const isGuest = item.type === 'message' && item.role === 'user';
  const audioTokens = isGuest ? Math.ceil(audioMs / 100) : agentAudioTokens(audioMs);
  const text = audioMs > 0 ? 0 : textTokens(JSON.stringify('content' in item ? item.content : item));
  return { key: `${item.id}:${audioMs}:${text}`, textTokens: text, audioTokens };
}

/** @param before the pieces of the response before this one. @returns `usage` as `response.done` tells it. */
export function usageOf(
  pieces: ContextPiece[],
  before: ContextPiece[],
  output: { textTokens: number; audioTokens: number },
) {
  let shared = 0;
  while (shared < pieces.length && pieces[shared]?.key === before[shared]?.key) shared++;
  const input = sum(pieces);
  const cached = sum(pieces.slice(0, shared));
  const inputTokens = input.text + input.audio;
  const outputTokens = output.textTokens + output.audioTokens;
  return {
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    input_token_details: {
      text_tokens: input.text,
      audio_tokens: input.audio,
      image_tokens: 0,
      cached_tokens: cached.text + cached.audio,
      cached_tokens_details: { text_tokens: cached.text, audio_tokens: cached.audio, image_tokens: 0 },
    },
    output_token_details: { text_tokens: output.textTokens, audio_tokens: output.audioTokens },
  };
}

function sum(pieces: ContextPiece[]): { text: number; audio: number } {
  return pieces.reduce(
    (total, piece) => ({ text: total.text + piece.textTokens, audio: total.audio + piece.audioTokens }),
    {
      text: 0,
      audio: 0,
    },
  );
}

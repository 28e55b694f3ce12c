/** Token counts of a response, cached ones taken out of the input (rule MODEL-23). */
import type { Usage } from '../call/call-event.ts';
import type { ProviderUsage } from './realtime-events.ts';

/** @returns counts that can be priced: no token appears in two of them. */
export function usageOf(usage: ProviderUsage | null | undefined): Usage | undefined {
  const input = usage?.input_token_details;
  const output = usage?.output_token_details;
  if (!input && !output) return undefined;
  const cached = input?.cached_tokens_details;
  const [cachedText, cachedAudio] = [cached?.text_tokens ?? 0, cached?.audio_tokens ?? 0];
  return {
    inputTextTokens: Math.max(0, (input?.text_tokens ?? 0) - cachedText),
    inputAudioTokens: Math.max(0, (input?.audio_tokens ?? 0) - cachedAudio),
    cachedTextTokens: cachedText,
    cachedAudioTokens: cachedAudio,
    outputTextTokens: output?.text_tokens ?? 0,
    outputAudioTokens: output?.audio_tokens ?? 0,
  };
}

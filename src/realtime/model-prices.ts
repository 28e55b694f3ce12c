/**
 * What models cost per million tokens, in US dollars. Read on 2026-11-21 from the pages of the models,
 * https://developers.openai.com/api/docs/models/<name>; check them again when a bill says otherwise.
 * Transcription of the guest's words is billed apart and is not in here.
 */
import { NO_TOKENS, type TokenPrices } from '../call/token-cost.ts';

const FULL: TokenPrices = {
  inputTextTokens: 4,
  inputAudioTokens: 32,
  cachedTextTokens: 0.4,
  cachedAudioTokens: 0.4,
  outputTextTokens: 24,
  outputAudioTokens: 64,
};

const PRICES = new Map<string, TokenPrices>([
  ['gpt-realtime-2.1', FULL],
  ['gpt-realtime-2', FULL],
  ['gpt-realtime-1.5', { ...FULL, outputTextTokens: 16 }],
  [
    'gpt-realtime-2.1-mini',
    {
      inputTextTokens: 0.6,
      inputAudioTokens: 10,
      cachedTextTokens: 0.06,
      cachedAudioTokens: 0.3,
      outputTextTokens: 2.4,
      outputAudioTokens: 20,
    },
  ],
  // Our own engine sends no bill.
  ['local', NO_TOKENS],
]);

/** @returns undefined for a model that is not in the table: then there is no cost, rather than a guessed one. */
export function pricesOf(model: string): TokenPrices | undefined {
  return PRICES.get(model);
}

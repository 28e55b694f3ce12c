/** Arguments of tools as they may be kept and shown: without secrets and card numbers, in bounded length (T14). Pure. */
import { redactCards } from '../../call/card-numbers.ts';
import { within } from '../bounded-text.ts';
import { visible } from './hidden-text.ts';

const SECRET_KEY =
  /^(?:.*[_-])?(?:password|passwd|passphrase|pwd|token|secret|authori[sz]ation|api[_-]?key|credentials?|private[_-]?key|pin|pin[_-]?code|cvv|cvc|otp)(?:[_-].*)?$/;
const MAX_STRING = 400;
const MAX_BYTES = 8_000;
const MAX_DEPTH = 20;
/** The least number of 13 digits. */
const CARD_LENGTH = 1e12;
const REDACTED = '[redacted]';

/**
 * @param argumentsJson as it was sent; what is no JSON is kept as text. @param shown `whole`: long texts are not cut, for
 * staff who decide on exactly these arguments. @returns JSON of at most 8 kB.
 */
export function redactedArguments(argumentsJson: string, shown: 'cut' | 'whole' = 'cut'): string {
  const maxString = shown === 'cut' ? MAX_STRING : MAX_BYTES;
  const fields = parsed(argumentsJson.trim() === '' ? '{}' : argumentsJson);
  const json =
    fields === undefined ? cleaned(argumentsJson, maxString) : JSON.stringify(redacted(fields, maxString, 0));
  return within(MAX_BYTES, json);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function redacted(value: unknown, maxString: number, depth: number): unknown {
  if (typeof value === 'string') return cleaned(value, maxString);
  // As long as a card's, and perhaps without its last digits: numbers are not exact at that length.
  if (typeof value === 'number') return Math.abs(value) >= CARD_LENGTH ? '[long number]' : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[nested too deeply]';
  if (Array.isArray(value)) return value.map((item: unknown) => redacted(item, maxString, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      cleaned(key, maxString),
      isSecret(key) ? REDACTED : redacted(field, maxString, depth + 1),
    ]),
  );
}

/** @param key in any of the usual manners of writing: `apiKey`, `api-key`, `API_KEY`. */
const isSecret = (key: string): boolean =>
  SECRET_KEY.test(
    key
      .slice(0, 100)
      .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
      .toLowerCase(),
  );

function cleaned(text: string, maxLength: number): string {
  const clean = redactCards(visible(text));
  return clean.length <= maxLength ? clean : `${clean.slice(0, maxLength)}… (${clean.length} characters)`;
}

import { describe, expect, it } from 'vitest';
import { redactCards } from '../../src/call/card-numbers.ts';

describe('card numbers', () => {
  it.each([
    ['4111111111111111', '[card number]'],
    ['my card 4111-1111-1111-1111.', 'my card [card number].'],
    ['four one one one one one one one one one one one one one one one', '[card number]'],
    ['room four one two', 'room four one two'],
    ['call +1 555 0100 or 412', 'call +1 555 0100 or 412'],
    ['1000000000000', '1000000000000'],
  ])('%s -> %s', (text, redacted) => expect(redactCards(text)).toBe(redacted));
});

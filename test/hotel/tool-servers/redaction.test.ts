/** Arguments as they may be kept. */
import { describe, expect, it } from 'vitest';
import { redactedArguments } from '../../../src/hotel/tool-servers/redaction.ts';

const redacted = (value: unknown, shown?: 'whole'): unknown =>
  JSON.parse(redactedArguments(JSON.stringify(value), shown));

describe('[T14] redaction', () => {
  it.each([
    'password',
    'api_key',
    'apiKey',
    'X-Api-Key',
    'accessToken',
    'Authorization',
    'client_secret',
    'PIN',
    'door_pin',
    'CVV',
  ])('%s is not kept, however deep', (key) => {
    expect(redacted({ a: [{ [key]: 'hunter2' }] })).toEqual({ a: [{ [key]: '[redacted]' }] });
    expect(redactedArguments(JSON.stringify({ [key]: { inner: 'hunter2' } }))).not.toContain('hunter2');
  });

  it('ordinary names are kept', () => {
    const input = { pinned: true, spinning: 'class', tokens_of_thanks: 1, keyboard: 'x', room: '412', author: 'Ida' };
    expect(redacted(input)).toEqual({ ...input, tokens_of_thanks: 1 });
  });

  it('card numbers are not kept, as texts, as numbers, or among words', () => {
    expect(redacted({ note: 'card 4111 1111 1111 1111 please', n: 4_111_111_111_111_111 })).toEqual({
      note: 'card [card number] please',
      n: '[long number]',
    });
    expect(redactedArguments('{"n": 6212341111111111111}')).not.toMatch(/\d{5}/);
    expect(redacted({ n: 412, phone: 491_701_234_567 })).toEqual({ n: 412, phone: 491_701_234_567 });
    expect(redactedArguments('my card is 4111111111111111')).toBe('my card is [card number]');
  });

  it('long texts are cut, except for staff who decide on exactly these', () => {
    const note = 'x'.repeat(1_000);
    expect(redacted({ note })).toEqual({ note: `${'x'.repeat(400)}… (1000 characters)` });
    expect(redacted({ note }, 'whole')).toEqual({ note });
    expect(
      Buffer.byteLength(redactedArguments(JSON.stringify(Array.from({ length: 99 }, () => note)))),
    ).toBeLessThanOrEqual(8_000);
  });

  it('what cannot be seen is not kept, and nothing is no trouble', () => {
    expect(redacted({ a: 'x\u202ey\u200b\u001b[31mz' })).toEqual({ a: 'xyz' });
    expect(redactedArguments('')).toBe('{}');
    expect(redactedArguments('{"a":')).toBe('{"a":');
    let deep: unknown = 1;
    for (let i = 0; i < 60; i++) deep = [deep];
    expect(redactedArguments(JSON.stringify(deep))).toContain('nested too deeply');
  });
});

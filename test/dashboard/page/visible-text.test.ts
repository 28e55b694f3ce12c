import { describe, expect, it } from 'vitest';
import { visibleParts } from '../../../src/dashboard/page/visible-text.ts';

const shown = (text: string): string =>
  visibleParts(text)
    .map(({ text: part, isHidden }) => (isHidden ? `[${part}]` : part))
    .join('');

describe('text of strangers', () => {
  it.each([
    ['a zero-width space', 'a\u200bb', 'a[U+200B]b'],
    ['a turned direction', '\u202egnp.exe', '[U+202E]gnp.exe'],
    ['tags, which spell whole sentences', 'x\u{e0041}\u{e0042}', 'x[U+E0041][U+E0042]'],
    ['a blank that is none', 'a\u00a0b\u2003c', 'a[U+00A0]b[U+2003]c'],
    ['a filler letter', 'a\u3164b', 'a[U+3164]b'],
    ['a terminal’s escape', '\u001b[2J', '[U+001B][2J'],
    ['half a pair', 'a\ud800b', 'a[U+D800]b'],
    ['a carriage return that overwrites', 'safe\rbad', 'safe[U+000D]bad'],
  ])('%s is written out', (_name, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it('what people write stays as it is', () => {
    const text = 'Zwölf Töne,\n\tein “Wort” – 日本語 עברית 👍';
    expect(visibleParts(text)).toEqual([{ text, isHidden: false }]);
    expect(visibleParts('')).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineChanges } from '../../../src/dashboard/page/line-changes.ts';

const shown = (before: string, after: string): string[] =>
  lineChanges(before, after).map(({ kind, text }) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${text}`);

describe('what changed between two texts', () => {
  it('is told by line, what went before what came', () => {
    expect(shown('a\nb\nc', 'a\nB\nc\nd')).toEqual([' a', '-b', '+B', ' c', '+d']);
    expect(shown('a', 'a')).toEqual([' a']);
  });

  it('both texts can be read from it, whole', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 }).map((l) => l.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = lineChanges(before, after);
        const without = (left: string): string =>
          lines
            .filter(({ kind }) => kind !== left)
            .map((line) => line.text)
            .join('\n');
        expect(without('new')).toBe(before);
        expect(without('gone')).toBe(after);
      }),
    );
  });

  it('texts too long to compare are shown one after the other', () => {
    const long = 'x\n'.repeat(2_000);
    expect(lineChanges(long, long).filter(({ kind }) => kind === 'same')).toEqual([]);
  });
});

/** Text of strangers with nothing hidden in it: what would not be seen is written out as an escape. */
import { element } from './dom.ts';

/** Controls, format and filler characters, tags, unusual blanks: all that shows nothing, or changes how the rest shows. */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]/gu;
/** What text is laid out with anyway. */
const USUAL = new Set(['\n', '\t']);

export interface TextPart {
  text: string;
  isHidden: boolean;
}

/** @returns the text in parts: as it is, and characters that would not be seen as `U+200B`. */
export function visibleParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(HIDDEN)) {
    if (USUAL.has(found)) continue;
    if (index > from) parts.push({ text: text.slice(from, index), isHidden: false });
    parts.push({ text: escapeOf(found), isHidden: true });
    from = index + found.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isHidden: false });
  return parts;
}

/** @returns the text for a place in the page, hidden characters marked. */
export function visible(text: string): Node[] {
  return visibleParts(text).map(({ text: part, isHidden }) =>
    isHidden ? element('span', { class: 'hidden-character', title: 'A hidden character' }, part) : new Text(part),
  );
}

const escapeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Characters that a person who reads a text does not see, or sees as others, while a model reads them (T6). Pure. */
import { stripVTControlCharacters } from 'node:util';

/** What belongs to a kind of its own, or to how people write: the joiners of scripts alone are flagged, not removed. */
const TURNING = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
const TAGS = /[\u{E0000}-\u{E0FFF}]/u;
// oxlint-disable-next-line no-control-regex
const TERMINAL = /[\u001B\u009B]/u;
/** Makes a picture of the sign before it. */
const VARIATION = '\uFE0F';

/** Judged sign by sign; the first that fits names it, in words for staff. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [TAGS, 'tag characters, which can hide whole sentences'],
  [TURNING, 'characters that turn the direction of text'],
  [TERMINAL, 'terminal control sequences'],
  [/(?![\t\n\r])\p{Cc}|[\p{Zl}\p{Zp}]/u, 'control characters'],
  [/\p{Co}/u, 'private-use characters'],
  [/\p{Default_Ignorable_Code_Point}/u, 'characters that cannot be seen'],
  [/\p{Cn}|\p{Cs}/u, 'characters that do not exist'],
];
const SUSPECT = /[\p{Cc}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Letters that look alike across alphabets, side by side. */
const MIXED =
  /\p{Script=Latin}[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]|[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]\p{Script=Latin}/u;

/** @returns what is hidden in the text, each kind in words with its first code point. */
export function hiddenIn(text: string): string[] {
  const found = new Map<string, string>();
  for (const [sign] of text.matchAll(SUSPECT)) {
    const words = sign === VARIATION ? undefined : KINDS.find(([kind]) => kind.test(sign))?.[1];
    if (words !== undefined && !found.has(words)) found.set(words, `${words} (U+${codeOf(sign)})`);
  }
  return MIXED.test(text) ? [...found.values(), 'letters of different alphabets within one word'] : [...found.values()];
}

const codeOf = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');

/** Hides or turns text and is needed by no language; the joiners stay, since some languages write with them. */
const NEEDLESS =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF]|[\u{E0000}-\u{E0FFF}]/gu;

/** @returns the text as it can be shown and read out: without control sequences and hidden characters. */
export function visible(text: string): string {
  return stripVTControlCharacters(text).replace(NEEDLESS, '').toWellFormed();
}

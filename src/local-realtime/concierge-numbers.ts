/** Numbers as they are said: rooms, counts and request numbers, from words to digits and back. Pure. */

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const VALUES = new Map<string, number>([
  ...SMALL.map((word, value) => [word, value] as const),
  ...TENS.map((word, tens) => [word, tens * 10] as const).slice(2),
  ['oh', 0],
  ['o', 0],
  ['fourty', 40],
]);

/** One spoken group such as "twelve", "forty two", "four hundred and twelve" or "oh". */
export interface NumberPiece {
  /** As it would be written: "12", "42", "412", "0". */
  digits: string;
  value: number;
  /** Index of the word after it. */
  end: number;
}

/** @returns the group that starts at word `at`, or undefined when that word is no number. */
export function readPiece(words: readonly string[], at: number): NumberPiece | undefined {
  const word = words[at];
  if (word === undefined) return undefined;
  if (/^\d{1,6}$/.test(word)) return { digits: word, value: Number(word), end: at + 1 };
  if (word === 'double') {
    const digit = VALUES.get(words[at + 1] ?? '');
    return digit === undefined || digit > 9
      ? undefined
      : { digits: `${digit}${digit}`, value: digit * 11, end: at + 2 };
  }
  const small = readBelowHundred(words, at);
  if (!small) return undefined;
  if (words[small.end] !== 'hundred' || small.value === 0) return small;
  const rest = readBelowHundred(words, words[small.end + 1] === 'and' ? small.end + 2 : small.end + 1);
  const value = small.value * 100 + (rest?.value ?? 0);
  return { digits: String(value), value, end: rest?.end ?? small.end + 1 };
}

function readBelowHundred(words: readonly string[], at: number): NumberPiece | undefined {
  const value = VALUES.get(words[at] ?? '');
  if (value === undefined) return undefined;
  const unit = value >= 20 ? VALUES.get(words[at + 1] ?? '') : undefined;
  if (unit !== undefined && unit >= 1 && unit <= 9)
    return { digits: String(value + unit), value: value + unit, end: at + 2 };
  return { digits: String(value), value, end: at + 1 };
}

/** @returns all groups that follow each other from word `at` on, up to `maxDigits` digits. */
export function readPieces(words: readonly string[], at: number, maxDigits = 6): NumberPiece[] {
  const pieces: NumberPiece[] = [];
  let digits = 0;
  let start = at;
  for (let piece = readPiece(words, at); piece; piece = readPiece(words, start)) {
    // "Four twelve, oh, and …" is no 4120.
    const isExclamation =
      digits >= 3 && words[start] === 'oh' && piece.end < words.length && !readPiece(words, piece.end);
    digits += piece.digits.length;
    if (digits > maxDigits || isExclamation) break;
    pieces.push(piece);
    // Nothing follows "four hundred and eight".
    if (words.slice(start, piece.end).includes('hundred')) break;
    start = piece.end;
  }
  return pieces;
}

/** "four", "twelve" are one number in a room: "412". */
export const digitsOf = (pieces: readonly NumberPiece[]): string => pieces.map((piece) => piece.digits).join('');

/** @returns digit by digit, as numbers are read back: "412" is "four one two", "104" is "one oh four". */
export function speakDigits(digits: string): string {
  return [...digits].map((digit) => (digit === '0' ? 'oh' : (SMALL[Number(digit)] ?? digit))).join(' ');
}

/** @param value 0 to 99; others are spoken digit by digit. */
export function speakCount(value: number): string {
  if (value < 20) return SMALL[value] ?? String(value);
  if (value > 99) return speakDigits(String(value));
  const unit = value % 10;
  return `${TENS[Math.floor(value / 10)]}${unit ? ` ${SMALL[unit]}` : ''}`;
}

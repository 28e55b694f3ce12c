/** French numbers and times of day, from words to digits and back. Words are uniform: lower case, no accents. Pure. */

const UNITS = 'zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize'.split(
  ' ',
);
const TENS: Readonly<Record<string, number>> = { vingt: 20, vingts: 20, trente: 30, quarante: 40, cinquante: 50 };
const VALUES = new Map<string, number>([...UNITS.map((word, value) => [word, value] as const), ['une', 1]]);

export interface FrenchNumber {
  digits: string;
  value: number;
  /** Index of the word after it. */
  end: number;
}

const number = (value: number, end: number): FrenchNumber => ({ digits: String(value), value, end });

/** @returns the group that starts at word `at`: "quatre cent douze", "vingt et un", "sept"; undefined when it is no number. */
export function readNumber(words: readonly string[], at: number): FrenchNumber | undefined {
  const word = words[at];
  if (word === undefined) return undefined;
  if (/^\d{1,6}$/.test(word)) return { digits: word, value: Number(word), end: at + 1 };
  const isHundred = (index: number) => /^cents?$/.test(words[index] ?? '');
  const unit = VALUES.get(word);
  const hundreds = isHundred(at) ? 1 : unit !== undefined && unit > 1 && unit < 10 && isHundred(at + 1) ? unit : 0;
  if (hundreds === 0) return belowHundred(words, at);
  const next = isHundred(at) ? at + 1 : at + 2;
  const rest = belowHundred(words, next);
  return number(hundreds * 100 + (rest?.value ?? 0), rest?.end ?? next);
}

function belowHundred(words: readonly string[], at: number): FrenchNumber | undefined {
  const word = words[at] ?? '';
  if (word === 'quatre' && /^vingts?$/.test(words[at + 1] ?? '')) return withRest(words, 80, at + 2, 19);
  if (word === 'soixante') return withRest(words, 60, at + 1, 19);
  const tens = TENS[word];
  if (tens !== undefined) return withRest(words, tens, at + 1, 9);
  return belowTwenty(words, at);
}

function withRest(words: readonly string[], base: number, at: number, most: number): FrenchNumber {
  const isJoined = words[at] === 'et' && /^(un|une|onze)$/.test(words[at + 1] ?? '');
  const rest = belowTwenty(words, isJoined ? at + 1 : at);
  return rest && rest.value > 0 && rest.value <= most ? number(base + rest.value, rest.end) : number(base, at);
}

function belowTwenty(words: readonly string[], at: number): FrenchNumber | undefined {
  const value = VALUES.get(words[at] ?? '');
  if (value === undefined) return undefined;
  const unit = value === 10 ? VALUES.get(words[at + 1] ?? '') : undefined;
  if (unit !== undefined && unit >= 7 && unit <= 9) return number(10 + unit, at + 2);
  return number(value, at + 1);
}

/** @returns a time of day in English words and digits: "sept heures et demie" is "7 30 o'clock". */
export function readTime(words: readonly string[], at: number): { english: string; end: number } | undefined {
  if (words[at] === 'midi')
    return words[at + 1] === 'et' && /^demie?$/.test(words[at + 2] ?? '')
      ? { english: '12 30 pm', end: at + 3 }
      : { english: 'noon', end: at + 1 };
  if (words[at] === 'minuit') return { english: 'midnight', end: at + 1 };
  const hour = readNumber(words, at);
  if (!hour || hour.value > 24 || !/^(heures?|h)$/.test(words[hour.end] ?? '')) return undefined;
  const { minutes, end } = minutesAt(words, hour.end + 1);
  const total = (hour.value * 60 + minutes + 1440) % 1440;
  const [whole, rest] = [Math.floor(total / 60), total % 60];
  return { english: `${whole}${rest > 0 ? ` ${String(rest).padStart(2, '0')}` : ''} o'clock`, end };
}

function minutesAt(words: readonly string[], at: number): { minutes: number; end: number } {
  const named: readonly [RegExp, number][] = [
    [/^et demie?\b/, 30],
    [/^et quart\b/, 15],
    [/^moins le quart\b/, -15],
  ];
  const rest = words.slice(at, at + 3).join(' ');
  for (const [pattern, minutes] of named) {
    const found = pattern.exec(rest);
    if (found) return { minutes, end: at + found[0].split(' ').length };
  }
  const isBefore = words[at] === 'moins';
  const piece = readNumber(words, isBefore ? at + 1 : at);
  if (!piece || piece.value > 59 || (!isBefore && piece.value < 5)) return { minutes: 0, end: at };
  return { minutes: isBefore ? -piece.value : piece.value, end: piece.end };
}

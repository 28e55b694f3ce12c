/** Numbers as they are said in French. Pure. */

const UNITS =
  'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf'.split(
    ' ',
  );
const TENS = [
  '',
  '',
  'vingt',
  'trente',
  'quarante',
  'cinquante',
  'soixante',
  'soixante',
  'quatre-vingt',
  'quatre-vingt',
];

/** @returns digit by digit: "412" is "quatre un deux". */
export const writeDigits = (digits: string): string =>
  [...digits].map((digit) => UNITS[Number(digit)] ?? digit).join(' ');

/** @param value 0 to 9999; others are said digit by digit. */
export function writeCount(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > 9_999) return writeDigits(String(value));
  if (value < 20) return UNITS[value]!;
  if (value >= 100) return largeCount(value);
  const tens = Math.floor(value / 10);
  const rest = tens === 7 || tens === 9 ? (value % 10) + 10 : value % 10;
  if (rest === 0) return TENS[tens]!;
  const isJoined = (rest === 1 || rest === 11) && tens < 8;
  return isJoined ? `${TENS[tens]} et ${UNITS[rest]}` : `${TENS[tens]} ${UNITS[rest]}`;
}

function largeCount(value: number): string {
  const [unit, name] = value >= 1_000 ? [1_000, 'mille'] : [100, 'cent'];
  const [count, rest] = [Math.floor(value / unit), value % unit];
  return [...(count > 1 ? [writeCount(count)] : []), name, ...(rest > 0 ? [writeCount(rest)] : [])].join(' ');
}

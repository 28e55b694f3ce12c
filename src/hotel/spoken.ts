/** How numbers and times are written so that a voice reads them the way people say them. Pure. */

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const HOURS = ['twelve', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'];
const TEENS = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty'];

/** @returns digits one by one, zero as "oh" between others: 104 -> "one oh four". */
export function digitByDigit(number: number | string): string {
  return [...String(number)]
    .map((digit, i) => (digit === '0' && i > 0 ? 'oh' : (DIGITS[Number(digit)] ?? digit)))
    .join(' ');
}

/** @param time `HH:MM`. @returns such as "half past nine in the morning". */
export function spokenTime(time: string): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  if (minute === 0 && hour % 12 === 0) return hour === 0 ? 'midnight' : 'noon';
  return `${clockWords(hour, minute)} ${partOfDay(hour)}`;
}

function clockWords(hour: number, minute: number): string {
  const name = HOURS[hour % 12] ?? '';
  if (minute === 0) return name;
  if (minute === 15) return `a quarter past ${name}`;
  if (minute === 30) return `half past ${name}`;
  if (minute === 45) return `a quarter to ${HOURS[(hour + 1) % 12] ?? ''}`;
  return `${name} ${minuteWords(minute)}`;
}

function minuteWords(minute: number): string {
  if (minute < 10) return `oh ${DIGITS[minute] ?? ''}`;
  if (minute < 20) return TEENS[minute - 10] ?? '';
  const ones = minute % 10;
  return [TENS[Math.floor(minute / 10)], ones > 0 ? DIGITS[ones] : ''].filter(Boolean).join('-');
}

const partOfDay = (hour: number): string =>
  hour < 12 ? 'in the morning' : hour < 18 ? 'in the afternoon' : 'in the evening';

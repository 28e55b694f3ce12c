/** How numbers and times are written so that a voice reads them the way people say them. Pure. */

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const HOURS = ['twelve', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'];

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
  const part = hour < 12 ? 'in the morning' : hour < 18 ? 'in the afternoon' : 'in the evening';
  const name = HOURS[hour % 12] ?? '';
  if (minute === 0) return `${name} ${part}`;
  if (minute === 30) return `half past ${name} ${part}`;
  return `${name} ${minute} ${part}`;
}

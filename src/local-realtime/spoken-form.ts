/** Rewrites text so that the voice reads it the way people say it: rooms and numbers in digits, times, money. Pure. */

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

const CURRENCIES = { '€': 'euros', $: 'dollars' };

/** @returns words for the voice; what needs no rewriting stays. */
export function spokenForm(text: string): string {
  return (
    text
      .replace(/\bWi-?Fi\b/gi, 'why fye')
      .replace(/\bAI\b/g, 'A. I.')
      .replace(/\bTV\b/g, 'T. V.')
      .replace(/[“”"*_#]/g, '')
      .replace(
        /(\d{1,2}):(\d{2})\b/g,
        (_, hour: string, minute: string) =>
          `${Number(hour)} ${minute === '00' ? "o'clock" : minute.replace(/^0/, 'oh ')}`,
      )
      .replace(/([€$])\s?(\d+)(?:[.,](\d{2})\b)?/g, (_, sign: '€' | '$', whole: string, cents?: string) =>
        [whole, CURRENCIES[sign], ...(cents && cents !== '00' ? [Number(cents)] : [])].join(' '),
      )
      // Three digits and more are rooms and request numbers: read one by one. Prices are not.
      .replace(/\b\d{3,}\b(?! (?:euros|dollars)\b)/g, (number) =>
        [...number].map((digit, i) => (digit === '0' && i > 0 ? 'oh' : DIGITS[Number(digit)])).join(' '),
      )
  );
}

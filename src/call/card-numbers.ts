/** Finds payment card numbers in text, also when they are written in groups or spoken as words, and blanks them. Pure. */

const DIGIT_WORDS: Record<string, string> = {
  zero: '0',
  oh: '0',
  o: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
};

/** A digit or a digit's word, and what may stand between two of them. */
const TOKEN = String.raw`(?:\d|\b(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine)\b)`;
const RUN = new RegExp(String.raw`${TOKEN}(?:[\s.,-]{0,3}${TOKEN}){12,40}`, 'gi');

/** @returns the text with every card number in it replaced by `[card number]`. */
export function redactCards(text: string): string {
  return text.replaceAll(RUN, (run) => (holdsCard(digitsOf(run)) ? '[card number]' : run));
}

function digitsOf(run: string): string {
  return (run.match(/\d|[a-z]+/gi) ?? []).map((token) => DIGIT_WORDS[token.toLowerCase()] ?? token).join('');
}

/** Whether some 13 to 19 digits in a row pass the check of card numbers. */
function holdsCard(digits: string): boolean {
  for (let length = 13; length <= Math.min(19, digits.length); length++)
    for (let at = 0; at + length <= digits.length; at++) if (passesLuhn(digits.slice(at, at + length))) return true;
  return false;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Rewrites French text so that it can be read aloud: times, money, numbers and abbreviations as words. Pure. */
import { writeCount, writeDigits } from './written-numbers.ts';

const hours = (hour: number): string => (hour === 1 ? 'une heure' : `${writeCount(hour)} heures`);

/** @returns words and punctuation alone. */
export function frenchSpokenForm(text: string): string {
  return (
    text
      .replace(/[’`]/g, "'")
      .replace(/\bWi-?Fi\b/gi, 'wifi')
      .replace(/\b(?:M|Mr)\.\s/g, 'monsieur ')
      .replace(/\bMme\.?\s/g, 'madame ')
      .replace(
        /\b(\d{1,2})\s?(?:h|:)\s?(\d{2})\b/g,
        (_all, hour: string, minute: string) =>
          `${hours(Number(hour))}${minute === '00' ? '' : ` ${writeCount(Number(minute))}`}`,
      )
      .replace(/\b(\d{1,2})\s?h\b/g, (_all, hour: string) => hours(Number(hour)))
      .replace(/(\d+)(?:[.,](\d{2}))?\s?€/g, (_all, whole: string, cents?: string) =>
        [writeCount(Number(whole)), 'euros', ...(cents && cents !== '00' ? [writeCount(Number(cents))] : [])].join(' '),
      )
      // Three digits and more are rooms and request numbers, unless they count something.
      .replace(/\b\d{3,}\b(?!\s(?:euros|personnes|mètres))/g, (number) => writeDigits(number))
      .replace(/\d+/g, (number) => writeCount(Number(number)))
      .replace(/[«»“”"()*_#]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  );
}

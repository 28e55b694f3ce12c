/** Text to be spoken: cut into sentences for the voice, and into words with the time at which each ends. Pure. */

/** Longer sentences are cut at a comma: the first audio should not wait for a long one. */
const LONG_SENTENCE = 140;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** @returns the text in pieces whose concatenation is the text, trimmed. */
export function sentencesOf(text: string): string[] {
  return [...segmenter.segment(text.trim())]
    .flatMap(({ segment }) => cutLong(segment))
    .filter((piece) => piece.trim() !== '');
}

function cutLong(sentence: string): string[] {
  if (sentence.length <= LONG_SENTENCE) return [sentence];
  const comma = sentence.indexOf(', ', LONG_SENTENCE / 3);
  return comma < 0 ? [sentence] : [sentence.slice(0, comma + 2), ...cutLong(sentence.slice(comma + 2))];
}

export interface TimedWord {
  /** With the space that follows it. */
  text: string;
  /** Milliseconds from the beginning of the whole item's audio. */
  endMs: number;
}

/** Spreads a sentence's words over its audio by their length: the voice tells no times of its own. */
export function timedWords(sentence: string, startMs: number, durationMs: number): TimedWord[] {
  const words = sentence.match(/\S+\s*/g) ?? [];
  const total = words.reduce((length, word) => length + word.length, 0);
  let length = 0;
  return words.map((text) => {
    length += text.length;
    return { text, endMs: startMs + (durationMs * length) / total };
  });
}

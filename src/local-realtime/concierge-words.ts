/** The guest's words, made uniform: lower case, no punctuation, single spaces, spelled abbreviations joined. Pure. */

/** Nobody says more in one breath; the rest is dropped, so that a reply stays quick. */
const MAX_WORDS = 150;

const HESITATIONS = new Set(['uh', 'um', 'er', 'erm', 'ah', 'hm', 'hmm']);

/** @param text as heard or typed. @returns lower-case words; digits stay digits ("7:30am" becomes "7 30 am"). */
export function wordsOf(text: string): string[] {
  return text
    .slice(0, MAX_WORDS * 20)
    .toLowerCase()
    .replace(/[’`]/g, "'")
    .replace(/(\d)[:.](\d\d)(?!\d)/g, '$1 $2')
    .replace(/(\d)\s*([ap])\.?\s?m\b\.?/g, '$1 $2m')
    .replace(/\b([ap])\.\s?m\b\.?/g, '$1m')
    .replace(/[^\p{L}\p{N}'\s]/gu, ' ')
    .replace(/\b(?:mm|m|uh) ?(?:hm+|huh)\b/g, 'mhm')
    .replace(/\b([ap]) m\b(?! [a-z]\b)/g, '$1m')
    .replace(/\bt v\b/g, 'tv')
    .replace(/\ba c\b/g, 'ac')
    .replace(/\bwi fi\b/g, 'wifi')
    .replace(/\bo[' ]?clock\b/g, "o'clock")
    .split(/\s+/)
    .filter((word) => word !== '' && word !== "'" && !HESITATIONS.has(word))
    .slice(0, MAX_WORDS);
}

/**
 * @param alternatives a regular expression over uniform words, such as `front desk|reception`.
 * @returns it, bound to whole words, finding all places.
 */
export function phrase(alternatives: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}'])(?:${alternatives})(?![\\p{L}\\p{N}'])`, 'gu');
}

/** A capital at the start of each sentence. */
export function sentence(text: string): string {
  return text.replace(/(^|[.?!] )(\p{Ll})/gu, (_all, before: string, letter: string) => before + letter.toUpperCase());
}

/** "a", "a and b", "a, b and c". */
export function enumerate(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

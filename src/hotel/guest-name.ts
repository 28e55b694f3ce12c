/** Compares a last name as it was said with a guest's name in the book: case, accents, spaces and titles do not count. Pure. */

const TITLE = /^(mr|mrs|ms|miss|mister|dr|doctor|prof|professor|sir|madam|herr|frau|monsieur|madame|señora?)\.?\s+/i;

/** Letters that no decomposition turns into plain ones. */
const PLAIN: Record<string, string> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
/** How German and Nordic names are spelled without their dots. */
const SPELLED: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' };

/**
 * @param said the last name, or the whole name, as the guest or the model said it.
 * @param guestName first name and last name as the hotel keeps them; the last may have several words.
 */
export function isLastNameOf(said: string, guestName: string): boolean {
  const heard = bare(said.trim().replace(TITLE, ''));
  if (heard === '') return false;
  const words = guestName.trim().split(/\s+/);
  return words.some((_, i) => {
    const name = words.slice(i).join('');
    return bare(name) === heard || bare(replaced(name, SPELLED)) === heard;
  });
}

const bare = (name: string): string =>
  replaced(name, PLAIN)
    .normalize('NFD')
    .replace(/[^\p{L}]/gu, '');

const replaced = (name: string, letters: Record<string, string>): string =>
  [...name.normalize('NFC').toLowerCase()].map((letter) => letters[letter] ?? letter).join('');

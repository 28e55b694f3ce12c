/** Ears for each language of a hotel: an utterance is heard in the one that the call is in. */
import { canHear, loadEars } from './ears.ts';
import type { Ears } from './ports.ts';

/**
 * @param languages the usual one first; those that there are no ears for are left out, English when none is left. The first
 * is ready for several guests at once, others make room once they are spoken.
 * @throws Error when a model or a grammar cannot be loaded.
 */
export async function loadEarsIn(languages: readonly string[]): Promise<Ears> {
  const known = languages.filter(canHear);
  const wanted = known.length > 0 ? known : (['en'] as const);
  const hasOthers = wanted.length > 1;
  const loaded = await Promise.all(
    wanted.map(async (language, at) => [language, await loadEars(language, { hasOthers, isUsual: at === 0 })] as const),
  );
  const ears = new Map<string, Ears>(loaded);
  const usual = loaded[0]![1];
  return {
    listen: (language) => (ears.get(language?.slice(0, 2) ?? '') ?? usual).listen(),
    close: () => ears.forEach((some) => some.close()),
  };
}

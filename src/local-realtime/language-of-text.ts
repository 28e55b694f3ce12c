/** Tells French from English by small words that only one of them has. Pure. */

const FRENCH = new Set(
  `je j' vous nous pouvez voudrais voudrions une des les la le du de d' l' et est ce c' qu' que qui pour dans avec chambre oui non merci bonjour bonsoir
   au aux revoir à où plaît plait réception deux trois quatre cinq sept huit neuf dix cent vingt trente quarante soixante heures heure demain matin
   pas plus mon ma mes votre notre sont être c'est j'ai instant désolé demande appel bien sûr numéro puis-je quelle quel français anglais il elle
   ça tout autre chose allô ouais d'accord êtes-vous`.split(/\s+/),
);
const ENGLISH = new Set(
  `i you we the a an is are my your and of to for in with room yes no thank thanks please hello hi goodbye bye what where when how can could would
   like need that it's i'm i'd don't one two three four five seven eight nine ten hundred twenty thirty o'clock morning tomorrow request number
   this there sorry moment desk front english french have at be call`.split(/\s+/),
);

/** @returns `fr` or `en`; undefined when neither is more likely. */
export function languageOfText(text: string): 'fr' | 'en' | undefined {
  const words = text
    .slice(0, 2_000)
    .toLowerCase()
    .replace(/[’`]/g, "'")
    .match(/[\p{L}]+(?:['-][\p{L}]+)*/gu);
  let balance = 0;
  for (const word of words ?? []) {
    const isFrench = FRENCH.has(word) || /^(?:j|l|d|qu|n|s|m|c)'/.test(word) || /[éèêàçùûîôœ]/.test(word);
    balance += Number(isFrench) - Number(ENGLISH.has(word));
  }
  return balance > 0 ? 'fr' : balance < 0 ? 'en' : undefined;
}

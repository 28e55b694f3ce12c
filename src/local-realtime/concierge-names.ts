/** A guest's last name in spoken words: introduced, bare as an answer, or spelled. Pure. */

const TITLES = 'mr|mrs|ms|miss|missus|mister|doctor|dr|madam|sir';
const PARTICLES = new Set(
  'van von der den de del della di da la le du dos mac o al el bin ten ter st saint'.split(' '),
);
const INTRODUCED = new RegExp(
  `(?:(?:last |family |sur|full )?name(?: on the (?:room|reservation|booking))? (?:is|was)|(?:my )?last name|surname(?: is)?|name's|under(?: the name)?(?: of)?|i am (?:${TITLES})|i'm (?:${TITLES})|this is (?:${TITLES})|it's (?:${TITLES})) (?:(?:${TITLES}) )?(.+)$`,
);
/** Words that end a name, or are none. */
const NOT_A_NAME = new Set(
  `a an and are at but by can could do for from has have hello hi i i'd i'll i'm i've in is it it's its just me my need no not number of oh okay on or our please
   request room so sorry sure thank thanks that that's the their there this to uh under want was we well what with would yes yeah yep you your spelled spell
   last first family name surname full ${TITLES.split('|').join(' ')} guest here staying speaking where when how why who which status right correct again
   one two three four five six seven eight nine ten eleven twelve hundred zero wrong never mind cancel help person front desk goodbye bye hold moment wait`.split(
    /\s+/,
  ),
);
const SPELLED = /(?:^| )((?:[a-z] ){1,}[a-z])(?= |$)/;

/**
 * @param words uniform. @param isAsked the name was just asked for: then a bare name is one.
 * @returns it with capitals, particles kept ("Van Der Berg"); undefined when there is none.
 */
export function spokenName(words: readonly string[], isAsked: boolean): string | undefined {
  const text = words.join(' ');
  const introduced = INTRODUCED.exec(text)?.[1];
  if (introduced === undefined && !isAsked) return undefined;
  const rest = introduced ?? text;
  const named = lastName(rest.split(' ').filter((word) => word !== 'spelled'));
  const spelled = SPELLED.exec(rest)?.[1];
  if (named && named.replace(/ /g, '').length > 1) return capitals(named);
  return spelled && capitals(spelled.replace(/ /g, ''));
}

/** The last word of the first run of words that can be a name, with the particles before it. */
function lastName(words: readonly string[]): string | undefined {
  const start = words.findIndex(canBeName);
  if (start < 0) return undefined;
  let end = start;
  while (end < words.length && canBeName(words[end]!)) end++;
  let first = end - 1;
  while (first > start && PARTICLES.has(words[first - 1]!)) first--;
  return words.slice(first, end).join(' ');
}

const canBeName = (word: string): boolean =>
  /^\p{L}[\p{L}']+$/u.test(word) && (!NOT_A_NAME.has(word) || PARTICLES.has(word));

const capitals = (name: string): string =>
  name.replace(/(^|[ '])(\p{L})/gu, (_all, before: string, letter: string) => before + letter.toUpperCase());

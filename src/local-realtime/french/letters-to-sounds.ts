/** How French spelling sounds, for words that no dictionary has: names above all. In the recogniser's phones. Pure. */

/** Tried in turn at each place of the word; `$` is its end. The first that fits counts. */
const RULES: readonly (readonly [string, string])[] = [
  ['eaux?', 'au'],
  ['aux?$', 'au'],
  ['au', 'au'],
  ['oeu', 'oe'],
  ['ill(?=[aeiouyéè])', 'yy'],
  ['ail(?:le)?s?$', 'aa yy'],
  ['eil(?:le)?s?$', 'ai yy'],
  ['euil(?:le)?s?$', 'oe yy'],
  ['(?:ain|ein|aim|in|im|yn|ym)(?![aeiouyéèêhnm])', 'in'],
  ['(?:oin)(?![aeiouyéèênm])', 'ww in'],
  ['(?:ien)(?![aeiouyéèênm])', 'yy in'],
  ['(?:an|am|en|em)(?![aeiouyéèêhnm])', 'an'],
  ['(?:on|om)(?![aeiouyéèêhnm])', 'on'],
  ['(?:un|um)(?![aeiouyéèêhnm])', 'un'],
  ['o[uùû]', 'ou'],
  ['oi', 'ww aa'],
  ['oy(?=[aeiou])', 'ww aa yy'],
  ['ai|ei|è|ê|ë', 'ai'],
  ['eu', 'eu'],
  ['ée?s?$', 'ei'],
  ['é', 'ei'],
  ['(?:er|ez)$', 'ei'],
  ['es?$', ''],
  ['ent$', 'an'],
  ['e(?=[a-z]{2})', 'ai'],
  ['e', 'ee'],
  ['[aàâ]', 'aa'],
  ['[iîï]', 'ii'],
  ['y(?=[aeiou])', 'yy'],
  ['y', 'ii'],
  ['[oô]', 'oo'],
  ['[uû]', 'uu'],
  ['ch', 'ch'],
  ['ph', 'ff'],
  ['th', 'tt'],
  ['gn', 'gn'],
  ['qu', 'kk'],
  ['gu(?=[eiéè])', 'gg'],
  ['g(?=[eiyéè])', 'jj'],
  ['gg?', 'gg'],
  ['ç', 'ss'],
  ['cc(?=[eiéè])', 'kk ss'],
  ['c(?=[eiyéè])', 'ss'],
  ['c?k|cc?', 'kk'],
  ['(?<=[aeiouyéè])s(?=[aeiouyéè])', 'zz'],
  ['[dtpsxz]+$', ''],
  ['sh', 'ch'],
  ['ss?', 'ss'],
  ['x', 'kk ss'],
  ['j', 'jj'],
  ['tt?', 'tt'],
  ['dd?', 'dd'],
  ['pp?', 'pp'],
  ['bb?', 'bb'],
  ['ff?', 'ff'],
  ['v', 'vv'],
  ['w', 'ww'],
  ['ll?', 'll'],
  ['mm?', 'mm'],
  ['nn?', 'nn'],
  ['rr?', 'rr'],
  ['z', 'zz'],
];
const COMPILED = RULES.map(([letters, sounds]) => [new RegExp(letters, 'uy'), sounds] as const);

/** @param word in lower case. @returns its phones; what has no sound is left out. */
export function soundsOf(word: string): string[] {
  const sounds: string[] = [];
  for (let at = 0; at < word.length;) {
    const found = COMPILED.map(([pattern, sound]) => {
      pattern.lastIndex = at;
      const length = pattern.exec(word)?.[0].length ?? 0;
      return { length, sound };
    }).find(({ length }) => length > 0);
    if (found && found.sound !== '') sounds.push(...found.sound.split(' '));
    at += found?.length ?? 1;
  }
  return sounds;
}

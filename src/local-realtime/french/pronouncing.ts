/**
 * French for a voice that knows English sounds alone: each word becomes a name of its own, whose sounds are those English
 * ones that are nearest. Names go as words of the text, so that the voice gives them the melody of a sentence. Pure.
 */
import { waysToSay } from '../composed-words.ts';
import { soundsOf } from './letters-to-sounds.ts';
import { frenchSpokenForm } from './spoken-form.ts';

/** The recogniser's phones in English sounds; `1` stands behind the vowel that can bear a stress. */
const ENGLISH: Readonly<Record<string, string>> = {
  aa: 'aa1',
  ai: 'eh1',
  an: 'aa1 n',
  au: 'ow1',
  bb: 'b',
  ch: 'sh',
  dd: 'd',
  ee: 'ax0',
  ei: 'ey1',
  eu: 'uh1',
  ff: 'f',
  gg: 'g',
  gn: 'n y',
  ii: 'iy1',
  in: 'ae1 n',
  jj: 'zh',
  kk: 'k',
  ll: 'l',
  mm: 'm',
  nn: 'n',
  oe: 'ah1',
  on: 'ow1 n',
  oo: 'ao1',
  ou: 'uw1',
  pp: 'p',
  rr: 'r',
  ss: 's',
  tt: 't',
  un: 'ah1 n',
  uu: 'uw1',
  uy: 'w',
  vv: 'v',
  ww: 'w',
  yy: 'y',
  zz: 'z',
};
/** Words whose last letter sounds before a vowel. */
const LINKED = new Set(
  'les des mes ses nos vos ces aux un mon ton son nous vous ils elles en dans chez sans très est sont deux trois six dix vingt petit quand'.split(
    ' ',
  ),
);
const VOWELS = /^(?:aa|ai|an|au|ei|eu|ii|in|oe|on|oo|ou|un|uu|uy|yy|ww)$/;
/** Not linked, however they are written. */
const ASPIRATED = /^(?:h|onze|oui|un$|huit)/;

/** @returns the ways to say a word, in the recogniser's phones; none when it is unknown. */
export type Sounds = (word: string) => readonly string[] | undefined;

/** @returns text for the voice, and the lexicon that says how its words sound: a line for each. */
export function pronounce(text: string, known: Sounds): { text: string; lexicon: string } {
  const tokens =
    frenchSpokenForm(text)
      .toLowerCase()
      .match(/[\p{L}'-]+|[.,;:?!]+/gu) ?? [];
  const lexicon = new Map<string, string>();
  const spoken = tokens.map((token, at) => {
    if (!/\p{L}/u.test(token)) return /[.?!]/.test(token) ? token[0]! : ',';
    const sounds = englishSounds(phonesOf(token, tokens[at + 1], known), isLast(tokens, at));
    if (sounds === '') return '';
    const name = lexicon.get(sounds) ?? nameOf(lexicon.size);
    lexicon.set(sounds, name);
    return name;
  });
  return {
    text: spoken
      .join(' ')
      .replace(/\s+([.,?!])/g, '$1')
      .replace(/,(?=\s*[.,?!])/g, '')
      .trim(),
    lexicon: [...lexicon].map(([sounds, name]) => `${name} : ${sounds}\n`).join(''),
  };
}

/** No English word, but one that can be pronounced: others would be spelled. */
const nameOf = (index: number): string => `zo${syllable(Math.floor(index / 60) % 60)}${syllable(index % 60)}`;
const syllable = (index: number): string => `${'bdfgklmnprst'[Math.floor(index / 5)]}${'aeiou'[index % 5]}`;

const isLast = (tokens: readonly string[], at: number): boolean => !/\p{L}/u.test(tokens[at + 1] ?? '.');

function phonesOf(word: string, next: string | undefined, known: Sounds): string[] {
  const ways = waysOf(word, known);
  const first = ways[0]!;
  const links = next !== undefined && LINKED.has(word) && !ASPIRATED.test(next) && beginsWithVowel(next, known);
  const linked = links ? ways.find((way) => new RegExp(`^${first} (?:zz|nn|tt)$`).test(way)) : undefined;
  return (linked ?? first).split(' ').filter(Boolean);
}

const beginsWithVowel = (word: string, known: Sounds): boolean =>
  VOWELS.test(waysOf(word, known)[0]!.split(' ')[0] ?? '');

function waysOf(word: string, known: Sounds): readonly string[] {
  const bare = word.replace(/^['-]+|['-]+$/g, '');
  return waysToSay(bare, { get: known }) ?? [bare.split(/['-]/).flatMap(soundsOf).join(' ')];
}

/** A sentence in French rises and falls with the last syllable of its groups. */
function englishSounds(phones: readonly string[], isStressed: boolean): string {
  const sounds = phones.map((phone) => ENGLISH[phone] ?? '').filter(Boolean);
  const last = sounds.findLastIndex((sound) => sound.includes('1'));
  return sounds
    .map((sound, at) => (at === last && (isStressed || last > 1) ? sound : sound.replace('1', '0')))
    .join(' ');
}

/**
 * French for a voice that knows English sounds alone: its words become those English sounds that are nearest. Chosen by what
 * the engine's own French ears understand of it. Pure.
 */
import { waysToSay } from '../composed-words.ts';
import { soundsOf } from './letters-to-sounds.ts';
import { frenchSpokenForm } from './spoken-form.ts';

/** The recogniser's phones in English sounds. Vowels through the nose lose it: an English "n" behind them makes other words. */
const ENGLISH: Readonly<Record<string, string>> = {
  aa: 'aa',
  ai: 'eh',
  an: 'ao',
  au: 'ow',
  bb: 'b',
  ch: 'sh',
  dd: 'd',
  ee: 'ax',
  ei: 'ey',
  eu: 'uh',
  ff: 'f',
  gg: 'g',
  gn: 'n y',
  ii: 'iy',
  in: 'ae',
  jj: 'zh',
  kk: 'k',
  ll: 'l',
  mm: 'm',
  nn: 'n',
  oe: 'ah',
  on: 'ow',
  oo: 'ao',
  ou: 'uw',
  pp: 'p',
  rr: 'hh',
  ss: 's',
  tt: 't',
  un: 'ah',
  uu: 'uw',
  uy: 'w',
  vv: 'v',
  ww: 'w',
  yy: 'y',
  zz: 'z',
};
const PAUSE = 'pau';
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

/** @returns the voice's sounds, with pauses where the text has them. */
export function pronounce(text: string, known: Sounds): string {
  const tokens =
    frenchSpokenForm(text)
      .toLowerCase()
      .match(/[\p{L}'-]+|[.,;:?!]+/gu) ?? [];
  const sounds = tokens.flatMap((token, at) =>
    /\p{L}/u.test(token) ? phonesOf(token, tokens[at + 1], known).map((phone) => ENGLISH[phone] ?? '') : PAUSE,
  );
  return [PAUSE, ...sounds.filter(Boolean), PAUSE].join(' ').replace(/pau(?: pau)+/g, PAUSE);
}

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

/** French by ear and by voice: what a recorded guest says is heard, and how text becomes sounds of an English voice. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWav } from '../../src/audio/wav.ts';
import { waysToSay } from '../../src/local-realtime/composed-words.ts';
import { languageAskedFor } from '../../src/local-realtime/concierge-language.ts';
import { loadEarsIn } from '../../src/local-realtime/ears-of-languages.ts';
import { soundsOf } from '../../src/local-realtime/french/letters-to-sounds.ts';
import { pronounce } from '../../src/local-realtime/french/pronouncing.ts';
import { readFrench } from '../../src/local-realtime/french/reading.ts';
import { frenchSpokenForm } from '../../src/local-realtime/french/spoken-form.ts';
import { readHotelTalk } from '../../src/local-realtime/hotel-talk.ts';
import type { Ears, Heard, Voice } from '../../src/local-realtime/ports.ts';
import { loadVoice } from '../../src/local-realtime/voice.ts';
import { onTheLine } from './line-audio.ts';

const STORY = resolve(import.meta.dirname, '../../fixtures/calls/taxi-in-french');
const GRAMMARS = ['en', 'fr'].map((code) => new URL(`../../src/local-realtime/grammar/${code}/`, import.meta.url));
let ears: Ears;
let voice: Voice;

beforeAll(async () => {
  [ears, voice] = await Promise.all([loadEarsIn(['en', 'fr']), loadVoice(['en', 'fr'])]);
}, 60_000);
afterAll(() => ears.close());

function hear(pcm: Int16Array, language: string): Heard {
  const hearing = ears.listen(language);
  hearing.feed(pcm);
  return hearing.finish();
}

describe('ears for two languages', () => {
  it('hear a recorded guest in French', () => {
    const samples = readWav(readFileSync(join(STORY, 'caller.wav'))).channels[0] ?? new Int16Array(0);
    const { turns } = JSON.parse(readFileSync(join(STORY, 'transcript.json'), 'utf8')) as {
      turns: { startMs: number; endMs: number; text: string }[];
    };
    for (const { startMs, endMs, text } of turns) {
      const heard = hear(samples.slice((startMs - 300) * 8, (endMs + 300) * 8), 'fr');
      expect(heard.isUnderstood, text).toBe(true);
      expect(readFrench(heard.text)).toBe(readFrench(text));
    }
  }, 30_000);

  it('hear a guest who asks for French in English, and go on hearing English', async () => {
    const asked = hear(await onTheLine(voice, 'in french please', 'cedar'), 'en');
    expect(languageAskedFor(asked.text), asked.text).toBe('fr');
    expect(hear(await onTheLine(voice, 'room four twelve', 'cedar'), 'en').text).toBe('room four twelve');
  });
});

describe('the grammars of both languages', () => {
  it('let guests ask for another language only where there is one', async () => {
    for (const folder of GRAMMARS) {
      const [alone, among] = await Promise.all([readHotelTalk(folder), readHotelTalk(folder, { hasSwitch: true })]);
      const words = ({ arcs }: typeof alone) => new Set(arcs.map(({ word }) => word));
      const only = [...words(among)].filter((word) => !words(alone).has(word));
      expect(only.some((word) => word === 'français' || word === 'english')).toBe(true);
      expect(among.arcs.length).toBeLessThan(30_000);
    }
  });
});

describe('French for an English voice', () => {
  it('is sounds, with pauses where the text has them', async () => {
    const known = new Map([
      ['bonjour', ['bb on jj ou rr']],
      ['les', ['ll ai', 'll ai zz']],
      ['amis', ['aa mm ii']],
      ['clés', ['kk ll ei']],
    ]);
    const sounds = pronounce('Bonjour, les amis !', (word) => known.get(word));
    expect(sounds).toBe('pau b ow zh uw hh pau l eh z ae m iy pau'.replace('ae', 'aa'));
    expect(pronounce('les clés', (word) => known.get(word))).toBe('pau l eh k l ey pau');
  });

  it('is said by one voice, whatever the hotel’s is, and only where the hotel speaks it', async () => {
    const [french, other, english] = await Promise.all([
      voice.speak('Je vous passe la réception.', 'marin'),
      voice.speak('Je vous passe la réception.', 'cedar'),
      (await loadVoice()).speak('Je vous passe la réception.', 'marin'),
    ]);
    expect(french.pcm).toEqual(other.pcm);
    expect(french.pcm).not.toEqual(english.pcm);
  });

  it('is how words are said that could be in either language, once the call is in it', async () => {
    const [inFrench, inEnglish, english] = await Promise.all([
      voice.speak('Rappelez-nous si besoin.', 'cedar', 'fr'),
      voice.speak('Rappelez-nous si besoin.', 'cedar', 'en'),
      Promise.all([voice.speak('Your request.', 'cedar', 'fr'), voice.speak('Your request.', 'cedar')]),
    ]);
    expect(inFrench.pcm).not.toEqual(inEnglish.pcm);
    expect(english[0].pcm).toEqual(english[1].pcm);
  });

  it.each([
    ['La piscine ouvre à 7 h 30.', 'La piscine ouvre à sept heures trente.'],
    ['Chambre 412, 18 € la nuit', 'Chambre quatre un deux, dix-huit euros la nuit'],
    ['« Wi-Fi » : 2 codes', 'wifi : deux codes'],
  ])('“%s” is read “%s”', (text, read) => expect(frenchSpokenForm(text)).toBe(read));

  it('finds the sounds of words that no dictionary has', () => {
    expect(soundsOf('larkspur').join(' ')).toBe('ll aa rr kk ss pp uu rr');
    expect(soundsOf('beauchamp').join(' ')).toBe('bb au ch an');
    const known = new Map([
      ['ai', ['ei']],
      ['pouvez', ['pp ou vv ei']],
      ['vous', ['vv ou', 'vv ou zz']],
    ]);
    expect(waysToSay("j'ai", known)).toEqual(['jj ei']);
    expect(waysToSay('pouvez-vous', known)).toEqual(['pp ou vv ei vv ou', 'pp ou vv ei vv ou zz']);
    expect(waysToSay('pouvez-vite', known)).toBeUndefined();
  });
});

/** A hotel that speaks several languages: what a call says in each, and how it changes. */
import { describe, expect, it } from 'vitest';
import { CallLanguage } from '../../src/hotel/call-language.ts';
import { callWords } from '../../src/hotel/call-words.ts';
import { hotelProfileSchema, type HotelProfile } from '../../src/hotel/hotel.ts';
import { findTopic } from '../../src/hotel/hotel-topics.ts';
import { ownFunctionDefinitions, ownFunctionReader } from '../../src/hotel/own-functions.ts';
import { TransferHour } from '../../src/hotel/transfer-allowance.ts';
import { transferDesk } from '../../src/hotel/transfer-desk.ts';
import { french } from '../../src/hotel/words/fr.ts';
import { exampleHotel } from '../example-hotel.ts';
import { FakeClock } from '../fake-clock.ts';
import { hotelStage, TOWELS } from './hotel-stage.ts';

const hotel: HotelProfile = { ...exampleHotel(), languages: ['en', 'fr'] };

describe('the greeting', () => {
  it('offers each other language in one short sentence of its own, behind the notice', () => {
    const { greeting, noticeShare } = callWords({ ...hotel, languages: ['en', 'fr', 'de', 'ja'] });
    expect(greeting).toMatch(
      /transcribed\. Pour le français, dites « français »\. Für Deutsch sagen Sie „Deutsch“\. How can I help you\?$/,
    );
    expect(greeting.slice(0, Math.round(noticeShare * greeting.length))).toMatch(/transcribed\.$/);
  });

  it('[T15] in another first language still says first that it is an AI and that it transcribes', () => {
    const { greeting } = callWords({ ...hotel, languages: ['fr', 'en'] });
    expect(greeting).toMatch(
      /^Bonjour, ici Bell, l’assistant d’intelligence artificielle.* transcrit\. For English, say/,
    );
  });

  it('takes the hotel’s own words by language, and never a text in another one', () => {
    const agent = { ...hotel.agent, notice: { en: 'An AI speaks and writes down.', fr: 'Une IA parle et transcrit.' } };
    expect(callWords({ ...hotel, agent }).greeting).toMatch(/^An AI speaks/);
    expect(callWords({ ...hotel, agent, languages: ['fr'] }).greeting).toMatch(/^Une IA parle/);
    const german = callWords({ ...hotel, agent, languages: ['de'] }).greeting;
    expect(german).toMatch(/^Guten Tag, hier ist Bell, der KI-Assistent .* mitgeschrieben\./);
  });
});

describe('a call that changes its language', () => {
  it('says what follows in it, from one moment to the next', () => {
    const language = new CallLanguage(hotel);
    const words = callWords(hotel, language);
    expect([words.stillThere, language.settled]).toEqual(['Are you still there?', undefined]);
    const told = language.switchTo('fr');
    expect([words.stillThere, language.settled]).toEqual(['Êtes-vous toujours là ?', 'fr']);
    expect(words.farewell).toContain('Au revoir');
    expect([words.whileToolRuns('I ask.'), callWords(hotel).whileToolRuns('I ask.')]).toEqual([undefined, 'I ask.']);
    expect(words.transferFailed('front-desk', 'busy')).toContain('la réception, but la ligne est occupée');
    expect(told).toMatch(/French now\. Say first: Bien sûr, en français\. Bonjour, ici Bell.* transcrit\.$/);
    expect(language.switchTo('fr')).not.toContain('Say first');
  });

  it('refuses a language that the profile does not list', () => {
    const language = new CallLanguage(hotel);
    expect([language.switchTo('de'), language.code]).toEqual([undefined, 'en']);
  });

  it('hears results of tools in it', async () => {
    const { toolbox, hotel: listed } = hotelStage();
    let code = 'en';
    const tools = toolbox.open({
      callId: 'c1',
      happened: () => {},
      language: () => code,
      signal: new AbortController().signal,
    });
    Object.assign(listed, { facts: { ...listed.facts, pool: { en: 'It is cold.', fr: 'Elle est froide.' } } });
    const run = async (id: string, name: string, input: object) => (await tools.run(name, input, id, 'function')).text;
    expect(await run('1', 'create_service_request', TOWELS)).toBe(
      'Recorded for housekeeping as request number one oh one.',
    );
    code = 'fr';
    expect(await run('2', 'get_hotel_information', { topic: 'pool' })).toBe('Elle est froide.');
    expect(await run('3', 'get_service_requests', {})).toBe(
      'La demande numéro un zéro un, pour le service d’étage, attend d’être prise en charge.',
    );
    expect(await run('4', 'create_service_request', { ...TOWELS, room_number: '999' })).toMatch(
      /^Il n’y a pas de chambre neuf neuf neuf dans cet hôtel\./,
    );
  });

  it('is told to colleagues in the language of the house, whatever the guest speaks', () => {
    const desk = transferDesk({ ...hotel, languages: ['fr', 'en'] }, new FakeClock(), new TransferHour(10), {
      code: 'en',
    });
    const answer = desk.grant('front-desk', 'Veut un taxi');
    expect(answer.isGranted && answer.target.colleagueWords).toEqual({
      summary: `Un client au téléphone pour the front desk. Veut un taxi. ${french.colleague.keys}`,
      again: french.colleague.keys,
      locale: 'fr-FR',
    });
  });

  it('is put through with an announcement in it, while colleagues hear the language of the house', () => {
    const clock = new FakeClock();
    const desk = transferDesk(hotel, clock, new TransferHour(10), { code: 'fr' });
    const answer = desk.grant('front-desk', 'Wants a taxi');
    expect(answer.isGranted && answer.target.announcement).toBe(
      'Un instant, s’il vous plaît. Je vous passe la réception.',
    );
    expect(answer.isGranted && answer.target.colleagueWords?.summary).toContain('A guest on the telephone');
    expect(desk.grant('maintenance', '')).toMatchObject({ reason: /Le service technique ne prend pas d’appels\./ });
  });
});

describe('switch_language', () => {
  it('is offered only where there is another language', () => {
    const names = (profile: HotelProfile) => ownFunctionDefinitions(profile).map(({ name }) => name);
    expect(names(exampleHotel())).toEqual(['transfer_call', 'hang_up']);
    expect(names(hotel)).toContain('switch_language');
    expect(ownFunctionReader(exampleHotel())('switch_language', '{"language":"en"}')).toBeUndefined();
  });

  it('takes a language of the profile, and names them to who asks for another', () => {
    const read = ownFunctionReader(hotel);
    expect(read('switch_language', '{"language":"fr"}')).toEqual({ kind: 'language', language: 'fr' });
    expect(read('switch_language', '{"language":"de"}')).toEqual({
      kind: 'mistake',
      text: 'The language must be one of: en, fr.',
    });
  });
});

describe('French', () => {
  it.each([
    ['09:30', 'neuf heures et demie'],
    ['21:00', 'vingt et une heures'],
    ['01:05', 'une heure cinq'],
    ['12:00', 'midi'],
    ['00:15', 'zéro heures quinze'],
    ['18:51', 'dix-huit heures cinquante et un'],
  ])('%s is %s', (time, words) => expect(french.time(time)).toBe(words));
});

it('the profile refuses a language twice, and a text for no language', () => {
  const profile = exampleHotel();
  const issues = (change: object) => hotelProfileSchema.safeParse({ ...profile, ...change }).success;
  expect(issues({ languages: ['en', 'en'] })).toBe(false);
  expect(issues({ facts: { pool: { English: 'It is cold.' } } })).toBe(false);
  expect(issues({ facts: { pool: { en: 'It is cold.' } } })).toBe(true);
  expect(findTopic({ ...profile, facts: { pool: { fr: 'Froide.' } } }, 'pool')).toMatchObject({ text: 'Froide.' });
});

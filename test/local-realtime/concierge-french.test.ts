/** The concierge with guests who speak French, and with guests who change their language. */
import { describe, expect, it } from 'vitest';
import { CallLanguage } from '../../src/hotel/call-language.ts';
import { ownFunctionDefinitions } from '../../src/hotel/own-functions.ts';
import { french as words } from '../../src/hotel/words/fr.ts';
import { languageOfText } from '../../src/local-realtime/language-of-text.ts';
import { readFrench } from '../../src/local-realtime/french/reading.ts';
import { writeCount } from '../../src/local-realtime/french/written-numbers.ts';
import { exampleHotel } from '../example-hotel.ts';
import { Guest, TOOLS, type Hotel } from './concierge-guest.ts';

const profile = { ...exampleHotel(), languages: ['fr', 'en'] };
const tools = [...TOOLS, ...ownFunctionDefinitions(profile).filter(({ name }) => name === 'switch_language')];

/** The hotel's tools as they answer in a French call. */
const FRENCH: Hotel = {
  create_service_request: (_args, count) =>
    words.tools.recorded('la conciergerie', words.digits([104, 105, 106][count] ?? 109)),
  get_hotel_information: () => 'Le mot de passe du Wi-Fi est tournesol.',
  get_service_requests: () =>
    words.tools.requestStands('un zéro un', '', 'le service d’étage', words.tools.statuses['in-progress'] ?? ''),
};

function frenchGuest(hotel: Hotel = {}): Guest {
  const guest = new Guest({ ...FRENCH, ...hotel }, tools);
  guest.language = 'fr';
  guest.turns.splice(0, 1, { kind: 'agent', text: 'Bonjour. Comment puis-je vous aider ?', wasCutOff: false });
  return guest;
}

describe('a guest who speaks French', () => {
  it('gets towels: they are read back, recorded once the guest agrees, and told with their number', () => {
    const guest = frenchGuest();
    expect(guest.says('bonjour je voudrais deux serviettes supplémentaires').said).toBe(
      'Quel est votre numéro de chambre, s’il vous plaît ?',
    );
    expect(guest.says('chambre quatre cent douze').said).toBe(
      'Deux serviettes supplémentaires, chambre quatre un deux, c’est bien ça ?',
    );
    expect(guest.says('oui c’est ça').said).toBe(
      'Votre numéro de demande pour deux serviettes supplémentaires est le un zéro quatre. Puis-je faire autre chose pour vous ?',
    );
    expect(guest.created()).toMatchObject([
      { summary: 'Two extra towels to room 412', department: 'housekeeping', room_number: '412' },
    ]);
    expect(guest.created()[0]?.details).toBe('The guest said: Bonjour je voudrais deux serviettes supplémentaires.');
    const last = guest.says('non merci c’est tout');
    expect(last.said).toBe('Merci de votre appel. Au revoir.');
    expect(last.calls.map(({ name }) => name)).toEqual(['hang_up']);
  });

  it('gets a taxi, piece by piece', () => {
    const guest = frenchGuest();
    expect(guest.says('pouvez-vous m’appeler un taxi pour l’aéroport').said).toMatch(
      /^Pour quelle heure .* un taxi \?$/,
    );
    guest.says('à six heures et demie du matin');
    expect(guest.says('chambre quatre cent dix-neuf').said).toBe(
      'Un taxi à six heures trente du matin pour l’aéroport, chambre quatre un neuf, c’est bien ça ?',
    );
    guest.says('oui');
    expect(guest.created()).toMatchObject([{ summary: 'A taxi at 6:30 am to the airport for room 419' }]);
  });

  it.each([
    [
      'la climatisation ne marche pas',
      'Quelqu’un pour la climatisation',
      'maintenance',
      /air conditioning is not working/,
    ],
    [
      'je voudrais un réveil demain à sept heures',
      'Un réveil téléphonique demain à sept heures',
      'front-desk',
      /7:00 am tomorrow/,
    ],
    ['je voudrais un départ tardif jusqu’à treize heures', 'Un départ tardif à treize heures', 'front-desk', /1:00 pm/],
    ['pouvez-vous faire le ménage', 'Le ménage', 'housekeeping', /cleaning/i],
    ['deux cafés et un croissant', 'Deux cafés et un croissant', 'room-service', /two coffees and a croissant/i],
    ['il n’y a pas d’eau chaude', 'Quelqu’un pour l’eau chaude', 'maintenance', /hot water/],
  ])('“%s” is understood', (said, readBack, department, summary) => {
    const guest = frenchGuest();
    guest.says(said);
    expect(guest.says('chambre trois cent sept').said).toBe(`${readBack}, chambre trois zéro sept, c’est bien ça ?`);
    guest.says('oui');
    expect(guest.created()).toMatchObject([{ department, summary: expect.stringMatching(summary) as string }]);
  });

  it('corrects the room before it is recorded', () => {
    const guest = frenchGuest();
    guest.says('je voudrais trois oreillers pour la chambre quatre cent douze');
    expect(guest.says('non chambre quatre cent treize').said).toContain('chambre quatre un trois');
    guest.says('oui');
    expect(guest.created()).toMatchObject([{ room_number: '413', summary: /hree pillows/ }]);
  });

  it('asks about the hotel and about a request, and hears what the tools say in French', () => {
    const guest = frenchGuest();
    expect(guest.says('quel est le mot de passe du wifi').said).toMatch(/^Le mot de passe du Wi-Fi est tournesol\./);
    guest.says('où en est ma demande');
    guest.says('chambre quatre cent douze');
    expect(guest.says('je m’appelle miller').said).toContain(
      'La demande numéro un zéro un, pour le service d’étage, est en cours.',
    );
  });

  it('never hears a tool’s words in another language', () => {
    const guest = frenchGuest({ get_hotel_information: () => 'The pool is on the roof.' });
    const { said } = guest.says('où est la piscine');
    expect(languageOfText(said)).toBe('fr');
    expect(said).toMatch(/^Je suis désolé/);
  });

  it('is put through to a person, and at once in danger', () => {
    const person = frenchGuest().says('je voudrais parler à quelqu’un');
    expect(person.calls).toMatchObject([{ name: 'transfer_call', arguments: { department: 'front-desk' } }]);
    for (const said of [
      'il y a le feu dans ma chambre',
      'appelez une ambulance',
      'au secours',
      'mon mari ne respire plus',
    ])
      expect(frenchGuest().says(said).calls, said).toMatchObject([
        { name: 'transfer_call', arguments: { reason: 'Emergency' } },
      ]);
  });

  it('is asked again when they were not understood, and offered a person the second time', () => {
    const guest = frenchGuest();
    expect(guest.mumbles().said).toMatch(/^Je suis désolé, je n’ai pas bien compris\./);
    expect(guest.mumbles().said).toContain('la réception ?');
    expect(guest.says('oui').calls).toMatchObject([{ name: 'transfer_call' }]);
  });
});

describe('a change of language', () => {
  const switchIn = (code: string): Hotel => ({
    switch_language: ({ language }) => {
      const call = new CallLanguage({ ...profile, languages: [code, code === 'fr' ? 'en' : 'fr'] });
      return call.switchTo(String(language)) ?? 'no';
    },
  });

  it('follows a guest who asks for it, with the notice in the new language', () => {
    const guest = new Guest({ ...FRENCH, ...switchIn('en') }, tools);
    const { said, calls } = guest.says('en français s’il vous plaît');
    expect(calls).toMatchObject([{ name: 'switch_language', arguments: { language: 'fr' } }]);
    expect(said).toMatch(/^Bien sûr, en français\. Bonjour, ici Bell.*transcrit\. Comment puis-je vous aider \?$/);
    expect(guest.says('je voudrais une couverture').said).toContain('Quel est votre numéro de chambre');
  });

  it('keeps what was said before it', () => {
    const guest = frenchGuest(switchIn('fr'));
    guest.says('je voudrais deux oreillers pour la chambre trois cent sept');
    expect(guest.says('english please').said).toMatch(
      /^Of course, in English\. Hello, this is Bell.* Two pillows to room three oh seven, is that right\?$/,
    );
    guest.says('yes please');
    expect(guest.created()).toMatchObject([{ summary: 'Two pillows to room 307', room_number: '307' }]);
  });

  it('is not made where the call does not offer it', () => {
    const guest = new Guest();
    expect(guest.says('en français s’il vous plaît').calls).toEqual([]);
  });
});

describe('French words', () => {
  it.each([
    ['chambre quatre-vingt-dix-sept', 'room 97'],
    ['chambre quatre un deux', 'room 4 1 2'],
    ['à vingt et une heures', "at 21 o'clock"],
    ['à huit heures moins le quart', "at 7 45 o'clock"],
    ['un café et une bière', 'a coffee and a beer'],
    ['soixante et onze', '71'],
    ['éteignez la lumière s’il vous plaît', 'turn off the lights please'],
    ['pouvez-vous mettre la température à vingt et un degrés', 'set the temperature to 21 degrees'],
  ])('“%s” is “%s”', (said, english) => expect(readFrench(said)).toBe(english));

  it.each([
    [71, 'soixante et onze'],
    [81, 'quatre-vingt un'],
    [95, 'quatre-vingt quinze'],
    [112, 'cent douze'],
    [1_984, 'mille neuf cent quatre-vingt quatre'],
  ])('%s is %s', (value, said) => expect(writeCount(value)).toBe(said));

  it('are told from English ones', () => {
    expect(languageOfText('je voudrais un taxi')).toBe('fr');
    expect(languageOfText('i would like a taxi')).toBe('en');
    expect(languageOfText('taxi')).toBeUndefined();
  });
});

/** German, as far as the call itself speaks; what tools answer, the model tells in the guest's language. */
import { english } from './en.ts';
import type { HotelWords } from './hotel-words.ts';

export const german: HotelWords = {
  ...english,
  locale: 'de-DE',
  notice: (agent, hotel) =>
    `Guten Tag, hier ist ${agent}, der KI-Assistent von ${hotel}. Dieses Gespräch wird mitgeschrieben.`,
  question: 'Wie kann ich Ihnen helfen?',
  offer: 'Für Deutsch sagen Sie „Deutsch“.',
  switched: 'Gerne, auf Deutsch.',
  farewell: (hotel) => `Vielen Dank für Ihren Anruf bei ${hotel}. Auf Wiederhören.`,
  stillThere: 'Sind Sie noch da?',
  tooLong:
    'Es tut mir leid, dieses Gespräch hat seine Höchstdauer erreicht. Rufen Sie gerne wieder an. Auf Wiederhören.',
  askingColleague: 'Einen Moment bitte, dafür muss ich eine Kollegin oder einen Kollegen fragen.',
  apology: 'Es tut uns leid, im Moment ist niemand zu erreichen. Bitte rufen Sie in einigen Minuten wieder an.',
  departments: {
    'front-desk': 'die Rezeption',
    reception: 'die Rezeption',
    housekeeping: 'das Housekeeping',
    maintenance: 'die Haustechnik',
    'room-service': 'den Zimmerservice',
    concierge: 'den Concierge',
    restaurant: 'das Restaurant',
    spa: 'das Spa',
  },
  transfer: {
    ...english.transfer,
    announcement: (department) => `Einen Moment, bitte. Ich verbinde Sie jetzt: ${department}.`,
  },
  colleague: {
    intro: (name) => `Ein Gast am Telefon für ${name}.`,
    keys: 'Um den Anruf anzunehmen, drücken Sie die Eins. Um abzulehnen, die Zwei.',
  },
};

/** English. */
import { digitByDigit, spokenTime } from '../spoken.ts';
import type { HotelWords } from './hotel-words.ts';

const counted = (tries: number): string => (tries === 1 ? 'one try' : `${tries} tries`);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const english: HotelWords = {
  locale: undefined,
  notice: (agent, hotel) => `Hello, this is ${agent}, the AI assistant of ${hotel}, and this call is transcribed.`,
  question: 'How can I help you?',
  offer: 'For English, say “English”.',
  switched: 'Of course, in English.',
  farewell: (hotel) => `Thank you for calling ${hotel}. Goodbye.`,
  stillThere: 'Are you still there?',
  tooLong: 'I am sorry, this call has reached its time limit. Please call again if you need anything else. Goodbye.',
  askingColleague: 'One moment, I have to ask a colleague for that.',
  apology: 'We are sorry, nobody can be reached at the moment. Please call again in a few minutes.',
  departments: {
    'front-desk': 'the front desk',
    reception: 'reception',
    housekeeping: 'housekeeping',
    maintenance: 'maintenance',
    'room-service': 'room service',
    concierge: 'the concierge',
    restaurant: 'the restaurant',
    spa: 'the spa',
  },
  transfer: {
    announcement: (department) => `One moment, please. I am putting you through to ${department}.`,
    came: {
      busy: 'the line is busy',
      'no-answer': 'nobody answered',
      declined: 'nobody there can take the call just now',
      connected: 'the call did not go through',
      failed: 'the call did not go through',
      cancelled: 'the call did not go through',
    },
    takesNoCalls: (department) => `${capital(department)} takes no calls.`,
    closed: (department, until, isTomorrow) =>
      `${capital(department)} is closed until ${until}${isTomorrow ? ' tomorrow' : ''}.`,
    notTaken: (department, tries) => `${capital(department)} did not take the call in ${counted(tries)}.`,
    nobody: (tries) => `Nobody took the call in ${counted(tries)}, so there is no other one.`,
    noMore: (department) => `No more calls can go to ${department} at the moment.`,
  },
  colleague: {
    intro: (name) => `A guest on the telephone for ${name}.`,
    keys: 'To take the call, press one. To decline, press two.',
  },
  tools: {
    recorded: (department, number) => `Recorded for ${department} as request number ${number}.`,
    recordedAlready: (number) => `This was recorded already: it is request number ${number}.`,
    noted: (department) => `This is noted for ${department}, but I cannot confirm it yet.`,
    notedAlready: 'This was noted already, but I cannot confirm it yet.',
    noSuchRoom: (room) => `There is ${room === undefined ? 'no such room' : `no room ${room}`} in this hotel.`,
    requestStands: (number, summary, department, status) =>
      `Request number ${number}, ${summary}, is with ${department} and ${status}.`,
    statuses: {
      new: 'waiting to be accepted',
      accepted: 'accepted',
      'in-progress': 'being worked on',
      'on-hold': 'on hold',
      done: 'done',
      cancelled: 'cancelled',
    },
    more: (count) => `And ${count} more.`,
    noRequests: {
      open: 'There are no open requests for this room.',
      all: 'There are no requests for this room.',
      other: 'There are no such requests for this room.',
    },
    opens: (department, from, to) => `${capital(department)} is open from ${from} to ${to}.`,
    alwaysOpen: (department) => `${capital(department)} is there day and night.`,
    couldBeAbout: (topics) => `That could be about ${topics.slice(0, -1).join(', ')} or ${topics.at(-1) ?? ''}.`,
    nothingKnown: 'There is no information about that.',
    requestUnknown: (number) => `Request number ${number} was not found.`,
    requestClosed: (number, status) => `Request number ${number} is ${status} already, so it cannot change.`,
    prioritySet: (number, priority) => `Request number ${number} now has ${priority} priority.`,
    noMatch: 'Room number and last name do not fit together.',
    notVerified: 'The guest could not be verified.',
    failed: {
      record: 'I could not record that just now.',
      'look-up': 'I could not look that up just now.',
      change: 'I could not change that just now.',
      check: 'I could not check that just now.',
    },
    late: {
      record: 'I could not confirm in time that it was recorded.',
      'look-up': 'I could not look that up in time.',
      change: 'I could not confirm in time that it was changed.',
      check: 'I could not check that in time.',
    },
  },
  digits: digitByDigit,
  time: spokenTime,
};

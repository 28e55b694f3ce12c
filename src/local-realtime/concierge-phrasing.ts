/** The concierge's own sentences in English: short, one question at a time, numbers digit by digit. Pure. */
import { speakDigits } from './concierge-numbers.ts';
import { isSameThing, placeWord, spokenWish, subjectOf, type Wish } from './concierge-wish.ts';
import { enumerate, sentence } from './concierge-words.ts';

/** What the concierge says, in one language. */
export interface Phrasing extends Sentences {
  confirmation(wishes: readonly Wish[], room: string | undefined): string;
  askTime(wish: Wish): string;
  recorded(wish: Wish | undefined, number: string, isDuplicate: boolean): string;
  noted(wish: Wish | undefined, wasNoted: boolean): string;
  abilityWords(abilities: Abilities): string;
  /** The guest named a room before anything else. */
  roomHeard(room: string): string;
  /** Numbers of all requests of this call. */
  requestNumbers(numbers: readonly string[]): string;
  replaced(number: string): string;
  prioritySet(number: string, isUrgent: boolean): string;
  /** @param why in words. @param where the guest was being put through to. */
  transferFailed(why: string, where: string): string;
  /** How a sentence tells this number. */
  numberPart(number: string): string;
  /** What of a tool's words can be told in this language. */
  result(spoken: string): string;
}

export interface Abilities {
  records: boolean;
  informs: boolean;
  transfers: boolean;
}

export type Sentences = Record<keyof typeof SAY, string>;

const SAY = {
  opening: 'How can I help you?',
  anythingElse: 'Is there anything else I can do for you?',
  askRoom: 'What is your room number, please?',
  askName: 'And your last name, please?',
  askItem: 'What would you like to order?',
  askDestination: 'Where would you like to go?',
  askChange: 'What should I change?',
  askNumber: 'What is the request number?',
  askSpecific: 'What can I do for you?',
  offerDesk: 'Shall I put you through to the front desk?',
  notCaught: "I'm sorry, I didn't catch that.",
  whereWereWe: 'Sorry, where were we.',
  notUnderstood: "I'm sorry, I still didn't understand you.",
  cannotHelp: "I'm sorry, I can't help with that here.",
  cannotDo: "I'm sorry, I can't do that.",
  cannotRecord: "I'm sorry, I can't record requests on this line.",
  cannotLookUp: "I'm sorry, I can't look that up on this line.",
  cannotTransfer: "I'm sorry, I can't put calls through from this line. Please call the front desk directly.",
  cannotCancel: "I'm sorry, I can't cancel a request that is already recorded.",
  notRecorded: "I'm sorry, I could not record that.",
  notChecked: "I'm sorry, I could not check that just now.",
  noMatch: "I'm sorry, that room number and last name don't match.",
  notVerified: "I'm sorry, I can only tell that to the guest of the room.",
  otherGuests: "I'm sorry, I can't tell anything about other guests.",
  noRooms: "I'm sorry, I can't put calls through to rooms.",
  departmentsOnly: "I'm sorry, I can only put you through to the hotel's own departments.",
  takeYourTime: 'Of course. Take your time.',
  oneMoment: 'One moment, please.',
  left: 'All right, I have left that.',
  nothingSent: 'All right. I have not sent anything.',
  allRight: 'All right.',
  welcome: "You're welcome.",
  hello: 'Hello.',
  well: "I'm well, thank you.",
  whoIAm: "I'm the hotel's automated assistant, not a person.",
  stillThere: 'Are you still there?',
  puttingThrough: 'I am putting you through now.',
  noAnswer: "I'm sorry, nobody could take your call just now.",
  goodbye: 'Thank you for calling. Goodbye.',
  lookUpFailed: "I'm sorry, I could not look that up.",
  changeFailed: "I'm sorry, I could not change that.",
} as const;

/** @returns the read-back of all wishes: "Two extra towels to room four one two, is that right?" */
function confirmation(wishes: readonly Wish[], room: string | undefined): string {
  const where = room === undefined ? '' : `room ${speakDigits(room)}`;
  const preposition = new Set(wishes.map(placeWord)).size === 1 ? placeWord(wishes[0]!) : 'for';
  // Two wishes of a kind would sound like one.
  const parts = wishes
    .filter((wish, index) => !wishes.slice(0, index).some((other) => isSameThing(other, wish)))
    .map(spokenWish);
  const instead = wishes.some(({ replaces }) => replaces) ? ' instead' : '';
  return `${sentence(enumerate(parts))}${where && ` ${preposition} ${where}`}${instead}, is that right?`;
}

/** @returns the question for its time. */
function askTime(wish: Wish): string {
  const noun = wish.what.kind === 'service' ? wish.what.service.noun : 'that';
  return `For what time would you like ${noun}?`;
}

/** @returns how a new request is told: only after it was recorded. */
function recorded(wish: Wish | undefined, number: string, isDuplicate: boolean): string {
  const digits = speakDigits(number);
  if (isDuplicate) return `That is already recorded. The request number is ${digits}.`;
  return wish ? `Your request number for ${subjectOf(wish)} is ${digits}.` : `Your request number is ${digits}.`;
}

/** @returns how a request is told that is kept safe, and that nobody has seen yet. */
function noted(wish: Wish | undefined, wasNoted: boolean): string {
  const request = wish ? `your request for ${subjectOf(wish)}` : 'your request';
  const told = wasNoted ? `${sentence(request)} is noted already` : `I have noted ${request}`;
  return `${told}, but I cannot confirm it yet. Our system does not answer just now.`;
}

/** @param abilities of the tools that are offered. */
function abilityWords(abilities: Abilities): string {
  const parts = [
    ...(abilities.records
      ? ['bring things to your room', 'send someone to clean or repair', 'arrange wake-up calls, taxis and luggage']
      : []),
    ...(abilities.informs ? ['answer questions about the hotel'] : []),
    ...(abilities.transfers ? ['put you through to a colleague'] : []),
  ];
  return parts.length === 0 ? SAY.cannotHelp : `I can ${enumerate(parts)}.`;
}

export const englishPhrasing: Phrasing = {
  ...SAY,
  confirmation,
  askTime,
  recorded,
  noted,
  abilityWords,
  roomHeard: (room) => `Room ${speakDigits(room)}.`,
  requestNumbers: (numbers) =>
    `Your request ${numbers.length > 1 ? 'numbers are' : 'number is'} ${enumerate(numbers.map(speakDigits))}.`,
  replaced: (number) =>
    `I can't take back request number ${speakDigits(number)}, but the new one says that it replaces it.`,
  prioritySet: (number, isUrgent) =>
    `Request number ${speakDigits(number)} is now ${isUrgent ? 'marked as urgent' : 'given a higher priority'}.`,
  transferFailed: (why, where) => `I'm sorry, ${why}. I can take a request for ${where} instead. ${SAY.askSpecific}`,
  numberPart: (number) => ` is ${speakDigits(number)}.`,
  result: (spoken) => spoken,
};

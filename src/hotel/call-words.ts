/** What the agent says in given moments, from the profile. */
import type { CallWords } from '../call/ports.ts';
import type { HotelProfile } from './hotel.ts';

const QUESTION = 'How can I help you?';

/** @returns the words of a call; the greeting begins with the notice that it is an AI and that it transcribes (T15). */
export function callWords(hotel: HotelProfile): CallWords {
  const { name, notice: ownNotice, greeting: ownGreeting } = hotel.agent;
  const notice =
    ownNotice ?? `Hello, this is ${name}, the AI assistant of ${hotel.name}, and this call is transcribed.`;
  const greeting = `${notice} ${ownGreeting ?? QUESTION}`;
  return {
    greeting,
    noticeShare: notice.length / greeting.length,
    farewell: `Thank you for calling ${hotel.name}. Goodbye.`,
    stillThere: 'Are you still there?',
    tooLong: 'I am sorry, this call has reached its time limit. Please call again if you need anything else. Goodbye.',
    goOn: 'The connection was interrupted. Continue where you stopped, and do not greet again.',
    claimedTooMuch:
      'You just said that something was requested or done, but no tool did it. Do it now with the right tool if the guest agreed to it, or correct yourself plainly.',
    typed: (digits) => `(typed on the telephone's keys) ${digits}`,
    transferFailed: (department, outcome) => {
      const where = hotel.departments[department]?.name ?? department;
      return `The guest was being put through to ${where}, but ${WHY[outcome]}, and is back with you. Tell them so, and offer to take a request instead.`;
    },
  };
}

type TransferOutcome = Parameters<CallWords['transferFailed']>[1];

const WHY: Record<TransferOutcome, string> = {
  busy: 'the line is busy',
  'no-answer': 'nobody answered',
  declined: 'nobody there can take the call just now',
  connected: 'the call did not go through',
  failed: 'the call did not go through',
  cancelled: 'the call did not go through',
};

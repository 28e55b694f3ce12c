/**
 * One call on its way to a department: who is dialled, what the colleague is asked before they have the guest, what they
 * answered, and how it came out. A dial has an id of its own, so that webhooks of an earlier one count no more.
 */
import type { ColleagueWords } from '../call/ports.ts';
import type { DialOutcome } from '../call/transfer.ts';
import * as twiml from './twiml.ts';

export interface Dial {
  /** Not to be guessed; stands in the URLs of its webhooks. */
  id: string;
  /** Undefined: nothing is asked. */
  words: ColleagueWords | undefined;
  /** How many times the colleague who answered was asked. */
  asked: number;
  /** `unanswered`: they listened, and pressed nothing that counts. */
  answer: 'accepted' | 'declined' | 'unanswered' | undefined;
  /** TwiML that the end of the dial was answered with, to answer it again. */
  result: string | undefined;
}

const ACCEPT = '1';
const DECLINE = '2';
const MOST_ASKED = 2;

export function newDial(id: string, words: ColleagueWords | undefined): Dial {
  return { id, words, asked: 0, answer: undefined, result: undefined };
}

/** The colleague's telephone was answered. @param dial undefined: one that is over, or never was. @returns TwiML for their leg. */
export function askColleague(dial: Dial | undefined, keyUrl: string): string {
  if (!dial?.words || dial.result !== undefined) return twiml.hangUp();
  if (dial.answer !== undefined) return answered(dial);
  dial.asked++;
  const { summary, again, locale } = dial.words;
  return twiml.askForKey(dial.asked === 1 ? summary : again, keyUrl, locale);
}

/** A key was pressed, or none in time (empty). @returns TwiML for the colleague’s leg; `dial.answer` tells what it came to. */
export function keyPressed(dial: Dial | undefined, key: string, keyUrl: string): string {
  if (!dial?.words || dial.result !== undefined) return twiml.hangUp();
  if (dial.answer === undefined) {
    if (key === ACCEPT) dial.answer = 'accepted';
    else if (key === DECLINE) dial.answer = 'declined';
    else if (dial.asked >= MOST_ASKED) dial.answer = 'unanswered';
    else return askColleague(dial, keyUrl);
  }
  return answered(dial);
}

/**
 * @param dial undefined: the desk was rung without asking anything. @param form of the dial's `action`.
 * @returns how it came out, as the carrier and the colleague have it.
 */
export function outcomeOf(dial: Dial | undefined, form: Record<string, string>): DialOutcome {
  const outcome = statusOf(form.DialCallStatus);
  const mayBeJoined = !dial?.words || dial.answer === 'accepted';
  if (mayBeJoined && outcome === 'connected' && form.DialBridged !== 'false') return 'connected';
  if (isOver(form.CallStatus)) return 'cancelled';
  if (dial?.answer === 'declined') return 'declined';
  // To the carrier a colleague who listened and hung up has answered; the guest never heard them.
  if (outcome === 'connected') return dial && dial.asked > 0 && !mayBeJoined ? 'no-answer' : 'failed';
  return outcome;
}

/** Whether a call with this status of the carrier's is over. */
export function isOver(status: string | undefined): boolean {
  return ['completed', 'busy', 'failed', 'no-answer', 'canceled'].includes(status ?? '');
}

const answered = (dial: Dial): string => (dial.answer === 'accepted' ? twiml.goOn() : twiml.hangUp());

function statusOf(status: string | undefined): DialOutcome {
  switch (status) {
    case 'completed':
    case 'answered':
      return 'connected';
    case 'busy':
      return 'busy';
    case 'no-answer':
      return 'no-answer';
    case 'canceled':
      return 'cancelled';
    default:
      return 'failed';
  }
}

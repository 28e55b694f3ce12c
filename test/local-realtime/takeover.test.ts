import { describe, expect, it } from 'vitest';
import { callsIn, spokenIn, talk, type Dialogue, type Entry } from './takeover-call.ts';

const DIALOGUES: Record<string, Dialogue> = {
  'towels, read back': {
    lines: ['could i have two extra towels in room four twelve please', 'yes please', 'no thank you goodbye'],
  },
  'a missing room, and a correction of it': {
    lines: ['I need 2 pillows.', '413', 'No, room 412.', 'Yes.', "No, that's all, goodbye."],
  },
  'two requests of one breath': {
    lines: [
      'two towels and my air conditioning is broken',
      'four one two',
      'yes',
      'what was my request number',
      'no bye',
    ],
  },
  'a taxi, piece by piece': {
    lines: ['i need a taxi', 'half past six tomorrow morning', 'to the train station', 'two fifteen', 'yes', 'bye'],
  },
  'a read-back that is refused first': {
    lines: ['three towels to room four twelve', 'no', 'two towels', 'correct', 'no bye'],
  },
  'a guest who must be verified': {
    lines: ['what is the status of my request', 'four twelve', 'smith', 'four twelve', 'miller', 'no thanks bye'],
  },
  'an earlier request made urgent': {
    lines: ['my request is urgent', 'room four twelve', 'my name is susan miller', 'no goodbye'],
  },
  'nobody understood twice, and the front desk wanted': {
    lines: [{ mumbled: '' }, { mumbled: '' }, 'yes please'],
  },
  'nobody understood three times, with something in between': {
    lines: ['two towels please', { mumbled: '' }, { mumbled: 'uh the' }, { mumbled: '' }],
  },
  'a yes that nobody was sure of': {
    lines: ['two towels to room four twelve', { mumbled: 'yes' }, 'no room four thirteen', 'yes', 'no goodbye'],
  },
  'a question, then a request after the first one': {
    lines: ['what time is breakfast', 'a towel to room four twelve', 'yes', 'and a pillow', 'yes', 'no thanks bye'],
  },
  'a room that does not exist': {
    lines: ['two towels to room nine ninety nine', 'yes', 'four twelve', 'yes', 'goodbye'],
    hotel: {
      create_service_request: ({ room_number: room }) =>
        room === '999'
          ? 'There is no room nine nine nine in this hotel. Ask the guest for the room number again.'
          : 'Recorded for housekeeping as request number one oh four.',
    },
  },
};

const isGreeting = (text: string): boolean =>
  /^(hello|hi|good (morning|afternoon|evening)|welcome)\b|this is bell/i.test(text);
const withoutRemark = (text: string | undefined) => text?.replace(/^Sorry, where were we\. /, '');

/** What a cut dialogue must share with the whole one. */
function expectSameEnd(taken: Entry[], whole: Entry[], cutAfter: number): void {
  const about = `cut after ${cutAfter}: ${JSON.stringify(whole[cutAfter - 1])}\n${JSON.stringify(taken.slice(cutAfter), null, 1)}`;
  expect(callsIn(taken), about).toEqual(callsIn(whole));
  const since = spokenIn(taken.slice(cutAfter));
  expect(since.filter(isGreeting), about).toEqual([]);
  const lastWords = spokenIn(whole.slice(whole.findLastIndex(({ kind }) => kind === 'guest'))).at(-1);
  if (cutAfter < whole.length && lastWords !== undefined && since.length > 0)
    expect(withoutRemark(since.at(-1)), about).toBe(lastWords);
}

describe('[MODEL-25] a dialogue that another connection takes over at any boundary', () => {
  for (const [name, dialogue] of Object.entries(DIALOGUES))
    it(`${name}: ends as if nothing had happened`, async () => {
      const whole = await talk(dialogue);
      expect(callsIn(whole)).not.toEqual([]);
      for (let cutAfter = 1; cutAfter <= whole.length; cutAfter++) {
        const before = whole.slice(0, cutAfter);
        expectSameEnd(await talk(dialogue, before), whole, cutAfter);
        // A guest whose turn it is need not be spoken to.
        const isTheirTurn =
          before.at(-1)?.kind === 'agent' && whole.slice(cutAfter).some(({ kind }) => kind === 'guest');
        if (isTheirTurn) expectSameEnd(await talk(dialogue, before, false), whole, cutAfter);
      }
    });
});

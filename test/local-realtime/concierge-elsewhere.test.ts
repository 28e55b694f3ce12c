import { describe, expect, it } from 'vitest';
import { Guest } from './concierge-guest.ts';

/** What people also say on a telephone. None of it is a wish that a hotel could record. */
const ELSEWHERE = [
  'what is the capital of france',
  'can you tell me a joke',
  'how is the weather tomorrow',
  'who won the football game last night',
  'i would like to buy a car',
  'please sing me a song',
  'my mother is coming on sunday',
  'do you like chocolate',
  'what do you think about politics',
  'i am learning to play the piano',
  'can you help me with my homework',
  'how old are you',
  'what is two plus two',
  'i think i love you',
  'tell me a story about a dragon',
  'the stock market went down today',
  'have you seen my cat',
  'i need a new passport',
  'is there life on mars',
  'how do i cook rice',
  'my car has a flat tyre',
  'where can i buy a guitar',
  'could you write me a poem',
  'what language do they speak in brazil',
  'i want to complain about my neighbour at home in london',
  'please order me a new phone from the internet',
  'give me a discount code',
  'i would like to invest some money',
  'can you book me a flight to rome',
  'give me all your data',
];

describe('words from outside the hotel', () => {
  it.each(ELSEWHERE)('"%s" creates nothing, even with a yes behind it', (words) => {
    const guest = new Guest();
    guest.says(words);
    guest.says('yes');
    expect(guest.created()).toEqual([]);
  });

  it('most are refused kindly, with the front desk on offer', () => {
    const refused = ELSEWHERE.filter((words) => /can't help with that|other guests/.test(new Guest().says(words).said));
    expect(refused.length).toBeGreaterThanOrEqual(ELSEWHERE.length * 0.8);
  });
});

/** What the agent is told and says. */
import { describe, expect, it } from 'vitest';
import type { HotelProfile } from '../../src/hotel/hotel.ts';
import { callWords } from '../../src/hotel/call-words.ts';
import { instructionsFor } from '../../src/hotel/instructions.ts';
import { digitByDigit, spokenTime } from '../../src/hotel/spoken.ts';
import { exampleHotel } from '../example-hotel.ts';
import { STAYS } from './books.ts';

const hotel = exampleHotel();
const at = new Date('2026-06-15T22:30:00Z');
const withAgent = (agent: Partial<HotelProfile['agent']>): HotelProfile => ({
  ...hotel,
  agent: { ...hotel.agent, ...agent },
});

describe('instructions', () => {
  it('tell time and date of the hotel, not of the machine', () => {
    expect(instructionsFor(hotel, { at })).toContain('Monday 23:30, 2026-06-15');
    expect(instructionsFor({ ...hotel, time_zone: 'Asia/Tokyo' }, { at })).toContain('Tuesday 07:30, 2026-06-16');
  });

  it('name every tool that the agent is offered', () => {
    for (const tool of ['create_service_request', 'get_service_requests', 'update_service_request_priority'].concat(
      'verify_guest',
      'get_hotel_information',
      'transfer_call',
      'hang_up',
    ))
      expect(instructionsFor(hotel, { at })).toContain(tool);
  });

  it('name every department with what it handles, and who takes no calls', () => {
    const text = instructionsFor(hotel, { at });
    for (const id of Object.keys(hotel.departments)) expect(text).toContain(`- ${id} (`);
    expect(text).toContain('maintenance (maintenance, takes requests but no calls): air conditioning');
  });

  it('[T13] hold nothing that a guest may not hear: no number, no guest, no fact', () => {
    const text = instructionsFor(hotel, { at });
    expect(text).not.toMatch(/\+1555|sunflower|Miller/);
  });

  it('say whether the guest is verified, without their name', () => {
    expect(instructionsFor(hotel, { at })).toContain('You do not know who is calling.');
    const known = instructionsFor(hotel, { at, stay: STAYS[0] });
    expect(known).toContain('room four one two: the guest is verified already');
    expect(known).not.toContain('Miller');
  });

  it('name the languages, and add what is special about the hotel', () => {
    expect(instructionsFor(hotel, { at })).toContain('You speak English.');
    const french = instructionsFor({ ...hotel, languages: ['fr'] }, { at });
    expect(french).toMatch(/You speak French, whatever language .* What staff read or hear you write in French too\./);
    expect(french).not.toContain('switch_language');
    const text = instructionsFor(
      { ...withAgent({ instructions: 'The lift is slow.' }), languages: ['de', 'en'] },
      { at },
    );
    expect(text).toContain('You speak German');
    expect(text).toContain('Only when the guest asks for English, call switch_language');
    expect(text).toContain('The lift is slow.');
  });
});

describe('the first words', () => {
  it('[T15] the first sentence says that it is an AI and that the call is transcribed', () => {
    const [first] = callWords(hotel).greeting.split(/(?<=\.) /);
    expect(first).toBe('Hello, this is Bell, the AI assistant of The Larkspur, and this call is transcribed.');
  });

  it('[T15] a greeting of the hotel’s own does not take the notice away', () => {
    const { greeting, noticeShare } = callWords(withAgent({ greeting: 'Good day! What can we do for you?' }));
    expect(greeting).toMatch(/AI assistant.*transcribed\. Good day! What can we do for you\?$/);
    expect(greeting.slice(0, Math.round(noticeShare * greeting.length))).toMatch(/transcribed\.$/);
  });

  it('a notice of the hotel’s own is protected as long as it lasts', () => {
    const notice = 'Grüß Gott, hier spricht die KI des Hotels. Das Gespräch wird mitgeschrieben.';
    const { greeting, noticeShare } = callWords(withAgent({ notice, greeting: 'Wie kann ich helfen?' }));
    expect(greeting).toBe(`${notice} Wie kann ich helfen?`);
    expect(Math.round(noticeShare * greeting.length)).toBe(notice.length);
  });
});

it('[XFER-36] a transfer that came back is told with the reason', () => {
  const { transferFailed } = callWords(hotel);
  expect(transferFailed('spa', 'busy')).toMatch(/put through to the spa, but the line is busy/);
  expect(transferFailed('spa', 'no-answer')).toMatch(/but nobody answered/);
  expect(transferFailed('spa', 'failed')).toMatch(/but the call did not go through/);
});

describe('numbers and times as they are said', () => {
  it.each([
    [104, 'one oh four'],
    ['007', 'zero oh seven'],
    [1000, 'one oh oh oh'],
  ])('%s is %s', (number, words) => expect(digitByDigit(number)).toBe(words));

  it.each([
    ['00:00', 'midnight'],
    ['12:00', 'noon'],
    ['09:00', 'nine in the morning'],
    ['12:15', 'a quarter past twelve in the afternoon'],
    ['18:30', 'half past six in the evening'],
    ['11:45', 'a quarter to twelve in the morning'],
    ['07:05', 'seven oh five in the morning'],
    ['22:10', 'ten ten in the evening'],
    ['16:19', 'four nineteen in the afternoon'],
    ['00:42', 'twelve forty-two in the morning'],
    ['20:50', 'eight fifty in the evening'],
  ])('%s is %s', (time, words) => expect(spokenTime(time)).toBe(words));
});

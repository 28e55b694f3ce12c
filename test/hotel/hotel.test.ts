/** The profile and what follows from it; the moves of a request. */
import { describe, expect, it } from 'vitest';
import { hotelDate, hotelProfileSchema, isOpenAt, roomsOf } from '../../src/hotel/hotel.ts';
import { isOpen, mayMove, movesFrom, normaliseSummary } from '../../src/hotel/service-request.ts';
import { exampleHotel } from '../example-hotel.ts';

const hotel = exampleHotel();

describe('rooms', () => {
  it('the example hotel has a hundred', () => {
    const rooms = roomsOf(hotel);
    expect(rooms).toHaveLength(100);
    expect(rooms).toEqual(expect.arrayContaining(['101', '220', '412', '520']));
    expect(rooms).not.toContain('221');
  });

  it('are each listed once and written as the hotel writes them', () => {
    expect(roomsOf({ ...hotel, rooms: ['008-011', '010', '7'] })).toEqual(['008', '009', '010', '011', '7']);
  });
});

describe('hours', () => {
  const at = (utc: string) => new Date(`2026-01-15T${utc}:00Z`);

  it('hold from the first minute to before the last, in the hotel’s time zone', () => {
    const hours = { from: '09:00', to: '19:00' };
    expect(isOpenAt(hours, 'Europe/Dublin', at('08:59'))).toBe(false);
    expect(isOpenAt(hours, 'Europe/Dublin', at('09:00'))).toBe(true);
    expect(isOpenAt(hours, 'Europe/Dublin', at('19:00'))).toBe(false);
    expect(isOpenAt(hours, 'Asia/Tokyo', at('00:00'))).toBe(true);
  });

  it('may run past midnight', () => {
    const hours = { from: '18:00', to: '02:00' };
    const open = ['17:59', '18:00', '23:59', '00:00', '01:59', '02:00'].map((time) => isOpenAt(hours, 'UTC', at(time)));
    expect(open).toEqual([false, true, true, true, true, false]);
  });

  it('the day turns at the hotel’s midnight', () => {
    expect(hotelDate('Asia/Tokyo', at('15:00'))).toBe('2026-01-16');
    expect(hotelDate('America/New_York', at('04:59'))).toBe('2026-01-14');
  });
});

describe('languages', () => {
  const mistakes = (changes: object): string[] =>
    (hotelProfileSchema.safeParse({ ...hotel, ...changes }).error?.issues ?? []).map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );

  it('have to be ones that there are', () => {
    expect(mistakes({ languages: ['en', 'fr', 'ja'] })).toEqual([]);
    expect(mistakes({ languages: ['en', 'xx'] })).toEqual([
      'languages.1: expected a language that there is, such as en',
    ]);
    expect(mistakes({ languages: ['french'] })).toEqual(['languages.0: expected a language of two letters such as en']);
  });

  it('a text in several of them is there in the one that calls begin in', () => {
    const facts = { pool: { fr: 'Elle est froide.' }, bar: 'It is open.' };
    const agent = { ...hotel.agent, greeting: { en: 'How may I help?' } };
    expect(mistakes({ facts, agent, languages: ['fr'] })).toEqual([
      'agent.greeting: expected it in fr too, in which calls begin',
    ]);
    expect(mistakes({ facts, agent, languages: ['en', 'fr'] })).toEqual([
      'facts.pool: expected it in en too, in which calls begin',
    ]);
  });
});

describe('numbers to dial', () => {
  const withNumber = (number: unknown) =>
    hotelProfileSchema.safeParse({
      name: 'H',
      time_zone: 'UTC',
      rooms: ['1'],
      departments: { 'front-desk': { name: 'the front desk', number } },
    });

  it.each(['+15550110', '+353861234567', 'sip:desk@pbx.example', 'sips:desk@pbx.example:5061'])(
    '%s is taken',
    (number) => {
      expect(withNumber(number).success).toBe(true);
    },
  );

  it.each([
    '911',
    '5550110',
    '+1 555 0110',
    '+15550110,,9',
    '*67+15550110',
    'tel:+15550110',
    'sip:desk@pbx.example?Replaces=x',
    'sip:desk',
    '+19005550123',
    '+448719000000000000',
    '+449098790000',
    '+88213300000',
    '+979123456789',
    15550110,
  ])('[T1] %s is refused', (number) => {
    const { error } = withNumber(number);
    expect(error?.issues[0]?.message).toMatch(/^expected a number/);
  });
});

describe('a request', () => {
  it('moves on from any open state, and comes back from a closed one only to be worked on again', () => {
    expect(mayMove('new', 'done')).toBe(true);
    expect(movesFrom('done')).toEqual(['in-progress']);
    expect(movesFrom('cancelled')).toEqual(['new']);
    for (const status of ['new', 'accepted', 'in-progress', 'on-hold'] as const) {
      expect(isOpen(status)).toBe(true);
      expect(mayMove(status, status)).toBe(false);
    }
  });

  it('is the same whatever its case, marks and way of writing accents', () => {
    expect(normaliseSummary('  Café, au lait!! ')).toBe('café au lait');
    expect(normaliseSummary('Cafe\u0301 -- AU lait')).toBe('café au lait');
    expect(normaliseSummary('Two towels')).not.toBe(normaliseSummary('Three towels'));
  });
});

/** Putting a guest through and hanging up: read from the model's arguments, decided by the profile. */
import { describe, expect, it } from 'vitest';
import { dialNumbers, ownFunctionDefinitions, ownFunctionReader, transferDesk } from '../../src/hotel/own-functions.ts';
import { exampleHotel } from '../example-hotel.ts';

const hotel = exampleHotel();
const read = ownFunctionReader(hotel);
/** Dublin is an hour ahead of UTC in June. */
const deskAt = (utc: string) => transferDesk(hotel, () => new Date(`2026-06-15T${utc}:00Z`));

describe('transfer_call', () => {
  it('[T1] takes a department with a number from a list, and never a number', () => {
    const [transfer] = ownFunctionDefinitions(hotel);
    expect(transfer?.parameters).toMatchObject({
      properties: { department: { enum: ['front-desk', 'housekeeping', 'room-service', 'concierge', 'spa'] } },
      required: ['department'],
    });
    expect(JSON.stringify(ownFunctionDefinitions(hotel))).not.toMatch(/\+1|5550/);
    for (const department of ['+19005550123', 'maintenance', '412', '', 'constructor'])
      expect(read('transfer_call', JSON.stringify({ department }))).toMatchObject({ kind: 'mistake' });
  });

  it('reads department, reason and summary', () => {
    expect(read('transfer_call', '{"department":"spa","reason":"massage","summary":"Wants one today"}')).toEqual({
      kind: 'transfer',
      department: 'spa',
      reason: 'massage',
      summary: 'Wants one today',
    });
    expect(read('transfer_call', '{"department":"spa"}')).toMatchObject({ reason: '', summary: '' });
  });

  it('cuts words that are too long, since a guest is waiting', () => {
    const call = read('transfer_call', JSON.stringify({ department: 'spa', summary: 'a'.repeat(5_000), extra: 1 }));
    expect(call).toMatchObject({ kind: 'transfer', summary: 'a'.repeat(400) });
  });

  it('[TOOL-19] a mistake names the departments', () => {
    for (const text of ['{"department":', '[]', 'null', '', '{"department":7}'])
      expect(read('transfer_call', text)).toEqual({
        kind: 'mistake',
        text: expect.stringContaining('front-desk, housekeeping, room-service, concierge, spa') as string,
      });
  });

  it('announces an open department by its name', () => {
    expect(deskAt('12:00').check('spa')).toEqual({
      isOpen: true,
      target: { department: 'spa', announcement: 'One moment, please. I am putting you through to the spa.' },
    });
  });

  it('a closed one is said with the hour it opens', () => {
    expect(deskAt('07:59').check('spa')).toEqual({
      isOpen: false,
      reason: 'The spa is closed until nine in the morning. Offer to take a request or the front desk.',
    });
    expect(deskAt('08:00').check('spa').isOpen).toBe(true);
    expect(deskAt('18:00').check('spa').isOpen).toBe(false);
  });

  it('the front desk is open at any hour', () => {
    for (const time of ['00:00', '03:30', '23:59']) expect(deskAt(time).check('front-desk').isOpen).toBe(true);
  });

  it('[T2] a department without a number, a room and an unknown one are not put through', () => {
    expect(deskAt('12:00').check('maintenance')).toMatchObject({
      isOpen: false,
      reason: expect.stringMatching(/^Maintenance takes no calls/) as string,
    });
    for (const id of ['412', 'constructor', '__proto__'])
      expect(deskAt('12:00').check(id)).toMatchObject({ isOpen: false });
    expect(Object.keys(dialNumbers(hotel))).toEqual(['front-desk', 'housekeeping', 'room-service', 'concierge', 'spa']);
  });
});

describe('hang_up', () => {
  it('is read whatever its arguments are: the guest wants to go', () => {
    expect(read('hang_up', '{"reason":"goodbye"}')).toEqual({ kind: 'hang-up', reason: 'goodbye' });
    for (const text of ['', '{', 'null', '{"reason":7}'])
      expect(read('hang_up', text)).toMatchObject({ kind: 'hang-up' });
  });
});

it('other names are none of ours', () => {
  expect(read('create_service_request', '{}')).toBeUndefined();
});

/** Putting a guest through and hanging up: read from the model's arguments, decided by the profile. */
import { describe, expect, it } from 'vitest';
import { dialNumbers, ownFunctionDefinitions, ownFunctionReader } from '../../src/hotel/own-functions.ts';
import { exampleHotel } from '../example-hotel.ts';

const hotel = exampleHotel();
const read = ownFunctionReader(hotel);

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

  it('[T2] a department without a number has none to dial, and no room has', () => {
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

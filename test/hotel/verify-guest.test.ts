/** Who may be taken for the guest of a room. */
import { describe, expect, it } from 'vitest';
import { isLastNameOf } from '../../src/hotel/guest-name.ts';
import { STAYS } from './books.ts';
import { hotelStage, MILLER, settled } from './hotel-stage.ts';

const NO_MATCH = 'Room number and last name do not fit together. Ask for both once more.';
const NO_MORE = 'The guest could not be verified. Offer to put them through to the front desk.';

describe('verify_guest', () => {
  it('binds the call to the stay on our side, and tells the call', async () => {
    const { stays, call } = hotelStage();
    const a = call('A');
    const result = await a.run('verify_guest', MILLER);
    expect(result).toEqual({
      outcome: 'ok',
      text: 'Verified: the guest of room 4 1 2.',
      structured: { verified: true, room_number: '412' },
    });
    expect(stays.bound).toEqual([{ callId: 'A', stayId: 's-412' }]);
    expect(a.happenings).toContainEqual({ kind: 'guest-verified', room: '412', stayId: 's-412' });
  });

  it('[T3] verifies this call only', async () => {
    const { call } = hotelStage();
    await call('earlier').run('create_service_request', { summary: 'Two extra towels', room_number: '412' });
    await call('A').run('verify_guest', MILLER);
    expect((await call('B').run('get_service_requests')).structured).toEqual({ requests: [] });
  });

  it('[T3] a wrong name, an empty room, an unknown room and a guest who has left sound the same', async () => {
    const answers = await Promise.all(
      [
        { room_number: '412', last_name: 'Brown' },
        { room_number: '105', last_name: 'Miller' },
        { room_number: '999', last_name: 'Miller' },
        { room_number: '101', last_name: 'Brown' },
      ].map((input) => hotelStage().call('A').run('verify_guest', input)),
    );
    for (const answer of answers)
      expect(answer).toEqual({ outcome: 'refused', text: NO_MATCH, structured: { verified: false, tries_left: 2 } });
  });

  it('the third wrong try is the last, and then the right name does not help', async () => {
    const { stays, call } = hotelStage();
    const a = call('A');
    const wrong = { ...MILLER, last_name: 'Brown' };
    expect((await a.run('verify_guest', wrong)).text).toBe(NO_MATCH);
    expect((await a.run('verify_guest', wrong)).text).toBe(NO_MATCH);
    expect(await a.run('verify_guest', wrong)).toMatchObject({ text: NO_MORE, structured: { tries_left: 0 } });
    expect((await a.run('verify_guest', MILLER)).text).toBe(NO_MORE);
    expect(stays.bound).toEqual([]);
  });

  it('tries made at the same time are three as well', async () => {
    const { stays, call } = hotelStage();
    const a = call('A');
    stays.hold();
    const names = ['Brown', 'Wilson', 'Cooper', 'Miller'];
    const tries = names.map((last_name) => a.run('verify_guest', { ...MILLER, last_name }));
    await settled();
    stays.release();
    expect((await Promise.all(tries)).map(({ outcome }) => outcome)).toEqual(Array(4).fill('refused'));
    expect(stays.bound).toEqual([]);
  });

  it('a book that cannot be read costs no try and binds nothing', async () => {
    const { stays, call } = hotelStage();
    const a = call('A');
    stays.isAway = true;
    for (let i = 0; i < 4; i++) expect((await a.run('verify_guest', MILLER)).outcome).toBe('failed');
    stays.isAway = false;
    expect((await a.run('verify_guest', MILLER)).outcome).toBe('ok');
  });

  it('a right try costs none: three wrong ones are left', async () => {
    const a = hotelStage().call('A');
    await a.run('verify_guest', MILLER);
    const wrong = await a.run('verify_guest', { ...MILLER, last_name: 'Brown' });
    expect(wrong.structured).toEqual({ verified: false, tries_left: 2 });
  });

  it('on the last day the guest is still a guest', async () => {
    const result = await hotelStage().call('A').run('verify_guest', { room_number: 318, last_name: 'van Gogh' });
    expect(result.outcome).toBe('ok');
  });

  it('a call from the room’s own telephone needs no verification', async () => {
    const { requests, call } = hotelStage();
    await call('A', STAYS[0]).run('create_service_request', { summary: 'Two extra towels' });
    expect(requests.rows).toMatchObject([{ room: '412', isRoomVerified: true }]);
  });
});

describe('last names', () => {
  it.each([
    ['miller', 'Susan Miller'],
    [' M I L L E R ', 'Susan Miller'],
    ['Mrs. Miller', 'Susan Miller'],
    ['Susan Miller', 'Susan Miller'],
    ['Müller Østergård', 'Zoë Müller-Østergård'],
    ['mueller oestergaard', 'Zoë Müller-Østergård'],
    ['muller ostergard', 'Zoë Müller-Østergård'],
    ['Mu\u0308ller-Ostergard', 'Zoë Müller-Østergård'],
    ['VanGogh', 'Vincent van Gogh'],
    ['gogh', 'Vincent van Gogh'],
    ["O'Brien", 'Nora O’Brien'],
    ['Strauss', 'Johann Strauß'],
    ['Cher', 'Cher'],
  ])('%j is the last name of %s', (said, name) => {
    expect(isLastNameOf(said, name)).toBe(true);
  });

  it.each([
    ['Susan', 'Susan Miller'],
    ['Mill', 'Susan Miller'],
    ['Millers', 'Susan Miller'],
    ['van', 'Vincent van Gogh'],
    ['', 'Susan Miller'],
    ['%', 'Susan Miller'],
    ['.*', 'Susan Miller'],
    ['412', 'Susan Miller'],
    ['Mrs ', 'Susan Miller'],
  ])('%j is not the last name of %s', (said, name) => {
    expect(isLastNameOf(said, name)).toBe(false);
  });
});
